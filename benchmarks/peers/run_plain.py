"""Submissions and their checks in this one process. Run by `compare.py`: python run_plain.py JOB"""

import os
import sys
import tempfile
import types
from pathlib import Path

from job import grade_all, read_job

job = read_job()
sys.path.insert(0, job["work"])  # before `checking` of this folder: the assignment's own has its files beside it

from checking import require  # noqa: E402


def grade(submission: dict[str, str]) -> float:
    """Points, in a new folder that holds the assignment's files: what one submission leaves must not help the next."""
    with tempfile.TemporaryDirectory() as folder:
        for path in Path(job["work"]).iterdir():
            Path(folder, path.name).symlink_to(path)
        os.chdir(folder)
        try:
            return points_of(submission)
        finally:
            os.chdir(job["work"])


def points_of(submission: dict[str, str]) -> float:
    module = sys.modules[job["exercise"]] = types.ModuleType(job["exercise"])
    source = Path(submission["module"]).read_text(encoding="utf-8")
    exec(compile(source, job["exercise"], "exec"), module.__dict__)
    return sum(points for check, points in job["checks"].items() if passes(check, module))


def passes(check: str, module: types.ModuleType) -> bool:
    try:
        require(check, module.__dict__)
    except AssertionError:
        return False
    return True


grade_all(job, grade)
