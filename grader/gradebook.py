"""The gradebook: every attempt of every student, committed the moment it is known; in SQLite, or at any SQLAlchemy URL.

An attempt is one submission's bytes, graded by one version of an exercise and of this toolkit at one seed. It is never
changed and never made twice; only what could not be graded, which is no grade, may be tried again.
"""

import contextlib
import datetime
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from alembic import command
from alembic.config import Config
from sqlalchemy import orm

from grader.errors import UsageError
from grader.spec import MAX_SEED
from grader.verdict import Verdict

FILE = "gradebook.db"
NOT_GRADED = Verdict.NOT_GRADED.value


class Base(orm.DeclarativeBase):
    """All tables."""


class Attempt(Base):
    """One submission, graded once."""

    __tablename__ = "attempts"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    student: orm.Mapped[str]
    exercise: orm.Mapped[str]
    sha256: orm.Mapped[str]
    exercise_version: orm.Mapped[str]
    toolkit_version: orm.Mapped[str]
    seed: orm.Mapped[int] = orm.mapped_column(sql.BigInteger)
    path: orm.Mapped[str]
    platform_id: orm.Mapped[str | None]
    late: orm.Mapped[bool]
    verdict: orm.Mapped[str]
    points: orm.Mapped[float | None]
    max_points: orm.Mapped[float]
    duration_s: orm.Mapped[float]
    graded_at: orm.Mapped[datetime.datetime] = orm.mapped_column(sql.DateTime(timezone=True))
    record: orm.Mapped[str] = orm.mapped_column(sql.Text)

    __table_args__ = (sql.Index(
        "one_grade_per_attempt", "student", "exercise", "sha256", "exercise_version", "toolkit_version", "seed",
        unique=True, sqlite_where=sql.text(f"verdict != '{NOT_GRADED}'"),
        postgresql_where=sql.text(f"verdict != '{NOT_GRADED}'")),)


class Setting(Base):
    """What holds for the whole gradebook, by name."""

    __tablename__ = "settings"

    name: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    value: orm.Mapped[str]


@dataclass(frozen=True)
class Key:
    """What makes an attempt: the same key is never graded twice."""

    student: str
    exercise: str
    sha256: str
    exercise_version: str
    toolkit_version: str
    seed: int


class Gradebook:
    """An open gradebook, a context manager. Raises `UsageError` where its database cannot be used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = sql.create_engine(url)
        if self._engine.dialect.name == "sqlite":
            sql.event.listen(self._engine, "connect", _make_durable)

    @classmethod
    def in_folder(cls, folder: Path) -> "Gradebook":
        """The gradebook in a folder, which is made if it is missing."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made ({error.strerror}); give another folder with -o") from error
        return cls(f"sqlite:///{folder / FILE}")

    def __enter__(self) -> "Gradebook":
        with self._explained():
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            with self._engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._engine.dispose()

    def seed(self, asked: int | None) -> int:
        """The seed of all grading into this gradebook: drawn at the first time, kept from then on.

        Raises `UsageError` where another one is asked for: points of two seeds are not points of one exam.
        """
        with self._explained(), orm.Session(self._engine) as session, session.begin():
            kept = session.get(Setting, "seed")
            if kept is None:
                kept = Setting(name="seed", value=str(secrets.randbelow(MAX_SEED) if asked is None else asked))
                session.add(kept)
            if asked is not None and kept.value != str(asked):
                raise UsageError(f"this gradebook was begun with --seed {kept.value}; leave --seed out, or give "
                                 "another folder with -o")
            return int(kept.value)

    def has(self, key: Key) -> bool:
        """Whether this has been graded."""
        with self._explained(), orm.Session(self._engine) as session:
            return session.scalar(sql.select(Attempt.id).where(_is(key), Attempt.verdict != NOT_GRADED)) is not None

    def add(self, attempt: Attempt) -> bool:
        """Commit an attempt; one that could not be graded gives way to it. False if the same has been graded."""
        with self._explained(), orm.Session(self._engine) as session:
            try:
                session.execute(sql.delete(Attempt).where(_is(key_of(attempt)), Attempt.verdict == NOT_GRADED))
                session.add(attempt)
                session.commit()
            except sql.exc.IntegrityError:
                session.rollback()
                return False
        return True

    def attempts(self) -> list[Attempt]:
        """All attempts, the oldest first."""
        with self._explained(), orm.Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(sql.select(Attempt).order_by(Attempt.id)))

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What the database refuses, as one line."""
        try:
            yield
        except (sql.exc.OperationalError, sql.exc.DatabaseError) as error:
            if isinstance(error, sql.exc.IntegrityError):
                raise
            raise UsageError(f"gradebook {sql.engine.make_url(self._url).render_as_string(hide_password=True)}: "
                             f"{str(error.orig).splitlines()[0]}; nothing that was recorded is lost") from error


def key_of(attempt: Attempt) -> Key:
    return Key(attempt.student, attempt.exercise, attempt.sha256, attempt.exercise_version, attempt.toolkit_version,
               attempt.seed)


def _is(key: Key) -> Any:
    return sql.and_(*(getattr(Attempt, name) == value for name, value in vars(key).items()))


def _make_durable(connection: Any, _: object) -> None:
    """What is committed is on the disk, and readers do not wait for a writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.close()
