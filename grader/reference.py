"""Observations of the reference and of planted files: gathered on the same path as a submission's, cached on disk.

They depend on the version of the exercise and on what is asked (checks and seed) only. Each file of the course has a
kernel of its own, as a submission has.
"""

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from grader.catalog import ExerciseFolder
from grader.errors import StaffCodeError
from grader.kernel import KernelSession, Outcome
from grader.kernels import CORES, Kernels
from grader.observation import CodecError, Evidence, digest, dump_evidence, load_evidence
from grader.plan import Plan, plan_digest
from grader.run import Like, load_error, load_module, nothing_known, probe_all, require_ok
from grader.spec import Limits

FILES_WORTH_WARMING = 3

T = TypeVar("T")
R = TypeVar("R")


def cache_folder() -> Path:
    """Where reference observations are kept: `$GRADE_CACHE`, else the user's cache folder."""
    named = os.environ.get("GRADE_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grade"


async def reference_evidence(exercise: ExerciseFolder, plan: Plan, kernels: Kernels) -> Evidence:
    """Evidence of the reference solution; raises `StaffCodeError` if it does not run."""
    found = await observe_files(exercise, plan, {exercise.solution: "solution"}, kernels)
    evidence = found[exercise.solution]
    if _broke_off(evidence):
        raise StaffCodeError(f"{exercise.solution}: the reference did not live through its checks; try again, "
                             "and if this comes back, run `grade vet`")
    return evidence


def _broke_off(evidence: Evidence) -> bool:
    """Whether a check did not run to its end."""
    return any(check.ended is not None for check in evidence.checks.values())


async def mutant_evidence(exercise: ExerciseFolder, plan: Plan, kernels: Kernels, *, like: Evidence | None = None,
                          announce: Callable[[int], None] = lambda count: None) -> dict[str, Evidence]:
    """Evidence of every planted mistake, by its id; `announce` hears how many have to be run first."""
    files = {path: f"mutant-{name}" for name, path in exercise.mutants.items()}
    found = await observe_files(exercise, plan, files, kernels, like=like, announce=announce)
    return {name: found[path] for name, path in exercise.mutants.items()}


async def observe_files(exercise: ExerciseFolder, plan: Plan, files: Mapping[Path, str], kernels: Kernels, *,
                        like: Evidence | None = None,
                        announce: Callable[[int], None] = lambda count: None) -> dict[Path, Evidence]:
    """Evidence of files of the course; `files` names each for the cache. What is not cached is run.

    What looks as it does in `like`, the evidence of the reference, is the same object (see `read_observations`).
    """
    folder = _cache_folder(exercise, plan)
    found: dict[Path, Evidence] = {}
    kept = {path: folder / f"{name}-{digest(path.read_bytes())[:16]}.json" for path, name in files.items()}

    def reference() -> Evidence | None:
        return found.get(exercise.solution, like)

    for path in files:
        cached = _read(kept[path], reference())
        if cached is not None:
            found[path] = cached
    missing = {path: name for path, name in files.items() if path not in found}
    if missing:
        announce(len(missing))
        async with _several(kernels, len(missing)) as source:

            async def observe(path: Path) -> None:
                found[path] = await _observe(exercise, plan, path, missing[path], source, reference)
                if not _broke_off(found[path]):  # a death may be the machine's doing: another try costs time only
                    _write(kept[path], found[path])

            await for_each(observe, list(missing))
    return found


async def for_each(work: Callable[[T], Awaitable[R]], items: Sequence[T]) -> list[R]:
    """Work on all items, as many at a time as there are cores; the first failure ends it."""
    turn = asyncio.Semaphore(CORES)

    async def wait_and_work(item: T) -> R:
        async with turn:
            return await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(wait_and_work(item)) for item in items]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


@contextlib.asynccontextmanager
async def _several(kernels: Kernels, count: int) -> AsyncIterator[Kernels]:
    """Kernels for so many files: warm ones where they are worth it."""
    if kernels.warm or count < FILES_WORTH_WARMING:
        yield kernels
        return
    with Kernels(kernels.level, warm=True, side_by_side=CORES) as warm:
        yield warm


async def _observe(exercise: ExerciseFolder, plan: Plan, path: Path, name: str, kernels: Kernels,
                   like: Like) -> Evidence:
    """Evidence of one file, in a kernel of its own."""
    outcome, evidence = await observe_source(exercise, plan, path.read_text(encoding="utf-8"), kernels,
                                             _staff_limits(exercise.spec.limits), like=like)
    if name == "solution":
        require_ok(outcome, str(path))
        raised = load_error(outcome.payloads)
        if raised is not None:
            raise StaffCodeError(f"{path}: the reference raised {raised.name}: {raised.message}; mend it")
    return evidence


async def observe_source(exercise: ExerciseFolder, plan: Plan, source: str, kernels: Kernels, limits: Limits, *,
                         chance: int | None = None, like: Like = nothing_known) -> tuple[Outcome, Evidence]:
    """How a module ran, and the evidence it gave. What is random follows from the plan's seed, or from `chance`."""
    async def observe(session: KernelSession) -> tuple[Outcome, Evidence]:
        outcome = await load_module(session, "solution", source, limits, seed=chance or 0)
        evidence, _ = await probe_all(session, plan, limits, None, chance, like)
        return outcome, evidence

    return await kernels.run(exercise, limits, observe)


def _staff_limits(limits: Limits) -> Limits:
    """The course's own files are trusted with more: a busy machine must not make a solution fail."""
    return replace(limits, submission_s=2 * limits.submission_s, cpu_s=2 * limits.cpu_s)


# --- cache ---------------------------------------------------------------------------------------------------------

def _cache_folder(exercise: ExerciseFolder, plan: Plan) -> Path:
    return cache_folder() / exercise.spec.id / exercise.version / plan_digest(plan)


def _read(path: Path, like: Evidence | None) -> Evidence | None:
    """Cached evidence, or None: an unreadable cache is as good as none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return load_evidence(data, like)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CodecError):
        return None


def _write(path: Path, evidence: Evidence) -> None:
    """Keep evidence for the next time, atomically; a cache that cannot be written costs time only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(json.dumps(dump_evidence(evidence)))
        Path(file.name).replace(path)
    except OSError:
        return
