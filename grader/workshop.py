"""Where one worker of a cluster grades: the course unpacked in a folder of its own, and kernels that stay warm.

What travels there is plain data: the course as bytes, once, and an `Order` for each submission. Nothing here knows how.
"""

import asyncio
import concurrent.futures
import io
import os
import tempfile
import threading
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from grader.catalog import ExerciseFolder, load_course, load_exercise
from grader.errors import NotGradedError
from grader.grading import Grader, Request, grade_or_explain
from grader.kernels import CORES, Kernels
from grader.ladder import choose_level
from grader.spec import Limits
from grader.submission import Submission
from grader.verdict import Grade

COURSE_FOLDERS = ("exercises", "solutions", "datasets")
LAST_MOMENT_S = 1.0
OURS_OR_THEIRS = {"died", "not_graded"}  # kinds of errors


@dataclass(frozen=True)
class Order:
    """A request that can travel: it names the exercise, which the workshop has."""

    exercise: str
    exercise_version: str
    submission: Submission
    shown_path: Path
    seed: int
    lang: str
    limits: Limits


class UnfitError(NotGradedError):
    """This worker cannot grade, and why; another one may."""


def toolkit_version() -> str:
    return metadata.version("keras-course-grader")


def pack_course(root: Path) -> bytes:
    """All that grading needs of a course, as one archive."""
    files = [root / "course.toml"]
    for top in COURSE_FOLDERS:
        for folder, _, names in os.walk(root / top, followlinks=True):
            files += [Path(folder) / name for name in sorted(names) if not name.endswith(".pyc")]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in filter(Path.is_file, files):
            member = zipfile.ZipInfo(path.relative_to(root).as_posix())
            archive.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=1)
    return packed.getvalue()


class Workshop:
    """Grades in a thread of its own, from its making to its closing. Safe to use from many threads.

    The making raises `UnfitError` or `SandboxError`. Each kernel computes with one thread: a worker's threads, which
    are kernels side by side, stand for cores.
    """

    def __init__(self, course: bytes, version: str, sandbox: str, place: Path) -> None:
        if toolkit_version() != version:
            raise UnfitError(f"has version {toolkit_version()} of this toolkit, and what asks has {version}; install "
                             "the same on both")
        self._kernels = Kernels(choose_level(sandbox), warm=True, side_by_side=CORES)
        self._grader = Grader(self._kernels)
        self._folder = tempfile.TemporaryDirectory(prefix="course-", dir=place, ignore_cleanup_errors=True)
        with zipfile.ZipFile(io.BytesIO(course)) as archive:
            archive.extractall(self._folder.name)
        self._course = load_course(Path(self._folder.name))
        self._exercises: dict[str, ExerciseFolder] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="workshop", daemon=True)
        self._closing = asyncio.Event()
        self._closed = False
        self._lock = threading.Lock()
        self._thread.start()

    def grade(self, order: Order) -> Grade:
        """The grade of one submission; raises `UnfitError`, and `concurrent.futures.CancelledError` where it closes."""
        with self._lock:
            if self._closed:
                raise concurrent.futures.CancelledError
            grade = asyncio.run_coroutine_threadsafe(self._grade(order), self._loop)
        return grade.result()

    def close(self) -> None:
        """End what is under way and the kernels, and remove the folder."""
        with self._lock:
            self._closed = True
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._folder.cleanup()

    def _work(self) -> None:
        """The thread's whole life: kernels end with the thread that started them."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner, self._kernels:
            runner.run(self._closing.wait())

    async def _grade(self, order: Order) -> Grade:
        exercise = self._exercise(order)
        request = Request(exercise=exercise, submission=order.submission, shown_path=order.shown_path, seed=order.seed,
                          lang=order.lang, sandbox=self._kernels.level.value, limits=order.limits)
        grade = await grade_or_explain(request, self._grader.grade)
        if OURS_OR_THEIRS & {error.kind for error in (grade.error, *grade.notices) if error is not None}:
            # what ends this worker may have ended the kernel a moment before: then nobody hears of this grade
            await asyncio.sleep(LAST_MOMENT_S)
        return grade

    def _exercise(self, order: Order) -> ExerciseFolder:
        if order.exercise not in self._exercises:
            self._exercises[order.exercise] = load_exercise(self._course, order.exercise)
        exercise = self._exercises[order.exercise]
        if exercise.version != order.exercise_version:
            raise UnfitError(f"gives {order.exercise} another version than what asks; install the same toolkit, numpy, "
                             "tensorflow and keras on both")
        return exercise
