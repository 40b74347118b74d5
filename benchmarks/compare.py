"""This grader beside nbgrader, otter-grader, a plain nbclient loop and the floor: same submissions, one session.

    python benchmarks/compare.py [--runs 3] [--graders grade nbgrader …] [--kinds numpy keras] [--count 20] [--folder F]

What is compared, how it is kept fair and what the columns mean: benchmarks/README.md. Exit code 1 where a grader finds
a right submission wrong or a wrong one right; then no time is printed.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from peers.assignment import make_assignment
from peers.environments import default_folder
from peers.graders import GRADERS, Grader
from peers.measure import Cost, adopt_orphans, cost, peak_memory

EXERCISES = {"numpy": "exercise_03", "keras": "exercise_18", "training": "exercise_17"}
ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


@dataclass
class Figures:
    """What was measured of one grader, a number for each run; `batch` and `cpu` are per submission."""

    batch: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    kernel: list[float] = field(default_factory=list)
    further: list[float] = field(default_factory=list)


COLUMNS = {"batch": "batch, s each", "cpu": "CPU, s each", "cold": "cold, s", "warm": "warm, s",
           "kernel": "a kernel, MB", "further": "one more, MB"}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--graders", nargs="+", choices=GRADERS, default=list(GRADERS))
    options.add_argument("--kinds", nargs="+", choices=EXERCISES, default=list(EXERCISES))
    options.add_argument("--count", type=int, default=20, help="submissions in a batch")
    options.add_argument("--folder", type=Path, default=default_folder(),
                         help="where environments and assignments are kept (default: %(default)s)")
    chosen = options.parse_args()
    os.environ.update({"GRADE_CACHE": str(chosen.folder / "evidence"), **ENVIRONMENT})
    adopt_orphans()
    graders = {kind: list(set_up(EXERCISES[kind], chosen)) for kind in chosen.kinds}
    figures = {kind: {grader.name: Figures() for grader in graders[kind]} for kind in chosen.kinds}
    complaints: list[str] = []
    for run in range(chosen.runs):
        for kind in chosen.kinds:
            turn = run % len(graders[kind])
            for grader in graders[kind][turn:] + graders[kind][:turn]:
                complaints += measure(grader, figures[kind][grader.name])
                tell(f"run {run + 1}: {kind}, {grader.name} done (load {os.getloadavg()[0]:.1f})")
    if complaints:
        sys.exit("\n".join(["verdicts differ, so times mean nothing:", *complaints]))
    for kind in chosen.kinds:
        show(kind, chosen, figures[kind])


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def set_up(exercise_id: str, chosen: argparse.Namespace) -> Iterable[Grader]:
    """The chosen graders, each with the assignment in its own format."""
    tell(f"preparing {exercise_id} …")
    assignment = make_assignment(exercise_id, chosen.folder / "submissions" / exercise_id, chosen.count)
    for name in chosen.graders:
        grader = GRADERS[name](assignment, chosen.folder)
        grader.set_up()
        yield grader


# --- measuring -----------------------------------------------------------------------------------------------------

def measure(grader: Grader, figures: Figures) -> list[str]:
    """One run of everything for one grader; what it got wrong."""
    submissions = grader.assignment.submissions
    solution = submissions[0]

    def timed(command: list[str]) -> Cost:
        return cost(command, grader.work)

    batch = timed(grader.batch(submissions))
    complaints = list(wrong_verdicts(grader))
    figures.batch.append(batch.wall_s / len(submissions))
    figures.cpu.append(batch.cpu_s / len(submissions))
    figures.cold.append(timed(grader.cold(solution)).wall_s)
    timed(grader.warm(solution))
    figures.warm.append(grader.last()[-1]["seconds"])
    if grader.kernels:
        alone, together = (peak_memory(grader.side_by_side(submissions[:count]), grader.work,
                                       grader.kernel_mark) for count in (1, 2))
        figures.kernel.append(alone)
        figures.further.append(together - alone)
    return complaints


def wrong_verdicts(grader: Grader) -> Iterable[str]:
    """Right submissions without full points, wrong ones with them."""
    points, most = grader.points(), grader.assignment.max_points
    for submission in grader.assignment.submissions:
        earned = points.get(submission.student)
        if earned is None or (abs(earned - most) < 1e-6) != submission.right:
            yield f"{grader.name}: {submission.made_from} got {earned} of {most}"


# --- the table -----------------------------------------------------------------------------------------------------

def show(kind: str, chosen: argparse.Namespace, figures: Mapping[str, Figures]) -> None:
    """Medians with the range of the runs, then everything as a multiple of this grader."""
    print(f"\n{kind}: {EXERCISES[kind]}, {chosen.count} submissions, {chosen.runs} run(s): median (min … max)")
    print(f"{'':<10}" + "".join(f"{title:>26}" for title in COLUMNS.values()))
    for name, found in figures.items():
        print(f"{name:<10}" + "".join(f"{span(getattr(found, column)):>26}" for column in COLUMNS))
    ours = figures.get("grade")
    if ours is None or len(figures) == 1:
        return
    print(f"\n{'ratio to grade':<16}" + "".join(f"{title:>16}" for title in COLUMNS.values()))
    for name, found in figures.items():
        if found is not ours:
            print(f"{name:<16}" + "".join(f"{ratio(getattr(found, column), getattr(ours, column)):>16}"
                                          for column in COLUMNS))


def span(values: list[float]) -> str:
    if not values:
        return "-"
    digits = 0 if max(values) >= 50 else 3 if max(values) < 0.1 else 2
    middle, low, high = (f"{value:.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{middle} ({low} … {high})"


def ratio(theirs: list[float], ours: list[float]) -> str:
    """The median of the runs' ratios: both sides of each were measured one after the other."""
    if not theirs or not ours:
        return "-"
    return f"{statistics.median(left / right for left, right in zip(theirs, ours, strict=True)):.2f}"


if __name__ == "__main__":
    main()
