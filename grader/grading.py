"""The main line: one submission in, one grade out."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from grader.assess import assess, is_untouched
from grader.catalog import ExerciseFolder
from grader.errors import GraderError, NotGradedError, internal_error
from grader.judge import Judge, Judgement
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.messages import say
from grader.observation import Evidence
from grader.plan import Plan
from grader.reference import mutant_evidence, reference_evidence
from grader.run import Run, run_submission
from grader.spec import Limits
from grader.submission import Submission
from grader.verdict import CheckResult, Grade, RunError, SubmissionInfo, Verdict, overall_verdict, total_points

T = TypeVar("T")


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
    """The grade of one submission, in a kernel of its own. Raises `GraderError` where the fault is ours."""
    return await Grader(Kernels(choose_level(request.sandbox))).grade(request)


class Grader:
    """Grades submissions, one after the other or side by side; what depends on no submission is done once."""

    def __init__(self, kernels: Kernels) -> None:
        self._kernels = kernels
        self._known = Memo()

    async def grade(self, request: Request) -> Grade:
        """The grade of one submission. Raises `GraderError` where the fault is ours: see `not_graded`."""
        started = time.monotonic()
        request = replace(request, sandbox=self._kernels.level.value)
        if request.submission.problem is not None:
            return unreadable(request, time.monotonic() - started)
        plan = await self._plan(request)
        judge, run = await asyncio.gather(self._judge(request, plan), self._run(request, plan))
        judgement = judge.judge(run.evidence)
        mutants: Mapping[str, Judgement] = {}
        if not is_untouched(judgement) and any(check.counted for check in judgement.values()):
            mutants = await self._mutants(request, plan, judge)
        checks = assess(request.exercise.spec, plan, run.evidence, judgement, mutants, request.lang)
        return _grade(request, checks, run, judgement, time.monotonic() - started)

    async def _run(self, request: Request, plan: Plan) -> Run:
        def reference() -> Evidence | None:
            judge: Judge | None = self._known.peek(("judge", *_asked(request)))
            return judge.reference if judge is not None else None

        return await run_submission(request.exercise, request.submission, plan, self._kernels, request.limits,
                                    request.lang, reference)

    async def _plan(self, request: Request) -> Plan:
        async def make() -> Plan:
            return request.exercise.plan(request.seed)

        return await self._known.get(("plan", *_asked(request)), make)

    async def _judge(self, request: Request, plan: Plan) -> Judge:
        """Who knows the reference's evidence."""
        async def make() -> Judge:
            reference = await reference_evidence(request.exercise, plan, self._kernels)
            return Judge(request.exercise.spec, plan, reference)

        return await self._known.get(("judge", *_asked(request)), make)

    async def _mutants(self, request: Request, plan: Plan, judge: Judge) -> Mapping[str, Judgement]:
        """How every planted mistake is judged: it gives a name to what failed."""
        async def make() -> Mapping[str, Judgement]:
            evidence = await mutant_evidence(
                request.exercise, plan, self._kernels, like=judge.reference,
                announce=lambda count: request.announce(say("run.preparing", request.lang, count=count)))
            return {name: judge.judge(seen) for name, seen in evidence.items()}

        return await self._known.get(("mutants", *_asked(request)), make)


async def grade_or_explain(request: Request, grade: Callable[[Request], Awaitable[Grade]]) -> Grade:
    """The grade; a failure of ours becomes a record without points. What is wrong with the course is still raised."""
    started = time.monotonic()
    try:
        return await grade(request)
    except NotGradedError as failure:
        return not_graded(request, failure, time.monotonic() - started)
    except GraderError:
        raise
    except Exception as error:
        if "GRADE_DEBUG" in os.environ:
            raise
        return not_graded(request, NotGradedError(internal_error(error)), time.monotonic() - started)


def _asked(request: Request) -> tuple[Path, str, int]:
    """What plan, reference and planted mistakes depend on."""
    return request.exercise.folder, request.exercise.version, request.seed


class Memo:
    """Makes each thing once: who asks for it meanwhile waits, and what failed is tried again."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Future[Any]] = {}

    def peek(self, key: Hashable) -> Any:
        """The thing of that name if it has been made, else None."""
        task = self._tasks.get(key)
        made = task is not None and task.done() and not task.cancelled() and task.exception() is None
        return task.result() if task is not None and made else None

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The thing of that name. That one of those who ask is cancelled does not trouble the others."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            task = self._tasks[key] = asyncio.ensure_future(make())
        found: T = await asyncio.shield(task)
        return found


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
