"""Grades a file at every save: the newest content counts, a grade that is under way when it changes is dropped."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.grading import Request
from grader.verdict import Grade

STEP_MS, DEBOUNCE_MS = 50, 400  # a save is over when nothing has changed for a step
PATIENCE_S = 1.0  # an editor may empty, rename or write in pieces: what cannot be read may be half a save
LOOK_AGAIN_S = 0.05


@dataclass(frozen=True)
class Waiting:
    """There is no such file (any more)."""


@dataclass(frozen=True)
class Grading:
    """A save is being graded."""


@dataclass(frozen=True)
class Graded:
    """A save was graded; `before` is the grade of the save that was graded before it."""

    grade: Grade
    before: Grade | None


Event = Waiting | Grading | Graded


async def watch(read: Callable[[], Request], grade: Callable[[Request], Awaitable[Grade]],
                show: Callable[[Event], None], saves: AsyncIterator[object]) -> None:
    """Grade what is there now and after each of the `saves`, until there are no more; `show` hears what happens.

    `read` gives the submission as it is, or raises `UsageError` where there is none.
    """
    file = _WatchedFile(read, grade, show)
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(file.look())
            async for _ in saves:
                task.cancel()
                await asyncio.wait([task])
                task = group.create_task(file.look())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def saves_of(path: Path) -> AsyncIterator[object]:
    """Something for each time that the file was written, replaced or removed.

    Its folder is watched: an editor that saves by renaming puts another file in its place.
    """
    from watchfiles import awatch

    places = {path.absolute(), path.resolve()}
    return awatch(*{place.parent for place in places}, watch_filter=lambda _, changed: Path(changed) in places,
                  recursive=False, step=STEP_MS, debounce=DEBOUNCE_MS)


class _WatchedFile:
    """The file, and what is known of it."""

    def __init__(self, read: Callable[[], Request], grade: Callable[[Request], Awaitable[Grade]],
                 show: Callable[[Event], None]) -> None:
        self._read = read
        self._grade = grade
        self._show = show
        self._last: Graded | None = None

    async def look(self) -> None:
        """Grade what is in the file, unless that has been done."""
        request = await self._read_settled()
        if request is None:
            self._show(Waiting())
        elif self._last is not None and request.submission.sha256 == self._last.grade.submission.sha256:
            self._show(self._last)  # in place of what was begun meanwhile
        else:
            self._show(Grading())
            grade = await self._grade(request)
            self._last = Graded(grade, self._last.grade if self._last is not None else None)
            self._show(self._last)

    async def _read_settled(self) -> Request | None:
        """The file once it can be read, or as it is after some patience; None where it is not there."""
        request = self._read_now()
        patience = PATIENCE_S
        while patience > 0 and (request is None or request.submission.problem is not None):
            await asyncio.sleep(LOOK_AGAIN_S)
            patience -= LOOK_AGAIN_S
            request = self._read_now()
        return request

    def _read_now(self) -> Request | None:
        try:
            return self._read()
        except UsageError:
            return None
