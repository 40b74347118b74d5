"""Submissions through nbgrader's API, in one process. Run by `compare.py`: python run_nbgrader.py JOB"""

import os
import sys

from job import grade_all, read_job
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

job = read_job()
os.chdir(job["work"])
api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py", path=job["work"]).load_config())


def grade(submission: dict[str, str]) -> float:
    done = api.autograde(job["exercise"], submission["student"], force=True)
    if not done["success"]:
        sys.exit(done.get("error") or done.get("log"))
    return api.get_submission(job["exercise"], submission["student"])["score"]


grade_all(job, grade)
