"""Observations of the reference and of planted files: gathered on the same path as a submission's, cached on disk.

They depend on the version of the exercise and on what is asked (checks and seed) only. Files of the course share one
kernel, each module starting afresh, so that TensorFlow is imported once.
"""

import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.catalog import ExerciseFolder
from grader.errors import StaffCodeError
from grader.observation import CodecError, Evidence, dump_evidence, load_evidence
from grader.plan import Plan, plan_digest
from grader.run import load_error, load_module, open_session, probe_all, require_ok
from grader.sandbox import Level
from grader.spec import Limits

FILES_WORTH_A_KERNEL = 4


def cache_folder() -> Path:
    """Where reference observations are kept: `$GRADE_CACHE`, else the user's cache folder."""
    named = os.environ.get("GRADE_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grade"


async def reference_evidence(exercise: ExerciseFolder, plan: Plan, level: Level) -> Evidence:
    """Evidence of the reference solution; raises `StaffCodeError` if it does not run."""
    found = await observe_files(exercise, plan, {exercise.solution: "solution"}, level)
    evidence = found[exercise.solution]
    if _broke_off(evidence):
        raise StaffCodeError(f"{exercise.solution}: the reference did not live through its checks; try again, "
                             "and if this comes back, run `grade vet`")
    return evidence


def _broke_off(evidence: Evidence) -> bool:
    """Whether a check did not run to its end."""
    return any(check.ended is not None for check in evidence.checks.values())


async def mutant_evidence(exercise: ExerciseFolder, plan: Plan, level: Level,
                          announce: Callable[[int], None] = lambda count: None) -> dict[str, Evidence]:
    """Evidence of every planted mistake, by its id; `announce` hears how many have to be run first."""
    files = {path: f"mutant-{name}" for name, path in exercise.mutants.items()}
    found = await observe_files(exercise, plan, files, level, announce)
    return {name: found[path] for name, path in exercise.mutants.items()}


async def observe_files(exercise: ExerciseFolder, plan: Plan, files: Mapping[Path, str], level: Level,
                        announce: Callable[[int], None] = lambda count: None) -> dict[Path, Evidence]:
    """Evidence of files of the course; `files` names each for the cache. What is not cached is run, in one kernel."""
    folder = _cache_folder(exercise, plan)
    found: dict[Path, Evidence] = {}
    for path, name in files.items():
        cached = _read(folder / f"{name}.json")
        if cached is not None:
            found[path] = cached
    missing = {path: name for path, name in files.items() if path not in found}
    if missing:
        announce(len(missing))
        shares = [dict(list(missing.items())[start::jobs(len(missing))]) for start in range(jobs(len(missing)))]
        for ran in await asyncio.gather(*(_observe_all(exercise, plan, share, level, folder) for share in shares)):
            found |= ran
    return found


def jobs(count: int) -> int:
    """Kernels to run side by side for so many files: no more than cores, and each worth its start."""
    return max(1, min(os.cpu_count() or 1, count // FILES_WORTH_A_KERNEL))


async def _observe_all(exercise: ExerciseFolder, plan: Plan, files: Mapping[Path, str], level: Level,
                       folder: Path) -> dict[Path, Evidence]:
    """Evidence of all the files, kept in the cache's folder; a new kernel where one did not live through them."""
    found: dict[Path, Evidence] = {}
    while len(found) < len(files):
        ran = await _observe_in_one_kernel(
            exercise, plan, {path: name for path, name in files.items() if path not in found}, level)
        for path, evidence in ran.items():
            if not _broke_off(evidence):  # a death may be the machine's doing: another try costs time only
                _write(folder / f"{files[path]}.json", evidence)
        found |= ran
    return found


async def _observe_in_one_kernel(exercise: ExerciseFolder, plan: Plan, files: Mapping[Path, str],
                                 level: Level) -> dict[Path, Evidence]:
    """Evidence of as many of the files as one kernel lives through: at least the first."""
    limits = _staff_limits(exercise.spec.limits, len(files))
    found: dict[Path, Evidence] = {}
    async with open_session(exercise, level, limits) as session:
        for path, name in files.items():
            if found and not session.alive:
                break
            outcome = await load_module(session, path.stem, path.read_text(encoding="utf-8"), limits, fresh=True)
            raised = load_error(outcome.payloads) if outcome.ended == "ok" else None
            if name == "solution":
                require_ok(outcome, str(path))
                if raised is not None:
                    raise StaffCodeError(f"{path}: the reference raised {raised.name}: {raised.message}; mend it")
            found[path], _ = await probe_all(session, plan, limits, None)
    return found


def _staff_limits(limits: Limits, count: int) -> Limits:
    """Limits for many files in one kernel: time for all of them, memory for what TensorFlow keeps."""
    return replace(limits, submission_s=limits.submission_s * count, cpu_s=limits.cpu_s * count * 2,
                   memory_mb=2 * limits.memory_mb, disk_mb=limits.disk_mb * 4)


# --- cache ---------------------------------------------------------------------------------------------------------

def _cache_folder(exercise: ExerciseFolder, plan: Plan) -> Path:
    return cache_folder() / exercise.spec.id / exercise.version / plan_digest(plan)


def _read(path: Path) -> Evidence | None:
    """Cached evidence, or None: an unreadable cache is as good as none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return load_evidence(data)
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
