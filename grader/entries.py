"""What counts for each student at each exercise: from all attempts, the roster, due dates and the course's rules. Pure.

Times are POSIX seconds. An attempt's points never change; what lateness takes is worked out anew at every reading, so a
due date that moves needs no grading.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from grader.errors import UsageError
from grader.spec import ClassRules

MISSING = "missing"  # in the place of a verdict: on the roster, and nothing was handed in
DAY = 86_400.0
COLUMNS: Mapping[str, tuple[str, ...]] = {  # of a roster, with the names that platforms and schools give them
    "login": ("login", "student", "username", "sis login id", "아이디"),
    "name": ("name", "full name", "이름", "성명"),
    "id": ("id", "id number", "sis user id", "student id", "학번"),
    "email": ("email", "email address", "e-mail", "이메일"),
    "section": ("section", "group", "분반"),
    "platform_id": ("platform_id", "canvas id", "moodle id"),
    "extra_days": ("extra_days", "extension"),
}


@dataclass(frozen=True)
class Student:
    """One row of the roster; who is not on it has a login only. `platform_id` is the LMS's own number."""

    login: str
    name: str = ""
    id: str = ""
    email: str = ""
    section: str = ""
    platform_id: str = ""
    extra_days: float = 0.0


@dataclass(frozen=True)
class Roster:
    """Who takes the course."""

    students: tuple[Student, ...] = ()

    def find(self, *keys: str | None) -> Student | None:
        """The one student who is known by the first of these keys that anybody is known by, in any case of letters."""
        for key in keys:
            found = self._known.get(key.casefold(), ()) if key else ()
            if found:
                return found[0] if len(found) == 1 else None
        return None

    @cached_property
    def _known(self) -> Mapping[str, Sequence[Student]]:
        known: dict[str, list[Student]] = {}
        for student in self.students:
            names = (student.login, student.platform_id, student.id, student.email, student.name,
                     "".join(student.name.split()))
            for key in dict.fromkeys(name.casefold() for name in names if name):
                known.setdefault(key, []).append(student)
        return known


class Attempted(Protocol):
    """What an attempt tells here."""

    id: int
    student: str
    exercise: str
    sha256: str
    verdict: str
    points: float | None
    max_points: float
    duration_s: float
    seed: int
    path: str
    platform_id: str | None
    late: bool | None
    handed_in: float | None
    graded_at: float


@dataclass(frozen=True)
class Entry:
    """What counts of one student at one exercise: `points` after, `earned` before what lateness takes.

    `verdict` is a word of the record, or `MISSING`. `attempt` is the id of the attempt that counts, out of `attempts`.
    """

    student: Student
    exercise: str
    verdict: str
    points: float | None
    earned: float | None
    max_points: float
    days_late: int = 0
    attempts: int = 0
    attempt: int | None = None
    sha256: str = ""
    path: str = ""
    seed: int | None = None
    duration_s: float = 0.0
    handed_in: float | None = None
    graded_at: float | None = None


@dataclass(frozen=True)
class Class:
    """Whose attempts these are, and by which rules they count."""

    rules: ClassRules = field(default_factory=ClassRules)
    roster: Roster = field(default_factory=Roster)

    def entries(self, attempts: Iterable[Attempted], max_points: Mapping[str, float]) -> list[Entry]:
        """What counts, in the order of students and exercises.

        `max_points` are those of the exercises that all on the roster were to hand in.
        """
        handed_in: dict[tuple[str, str], list[Attempted]] = {}
        for attempt in attempts:
            handed_in.setdefault((attempt.student, attempt.exercise), []).append(attempt)
        known = {student.login: student for student in self.roster.students}
        found = [self._entry(known.get(login) or _stranger(login, tried), tried)
                 for (login, _), tried in handed_in.items()]
        found += [Entry(student, exercise, MISSING, None, None, most) for student in self.roster.students
                  for exercise, most in max_points.items() if (student.login, exercise) not in handed_in]
        return sorted(found, key=lambda entry: (entry.student.login, entry.exercise))

    def _entry(self, student: Student, attempts: Sequence[Attempted]) -> Entry:
        counted = [self._entry_of(student, attempt, handed_in) for attempt, handed_in in _by_submission(attempts)]
        if self.rules.attempts == "best":
            best = max(counted, key=lambda entry: (_worth(entry.points), entry.attempt))
        else:
            best = max(counted, key=lambda entry: (entry.handed_in or 0.0, entry.attempt))
        return replace(best, attempts=len(counted))

    def _entry_of(self, student: Student, attempt: Attempted, handed_in: float | None) -> Entry:
        """An attempt as it would count, after what lateness takes."""
        days = self._days_late(student, attempt, handed_in)
        kept = 1.0 - min(self.rules.late_penalty_max, self.rules.late_penalty_per_day * days)
        points = None if attempt.points is None else round(attempt.points * kept, 6)
        return Entry(student, attempt.exercise, attempt.verdict, points, attempt.points, attempt.max_points, days,
                     1, attempt.id, attempt.sha256, attempt.path, attempt.seed, attempt.duration_s, handed_in,
                     attempt.graded_at)

    def _days_late(self, student: Student, attempt: Attempted, handed_in: float | None) -> int:
        """Days begun after the due time, the student's extension and the grace; what the platform says goes before."""
        due = self.rules.due.get(attempt.exercise)
        if due is None or attempt.late is False:
            return 0
        over = 0.0
        if handed_in is not None:
            over = handed_in - due - student.extra_days * DAY - self.rules.grace_minutes * 60
        days = max(0, math.ceil(over / DAY))
        return max(1, days) if attempt.late and not student.extra_days else days


def _by_submission(attempts: Sequence[Attempted]) -> Iterable[tuple[Attempted, float | None]]:
    """Of each submission the newest grading, and when it was first handed in: copying a file makes it look younger.

    A grading that failed on our side does not replace a grade.
    """
    newest: dict[str, Attempted] = {}
    first: dict[str, float] = {}
    for attempt in sorted(attempts, key=lambda attempt: (attempt.points is not None, attempt.id)):
        newest[attempt.sha256] = attempt
        if attempt.handed_in is not None:
            first[attempt.sha256] = min(attempt.handed_in, first.get(attempt.sha256, attempt.handed_in))
    return [(attempt, first.get(sha256)) for sha256, attempt in newest.items()]


def _worth(points: float | None) -> float:
    return -1.0 if points is None else points


def _stranger(login: str, attempts: Sequence[Attempted]) -> Student:
    return Student(login, platform_id=next((one.platform_id for one in attempts if one.platform_id), ""))


def parse_roster(text: str, source: str) -> Roster:
    """The rows of a CSV with a header; raises `UsageError` with the line. Columns that nobody needs may be there."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"{source}:{reader.line_num}: is not CSV ({error}); save it as CSV, UTF-8") from error
    if not rows:
        raise UsageError(f"{source}: is empty; give a header ({', '.join(COLUMNS)}) and a row for each student")
    header = [cell.strip().casefold() for cell in rows[0][1]]
    places = {column: header.index(name) for column, names in COLUMNS.items() for name in names[::-1] if name in header}
    if "login" not in places:
        raise UsageError(f"{source}: has no column `login`; the others may be {', '.join(list(COLUMNS)[1:])}")
    students: dict[str, Student] = {}
    for line, row in rows[1:]:
        values = {column: row[place].strip() for column, place in places.items() if place < len(row)}
        login = values.get("login", "")
        if not login or login in students:
            raise UsageError(f"{source}:{line}: " + (f"{login} is there twice" if login else "the login is empty"))
        days = values.pop("extra_days", "") or "0"
        try:
            extra_days = float(days)
        except ValueError:
            extra_days = math.nan
        if not 0 <= extra_days < math.inf:
            raise UsageError(f"{source}:{line}: extra_days must be a number of days, not {days!r}")
        students[login] = Student(**values, extra_days=extra_days)
    return Roster(tuple(students.values()))
