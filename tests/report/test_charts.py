"""What is drawn: the worst array of what failed, small whatever its size, and the curves of a training."""

import math
from dataclasses import replace

import numpy as np
import pytest

from grader.charts import MAX_POINTS, MAX_SIDE, training_chart, worst_chart
from grader.compare import Finding, compare_values
from grader.judge import CheckFindings, Judgement, Record
from grader.observation import Missing, Raised, Returned
from grader.plan import Step, Topic
from grader.spec import CheckSpec, Exercise, Text, Tolerance
from grader.verdict import Curve, ErrorMap
from tests import toy

TEXT = Text("가", "a")
EXERCISE = Exercise("exercise_01", TEXT, "numpy", (1,), (CheckSpec("one", 1.0, TEXT, TEXT),), ())
STEP = Step(0, "call", "f", (), {}, None, Topic("written", ""), "numbers")


def record(actual, expected, key="0", group="f", size=1):
    findings = tuple(compare_values(actual, expected, "numbers", Tolerance()))
    return Record("one", key, group, STEP, Returned(actual), Returned(expected), findings, size=size)


def check(*records):
    return CheckFindings("one", records, tuple((one, finding) for one in records for finding in one.findings), {}, None)


def chart(*pairs, group=None):
    found = worst_chart(EXERCISE, check(*(record(*pair, key=str(k)) for k, pair in enumerate(pairs))), group)
    return found[1] if found else None


def test_a_vector_becomes_a_curve_of_both():
    assert chart(([1.0, 2.0, 4.0], [1.0, 2.0, 3.0])) == Curve("", "result", (0, 1, 2), (
        ("actual", (1.0, 2.0, 4.0)), ("expected", (1.0, 2.0, 3.0))))


def test_a_matrix_becomes_a_map_in_units_of_what_is_allowed():
    expected = np.ones((2, 3))
    drawn = chart((expected + np.array([[0, 1e-9, 1], [0, np.nan, 0]]), expected))
    assert isinstance(drawn, ErrorMap) and drawn.in_bands and drawn.shape == (2, 3)
    assert drawn.rows[0][0] == 0 and 0.5 < drawn.rows[0][1] < 1.1 and drawn.rows[0][2] > 1e8 and drawn.rows[1][1] == math.inf


def test_whole_numbers_have_no_band():
    drawn = chart((np.array([[1, 2], [3, 9]]), np.array([[1, 2], [3, 4]])))
    assert drawn == ErrorMap("", "result", (2, 2), False, ((0.0, 0.0), (0.0, 5.0)))


def test_large_arrays_are_reduced_to_the_greatest_of_each_block():
    expected = np.zeros((5, 60, 70))
    actual = expected.copy()
    actual[4, 59, 69] = 1.0
    drawn = chart((actual, expected))
    assert (len(drawn.rows), len(drawn.rows[0])) == (MAX_SIDE, MAX_SIDE) and drawn.shape == (5, 60, 70)
    assert drawn.rows[-1][-1] > 1 and sum(map(sum, drawn.rows)) == drawn.rows[-1][-1]


def test_long_curves_keep_their_worst_place():
    expected = np.arange(5001.0)
    actual = expected.copy()
    actual[1234] = 7e7
    drawn = chart((actual, expected))
    assert len(drawn.steps) <= MAX_POINTS and 1234 in drawn.steps and drawn.steps[-1] == 5000
    assert max(drawn.series[0][1]) == 7e7


@pytest.mark.parametrize("pair", [
    (1.0, 2.0), ([1.0, 2.0], [1.0, 3.0]), (np.ones(4), np.ones(5)), (np.ones((2, 2)), np.ones((2, 3))), ("abc", "abd"),
    (np.array(["a", "b", "c"]), np.array(["a", "b", "d"])), ([1.0, None, 2.0], [1.0, 2.0, 2.0]), (None, np.ones(3)),
    (np.array([1j, 2, 3]), np.array([1j, 2, 4])), ({"a": 1.0}, {"a": 2.0}), ([[1.0], [1.0, 2.0]], [[1.0], [1.0, 3.0]])])
def test_what_is_no_array_of_one_shape_is_not_drawn(pair):
    assert chart(pair) is None


def test_arrays_within_results_are_told_by_their_place():
    good, bad = np.ones(3), np.zeros(3)
    assert chart(((good, bad), (good, good))).where == "result[1]"
    assert chart(({"loss": bad}, {"loss": good})).where == "result['loss']"


def test_the_worst_array_is_drawn_of_the_group_that_is_diagnosed():
    small, large = record(np.full(3, 1.1), np.ones(3), "0", "f"), record(np.full(3, 9.0), np.ones(3), "1", "g")
    assert worst_chart(EXERCISE, check(small, large), None)[0] is large
    assert worst_chart(EXERCISE, check(small, large), "f")[0] is small
    assert worst_chart(EXERCISE, check(small, large), "h")[0] is large


@pytest.mark.parametrize("outcome", [Missing("f"), Raised(("builtins.ValueError",), "")])
def test_what_gave_no_value_is_not_drawn(outcome):
    one = replace(record(np.zeros(3), np.ones(3)), actual=outcome)
    assert worst_chart(EXERCISE, check(one), None) is None


def test_other_aspects_than_values_are_not_drawn():
    one = replace(record(np.zeros(3), np.ones(3)), findings=())
    found = CheckFindings("one", (one,), tuple((one, Finding("dtype", finding.mismatch))
                                               for finding in record(np.zeros(3), np.ones(3)).findings), {}, None)
    assert worst_chart(EXERCISE, found, None) is None


def training(value):
    one = replace(record(0.0, 0.0), actual=Returned(value))
    return training_chart(Judgement({"one": check(one)}))


def test_the_curves_of_a_training_are_found_wherever_they_are_and_whatever_was_judged():
    losses = {"loss": [3.0, 2.0, 1.0], "val_loss": [3.5, math.nan, 2.5], "accuracy": [0.1, 0.2, 0.3]}
    found = training({"curves": losses, "epochs": 3})
    assert found is not None and found[0] == "one"
    assert [name for name, _ in found[1].series] == ["loss", "val_loss"]
    assert repr(found[1].series[1][1]) == "(3.5, nan, 2.5)"


@pytest.mark.parametrize("value", [None, 1.0, {"loss": 1.0}, {"loss": [1.0, 2.0]}, {"loss": "abc"}, {"loss": [[1.0] * 3] * 3},
                                   {"loss": [None, 1.0, 2.0]}, [{"loss": [1.0, 2.0, 3.0]}], {"val_loss": [1.0, 2.0, 3.0]}])
def test_what_is_no_history_of_losses_is_not_drawn(value):
    assert training(value) is None


def test_a_curve_of_another_length_is_left_out():
    found = training({"loss": [3.0, 2.0, 1.0], "val_loss": [1.0, 2.0, 3.0, 4.0]})
    assert found is not None and [name for name, _ in found[1].series] == ["loss"]


def test_a_failing_check_of_the_toy_exercise_has_its_chart_with_the_call_as_its_title():
    results = toy.grade(toy.MUTANTS["adds_two"])
    assert [chart.title.partition("(")[0] for chart in results["scaling"].charts] == ["scale"]
    assert all(not result.charts for result in toy.grade(toy.SOLUTION).values())


def test_the_students_line_of_an_error_is_kept():
    results = toy.grade(toy.planted(("    x = np.asarray(x)", "    x = np.asarray(x)\n    x = 1 / 0")))
    assert results["scaling"].traceback[-1].endswith(": x = 1 / 0")
