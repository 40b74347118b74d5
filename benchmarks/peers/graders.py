"""How each grader is set up and run: as a batch, cold for one submission, and warm where it can be."""

import csv
import json
import os
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from peers.assignment import Assignment, Submission, code_cell, notebook, write_files
from peers.environments import make_environment, run

HERE = Path(__file__).parent
CELL_S = 300


class Grader(ABC):
    """One way to grade an assignment; `folder` is its own, kept from one session to the next."""

    name: str
    kernels = True  # whether submissions run in processes of their own
    kernel_mark = "ipykernel"  # in the command line of its kernels; empty: every process below the grader

    def __init__(self, assignment: Assignment, folder: Path) -> None:
        self.assignment = assignment
        self.folder = folder / self.name
        self.work = self.folder / assignment.exercise
        self.results = self.work / "results.json"

    @abstractmethod
    def set_up(self) -> None:
        """Make the environment (once) and the assignment in this grader's format (anew)."""

    @abstractmethod
    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        """The command that grades these in one go."""

    def cold(self, submission: Submission) -> list[str]:
        """The command that a teacher or student gives for a single submission."""
        return self.batch([submission])

    def warm(self, submission: Submission) -> list[str]:
        """A command that grades one submission twice, and leaves the seconds of both in `results`."""
        return self.batch([submission, submission])

    def side_by_side(self, submissions: Sequence[Submission]) -> list[list[str]]:
        """Commands that grade these at the same time."""
        return [self.cold(submission) for submission in submissions]

    def points(self) -> dict[str, float]:
        """Points by student, from the last batch."""
        return {item["student"]: item["points"] for item in self.last()}

    def last(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.results.read_text(encoding="utf-8"))
        return found

    def script(self, python: Path | str, name: str, submissions: Sequence[Submission], **others: Any) -> list[str]:
        """A command that hands submissions to one of the `run_*.py` beside this file."""
        job = self.work / f"job-{len(submissions)}-{submissions[0].student}.json"
        job.write_text(json.dumps({
            "exercise": self.assignment.exercise, "checks": dict(self.assignment.checks), "work": str(self.work),
            "results": str(self.results), "submissions": [
                {"student": item.student, "notebook": str(item.notebook), "module": str(item.module)}
                for item in submissions], **others}), encoding="utf-8")
        return [str(python), str(HERE / name), str(job)]


class Ours(Grader):
    """This grader: `grade EXERCISE SUBMISSION` cold; one process with warm kernels, one for each core, for a batch."""

    name = "grade"
    kernel_mark = ""

    def set_up(self) -> None:
        self.work.mkdir(parents=True, exist_ok=True)

    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        return self.script(sys.executable, "run_grade.py", submissions, at_a_time=os.cpu_count())

    def warm(self, submission: Submission) -> list[str]:
        return self.script(sys.executable, "run_grade.py", [submission, submission], at_a_time=1)

    def cold(self, submission: Submission) -> list[str]:
        return [str(Path(sys.executable).with_name("grade")), self.assignment.exercise, str(submission.notebook),
                "--course", str(HERE.parents[1]), "-q"]

    def side_by_side(self, submissions: Sequence[Submission]) -> list[list[str]]:
        return [self.script(sys.executable, "run_grade.py", submissions, at_a_time=len(submissions))]


class Nbgrader(Grader):
    """`nbgrader autograde` over the whole folder at once; warm through its API, in one process."""

    name = "nbgrader"

    def set_up(self) -> None:
        self.python = make_environment(self.folder / "venv", "nbgrader>=0.9.5")
        shutil.rmtree(self.work, ignore_errors=True)
        source = self.work / "source" / self.assignment.exercise
        write_files(self.assignment.files, source)
        (self.work / "nbgrader_config.py").write_text(
            f"c = get_config()\nc.CourseDirectory.root = {str(self.work)!r}\nc.Execute.timeout = {CELL_S}\n"
            "c.Application.log_level = 40\n", encoding="utf-8")
        self.write(source, "raise NotImplementedError")
        run([self.command, "generate_assignment", self.assignment.exercise], self.work)
        for submission in self.assignment.submissions:
            self.write(self.work / "submitted" / submission.student / self.assignment.exercise,
                       submission.module.read_text(encoding="utf-8"))

    @property
    def command(self) -> str:
        return str(self.python.with_name("nbgrader"))

    def write(self, folder: Path, answer: str) -> None:
        """The assignment's notebook: a cell for the answer, and a locked cell of tests for each check."""
        cells = [code_cell("answer", answer, nbgrader=self.marks("answer", solution=True))]
        cells += [code_cell(check, test_code(check), nbgrader=self.marks(check, grade=True, locked=True, points=points))
                  for check, points in self.assignment.checks.items()]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.assignment.exercise}.ipynb").write_text(json.dumps(notebook(cells)), encoding="utf-8")

    def marks(self, name: str, **marks: Any) -> dict[str, Any]:
        return {"schema_version": 3, "grade_id": name, "task": False, "solution": False, "grade": False,
                "locked": False, **marks}

    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        chosen = [] if len(submissions) > 1 else [f"--student={submissions[0].student}"]
        return [self.command, "autograde", self.assignment.exercise, "--force", *chosen]

    def warm(self, submission: Submission) -> list[str]:
        return self.script(self.python, "run_nbgrader.py", [submission, submission])

    def points(self) -> dict[str, float]:
        file = self.work / "grades.csv"
        run([self.command, "export", "--to", str(file)], self.work)
        with file.open(encoding="utf-8", newline="") as lines:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(lines)}


class Otter(Grader):
    """otter-grader without containers: `otter run` cold, its API in one process for a batch."""

    name = "otter"

    def set_up(self) -> None:
        self.python = make_environment(self.folder / "venv", "otter-grader>=6.1", "ipykernel>=7.0")
        shutil.rmtree(self.work, ignore_errors=True)
        write_files(self.assignment.files, self.work)
        tests = self.work / "tests"
        tests.mkdir()
        for number, (check, points) in enumerate(self.assignment.checks.items()):
            (tests / f"check_{number}.py").write_text(
                "from otter.test_files import test_case\n\n"
                f"OK_FORMAT = False\nname = {check!r}\npoints = {points}\n\n\n"
                f"@test_case()\ndef test(env):\n    from checking import require\n    require({check!r}, env)\n",
                encoding="utf-8")
        (self.work / "otter_config.json").write_text(
            json.dumps({"show_hidden": True, "logo": False, "print_summary": False}), encoding="utf-8")
        run([self.command, "generate", "--tests-dir", "tests", "--config", "otter_config.json", "--no-requirements",
             "--no-environment", "--output-path", "autograder.zip", *self.assignment.files], self.work)

    @property
    def command(self) -> str:
        return str(self.python.with_name("otter"))

    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        return self.script(self.python, "run_otter.py", submissions, autograder=str(self.work / "autograder.zip"))

    def cold(self, submission: Submission) -> list[str]:
        return [self.command, "run", "--autograder", "autograder.zip", "--output-dir", str(self.work),
                str(submission.notebook)]


class Nbclient(Grader):
    """A plain loop: nbclient runs the notebook with the test cells at its end; no isolation, no gradebook."""

    name = "nbclient"

    def set_up(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        write_files(self.assignment.files, self.work)

    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        return self.script(sys.executable, "run_nbclient.py", submissions, timeout=CELL_S, cells=[
            code_cell(check, test_code(check)) for check in self.assignment.checks])


class Floor(Nbclient):
    """The same code and the same checks in one plain process: nothing can be cheaper."""

    name = "floor"
    kernels = False

    def batch(self, submissions: Sequence[Submission]) -> list[str]:
        return self.script(sys.executable, "run_plain.py", submissions)


def test_code(check: str) -> str:
    return f"from checking import require\nrequire({check!r}, globals())"


GRADERS: dict[str, type[Grader]] = {item.name: item for item in (Ours, Nbgrader, Otter, Nbclient, Floor)}
