"""Grades many submissions in one process, a share of them hostile: is the grader at the end what it was at the start?

    python benchmarks/soak.py [--count 1000] [--hostile 0.1] [--jobs 2] [--level auto] [--start warm]

Honest are the reference, its variants, planted mistakes and the starter of exercise_03, as modules and as notebooks;
hostile are the files of `tests/attacks/submissions`. Then the honest ones are graded once more without the hostile
ones. What must hold: memory within 10 % from the first hundred to the last, nothing left behind, no secret touched,
honest records equal but for durations. Exit code 1 if something does not.
"""

import argparse
import asyncio
import gc
import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
from peers.assignment import code_cell, notebook

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.catalog import ExerciseFolder, load_course, load_exercise  # noqa: E402
from grader.errors import GraderError  # noqa: E402
from grader.grading import Grader, Request  # noqa: E402
from grader.kernels import Kernels  # noqa: E402
from grader.ladder import choose_level  # noqa: E402
from grader.reference import cache_folder  # noqa: E402
from grader.reports.record import render_record  # noqa: E402
from grader.submission import parse_submission  # noqa: E402
from tests.attacks.attack import STARTS, Attack, read_attacks  # noqa: E402
from tests.attacks.places import Places  # noqa: E402
from tests.attacks.traces import keeps_warm  # noqa: E402

MEBIBYTE = 1 << 20
WINDOW = 100
GROWTH = 1.10
SEED = 71
POOL = 32  # no event loop keeps more threads, and started they stay
HARSH = {"cell_s": 3, "call_s": 1, "submission_s": 4, "cpu_s": 10, "memory_mb": 384, "file_mb": 8, "disk_mb": 16,
         "processes": 64, "open_files": 256, "output_kb": 64, "message_mb": 4}


@dataclass(frozen=True)
class Work:
    """One submission to grade."""

    name: str
    suffix: str
    text: str
    hostile: bool


@dataclass(frozen=True)
class Memory:
    """What the grader held when a grade was done."""

    rss: int
    uss: int


# --- submissions ---------------------------------------------------------------------------------------------------

def mixture(exercise: ExerciseFolder, attacks: list[Attack], told: Mapping[str, Any], count: int,
            share: float) -> list[Work]:
    """`count` submissions in an order that is always the same; each honest one differs from all others."""
    order = random.Random(SEED)
    honest = list(honest_sources(exercise))
    hostile = round(count * share)
    works = [as_notebook(name, f"{text}\n# student {number}\n") if number % 3 == 0
             else Work(name, ".py", f"{text}\n# student {number}\n", hostile=False)
             for number in range(count - hostile) for name, text in [honest[number % len(honest)]]]
    works += [Work(attack.name, attack.path.suffix, attack.completed(told), hostile=True)
              for number in range(hostile) for attack in [attacks[number % len(attacks)]]]
    order.shuffle(works)
    return works


def honest_sources(exercise: ExerciseFolder) -> Iterator[tuple[str, str]]:
    """Right, half right and untouched work; half of it is right."""
    right = [exercise.solution, *exercise.variants.values()]
    wrong = [*exercise.mutants.values(), exercise.folder / "starter.py"]
    for number, path in enumerate(wrong):
        yield path.stem, path.read_text(encoding="utf-8")
        also = right[number % len(right)]
        yield also.stem, also.read_text(encoding="utf-8")


def as_notebook(name: str, text: str) -> Work:
    sources = {"before": "print('시작')", "work": text, "after": "print('끝')"}
    cells = [code_cell(cell, source) for cell, source in sources.items()]
    return Work(name, ".ipynb", json.dumps(notebook(cells)), hostile=False)


# --- grading -------------------------------------------------------------------------------------------------------

class Soak:
    """Grades `jobs` submissions at a time and keeps account of records and memory."""

    def __init__(self, exercise: ExerciseFolder, kernels: Kernels, jobs: int, *, quiet: bool = False) -> None:
        self.exercise = exercise
        self.jobs = jobs
        self.quiet = quiet
        self._grader = Grader(kernels)
        self.failures: list[str] = []
        self._process = psutil.Process()

    async def grade_all(self, works: list[Work]) -> tuple[list[bytes], list[Memory]]:
        """Digests of the records in the order of the submissions, memory in the order of their ends."""
        records = [b"" for _ in works]
        memory: list[Memory] = []
        queue = iter(enumerate(works))

        async def worker() -> None:
            for number, work in queue:
                records[number] = await self._record(number, work)
                memory.append(self.memory())
                if len(memory) % WINDOW == 0 and not self.quiet:
                    print(f"  {len(memory):6d} graded, RSS {memory[-1].rss / MEBIBYTE:.1f} MB", flush=True)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.jobs):
                group.create_task(worker())
        return records, memory

    async def _record(self, number: int, work: Work) -> bytes:
        """A digest of the record without durations: kept records would count as the grader's memory."""
        path = Path(f"{self.exercise.spec.id}{work.suffix}")
        limits = replace(self.exercise.spec.limits, **HARSH) if work.hostile else self.exercise.spec.limits
        kind = "notebook" if work.suffix == ".ipynb" else "module"
        request = Request(exercise=self.exercise, submission=parse_submission(path, kind, work.text.encode()),
                          shown_path=path, seed=SEED, lang="en", sandbox="auto", limits=limits)
        try:
            grade = replace(await self._grader.grade(request), duration_s=0.0)
        except GraderError as error:
            self.failures.append(f"submission {number} ({work.name}): {type(error).__name__}: {error}")
            return b""
        return hashlib.sha256(render_record(grade).encode()).digest()

    def memory(self) -> Memory:
        found = self._process.memory_full_info()
        return Memory(found.rss, found.uss)


@dataclass(frozen=True)
class State:
    """What grading must leave as it was."""

    descriptors: int
    threads: int
    tasks: int
    objects: int
    processes: tuple[str, ...]
    mounts: str
    files: tuple[str, ...]


def state_of(places: Places) -> State:
    """Everything that a grade could leave behind, while none is under way."""
    gc.collect()
    children = [child for child in psutil.Process().children()
                if child.pid != places.neighbour.pid and not keeps_warm(child)]
    return State(descriptors=len(list(Path("/proc/self/fd").iterdir())), threads=threading.active_count(),
                 tasks=len(asyncio.all_tasks()), objects=len(gc.get_objects()),
                 processes=tuple(f"{process.pid} {process.name()}" for process in children),
                 mounts=Path("/proc/self/mountinfo").read_text(),
                 files=tuple(sorted(path.name for path in places.temporary.iterdir())))


# --- what must hold ------------------------------------------------------------------------------------------------

class Verdict:
    """Prints each thing that must hold, and remembers whether all do."""

    def __init__(self) -> None:
        self.holds = True

    def must(self, what: str, found: object, holds: bool) -> None:
        self.holds = self.holds and holds
        print(f"{'ok ' if holds else 'NOT'} {what:<44}{found}", flush=True)


def compare_memory(verdict: Verdict, memory: list[Memory]) -> None:
    window = min(WINDOW, max(1, len(memory) // 2))
    for name in ("rss", "uss"):
        first, last = (statistics.median(getattr(item, name) for item in part) / MEBIBYTE
                       for part in (memory[:window], memory[-window:]))
        verdict.must(f"{name.upper()} of the first and the last {window}",
                     f"{first:.1f} MB, {last:.1f} MB, ratio {last / first:.3f}", last / first <= GROWTH)


def compare_states(verdict: Verdict, before: State, after: State) -> None:
    for name in ("descriptors", "threads", "tasks"):
        first, last = getattr(before, name), getattr(after, name)
        verdict.must(f"open {name}", f"{first}, {last}", last <= first)
    print(f"    objects that Python tracks                  {before.objects}, {after.objects}")
    verdict.must("processes left", ", ".join(after.processes) or "none", not after.processes)
    verdict.must("mounts left", "none" if after.mounts == before.mounts else "some", after.mounts == before.mounts)
    left = sorted(set(after.files) - set(before.files))
    verdict.must("temporary folders left", ", ".join(left) or "none", not left)


async def soak(options: argparse.Namespace) -> bool:
    verdict = Verdict()
    level = choose_level(options.level)
    with Places() as places, Kernels(level, warm=options.start == "warm") as kernels:
        exercise = load_exercise(load_course(places.course), "exercise_03")
        attacks = [attack for attack in read_attacks() if level in attack.levels]
        works = mixture(exercise, attacks, places.told(cache_folder()), options.count, options.hostile)
        honest = [number for number, work in enumerate(works) if not work.hostile]
        run = Soak(exercise, kernels, options.jobs)
        print(f"level {level}, {options.start} kernels, {options.jobs} at a time, {len(works)} submissions, "
              f"{len(works) - len(honest)} of them hostile ({len(attacks)} kinds)", flush=True)
        await run.grade_all([work for work in works if not work.hostile][:4 * options.jobs])
        await asyncio.gather(*(asyncio.to_thread(time.sleep, 0.2) for _ in range(POOL)))

        before, started = state_of(places), time.monotonic()
        records, memory = await run.grade_all(works)
        duration_s = time.monotonic() - started
        after = state_of(places)
        print(f"    submissions per second                      {len(works) / duration_s:.2f} ({duration_s:.0f} s)")
        compare_memory(verdict, memory)
        compare_states(verdict, before, after)
        complaints = [complaint[:200] for complaint in places.complaints()]
        verdict.must("secrets changed or spoken to", complaints or "none", not complaints)

        print("once more without the hostile ones", flush=True)
        started = time.monotonic()
        alone, _ = await run.grade_all([works[number] for number in honest])
        duration_s = time.monotonic() - started
        print(f"    submissions per second                      {len(honest) / duration_s:.2f} ({duration_s:.0f} s)")
        different = [number for number, record in zip(honest, alone, strict=True) if records[number] != record]
        verdict.must("honest records that differ", len(different), not different)
        for number in different[:5]:
            print(f"    submission {number}: {works[number].name}{works[number].suffix}")
        verdict.must("failures of ours", len(run.failures), not run.failures)
        print("".join(f"    {failure}\n" for failure in run.failures[:10]), end="")
    left = psutil.Process().children()
    verdict.must("processes left at the end", left or "none", not left)
    return verdict.holds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=1000)
    options.add_argument("--hostile", type=float, default=0.1, help="share of hostile submissions")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--level", default="auto")
    options.add_argument("--start", choices=STARTS, default="warm")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        os.environ["GRADE_CACHE"] = folder
        sys.exit(0 if asyncio.run(soak(chosen)) else 1)


if __name__ == "__main__":
    main()
