"""Attempts, and what holds for the whole gradebook."""

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    graded = sql.text("verdict != 'not_graded'")
    op.create_table(
        "attempts",
        sql.Column("id", sql.Integer, primary_key=True),
        *(sql.Column(name, sql.String, nullable=False)
          for name in ("student", "exercise", "sha256", "exercise_version", "toolkit_version")),
        sql.Column("seed", sql.BigInteger, nullable=False),
        sql.Column("path", sql.String, nullable=False),
        sql.Column("platform_id", sql.String),
        sql.Column("late", sql.Boolean, nullable=False),
        sql.Column("verdict", sql.String, nullable=False),
        sql.Column("points", sql.Float),
        sql.Column("max_points", sql.Float, nullable=False),
        sql.Column("duration_s", sql.Float, nullable=False),
        sql.Column("graded_at", sql.DateTime(timezone=True), nullable=False),
        sql.Column("record", sql.Text, nullable=False))
    op.create_index(
        "one_grade_per_attempt", "attempts",
        ["student", "exercise", "sha256", "exercise_version", "toolkit_version", "seed"],
        unique=True, sqlite_where=graded, postgresql_where=graded)
    op.create_table("settings", sql.Column("name", sql.String, primary_key=True),
                    sql.Column("value", sql.String, nullable=False))


def downgrade() -> None:
    op.drop_table("settings")
    op.drop_table("attempts")
