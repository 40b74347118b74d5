"""Where kernels come from: one level of isolation, each started anew or forked from a process that is warm."""

import contextlib
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Self, TypeVar

from grader.catalog import ExerciseFolder
from grader.errors import SandboxError
from grader.kernel import KernelSession
from grader.sandbox import Level, dataset_folders
from grader.spec import Limits
from grader.zygote import Zygote

T = TypeVar("T")
CORES = os.cpu_count() or 1
MODULES = {"numpy": ("numpy",), "keras": ("numpy", "tensorflow", "keras")}


class Kernels:
    """Makes kernels that see the exercise's data and observers, and nothing else of the course.

    Warm ones cost a tenth, and are the same in everything else. Of several that compute `side_by_side` each has
    its share of the cores. A context manager: it ends what keeps kernels warm.
    """

    def __init__(self, level: Level, *, warm: bool = False, side_by_side: int = 1) -> None:
        self.level = level
        self.threads = max(1, CORES // side_by_side) if side_by_side > 1 else 0
        self.warm = warm and sys.platform == "linux"  # elsewhere TensorFlow does not live through a fork
        self._zygotes: dict[tuple[str, Path], Zygote] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """End the warm processes; kernels that still run end with them."""
        while self._zygotes:
            self._zygotes.popitem()[1].close()

    def warm_up(self, exercise: ExerciseFolder) -> None:
        """Begin to import what the exercise's kernels need; they may be opened at once."""
        if self.warm:
            self._zygote(exercise).start()

    async def run(self, exercise: ExerciseFolder, limits: Limits, work: Callable[[KernelSession], Awaitable[T]]) -> T:
        """What `work` brings from a new kernel.

        One that cannot be had, or that something killed, its own code or the machine, has a second try: code does it
        again, but a machine that was short of memory and an operator's slip should cost nobody points.
        """
        session = self._open(exercise, limits)
        with contextlib.suppress(SandboxError):
            async with session:
                found = await work(session)
            if not session.was_killed:
                return found
        async with self._open(exercise, limits) as session:
            return await work(session)

    def _open(self, exercise: ExerciseFolder, limits: Limits) -> KernelSession:
        """A kernel for one submission to this exercise, still to be entered."""
        limits = replace(limits, threads=limits.threads or self.threads)
        return KernelSession(level=self.level, limits=limits, workdir=exercise.data, hidden=[exercise.course_root],
                             datasets=dataset_folders(exercise.course_root), extra_probe_files=exercise.observers,
                             zygote=self._zygote(exercise) if self.warm else None)

    def _zygote(self, exercise: ExerciseFolder) -> Zygote:
        key = exercise.spec.kind, exercise.course_root
        if key not in self._zygotes:
            self._zygotes[key] = Zygote(level=self.level, modules=MODULES[exercise.spec.kind],
                                        hidden=[exercise.course_root], datasets=dataset_folders(exercise.course_root),
                                        limits=Limits(threads=self.threads))
        return self._zygotes[key]
