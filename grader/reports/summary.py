"""A class as numbers: what counts of everybody, and what the checks found. Grades are seen one by one, none is kept.

What could not be graded has no points and is counted as that; what is missing is counted as missing.
"""

import heapq
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.entries import MISSING, Entry
from grader.reports.code import is_failing
from grader.reports.escape import plain
from grader.reports.view import MAX_MESSAGE, MAX_TITLE
from grader.verdict import ENDED_EARLY, Grade, Verdict

SLOWEST = 10


@dataclass
class CheckSummary:
    """How often one check was passed, not passed, and not judged; `unnamed`: not passed, and nobody knows why."""

    title: str
    max_points: float
    passed: int = 0
    failed: int = 0
    open: int = 0
    unnamed: list[Entry] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Of those that were judged, the share that passed."""
        judged = self.passed + self.failed
        return self.passed / judged if judged else None


@dataclass
class Mistake:
    """A named mistake and the submissions that make it."""

    exercise: str
    message: str
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Ended:
    """A submission that ended early or could not be graded, and why."""

    entry: Entry
    reason: str


@dataclass
class ExerciseSummary:
    """What a class did at one exercise. `points` are those that count, of all that have points."""

    id: str
    title: str
    max_points: float = 0.0
    points: list[float] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    verdicts: Counter[str] = field(default_factory=Counter)
    untouched: int = 0
    checks: dict[str, CheckSummary] = field(default_factory=dict)
    mistakes: dict[tuple[str, str], Mistake] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)

    @property
    def mean(self) -> float | None:
        return statistics.fmean(self.points) if self.points else None

    @property
    def median(self) -> float | None:
        return statistics.median(self.points) if self.points else None

    @property
    def missing(self) -> int:
        return self.verdicts[MISSING]

    @property
    def not_graded(self) -> int:
        return self.verdicts[Verdict.NOT_GRADED]

    @property
    def full(self) -> int:
        return self.verdicts[Verdict.PASSED]

    def by_count(self) -> list[Mistake]:
        """The mistakes, the most frequent first."""
        return by_count(self.mistakes.values())

    def slowest(self) -> list[Entry]:
        return slowest(self.entries)


class ClassSummary:
    """The whole class; `add` everything that counts, then read."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._found: dict[str, ExerciseSummary] = {}
        self.logins: set[str] = set()

    def add(self, entry: Entry, grade: Grade | None) -> None:
        """What counts of one student at one exercise, with its grade if anything was handed in."""
        summary = self._found.setdefault(entry.exercise, ExerciseSummary(
            entry.exercise, plain(self._titles.get(entry.exercise, ""), MAX_TITLE)))
        self.logins.add(entry.student.login)
        summary.max_points = max(summary.max_points, entry.max_points)
        summary.entries.append(entry)
        summary.verdicts[entry.verdict] += 1
        if entry.points is not None:
            summary.points.append(entry.points)
        if grade is not None:
            _add_grade(summary, entry, grade)

    @property
    def exercises(self) -> list[ExerciseSummary]:
        return [self._found[name] for name in sorted(self._found)]

    @property
    def verdicts(self) -> Counter[str]:
        return sum((summary.verdicts for summary in self._found.values()), Counter())

    @property
    def handed_in(self) -> int:
        return self.verdicts.total() - self.verdicts[MISSING]

    @property
    def untouched(self) -> int:
        return sum(summary.untouched for summary in self._found.values())

    def by_count(self) -> list[Mistake]:
        """The mistakes in all exercises, the most frequent first."""
        return by_count(mistake for summary in self.exercises for mistake in summary.mistakes.values())

    def ended(self) -> list[Ended]:
        return [ended for summary in self.exercises for ended in summary.ended]

    def slowest(self) -> list[Entry]:
        return slowest(entry for summary in self.exercises for entry in summary.entries)


def by_count(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda mistake: -len(mistake.entries))


def slowest(entries: Iterable[Entry]) -> list[Entry]:
    """The submissions that took the longest, the slowest first."""
    return heapq.nlargest(SLOWEST, (entry for entry in entries if entry.attempt is not None),
                          key=lambda entry: entry.duration_s)


def _add_grade(summary: ExerciseSummary, entry: Entry, grade: Grade) -> None:
    summary.untouched += grade.untouched
    if grade.verdict in ENDED_EARLY or grade.verdict is Verdict.NOT_GRADED:
        summary.ended.append(Ended(entry, plain(grade.error.message if grade.error else "", MAX_MESSAGE)))
    named: set[tuple[str, str]] = set()
    for check in grade.checks:
        kept = summary.checks.setdefault(check.id, CheckSummary(
            plain(check.title or check.id, MAX_TITLE), check.max_points))
        if check.verdict is Verdict.PASSED:
            kept.passed += 1
        elif not is_failing(check):
            kept.open += 1
        else:
            kept.failed += 1
            if check.diagnosis is not None:
                named.add((check.diagnosis.id, check.diagnosis.message))
            elif not grade.untouched:
                kept.unnamed.append(entry)
    for key in sorted(named):
        summary.mistakes.setdefault(key, Mistake(summary.id, plain(key[1], MAX_MESSAGE))).entries.append(entry)
