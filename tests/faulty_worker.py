"""Preloaded by a Dask worker of the tests: faults that no submission and no installation here could bring about."""

import os
import signal

from grader import workshop

DEADLY = "# ends the worker that grades it"
VERSION = os.environ.get("FAULTY_VERSION")


def end_worker(self: workshop.Workshop, order: workshop.Order, grade=workshop.Workshop.grade) -> object:
    if DEADLY in "".join(order.submission.cells):
        os.kill(os.getpid(), signal.SIGKILL)
    return grade(self, order)


workshop.Workshop.grade = end_worker
if VERSION:
    workshop.toolkit_version = lambda: VERSION
