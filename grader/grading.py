"""The main line: one submission in, one grade out."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.assess import assess, is_untouched
from grader.catalog import ExerciseFolder
from grader.errors import NotGradedError
from grader.judge import Judgement, judge
from grader.ladder import choose_level
from grader.messages import say
from grader.observation import Evidence
from grader.plan import Plan
from grader.reference import mutant_evidence, reference_evidence
from grader.run import Run, run_submission
from grader.sandbox import Level
from grader.spec import Limits
from grader.submission import Submission
from grader.verdict import CheckResult, Grade, RunError, SubmissionInfo, Verdict, overall_verdict, total_points


@dataclass(frozen=True)
class Request:
    """What is to be graded, and how."""

    exercise: ExerciseFolder
    submission: Submission
    shown_path: Path
    seed: int
    lang: str
    sandbox: str
    limits: Limits
    announce: Callable[[str], None] = lambda text: None  # hears what takes long


async def grade_submission(request: Request) -> Grade:
    """The grade of one submission. Raises `GraderError` where the fault is ours: see `not_graded`."""
    started = time.monotonic()
    level = choose_level(request.sandbox)
    request = replace(request, sandbox=level.value)
    if request.submission.problem is not None:
        return unreadable(request, time.monotonic() - started)
    plan = request.exercise.plan(request.seed)
    reference, run = await _observe(request, plan, level)
    judgement = judge(request.exercise.spec, plan, run.evidence, reference)
    mutants = await _mutants(request, plan, level, reference, judgement)
    checks = assess(request.exercise.spec, plan, run.evidence, judgement, mutants, request.lang)
    return _grade(request, checks, run, judgement, time.monotonic() - started)


async def _observe(request: Request, plan: Plan, level: Level) -> tuple[Evidence, Run]:
    """The reference's evidence (cached, as a rule) and the submission's, side by side."""
    return await asyncio.gather(
        reference_evidence(request.exercise, plan, level),
        run_submission(request.exercise, request.submission, plan, level, request.limits, request.lang))


async def _mutants(request: Request, plan: Plan, level: Level, reference: Evidence,
                   judgement: Judgement) -> Mapping[str, Judgement]:
    """How every planted mistake is judged: needed only where something failed that can be named."""
    if is_untouched(judgement) or not any(check.counted for check in judgement.values()):
        return {}
    evidence = await mutant_evidence(request.exercise, plan, level, lambda count: request.announce(
        say("run.preparing", request.lang, count=count)))
    return {name: judge(request.exercise.spec, plan, seen, reference) for name, seen in evidence.items()}


def _grade(request: Request, checks: tuple[CheckResult, ...], run: Run, judgement: Judgement,
           duration_s: float) -> Grade:
    verdict = overall_verdict(checks, run.ended)
    error, notices = None, run.notices
    if notices and verdict is not Verdict.PASSED:
        error, *others = notices
        notices = tuple(others)
    return _base(request, verdict, total_points(checks), duration_s, checks=checks, error=error, notices=notices,
                 untouched=is_untouched(judgement))


def unreadable(request: Request, duration_s: float) -> Grade:
    """The grade of a file that cannot be run at all: no points, and one line that says what to do."""
    problem = request.submission.problem
    assert problem is not None
    message = say(f"unreadable.{problem.kind}", request.lang, **problem.values)
    error = RunError("unreadable", " ".join(f"{request.shown_path}: {message}".split()))
    checks = tuple(CheckResult(spec.id, spec.title.to(request.lang), Verdict.CRASHED, 0.0, spec.points, message)
                   for spec in request.exercise.spec.checks)
    return _base(request, Verdict.CRASHED, 0.0, duration_s, checks=checks, error=error)


def not_graded(request: Request, failure: NotGradedError, duration_s: float) -> Grade:
    """The record of a failure of ours: no points, not even 0."""
    error = RunError("not_graded", str(failure))
    checks = tuple(CheckResult(spec.id, spec.title.to(request.lang), Verdict.NOT_GRADED, 0.0, spec.points)
                   for spec in request.exercise.spec.checks)
    return _base(request, Verdict.NOT_GRADED, None, duration_s, checks=checks, error=error)


def _base(request: Request, verdict: Verdict, points: float | None, duration_s: float, *,
          checks: tuple[CheckResult, ...], error: RunError | None, notices: tuple[RunError, ...] = (),
          untouched: bool = False) -> Grade:
    spec = request.exercise.spec
    return Grade(
        exercise=spec.id, exercise_title=spec.title.to(request.lang), exercise_version=request.exercise.version,
        submission=SubmissionInfo(str(request.shown_path), request.submission.sha256, request.submission.kind),
        verdict=verdict, points=points, max_points=spec.max_points, seed=request.seed, lang=request.lang,
        sandbox=request.sandbox, duration_s=round(duration_s, 3), checks=checks, error=error, notices=notices,
        untouched=untouched)
