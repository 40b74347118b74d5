"""The record: exactly the schema `grade/1`, valid JSON whatever happened, and the way back."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from grader.reports.record import MAX_NODES, build_record, parse_record, plain_data, render_record
from grader.verdict import Grade, Mismatch, Verdict
from tests.report_samples import LANGUAGES, full_points, one_mistake, samples
from tests.report_strategies import grades, quick, values


def strict_json(text: str) -> object:
    """`text` as JSON without the literals that only Python knows."""
    return json.loads(text, parse_constant=lambda literal: pytest.fail(f"{literal} is no JSON"))


def test_the_record_has_the_fields_of_the_contract_in_its_order() -> None:
    record = build_record(one_mistake("ko"))
    assert list(record) == ["schema", "exercise", "exercise_version", "submission", "verdict", "points",
                            "max_points", "seed", "lang", "sandbox", "duration_s", "error", "checks"]
    assert record["schema"] == "grade/1"
    assert list(record["submission"]) == ["path", "sha256", "kind"]
    check = next(check for check in record["checks"] if check["verdict"] == "failed")
    assert list(check) == ["id", "title", "verdict", "points", "max_points", "rationale", "hint", "diagnosis",
                           "mismatches", "counterexample"]
    assert list(check["mismatches"][0]) == ["path", "actual", "expected", "abs_error", "rel_error", "rtol", "atol"]
    assert list(check["diagnosis"]) == ["id", "message"]
    assert list(check["counterexample"]) == ["call", "actual", "expected"]
    assert (check["points"], check["max_points"], record["points"]) == (0.0, 1.5, 8.5)
    assert isinstance(record["max_points"], float)


def test_points_are_null_exactly_when_not_graded() -> None:
    for name, grade in samples("en").items():
        record = build_record(grade)
        assert (record["points"] is None) == (record["verdict"] == "not_graded"), name


def test_korean_stays_readable_and_control_characters_do_not_pass() -> None:
    text = render_record(samples("ko")["hostile"])
    assert "엡실론의 자리" in text
    assert not [char for char in text if not char.isprintable() and char != "\n"]
    text.encode()


@pytest.mark.parametrize(("value", "plain"), [
    (math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (1.5, 1.5), (True, True), (None, None),
    (np.float32(0.5), 0.5), (np.int64(3), 3), (np.bool_(True), True), (np.float64("nan"), "NaN"),
    (np.array([[1.0, np.inf], [2.0, np.nan]]), [[1.0, "Infinity"], [2.0, "NaN"]]), (np.array(2), 2),
    ([1, (2.0, math.nan)], [1, [2.0, "NaN"]]), ({"a": math.nan, 1: [np.float64(2)]}, {"a": "NaN", "1": [2.0]}),
    (2 + 1j, "(2+1j)"), ("\ud800x", "\ufffdx"), (10**400, "an integer of 1329 bits"), (b"ab", "b'ab'"),
])
def test_values_become_plain(value: object, plain: object) -> None:
    assert plain_data(value) == plain
    assert type(plain_data(value)) is type(plain)


@pytest.mark.parametrize("huge", [
    np.zeros((3000, 3000)), [[0.0] * 90] * 90, "x" * 10**6, {str(key): key for key in range(10**4)},
    [[[[[[[[[[[[1]]]]]]]]]]]], np.zeros((2,) * 20)])
def test_huge_values_are_bounded(huge: object) -> None:
    text = json.dumps(plain_data(huge), ensure_ascii=False)
    assert len(text) < 30 * MAX_NODES
    assert "…" in text


@quick
@given(values)
def test_plain_data_is_plain_already(value: object) -> None:
    plain = plain_data(value)
    assert plain_data(plain) == plain
    strict_json(json.dumps(plain))


@pytest.mark.parametrize("huge", [
    [[0.0] * 120] * 120, [[float(row)] * 7 for row in range(500)], {str(key): [key] * 30 for key in range(300)},
    [{"a": [1] * 99, "b": {"…": 1}}] * 40])
def test_cutting_twice_changes_nothing(huge: object) -> None:
    assert plain_data(plain_data(huge)) == plain_data(huge)


@quick
@given(grades)
def test_round_trip_of_any_grade(grade: Grade) -> None:
    text = render_record(grade)
    assert strict_json(text) == build_record(grade)
    text.encode()
    assert render_record(parse_record(text)) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_parsed_record_is_the_grade_it_came_from(lang: str) -> None:
    grade = one_mistake(lang)
    parsed = parse_record(render_record(grade))
    assert parsed == replace(grade, exercise_title="", duration_s=round(grade.duration_s, 3))


def test_numbers_of_a_mismatch_come_back_as_numbers() -> None:
    grade = full_points("en")
    check = replace(grade.checks[0], mismatches=(Mismatch("result", 1.0, 2.0, math.inf, math.nan, 0.0, 1e-9),))
    parsed = parse_record(render_record(replace(grade, checks=(check,))))
    mismatch = parsed.checks[0].mismatches[0]
    assert mismatch.abs_error == math.inf
    assert mismatch.rel_error is not None and math.isnan(mismatch.rel_error)
    assert parsed.checks[0].verdict is Verdict.PASSED


@pytest.mark.parametrize(("text", "reason"), [
    ("", "not a record"), ("[]", "schema"), ('{"schema": "grade/2"}', "schema"), ("nul", "not a record"),
    ('{"schema": "grade/1"}', "missing"), ("[" * 100_000, "not a record"),
    (render_record(full_points("ko")).replace('"passed"', '"splendid"', 1), "splendid"),
    (render_record(full_points("ko")).replace('"points": 10.0', '"points": "ten"', 1), "ten"),
    (render_record(full_points("ko")).replace('"points": 10.0', '"points": NaN', 1), "NaN"),
    (render_record(full_points("ko")).replace('"lang": "ko"', '"lang": 7', 1), "7"),
    (render_record(full_points("ko")).replace('"seed": 0', '"seed": null', 1), "not a record"),
])
def test_what_is_no_record_is_refused_in_one_line(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_record(text)
    assert "\n" not in str(caught.value)
