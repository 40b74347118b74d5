"""Does a submission cost the same, whether it is one of ten or of a thousand, graded alone or side by side?

    python benchmarks/scaling.py [--counts 10 100 1000] [--jobs 1 2] [--exercise exercise_03] [--level auto]

Each line is a grader of its own with warm kernels, from its start to its end; processor time is that of every process.
"""

import argparse
import asyncio
import os
import tempfile
import time
from dataclasses import dataclass

import psutil
from peers.measure import adopt_orphans, children_cpu, reap
from soak import MEBIBYTE, ROOT, Soak, Work, mixture

from grader.catalog import ExerciseFolder, load_course, load_exercise
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.sandbox import Level


@dataclass(frozen=True)
class Line:
    """What a run of `count` submissions cost, in seconds for each of them."""

    count: int
    jobs: int
    wall_s: float
    cpu_s: float
    rss_mb: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs="+", default=[10, 100, 1000])
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--exercise", default="exercise_03")
    options.add_argument("--level", default="auto")
    chosen = options.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="scaling-") as cache:
        os.environ["GRADE_CACHE"] = cache
        level = choose_level(chosen.level)
        exercise = load_exercise(load_course(ROOT), chosen.exercise)
        run(exercise, level, 50, max(chosen.jobs))  # what is kept of the reference and of planted mistakes is kept now
        print(f"{exercise.spec.id}, {level}\n{'submissions':>11} {'jobs':>5} {'wall, s each':>13} {'CPU, s each':>12} "
              f"{'grader, MB':>11}")
        for jobs in chosen.jobs:
            for count in chosen.counts:
                line = run(exercise, level, count, jobs)
                print(f"{line.count:>11} {line.jobs:>5} {line.wall_s:>13.3f} {line.cpu_s:>12.3f} {line.rss_mb:>11.0f}",
                      flush=True)


def run(exercise: ExerciseFolder, level: Level, count: int, jobs: int) -> Line:
    """Grade so many honest submissions, `jobs` at a time."""
    works: list[Work] = mixture(exercise, [], {}, count, 0)
    started, used = time.perf_counter(), time.process_time() + children_cpu()
    with Kernels(level, warm=True) as kernels:
        soak = Soak(exercise, kernels, jobs, quiet=True)
        asyncio.run(soak.grade_all(works))
    wall_s = time.perf_counter() - started
    reap()
    cpu_s = time.process_time() + children_cpu() - used
    if soak.failures:
        raise SystemExit("\n".join(soak.failures[:5]))
    return Line(count, jobs, wall_s / count, cpu_s / count, psutil.Process().memory_info().rss / MEBIBYTE)


if __name__ == "__main__":
    main()
