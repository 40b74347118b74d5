"""What a submission costs on this machine's kernels and on the workers of a Dask cluster, and what travels.

    python benchmarks/cluster.py [--counts 40 80] [--exercises exercise_03 exercise_18] [--jobs 2]

Classes of two sizes are graded by `grade batch`, each submission a right answer of its own: the slope between the
sizes is the cost of one more submission, the rest is the start. Taken alone are what a record costs whoever keeps the
gradebook, and the bytes that a submission and its grade are on the wire.
"""

import argparse
import asyncio
import os
import pickle  # noqa: TID251  # to count what Dask sends
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from soak import ROOT

from grader.catalog import load_course, load_exercise
from grader.classroom import ClassBook
from grader.gradebook import Gradebook
from grader.grading import Grader, Request
from grader.intake import Intake, find_submissions
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.verdict import Grade
from grader.workshop import Order, pack_course

KEPT = 300  # records, to take the time of one


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs=2, default=[40, 80])
    options.add_argument("--exercises", nargs="+", default=["exercise_03", "exercise_18"])
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    chosen = options.parse_args()
    few, many = chosen.counts
    print(f"load {os.getloadavg()[0]:.1f}; the course is {len(pack_course(ROOT)) / 1e3:.0f} kB")
    print(f"{'':12} {'where':6} {f'{few}, s':>8} {f'{many}, s':>8} {'one more, s':>12} {'the start, s':>13}")
    with tempfile.TemporaryDirectory(prefix="cluster-") as place:
        os.environ["GRADE_CACHE"] = f"{place}/cache"
        for exercise in chosen.exercises:
            folders = {count: hand_in(Path(place) / exercise / str(count), exercise, count) for count in chosen.counts}
            batch(folders[few], Path(place) / "first", [])  # keeps what the reference gave
            for where, extra in {"local": [], "dask": ["--dask", "local"]}.items():
                arguments = ["-j", str(chosen.jobs), *extra]
                taken = {count: batch(folder, folder.parent / f"{where}-{count}", arguments)
                         for count, folder in folders.items()}
                slope = (taken[many] - taken[few]) / (many - few)
                print(f"{exercise:12} {where:6} {taken[few]:8.1f} {taken[many]:8.1f} {slope:12.3f} "
                      f"{taken[few] - few * slope:13.1f}", flush=True)
            tell_of_ends(folders[few], exercise, Path(place) / exercise / "book")


def hand_in(folder: Path, exercise: str, count: int) -> Path:
    """A class whose submissions are right, and different bytes."""
    right = (ROOT / "solutions" / exercise / "solution.py").read_text(encoding="utf-8")
    for number in range(count):
        student = folder / f"student{number:05}"
        student.mkdir(parents=True)
        (student / f"{exercise}.py").write_text(f"{right}\n# {folder.name} {number}\n", encoding="utf-8")
    return folder


def batch(folder: Path, out: Path, arguments: list[str]) -> float:
    """Wall-clock seconds of the command; all must pass."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "grader", "batch", folder, "-o", out, "--seed", "0", *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    taken = time.perf_counter() - started
    if run.returncode or " passed; " not in run.stdout:
        raise SystemExit(run.stdout + run.stderr)
    return taken


def tell_of_ends(folder: Path, exercise_id: str, out: Path) -> None:
    """What whoever asks has to do for each submission, and what travels."""
    course = load_course(ROOT)
    exercise = load_exercise(course, exercise_id)
    intake: Intake = find_submissions(folder, course.exercise_ids, None)
    submission = intake.read(intake.places[0])
    request = Request(exercise=exercise, submission=submission, shown_path=submission.path, seed=0, lang="ko",
                      sandbox="auto", limits=exercise.spec.limits)
    order = Order(exercise_id, exercise.version, submission, submission.path, 0, "ko", exercise.spec.limits)
    with Kernels(choose_level("auto")) as kernels:
        grade: Grade = asyncio.run(Grader(kernels).grade(request))
    with Gradebook.in_folder(out) as gradebook:
        started = time.perf_counter()
        for number in range(KEPT):  # rounds: the same submission would be known
            book = ClassBook(gradebook, intake, 0, number)
            book.knows(intake.places[0], exercise, submission)
            book.record(intake.places[0], grade)
        kept_s = (time.perf_counter() - started) / KEPT
    there, back = len(pickle.dumps(order)) / 1e3, len(pickle.dumps(grade)) / 1e3
    print(f"{exercise_id:12} gradebook: {kept_s * 1e3:.1f} ms each; travels: {there:.1f} kB there, {back:.1f} kB back",
          flush=True)


if __name__ == "__main__":
    main()
