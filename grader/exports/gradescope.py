"""Grades for Gradescope: the `results.json` of one submission. Pure.

What we could not grade has an output but no score, neither of its own nor of tests: Gradescope takes that for a
failure of the autograder, which the staff sees and can run again. Any number would be recorded as the student's points,
and a fault of ours costs none. A student who handed in nothing that can be graded has a score, 0, and a word why.
"""

import json
import math
from typing import Any

from grader.entries import Entry
from grader.exports.words import late_text
from grader.messages import say
from grader.reports.reasons import reasons
from grader.reports.terminal import render_terminal
from grader.reports.view import build_view
from grader.verdict import Grade, Verdict

WIDTH = 80
LANGUAGES = ("ko", "en")
SHOWN = {"visibility": "visible", "stdout_visibility": "hidden"}  # what we print is for the staff


def render_results(grade: Grade, entry: Entry | None = None) -> str:
    """The results of a grade as JSON; with an `entry` the points are what counts, after what lateness takes."""
    points = grade.points if entry is None else entry.points
    output = render_terminal(grade, width=WIDTH, color=True)
    if entry is not None and (late := late_text(entry, grade.lang)):
        output += f"\n {late}\n"
    results: dict[str, Any] = {
        "execution_time": _finite(grade.duration_s), "output": output, "output_format": "ansi", **SHOWN,
        "extra_data": {"verdict": str(grade.verdict), "seed": grade.seed, "sha256": grade.submission.sha256,
                       "exercise_version": grade.exercise_version, "max_points": _finite(grade.max_points),
                       "days_late": entry.days_late if entry is not None else 0}}
    if points is not None and grade.verdict is not Verdict.NOT_GRADED:
        results = {"score": _finite(points)} | results | {"tests": _tests(grade)}
    return _json(results)


def render_unfinished() -> str:
    """What stands there until a grade is known: no score, so that a crash or a timeout of ours costs no points."""
    output = "\n".join(say("gradescope.unfinished", lang) for lang in LANGUAGES)
    return _json({"output": output, "output_format": "text", **SHOWN})


def render_nothing(exercise: str, found: int, lang: str) -> str:
    """No points, for a submission in which the file to grade is not to be found, or is one of several."""
    key = "gradescope.several_files" if found else "gradescope.no_file"
    return _json({"score": 0.0, "output": say(key, lang, exercise=exercise, count=found), "output_format": "text",
                  **SHOWN})


def _tests(grade: Grade) -> list[dict[str, Any]]:
    view = build_view(grade, merged=False)
    return [{"number": str(number), "name": chip.title, "name_format": "text", "score": _finite(check.points),
             "max_score": _finite(check.max_points), "output": reason, "output_format": "text",
             "status": "passed" if check.verdict is Verdict.PASSED else "failed", "visibility": "visible"}
            for number, (check, chip, reason) in enumerate(
                zip(grade.checks, view.checks, reasons(grade, view), strict=True), start=1)]


def _finite(value: float) -> float:
    return float(value) if math.isfinite(value) else 0.0


def _json(results: dict[str, Any]) -> str:
    return json.dumps(results, indent=1, allow_nan=False) + "\n"
