"""Gradescope takes the results of every grade; what we could not grade has no score."""

import json

import jsonschema
import pytest
from hypothesis import given

from grader.exports.gradescope import render_nothing, render_results, render_unfinished
from grader.verdict import Grade, Verdict
from tests.exports.readers import RESULTS, SCORED
from tests.exports.samples import entry, grades
from tests.report_samples import LANGUAGES
from tests.report_strategies import grades as any_grades
from tests.report_strategies import quick


def load(text: str, schema: dict[str, object]) -> dict[str, object]:
    """The results, read as strictly as JSON is defined, and checked."""
    def refuse(literal: str) -> None:
        raise AssertionError(f"{literal} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    jsonschema.validate(found, schema)
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", grades("ko"))
def test_every_grade_is_what_gradescope_takes(name, lang):
    grade = grades(lang)[name]
    ours = grade.points is None
    found = load(render_results(grade), RESULTS if ours else SCORED)
    assert found["output"].startswith("\x1b[") or "\x1b[" in found["output"]
    assert "\x1b[2J" not in found["output"] and found["output_format"] == "ansi"
    if ours:
        assert "score" not in found and "tests" not in found
        return
    assert found["score"] == grade.points
    assert [(test["number"], test["score"], test["max_score"], test["status"]) for test in found["tests"]] == [
        (str(number), check.points, check.max_points, "passed" if check.verdict is Verdict.PASSED else "failed")
        for number, check in enumerate(grade.checks, start=1)]
    assert all(bool(test["output"]) is (test["status"] == "failed") for test in found["tests"])


@quick
@given(any_grades)
def test_any_grade_is_what_gradescope_takes(grade: Grade):
    load(render_results(grade), RESULTS if grade.points is None else SCORED)


def test_without_a_score_gradescope_says_that_the_autograder_failed():
    for text in (render_unfinished(), render_results(grades("en")["not_graded"])):
        with pytest.raises(jsonschema.ValidationError):
            load(text, SCORED)
    assert "no points were recorded" in load(render_unfinished(), RESULTS)["output"]


def test_the_score_is_what_counts():
    grade = grades("en")["one_mistake"]
    found = load(render_results(grade, entry(points=4.25, earned=8.5, days_late=2)), SCORED)
    assert found["score"] == 4.25 and "2 days late: 8.5 points become 4.25" in found["output"]
    assert found["extra_data"]["days_late"] == 2 and found["extra_data"]["max_points"] == 10.0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("count", [0, 3])
def test_a_submission_without_the_file_has_no_points_and_a_word_why(count, lang):
    found = load(render_nothing("exercise_03", count, lang), SCORED)
    assert found["score"] == 0 and "exercise_03.ipynb" in found["output"]
