"""Outcome of grading one submission: immutable values, and the arithmetic of points."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How a check, or a whole grade, ended (words of the record `grade/1`)."""

    PASSED = "passed"
    FAILED = "failed"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    SKIPPED = "skipped"
    NOT_GRADED = "not_graded"


ENDED_EARLY = (Verdict.CRASHED, Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY)


@dataclass(frozen=True)
class Mismatch:
    """One located difference: `actual` against `expected`, errors as floats where both are numbers."""

    path: str
    actual: Any
    expected: Any
    abs_error: float | None = None
    rel_error: float | None = None
    rtol: float | None = None
    atol: float | None = None


@dataclass(frozen=True)
class Diagnosis:
    """The probable cause of a failure, derived from the numbers."""

    id: str
    message: str


@dataclass(frozen=True)
class Counterexample:
    """The smallest call that fails, as text."""

    call: str
    actual: str
    expected: str


@dataclass(frozen=True)
class Curve:
    """Numbers over `steps`, by name: `actual` and `expected`, or the curves of a training. `title` is the call."""

    title: str
    where: str
    steps: tuple[int, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True)
class ErrorMap:
    """How far an array of `shape` is off, row by row, the greatest of each block where it was made smaller.

    In units of what is allowed (`in_bands`), or as it is where nothing is; infinite where it cannot be said.
    """

    title: str
    where: str
    shape: tuple[int, ...]
    in_bands: bool
    rows: tuple[tuple[float, ...], ...]


Chart = Curve | ErrorMap


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `points` is `max_points` or 0: a check is all or nothing.

    `traceback` are the student's own lines on the way to an error, `charts` show the expected numbers of whole arrays:
    those are for the teacher.
    """

    id: str
    title: str
    verdict: Verdict
    points: float
    max_points: float
    rationale: str | None = None
    hint: str | None = None
    diagnosis: Diagnosis | None = None
    mismatches: tuple[Mismatch, ...] = ()
    counterexample: Counterexample | None = None
    traceback: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class RunError:
    """What ended or disturbed a run: a kind (one word), a line for people, the student's own lines (`number: code`)."""

    kind: str
    message: str
    place: str | None = None
    traceback: tuple[str, ...] = ()


@dataclass(frozen=True)
class SubmissionInfo:
    """Which file was graded: shown path, SHA-256 of its bytes, `module` or `notebook`."""

    path: str
    sha256: str
    kind: str


@dataclass(frozen=True)
class Grade:
    """The outcome of one submission. `points` is None exactly when the verdict is `not_graded`."""

    exercise: str
    exercise_title: str
    exercise_version: str
    submission: SubmissionInfo
    verdict: Verdict
    points: float | None
    max_points: float
    seed: int
    lang: str
    sandbox: str
    duration_s: float
    checks: tuple[CheckResult, ...] = ()
    error: RunError | None = None
    notices: tuple[RunError, ...] = ()
    untouched: bool = False


def total_points(checks: tuple[CheckResult, ...]) -> float:
    """Sum of earned points, rounded so that halves and quarters add up exactly."""
    return round(sum(check.points for check in checks), 6)


def overall_verdict(checks: tuple[CheckResult, ...], ended: Verdict | None) -> Verdict:
    """Verdict of a grade: full points pass; else how the run ended, if it ended early; else failed."""
    if checks and all(check.verdict is Verdict.PASSED for check in checks):
        return Verdict.PASSED
    if ended is not None:
        return ended
    for verdict in ENDED_EARLY:
        if any(check.verdict is verdict for check in checks):
            return verdict
    return Verdict.FAILED
