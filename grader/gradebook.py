"""The gradebook: every attempt of every student, committed the moment it is known; in SQLite, or at any SQLAlchemy URL.

An attempt is one submission's bytes, graded by one version of an exercise and of this toolkit at one seed. It is never
changed and never made twice; only what could not be graded, which is no grade, may be tried again.
"""

import contextlib
import datetime
import secrets
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sql
from alembic import command
from alembic.config import Config
from sqlalchemy import orm

from grader.entries import Roster, Student
from grader.errors import UsageError
from grader.spec import MAX_SEED
from grader.verdict import Verdict

FILE = "gradebook.db"
NOT_GRADED = Verdict.NOT_GRADED.value
KEY = ("student", "exercise", "sha256", "exercise_version", "toolkit_version", "seed", "round")
ALONE = {  # how a database is asked that of two who open a new gradebook at once one waits for the other
    "postgresql": "SELECT pg_advisory_xact_lock(443469260901)", "sqlite": "BEGIN IMMEDIATE"}
EXAMPLE = "postgresql+psycopg://user@host/course"
MAX_CONTENT = 8 * 2**20  # of what was handed in; larger files are graded, but not kept


class Base(orm.DeclarativeBase):
    """All tables."""


class Moment(sql.TypeDecorator[float]):
    """POSIX seconds, which the database shows as a date and a time in UTC."""

    impl = sql.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: sql.Dialect) -> datetime.datetime | None:
        return None if value is None else datetime.datetime.fromtimestamp(value, datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: sql.Dialect) -> float | None:
        if value is not None and value.tzinfo is None:  # SQLite forgets the zone
            value = value.replace(tzinfo=datetime.UTC)
        return None if value is None else value.timestamp()


class Attempt(Base):
    """One submission, graded once. `late` is what the platform says of it, None where it says nothing."""

    __tablename__ = "attempts"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    student: orm.Mapped[str]
    exercise: orm.Mapped[str]
    sha256: orm.Mapped[str]
    exercise_version: orm.Mapped[str]
    toolkit_version: orm.Mapped[str]
    seed: orm.Mapped[int] = orm.mapped_column(sql.BigInteger)
    round: orm.Mapped[int]
    path: orm.Mapped[str]
    platform_id: orm.Mapped[str | None]
    late: orm.Mapped[bool | None]
    handed_in: orm.Mapped[float | None] = orm.mapped_column(Moment)
    verdict: orm.Mapped[str]
    points: orm.Mapped[float | None]
    max_points: orm.Mapped[float]
    duration_s: orm.Mapped[float]
    graded_at: orm.Mapped[float] = orm.mapped_column(Moment)
    record: orm.Mapped[str] = orm.mapped_column(sql.Text, deferred=True)
    details: orm.Mapped[str] = orm.mapped_column(sql.Text, deferred=True)

    __table_args__ = (sql.Index(
        "one_grade_per_attempt", *KEY, unique=True, sqlite_where=sql.text(f"verdict != '{NOT_GRADED}'"),
        postgresql_where=sql.text(f"verdict != '{NOT_GRADED}'")),)


class Content(Base):
    """What was handed in, by its digest."""

    __tablename__ = "contents"

    sha256: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    kind: orm.Mapped[str]
    deflated: orm.Mapped[bytes]


class Listed(Base):
    """A student on the roster."""

    __tablename__ = "students"

    login: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    id: orm.Mapped[str]
    email: orm.Mapped[str]
    section: orm.Mapped[str]
    platform_id: orm.Mapped[str]
    extra_days: orm.Mapped[float]


class Setting(Base):
    """What holds for the whole gradebook, by name."""

    __tablename__ = "settings"

    name: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    value: orm.Mapped[str]


Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Key:
    """What makes an attempt: the same key is never graded twice. Each forced regrading is a round of its own."""

    student: str
    exercise: str
    sha256: str
    exercise_version: str
    toolkit_version: str
    seed: int
    round: int


class Gradebook:
    """An open gradebook, a context manager. Raises `UsageError` where its database cannot be used.

    `name` is its URL without passwords.
    """

    def __init__(self, url: str | sql.URL) -> None:
        place = _read_url(url)
        self.name = _without_passwords(place)
        self._engine = _engine(place, self.name)
        if self._engine.dialect.name == "sqlite":
            sql.event.listen(self._engine, "connect", _make_durable)

    @classmethod
    def in_folder(cls, folder: Path) -> "Gradebook":
        """The gradebook in a folder, which is made if it is missing."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be made ({error.strerror}); give another folder with -o") from error
        return cls(sql.URL.create("sqlite", database=str(folder / FILE)))

    def __enter__(self) -> "Gradebook":
        with self._explained():
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            with self._engine.begin() as connection:
                if connection.dialect.name in ALONE:
                    connection.exec_driver_sql(ALONE[connection.dialect.name])
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
            drawn = str(secrets.randbelow(MAX_SEED) if asked is None else asked)
            kept = _keep_first(session, Setting(name="seed", value=drawn), "seed")
            if asked is not None and kept.value != str(asked):
                raise UsageError(f"this gradebook was begun with --seed {kept.value}; leave --seed out, or give "
                                 "another folder with -o")
            return int(kept.value)

    def round(self, *, new: bool = False) -> int:
        """The round of grading: 0, and one more each time that a `new` one begins."""
        with self._explained(), orm.Session(self._engine) as session, session.begin():
            kept = session.get(Setting, "round") or Setting(name="round", value="0")
            kept.value = str(int(kept.value) + new)
            session.add(kept)
            return int(kept.value)

    def has(self, key: Key) -> bool:
        """Whether this has been graded."""
        with self._explained(), orm.Session(self._engine) as session:
            return session.scalar(sql.select(Attempt.id).where(_is(key), Attempt.verdict != NOT_GRADED)) is not None

    def add(self, attempt: Attempt, kind: str = "module", content: bytes | None = None) -> bool:
        """Commit an attempt, and what was handed in; one that could not be graded gives way to it.

        False if the same has been graded.
        """
        with self._explained(), orm.Session(self._engine) as session:
            try:
                session.execute(sql.delete(Attempt).where(_is(key_of(attempt)), Attempt.verdict == NOT_GRADED))
                session.add(attempt)
                session.flush()
                if content is not None and len(content) <= MAX_CONTENT:
                    _keep_first(session, Content(sha256=attempt.sha256, kind=kind, deflated=zlib.compress(content)),
                                attempt.sha256)
                session.commit()
            except sql.exc.IntegrityError:
                session.rollback()
                return False
        return True

    def attempts(self) -> list[Attempt]:
        """All attempts, the oldest first; without records and details, which `read` gives one by one."""
        with self._explained(), orm.Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(sql.select(Attempt).order_by(Attempt.id)))

    def read(self, attempt: int) -> tuple[str, str]:
        """The record and the details of an attempt, as JSON: details are what the record has no field for."""
        with self._explained(), orm.Session(self._engine) as session:
            row = session.execute(sql.select(Attempt.record, Attempt.details).where(Attempt.id == attempt)).one()
            return row.record, row.details

    def content(self, sha256: str) -> bytes | None:
        """What was handed in under this digest, if it was kept."""
        with self._explained(), orm.Session(self._engine) as session:
            kept = session.get(Content, sha256)
            return None if kept is None else zlib.decompress(kept.deflated)

    def keep_roster(self, roster: Roster) -> None:
        """Put this roster in the place of the one before."""
        with self._explained(), orm.Session(self._engine) as session, session.begin():
            session.execute(sql.delete(Listed))
            session.add_all(Listed(**asdict(student)) for student in roster.students)

    def roster(self) -> Roster:
        """The roster that was kept last; it may be empty."""
        columns = [getattr(Listed, name) for name in Student.__dataclass_fields__]
        with self._explained(), orm.Session(self._engine) as session:
            rows: Iterable[Any] = session.execute(sql.select(*columns).order_by(Listed.login))
            return Roster(tuple(Student(*row) for row in rows))

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """What the database refuses, as one line."""
        try:
            yield
        except sql.exc.DBAPIError as error:
            told = str(error.orig).splitlines() or [type(error.orig).__name__]
            raise UsageError(f"gradebook {self.name}: {told[0]}; nothing that was recorded is lost") from error


def _read_url(url: str | sql.URL) -> sql.URL:
    """A database's URL; raises `UsageError`, which does not repeat it: there may be a password in it."""
    try:
        place = sql.make_url(url)
    except (sql.exc.ArgumentError, ValueError) as error:
        raise UsageError(f"--gradebook: is not the URL of a database; write it like {EXAMPLE}") from error
    return place.set(drivername="postgresql+psycopg") if place.drivername == "postgresql" else place


def _without_passwords(place: sql.URL) -> str:
    secrets_in_query = [name for name in place.query if "password" in name]
    return place.difference_update_query(secrets_in_query).render_as_string(hide_password=True)


def _engine(place: sql.URL, name: str) -> sql.Engine:
    try:
        return sql.create_engine(place, pool_pre_ping=True)
    except sql.exc.NoSuchModuleError as error:
        raise UsageError(f"gradebook {name}: {place.drivername} is not known here; write it like {EXAMPLE}") from error
    except ImportError as error:
        package = "'keras-course-grader[postgresql]'" if place.drivername == "postgresql+psycopg" else error.name
        raise UsageError(f"gradebook {name}: its driver is not installed; pip install {package}") from error


def _keep_first(session: orm.Session, row: Row, key: str) -> Row:
    """What is kept under a key: this, unless there is something already, were it since a moment ago."""
    kept = session.get(type(row), key)
    if kept is None:
        try:
            with session.begin_nested():
                session.add(row)
            return row
        except sql.exc.IntegrityError:
            kept = session.get_one(type(row), key)
    return kept


def key_of(attempt: Attempt) -> Key:
    return Key(*(getattr(attempt, name) for name in KEY))


def _is(key: Key) -> Any:
    return sql.and_(*(getattr(Attempt, name) == value for name, value in vars(key).items()))


def _make_durable(connection: Any, _: object) -> None:
    """What is committed is on the disk, and readers do not wait for a writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10000")
    with contextlib.suppress(sqlite3.OperationalError):  # it is being made by another: WAL from the next time on
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
