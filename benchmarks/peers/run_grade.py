"""Submissions through this grader, in one process. Run by `compare.py`: python run_grade.py JOB"""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from job import read_job, write_results

from grader.catalog import load_course, load_exercise
from grader.grading import Grader, Request
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.submission import read_submission
from grader.verdict import Grade

ROOT = Path(__file__).resolve().parents[2]


async def grade_ours(exercise_id: str, paths: Sequence[Path], at_a_time: int) -> list[tuple[Grade, float]]:
    """Grades in the order of the submissions, `at_a_time` of them side by side, and the seconds of each."""
    exercise = load_exercise(load_course(ROOT), exercise_id)
    free = asyncio.Semaphore(at_a_time)

    async def grade(grader: Grader, path: Path) -> tuple[Grade, float]:
        async with free:
            started = time.perf_counter()
            request = Request(exercise=exercise, submission=read_submission(path), shown_path=path, seed=0, lang="en",
                              sandbox="auto", limits=exercise.spec.limits)
            return await grader.grade(request), time.perf_counter() - started

    with Kernels(choose_level("auto"), warm=True, side_by_side=at_a_time) as kernels:
        kernels.warm_up(exercise)
        grader = Grader(kernels)
        return await asyncio.gather(*(grade(grader, path) for path in paths))


def main() -> None:
    job = read_job()
    paths = [Path(submission["notebook"]) for submission in job["submissions"]]
    graded = asyncio.run(grade_ours(job["exercise"], paths, job.get("at_a_time", 1)))
    write_results(job, [grade.points for grade, _ in graded], [seconds for _, seconds in graded])


if __name__ == "__main__":
    main()
