"""Does a submission cost the same, whether it is one of ten or of a thousand, graded alone or side by side?

    python benchmarks/scaling.py [--counts 10 100 1000] [--jobs 1 2] [--exercise exercise_03]

Each line is one `grade batch` into a new gradebook, from its start to its end. Processor time is that of every process;
memory is the command's own at a tenth of the way and at its peak.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from peers.measure import MEBIBYTE, SAMPLE_S, account, adopt_orphans, reap
from soak import ROOT, mixture

from grader.catalog import ExerciseFolder, load_course, load_exercise


@dataclass(frozen=True)
class Line:
    """What a batch of `count` submissions cost: seconds for each of them, and the command's megabytes."""

    count: int
    jobs: int
    wall_s: float
    cpu_s: float
    early_mb: float
    peak_mb: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs="+", default=[10, 100, 1000])
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--exercise", default="exercise_03")
    chosen = options.parse_args()
    adopt_orphans()
    exercise = load_exercise(load_course(ROOT), chosen.exercise)
    with tempfile.TemporaryDirectory(prefix="scaling-") as folder:
        os.environ |= {"GRADE_CACHE": f"{folder}/cache", "XDG_STATE_HOME": f"{folder}/state"}
        run(exercise, Path(folder), 50, max(chosen.jobs))  # the reference and the planted mistakes are observed here
        print(f"{exercise.spec.id}\n{'submissions':>11} {'jobs':>5} {'wall, s each':>13} {'CPU, s each':>12} "
              f"{'early, MB':>10} {'peak, MB':>9}")
        for jobs in chosen.jobs:
            for count in chosen.counts:
                line = run(exercise, Path(folder), count, jobs)
                print(f"{line.count:>11} {line.jobs:>5} {line.wall_s:>13.3f} {line.cpu_s:>12.3f} "
                      f"{line.early_mb:>10.0f} {line.peak_mb:>9.0f}", flush=True)


def run(exercise: ExerciseFolder, folder: Path, count: int, jobs: int) -> Line:
    """Grade so many submissions, honest ones, with `grade batch`."""
    with tempfile.TemporaryDirectory(dir=folder) as scene, account() as meter:
        for number, work in enumerate(mixture(exercise, [], {}, count, 0)):
            student = Path(scene, "in", f"student_{number:05}")
            student.mkdir(parents=True)
            (student / f"{exercise.spec.id}{work.suffix}").write_text(work.text, encoding="utf-8")
        command = [sys.executable, "-m", "grader", "batch", f"{scene}/in", "-o", f"{scene}/out", "-j", str(jobs),
                   "--seed", "0", "--course", str(ROOT)]
        started = time.perf_counter()
        batch = subprocess.Popen(command, preexec_fn=meter.join, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        sizes = []
        while batch.poll() is None:
            sizes.append(_memory_mb(batch.pid))
            time.sleep(SAMPLE_S)
        wall_s = time.perf_counter() - started
        if batch.returncode:
            raise SystemExit(f"{' '.join(command)}\nended with {batch.returncode}")
        reap()
        return Line(count, jobs, wall_s / count, meter.seconds() / count, sizes[len(sizes) // 10], max(sizes))


def _memory_mb(pid: int) -> float:
    """Resident memory of a process."""
    try:
        return psutil.Process(pid).memory_info().rss / MEBIBYTE
    except psutil.Error:
        return 0.0


if __name__ == "__main__":
    main()
