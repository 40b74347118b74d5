"""What every `run_*.py` does: read a job, grade its submissions one after the other, leave points and seconds.

It runs in a peer's own environment, so it needs the standard library only.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def read_job() -> dict[str, Any]:
    """The job that the command line names."""
    job: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return job


def write_results(job: dict[str, Any], points: list[float | None], seconds: list[float]) -> None:
    """Leave points and seconds, in the order of the job's submissions."""
    Path(job["results"]).write_text(json.dumps([
        {"student": submission["student"], "points": earned, "seconds": taken}
        for submission, earned, taken in zip(job["submissions"], points, seconds, strict=True)]), encoding="utf-8")


def grade_all(job: dict[str, Any], grade: Callable[[dict[str, str]], float]) -> None:
    """Grade every submission of the job with `grade`, which tells its points."""
    points, seconds = [], []
    for submission in job["submissions"]:
        started = time.perf_counter()
        points.append(grade(submission))
        seconds.append(time.perf_counter() - started)
    write_results(job, points, seconds)
