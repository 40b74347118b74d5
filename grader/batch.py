"""A class's submissions, graded side by side. Each result is handed on when it is known, and none stops the rest."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.catalog import ExerciseFolder
from grader.errors import GraderError, NotGradedError
from grader.grading import Grader, Request, not_graded
from grader.intake import Intake, Place
from grader.kernels import Kernels
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


async def grade_all(intake: Intake, exercises: Mapping[str, ExerciseFolder], kernels: Kernels, book: Book, *, seed: int,
                    lang: str, jobs: int, tell: Callable[[Told], None]) -> None:
    """Grade all that was handed in and is not in the book, `jobs` at a time; `tell` hears of each."""
    grader, turn = Grader(kernels), asyncio.Lock()
    waiting = iter(in_good_order(intake.places))

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
                              lang=lang, sandbox=kernels.level.value, limits=exercise.spec.limits)
            grade = await _grade(grader, request, trouble)
            async with turn:
                await asyncio.to_thread(book.record, place, grade)
            tell(Told(place, grade))

    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            group.create_task(work())


def in_good_order(places: Sequence[Place]) -> list[Place]:
    """Exercise by exercise, so that one warm process and one set of references serve all of its submissions."""
    return sorted(places, key=lambda place: (place.exercise, place.student))


def _read(intake: Intake, place: Place) -> tuple[Submission, NotGradedError | None]:
    """A submission, or why we cannot even read it: a closed folder is no fault of the student's."""
    try:
        return intake.read(place), None
    except GraderError as error:
        return Submission(intake.root / place.path, kind_of(place.path), ""), NotGradedError(str(error))


async def _grade(grader: Grader, request: Request, trouble: NotGradedError | None) -> Grade:
    """A grade in any case: what fails on our side is told as that, and costs nobody points."""
    started = time.monotonic()
    try:
        if trouble is not None:
            raise trouble
        return await grader.grade(request)
    except NotGradedError as error:
        return not_graded(request, error, time.monotonic() - started)
    except Exception as error:
        failure = NotGradedError(f"internal error: {type(error).__name__}: {error}; please report it")
        return not_graded(request, failure, time.monotonic() - started)
