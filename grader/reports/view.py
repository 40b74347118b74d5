"""What a report tells, before it looks like anything: one view of a grade for the terminal and for HTML.

Chooses and words; adds nothing to the grade. Its texts have passed `plain`: renderers show them as they are.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grader.messages import say
from grader.reports.escape import plain, plain_lines
from grader.reports.record import plain_data
from grader.verdict import ENDED_EARLY, CheckResult, Grade, Mismatch, RunError, Verdict

MAX_TITLE = 120
MAX_MESSAGE = 800
MAX_CALL = 1_200
MAX_VALUE = 400
MAX_SOURCE_LINE = 200
MAX_SOURCE_LINES = 20
MAX_EVIDENCE = 5


class Form(StrEnum):
    """Which kind of report a grade asks for."""

    PRAISE = "praise"
    PROBLEMS = "problems"
    UNTOUCHED = "untouched"
    NOT_GRADED = "not_graded"


@dataclass(frozen=True)
class Chip:
    """One check in short: its title and `earned/possible`."""

    id: str
    title: str
    points: str
    max_points: str
    verdict: Verdict


@dataclass(frozen=True)
class Evidence:
    """One located difference in words; what is not known is empty."""

    where: str
    actual: str
    expected: str
    difference: str = ""
    allowed: str = ""
    size: str = ""


@dataclass(frozen=True)
class Problem:
    """One cause and the checks that fail by it, with the smallest call that shows it."""

    chips: tuple[Chip, ...]
    verdict: Verdict
    message: str
    detail: str
    call: str
    evidence: tuple[Evidence, ...]
    more_places: int
    hint: str


@dataclass(frozen=True)
class Notice:
    """What ended or disturbed the run: a title (for what ended it), the reason, the student's own lines."""

    title: str
    message: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """Checks that could not be judged yet, for the same reason."""

    chips: tuple[Chip, ...]
    reason: str


@dataclass(frozen=True)
class View:
    """A grade as a report tells it, worst problem first."""

    form: Form
    lang: str
    exercise: str
    title: str
    verdict: Verdict
    points: str
    max_points: str
    share: float
    headline: str
    cause: Notice | None
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]
    checks: tuple[Chip, ...]
    passed: tuple[Chip, ...]
    waiting: tuple[Waiting, ...]
    goal: Chip | None
    goal_hint: str
    path: str
    facts: tuple[tuple[str, str], ...]
    unprotected: bool


def build_view(grade: Grade, *, merged: bool = True) -> View:
    """The view of `grade`; `merged` puts checks that fail by one diagnosed mistake together."""
    lang = grade.lang
    form = _form(grade)
    judged = form in (Form.PRAISE, Form.PROBLEMS)
    goal = grade.checks[0] if form is Form.UNTOUCHED and grade.checks else None
    cause = _cause(grade)
    return View(
        form=form, lang=lang, exercise=plain(grade.exercise, MAX_TITLE),
        title=plain(grade.exercise_title, MAX_TITLE), verdict=grade.verdict,
        points="–" if grade.points is None else points_text(grade.points),
        max_points=points_text(grade.max_points),
        share=0.0 if not grade.points or grade.max_points <= 0 else min(1.0, grade.points / grade.max_points),
        headline="" if form is Form.PROBLEMS else say(f"report.headline.{form}", lang),
        cause=cause,
        notices=tuple(_notice(notice, "") for notice in grade.notices) if judged else (),
        problems=_problems(grade.checks, lang, merged, cause) if judged else (),
        checks=tuple(_chip(check) for check in grade.checks),
        passed=tuple(_chip(check) for check in grade.checks if judged and check.verdict is Verdict.PASSED),
        waiting=_waiting(grade.checks, lang, cause) if judged else (),
        goal=_chip(goal) if goal else None, goal_hint=plain(goal.hint or "", MAX_MESSAGE) if goal else "",
        path=plain(grade.submission.path, MAX_MESSAGE), facts=_facts(grade),
        unprotected=grade.sandbox == "none")


def points_text(points: float) -> str:
    """Points as people write them: 7.5, 10."""
    return f"{points:.6g}"


def verdict_text(verdict: Verdict, lang: str) -> str:
    """The word for a verdict."""
    return say(f"report.verdict.{verdict}", lang)


def value_pair(actual: Any, expected: Any) -> tuple[str, str]:
    """Both values with as few digits as tell them apart."""
    actual, expected = plain_data(actual), plain_data(expected)
    pair = ("", "")
    for digits in (6, 9, 12, 17):
        pair = plain(_value(actual, digits), MAX_VALUE), plain(_value(expected, digits), MAX_VALUE)
        if pair[0] != pair[1]:
            break
    return pair


def _form(grade: Grade) -> Form:
    if grade.verdict is Verdict.NOT_GRADED:
        return Form.NOT_GRADED
    if grade.verdict is Verdict.PASSED:
        return Form.PRAISE
    return Form.UNTOUCHED if grade.untouched and grade.error is None else Form.PROBLEMS


def _chip(check: CheckResult) -> Chip:
    return Chip(plain(check.id, MAX_TITLE), plain(check.title or check.id, MAX_TITLE),
                f"{points_text(check.points)}/{points_text(check.max_points)}", points_text(check.max_points),
                check.verdict)


def _cause(grade: Grade) -> Notice | None:
    if grade.error is None:
        return None
    # That a limit was exceeded is worth a word at a glance; elsewhere the message says it all.
    limited = grade.verdict in (Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY)
    return _notice(grade.error, verdict_text(grade.verdict, grade.lang) if limited else "")


def _notice(error: RunError, title: str) -> Notice:
    place, message = plain(error.place or "", MAX_TITLE), plain(error.message, MAX_MESSAGE)
    if place and place not in message:
        message = f"{place}: {message}"
    return Notice(title, message, plain_lines(error.traceback, MAX_SOURCE_LINE, MAX_SOURCE_LINES))


def _problems(checks: tuple[CheckResult, ...], lang: str, merged: bool,
              cause: Notice | None) -> tuple[Problem, ...]:
    groups: dict[object, list[CheckResult]] = {}
    for check in checks:
        if check.verdict is not Verdict.PASSED and not _is_waiting(check, cause):
            groups.setdefault(_same_problem(check) if merged else check.id, []).append(check)
    # The most expensive problem first; among equals the order of the author, who asks the basics first.
    worst_first = sorted(groups.values(), key=lambda group: -sum(check.max_points for check in group))
    return tuple(_problem(group, lang, cause) for group in worst_first)


def _same_problem(check: CheckResult) -> object:
    """What checks of one problem have in common: the named mistake, or a reason that shows no numbers."""
    if check.diagnosis is not None:
        return check.diagnosis.id, check.diagnosis.message
    if check.mismatches or check.counterexample:
        return check.id
    return check.verdict, check.rationale


def _problem(group: list[CheckResult], lang: str, cause: Notice | None) -> Problem:
    shown = min(group, key=_example_size)
    rationale = plain(shown.rationale or "", MAX_MESSAGE)
    diagnosis = plain(shown.diagnosis.message, MAX_MESSAGE) if shown.diagnosis else ""
    message = diagnosis or rationale or say(f"report.reason.{shown.verdict}", lang)
    if cause is not None and message == cause.message:
        message = ""
    example = shown.counterexample
    # The first mismatch belongs to the counterexample's call; it knows the place and the size besides.
    evidence = tuple(_evidence(mismatch, lang) for mismatch in shown.mismatches[:MAX_EVIDENCE])
    if not evidence and example is not None and (example.actual or example.expected):
        evidence = (Evidence("", plain(example.actual, MAX_VALUE), plain(example.expected, MAX_VALUE)),)
    return Problem(
        chips=tuple(_chip(check) for check in group), verdict=shown.verdict, message=message,
        detail=rationale if diagnosis and rationale != diagnosis else "",
        call=plain(example.call, MAX_CALL) if example else "", evidence=evidence,
        more_places=max(0, len(shown.mismatches) - len(evidence)),
        hint=next((plain(check.hint, MAX_MESSAGE) for check in (shown, *group) if check.hint), ""))


def _example_size(check: CheckResult) -> float:
    return len(check.counterexample.call) if check.counterexample else math.inf


def _is_waiting(check: CheckResult, cause: Notice | None) -> bool:
    """Whether a check says nothing itself: skipped, or swept away by what ended the run."""
    if check.verdict is Verdict.SKIPPED:
        return True
    silent = not (check.diagnosis or check.mismatches or check.counterexample)
    return cause is not None and check.verdict in ENDED_EARLY and silent


def _waiting(checks: tuple[CheckResult, ...], lang: str, cause: Notice | None) -> tuple[Waiting, ...]:
    groups: dict[str, list[Chip]] = {}
    for check in checks:
        if _is_waiting(check, cause):
            key = "report.waiting" if check.verdict is Verdict.SKIPPED else f"report.reason.{check.verdict}"
            reason = plain(check.rationale or "", MAX_MESSAGE) or say(key, lang)
            groups.setdefault(reason, []).append(_chip(check))
    return tuple(Waiting(tuple(chips), reason) for reason, chips in groups.items())


def _evidence(mismatch: Mismatch, lang: str) -> Evidence:
    actual, expected = value_pair(mismatch.actual, mismatch.expected)
    where = re.sub(r"^result\b", say("report.result", lang), plain(mismatch.path, MAX_VALUE))
    error = mismatch.abs_error
    if error is None or not math.isfinite(error):
        return Evidence(where, actual, expected)
    difference, allowed = f"{error:.3g}", _allowed(mismatch)
    size = say("report.difference" if allowed else "report.difference.bare", lang, size=difference, allowed=allowed)
    return Evidence(where, actual, expected, difference, allowed, size)


def _allowed(mismatch: Mismatch) -> str:
    """The band around the expected value as one number, where it is one."""
    rtol, atol, expected = mismatch.rtol, mismatch.atol, plain_data(mismatch.expected)
    if rtol is None or atol is None:
        return ""
    if isinstance(expected, (int, float)) and not isinstance(expected, bool):
        return f"{atol + rtol * abs(expected):.2g}"
    return f"rtol {rtol:.2g}, atol {atol:.2g}"


def _value(value: Any, digits: int) -> str:
    """Plain data as Python would write it, floats to `digits` digits."""
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        return text if re.search("[.en]", text) else text + ".0"
    if isinstance(value, str):
        return {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(value, value)
    if isinstance(value, list):
        return f"[{_joined(_value(item, digits) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{_joined(f'{key}: {_value(item, digits)}' for key, item in value.items())}}}"
    return str(value)


def _joined(texts: Iterable[str]) -> str:
    return ", ".join(texts)


def _facts(grade: Grade) -> tuple[tuple[str, str], ...]:
    """How this grade came about, as label and value."""
    lang = grade.lang
    seconds = say("report.seconds", lang, seconds=f"{grade.duration_s:.1f}")
    return tuple((say(f"report.fact.{name}", lang), plain(value, MAX_VALUE)) for name, value in (
        ("file", grade.submission.path), ("duration", seconds), ("seed", grade.seed),
        ("sandbox", grade.sandbox), ("version", grade.exercise_version[:12]),
        ("sha256", grade.submission.sha256[:12])))
