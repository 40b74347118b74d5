"""A small class in a gradebook, without grading: every kind of grade, hostile names, late, missing and ungraded work."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.classroom import entries_in
from grader.commands.book import Book
from grader.entries import Class, Roster, Student
from grader.gradebook import Attempt, Gradebook
from grader.reports.details import render_details
from grader.reports.record import render_record
from grader.spec import ClassRules
from grader.verdict import Curve, ErrorMap, Grade
from tests.report_samples import HOSTILE, samples

NAN, INF = float("nan"), float("inf")
CURVE = Curve("adam_step(theta=[0.31], t=2)", "result[0]", (0, 1, 2, 3), (
    ("actual", (1.0, NAN, 3.0, -INF)), ("expected", (1.0, 2.0, 3.0, 4.0))))
TRAINING = Curve("", "", (0, 1, 2), (("loss", (2.0, 1.0, 0.5)), ("val_loss", (2.5, 1.5, 1.2))))
ERRORS = ErrorMap("adam_step(theta=<3×4>)", "result", (3, 4), True, (
    (0.0, 0.5, 2.0, 1e3), (INF, 0.0, 1e12, 1.0), (0.0, 0.0, 0.0, 0.0)))
CHARTS = (CURVE, ERRORS, TRAINING)

NAMES = ("../../etc", "CON", "Kim", "kIM", "=1+1", "<script>alert(1)</script>", "a\u202eb", "x" * 300, HOSTILE, "김철수", "a b")
MODULE = "import numpy as np\n\n\ndef adam_step(theta, m, s, grad, t):\n    return theta\n\n\ndef nadam_step(theta):\n    return 0\n"
DUE = 1_772_400_000.0


def notebook(*sources: str, **changes: object) -> bytes:
    """A notebook of code cells, with outputs and metadata of the student's own."""
    cells = [{"cell_type": "markdown", "id": "first", "metadata": {}, "source": ["# 제 풀이\n", "그림"]}]
    cells += [{"cell_type": "code", "id": f"cell-{k}", "metadata": {"tags": ["mine"]}, "execution_count": k,
               "outputs": [{"output_type": "stream", "name": "stdout", "text": ["안녕\n"]}],
               "source": source.splitlines(keepends=True)} for k, source in enumerate(sources)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"mine": True}, "cells": cells} | changes).encode()


def with_charts(grade: Grade) -> Grade:
    """The grade with a chart of every kind at its first check that was not passed."""
    failing = next(check.id for check in grade.checks if not check.points)
    return replace(grade, checks=tuple(replace(check, charts=CHARTS) if check.id == failing else check
                                       for check in grade.checks))


def submissions(lang: str = "ko") -> list[tuple[str, Grade, bytes | None]]:
    """Who handed in what, and how it was graded."""
    found = samples(lang)
    for name in ("one_mistake", "two_mistakes"):
        found[name] = with_charts(found[name])
    handed_in: list[tuple[str, Grade, bytes | None]] = [
        (f"2026{k:02}", grade, MODULE.encode()) for k, grade in enumerate(found.values())]
    handed_in += [(name, found["one_mistake"], notebook("import numpy as np", MODULE)) for name in NAMES]
    return [*handed_in, ("202600", found["exercise_03"], None)]


def fill(gradebook: Gradebook, lang: str = "ko") -> None:
    """Put the class into a gradebook; the first student is late, the last on the roster hands in nothing."""
    logins = [f"2026{k:02}" for k in range(len(samples(lang)))]
    gradebook.keep_roster(Roster(tuple(Student(login, f"김 {login[-2:]}") for login in [*logins, "202699"])))
    for number, (student, grade, content) in enumerate(submissions(lang)):
        sha256 = f"{number:064x}"
        late = student == logins[0]
        kind = "notebook" if content is not None and content.startswith(b"{") else "module"
        grade = replace(grade, submission=replace(grade.submission, sha256=sha256, kind=kind))
        gradebook.add(Attempt(
            student=student.encode("utf-8", "replace").decode(), exercise=grade.exercise, sha256=sha256, exercise_version="1",
            toolkit_version="1", seed=0, round=0, path=f"in/{grade.exercise}.{'ipynb' if kind == 'notebook' else 'py'}",
            platform_id=None, late=None, handed_in=DUE + (100_000 if late else -5), verdict=str(grade.verdict), points=grade.points,
            max_points=grade.max_points, duration_s=float(number), graded_at=DUE, record=render_record(grade),
            details=render_details(grade)), kind, content)


@contextmanager
def class_book(folder: Path, lang: str = "ko") -> Iterator[Book]:
    """The open gradebook of this class; a day late costs a tenth."""
    with Gradebook.in_folder(folder) as gradebook:
        if not gradebook.attempts():
            fill(gradebook, lang)
        rules = ClassRules(due={"exercise_11": DUE}, late_penalty_per_day=0.1)
        entries = Class(rules, gradebook.roster()).entries(gradebook.attempts(), {"exercise_03": 10.0, "exercise_11": 10.0})
        assert len(entries) == len(entries_in(gradebook, None))
        yield Book(gradebook, None, tuple(entries))
