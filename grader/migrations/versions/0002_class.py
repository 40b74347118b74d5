"""When attempts were handed in, rounds of grading, what was handed in, details, and the roster."""

import sqlalchemy as sql
from alembic import op

revision = "0002"
down_revision = "0001"

KEY = ["student", "exercise", "sha256", "exercise_version", "toolkit_version", "seed"]


def upgrade() -> None:
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_index("one_grade_per_attempt")
        attempts.add_column(sql.Column("round", sql.Integer, nullable=False, server_default="0"))
        attempts.add_column(sql.Column("handed_in", sql.DateTime(timezone=True)))
        attempts.add_column(sql.Column("details", sql.Text, nullable=False, server_default="{}"))
        attempts.alter_column("late", existing_type=sql.Boolean, nullable=True)
    _index_attempts([*KEY, "round"])
    op.create_table("contents", sql.Column("sha256", sql.String, primary_key=True),
                    sql.Column("kind", sql.String, nullable=False),
                    sql.Column("deflated", sql.LargeBinary, nullable=False))
    op.create_table("students", sql.Column("login", sql.String, primary_key=True),
                    *(sql.Column(name, sql.String, nullable=False)
                      for name in ("name", "id", "email", "section", "platform_id")),
                    sql.Column("extra_days", sql.Float, nullable=False))


def downgrade() -> None:
    op.drop_table("students")
    op.drop_table("contents")
    op.execute("DELETE FROM attempts WHERE round > 0")
    op.execute("UPDATE attempts SET late = '0' WHERE late IS NULL")
    with op.batch_alter_table("attempts") as attempts:
        attempts.drop_index("one_grade_per_attempt")
        attempts.alter_column("late", existing_type=sql.Boolean, nullable=False)
        for name in ("details", "handed_in", "round"):
            attempts.drop_column(name)
    _index_attempts(KEY)


def _index_attempts(columns: list[str]) -> None:
    graded = sql.text("verdict != 'not_graded'")
    op.create_index("one_grade_per_attempt", "attempts", columns, unique=True, sqlite_where=graded,
                    postgresql_where=graded)
