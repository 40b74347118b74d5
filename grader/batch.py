"""A class's submissions, graded side by side. Each result is handed on when it is known, and none stops the rest."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.catalog import ExerciseFolder
from grader.errors import GraderError, LostError, NotGradedError
from grader.grading import Request, grade_or_explain, not_graded
from grader.intake import Intake, Place
from grader.submission import Submission, kind_of
from grader.verdict import Grade


class Book(Protocol):
    """Where results go; both are called in a thread, one at a time."""

    def knows(self, place: Place, exercise: ExerciseFolder, submission: Submission) -> bool:
        """Whether this has been graded already."""

    def record(self, place: Place, grade: Grade) -> None:
        """Keep a result for good."""


@dataclass(frozen=True)
class Told:
    """One submission is done: its grade, or None where the book knew it."""

    place: Place
    grade: Grade | None


async def grade_all(intake: Intake, exercises: Mapping[str, ExerciseFolder], book: Book,
                    grade: Callable[[Request], Awaitable[Grade]], *, seed: int, lang: str, sandbox: str, jobs: int,
                    tell: Callable[[Told], None]) -> None:
    """Grade all that was handed in and is not in the book, `jobs` at a time; `tell` hears of each.

    Raises what the book raises, and `LostError`; what was recorded before that stays.
    """
    turn = asyncio.Lock()
    waiting = iter(in_good_order(intake.places, exercises))

    async def work() -> None:
        for place in waiting:
            exercise = exercises[place.exercise]
            submission, trouble = _read(intake, place)
            async with turn:
                known = trouble is None and await asyncio.to_thread(book.knows, place, exercise, submission)
            if known:
                tell(Told(place, None))
                continue
            request = Request(exercise=exercise, submission=submission, shown_path=submission.path, seed=seed,
                              lang=lang, sandbox=sandbox, limits=exercise.spec.limits)
            graded = await _grade(request, grade, trouble)
            async with turn:
                await asyncio.to_thread(book.record, place, graded)
            tell(Told(place, graded))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(intake.places))):
                group.create_task(work())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def in_good_order(places: Sequence[Place], exercises: Mapping[str, ExerciseFolder]) -> list[Place]:
    """Exercise by exercise, so that one warm process and one set of references serve all of its submissions.

    Those that train come first: at the end, when there is nothing left to begin, nobody waits long for the last one.
    """
    return sorted(places, key=lambda place: (exercises[place.exercise].spec.kind != "keras", place.exercise,
                                             place.student))


def _read(intake: Intake, place: Place) -> tuple[Submission, GraderError | None]:
    """A submission, or why we cannot even read it: a closed folder is no fault of the student's."""
    try:
        return intake.read(place), None
    except GraderError as error:
        return Submission(intake.root / place.path, kind_of(place.path), ""), error


async def _grade(request: Request, grade: Callable[[Request], Awaitable[Grade]], trouble: GraderError | None) -> Grade:
    """A grade in any case: what fails on our side is told as that, and costs nobody points."""
    started = time.monotonic()
    try:
        if trouble is not None:
            raise trouble
        return await grade_or_explain(request, grade)
    except LostError:
        raise
    except GraderError as error:
        return not_graded(request, NotGradedError(str(error)), time.monotonic() - started)
