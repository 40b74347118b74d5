"""What an exercise asks: plain data, and the parser that turns `exercise.toml` into it.

Parsing is pure (a table in, values out). Every error names the file, the key and the remedy.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NoReturn

from grader.errors import CourseError

LANGUAGES = ("ko", "en")
KINDS = ("numpy", "keras")
ATTEMPTS = ("best", "last")
MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    ko: str
    en: str

    def to(self, lang: str) -> str:
        return self.ko if lang == "ko" else self.en


@dataclass(frozen=True)
class Band:
    """Allowed difference: `abs(actual - expected) <= atol + rtol * abs(expected)`."""

    rtol: float
    atol: float


@dataclass(frozen=True)
class Tolerance:
    """Bands for float64 and float32 evidence, and the reason for them.

    The defaults follow the curriculum (3.0): unit roundoff is 1.1e-16 and 6.0e-8.
    """

    float64: Band = Band(rtol=1e-9, atol=1e-12)
    float32: Band = Band(rtol=1e-5, atol=1e-6)
    because: Text | None = None


@dataclass(frozen=True)
class Limits:
    """How much a submission may use. Seconds, mebibytes, counts.

    `threads` are those that libraries compute with; 0 leaves it to them: as many as there are cores.
    """

    cell_s: float = 60.0
    call_s: float = 10.0
    submission_s: float = 300.0
    cpu_s: float = 300.0
    memory_mb: int = 3072
    file_mb: int = 64
    disk_mb: int = 256
    processes: int = 512
    open_files: int = 1024
    output_kb: int = 256
    message_mb: int = 32
    threads: int = 0


@dataclass(frozen=True)
class CheckSpec:
    """One graded statement: its points and texts. Its evidence is gathered by `checks.py`."""

    id: str
    points: float
    title: Text
    hint: Text
    needs: tuple[str, ...] = ()
    tolerance: Tolerance = Tolerance()


@dataclass(frozen=True)
class Mistake:
    """A known mistake; its numbers are those of the planted mutant of the same id."""

    id: str
    message: Text
    hint: Text


@dataclass(frozen=True)
class Exercise:
    """The declared part of an exercise, as `exercise.toml` states it."""

    id: str
    title: Text
    kind: str
    topics: tuple[int, ...]
    checks: tuple[CheckSpec, ...]
    mistakes: tuple[Mistake, ...]
    limits: Limits = field(default_factory=Limits)

    @property
    def max_points(self) -> float:
        return round(sum(check.points for check in self.checks), 6)

    def check(self, check_id: str) -> CheckSpec:
        return next(check for check in self.checks if check.id == check_id)

    def mistake(self, mistake_id: str) -> Mistake | None:
        return next((mistake for mistake in self.mistakes if mistake.id == mistake_id), None)


@dataclass(frozen=True)
class ClassRules:
    """How a class's attempts count. `due` are POSIX seconds by exercise; penalties are shares of the points earned."""

    attempts: str = "best"
    due: Mapping[str, float] = field(default_factory=dict)
    late_penalty_per_day: float = 0.0
    late_penalty_max: float = 1.0
    grace_minutes: float = 0.0
    utc_offset_s: float | None = None  # of the due dates: an archive's times are in local time


@dataclass(frozen=True)
class Course:
    """The declared part of a course, as `course.toml` states it."""

    title: Text
    language: str
    limits: Limits
    rules: ClassRules = field(default_factory=ClassRules)


@dataclass(frozen=True)
class Equivalent:
    """Changes of a line of the solution that change nothing the task asks for, and why."""

    function: str
    before: str
    after: tuple[str, ...]
    reason: str


class _Table:
    """A TOML table that knows its file and path, so that every complaint can say both."""

    def __init__(self, data: Any, source: str, path: str = "") -> None:
        self.source = source
        self.path = path
        if not isinstance(data, Mapping):
            self.fail("", f"must be a table, not {type(data).__name__}")
        self.data: Mapping[str, Any] = data

    def fail(self, key: str, remedy: str) -> NoReturn:
        where = ".".join(part for part in (self.path, key) if part)
        raise CourseError(f"{self.source}: {where or 'top level'}: {remedy}")

    def allow(self, *keys: str) -> None:
        for key in self.data:
            if key not in keys:
                close = difflib.get_close_matches(key, keys, n=1)
                self.fail(key, f"unknown key; did you mean `{close[0]}`?" if close
                          else f"unknown key; allowed are {', '.join(keys)}")

    def get(self, key: str, kinds: type | tuple[type, ...], what: str) -> Any:
        if key not in self.data:
            self.fail(key, f"is missing; give {what}")
        value = self.data[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            self.fail(key, f"must be {what}, not {value!r}")
        return value

    def table(self, key: str) -> "_Table":
        return _Table(self.get(key, Mapping, "a table"), self.source,
                      f"{self.path}.{key}" if self.path else key)

    def tables(self, key: str) -> "list[tuple[str, _Table]]":
        if key not in self.data:
            return []
        outer = self.table(key)
        return [(name, outer.table(name)) for name in outer.data]

    def text(self, key: str) -> Text:
        table = self.table(key)
        table.allow(*LANGUAGES)
        for lang in LANGUAGES:
            if not str(table.get(lang, str, "a text")).strip():
                table.fail(lang, "is empty; write the text")
        return Text(ko=table.data["ko"], en=table.data["en"])

    def positive(self, key: str) -> float:
        value = float(self.get(key, (int, float), "a number above 0"))
        if not 0 < value < float("inf"):
            self.fail(key, f"must be a number above 0, not {value!r}")
        return value

    def share(self, key: str) -> float:
        value = float(self.get(key, (int, float), "a number from 0 to 1"))
        if not 0 <= value <= 1:
            self.fail(key, f"must be a number from 0 to 1, not {value!r}")
        return value

    def whole(self, key: str) -> int:
        value = self.get(key, int, "a whole number above 0")
        if value <= 0:
            self.fail(key, f"must be a whole number above 0, not {value!r}")
        return int(value)

    def strings(self, key: str) -> tuple[str, ...]:
        values = self.data.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.fail(key, f"must be a list of strings, not {values!r}")
        return tuple(values)


def parse_course(data: Mapping[str, Any], source: str) -> Course:
    """The table of `course.toml` as a `Course`; raises `CourseError`."""
    table = _Table(data, source)
    table.allow("title", "language", "limits", "class")
    language = table.data.get("language", "ko")
    if language not in LANGUAGES:
        table.fail("language", f"must be one of {', '.join(LANGUAGES)}, not {language!r}")
    return Course(title=table.text("title"), language=language, limits=_limits(table, Limits()), rules=_rules(table))


def _rules(table: _Table) -> ClassRules:
    if "class" not in table.data:
        return ClassRules()
    table = table.table("class")
    table.allow("attempts", "due", "late_penalty_per_day", "late_penalty_max", "grace_minutes")
    attempts = table.data.get("attempts", "best")
    if attempts not in ATTEMPTS:
        table.fail("attempts", f"must be one of {', '.join(ATTEMPTS)}, not {attempts!r}")
    shares = {name: table.share(name) for name in ("late_penalty_per_day", "late_penalty_max") if name in table.data}
    grace = table.positive("grace_minutes") if "grace_minutes" in table.data else 0.0
    due, offset = {}, None
    if "due" in table.data:
        dates = table.table("due")
        for exercise, date in dates.data.items():
            if getattr(date, "tzinfo", None) is None:
                dates.fail(exercise, "must be a date, a time and a zone, e.g. 2026-03-16T23:59:00+09:00")
            due[exercise], offset = date.timestamp(), date.utcoffset().total_seconds()
    return ClassRules(attempts=attempts, due=due, grace_minutes=grace, utc_offset_s=offset, **shares)


def parse_exercise(data: Mapping[str, Any], exercise_id: str, source: str,
                   limits: Limits | None = None) -> Exercise:
    """The table of `exercise.toml` as an `Exercise`; `limits` are the course's. Raises `CourseError`."""
    table = _Table(data, source)
    table.allow("title", "kind", "topics", "limits", "checks", "mistakes")
    kind = table.get("kind", str, "one of " + ", ".join(KINDS))
    if kind not in KINDS:
        table.fail("kind", f"must be one of {', '.join(KINDS)}, not {kind!r}")
    topics = table.get("topics", list, "a list of row numbers")
    if not all(isinstance(topic, int) for topic in topics):
        table.fail("topics", f"must be a list of row numbers, not {topics!r}")
    checks = tuple(_check(name, sub) for name, sub in table.tables("checks"))
    if not checks:
        table.fail("checks", "is missing; an exercise needs at least one check")
    ids = [check.id for check in checks]
    for position, check in enumerate(checks):
        for need in check.needs:
            if need not in ids[:position]:
                table.fail(f"checks.{check.id}.needs", f"{need!r} is not an earlier check; "
                           f"earlier ones are {', '.join(ids[:position]) or 'none'}")
    return Exercise(
        id=exercise_id, title=table.text("title"), kind=kind, topics=tuple(topics), checks=checks,
        mistakes=tuple(_mistake(name, sub) for name, sub in table.tables("mistakes")),
        limits=_limits(table, limits or Limits()))


def _check(name: str, table: _Table) -> CheckSpec:
    table.allow("points", "title", "hint", "needs", "tolerance")
    return CheckSpec(id=name, points=table.positive("points"), title=table.text("title"),
                     hint=table.text("hint"), needs=table.strings("needs"), tolerance=_tolerance(table))


def _mistake(name: str, table: _Table) -> Mistake:
    table.allow("message", "hint")
    return Mistake(id=name, message=table.text("message"), hint=table.text("hint"))


def _tolerance(table: _Table) -> Tolerance:
    if "tolerance" not in table.data:
        return Tolerance()
    table = table.table("tolerance")
    table.allow("float64", "float32", "because")
    bands = {}
    for key in ("float64", "float32"):
        if key in table.data:
            band = table.table(key)
            band.allow("rtol", "atol")
            for name in ("rtol", "atol"):
                value = band.get(name, (int, float), "a number, 0 or more; rtol and atol are given together")
                if not 0 <= value < float("inf"):
                    band.fail(name, f"must be a number, 0 or more, not {value!r}")
            bands[key] = Band(rtol=float(band.data["rtol"]), atol=float(band.data["atol"]))
    if not bands:
        table.fail("float64", "is missing; give {rtol = …, atol = …}")
    return Tolerance(**bands, because=table.text("because"))


def _limits(table: _Table, base: Limits) -> Limits:
    if "limits" not in table.data:
        return base
    table = table.table("limits")
    names = [item.name for item in fields(Limits)]
    table.allow(*names)
    values: dict[str, Any] = {
        name: table.whole(name) if isinstance(getattr(base, name), int) else table.positive(name)
        for name in names if name in table.data}
    return replace(base, **values)


def parse_equivalents(data: Mapping[str, Any], source: str) -> tuple[Equivalent, ...]:
    """The table of `equivalent.toml`; raises `CourseError`."""
    table = _Table(data, source)
    table.allow("equivalent")
    rows = table.get("equivalent", list, "one [[equivalent]] after the other")
    return tuple(_equivalent(_Table(row, source, f"equivalent[{number}]")) for number, row in enumerate(rows))


def _equivalent(table: _Table) -> Equivalent:
    table.allow("function", "before", "after", "reason")
    after = table.strings("after")
    if not after:
        table.fail("after", "is missing; give a list of changed lines")
    return Equivalent(table.get("function", str, "a name"), table.get("before", str, "a line of the solution"), after,
                      table.get("reason", str, "a reason"))
