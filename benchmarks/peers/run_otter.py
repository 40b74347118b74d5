"""Submissions through otter-grader's API, in one process. Run by `compare.py`: python run_otter.py JOB"""

from job import grade_all, read_job
from otter.api import grade_submission

job = read_job()
grade_all(job, lambda submission: grade_submission(submission["notebook"], job["autograder"], quiet=True).total)
