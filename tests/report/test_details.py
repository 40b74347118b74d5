"""What the record has no field for comes back as it was; what is not that is refused."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.details import render_details, with_details
from grader.reports.record import parse_record, render_record
from grader.verdict import Curve, ErrorMap, Grade
from tests.report.classes import CHARTS, with_charts
from tests.report_samples import samples
from tests.report_strategies import grades, quick, texts

numbers = st.floats()
curves = st.integers(1, 5).flatmap(lambda count: st.builds(
    Curve, texts, texts, st.just(tuple(range(count))),
    st.lists(st.tuples(texts, st.tuples(*[numbers] * count)), max_size=2).map(tuple)))
maps = st.integers(1, 4).flatmap(lambda count: st.builds(
    ErrorMap, texts, texts, st.just((9, 9)), st.booleans(), st.lists(st.tuples(*[numbers] * count), min_size=1, max_size=3).map(tuple)))


def read_back(grade: Grade) -> Grade:
    return with_details(parse_record(render_record(grade)), render_details(grade))


@pytest.mark.parametrize("name", [name for name in samples("ko") if name != "hostile"])
def test_a_grade_comes_back_whole(name):
    grade = samples("ko")[name]
    back = read_back(grade)
    assert (back.exercise_title, back.untouched, back.error, back.notices) == (
        grade.exercise_title, grade.untouched, grade.error, grade.notices)


def test_charts_come_back_with_their_nans():
    grade = with_charts(samples("ko")["one_mistake"])
    (charts,) = [check.charts for check in read_back(grade).checks if check.charts]
    assert repr(charts) == repr(CHARTS)


@quick
@given(grades, st.lists(st.one_of(curves, maps), max_size=3))
def test_whatever_is_in_a_grade_its_details_are_valid_json_and_come_back(grade, charts):
    checks = {check.id: check for check in grade.checks}  # ids are unique in a course
    grade = replace(grade, checks=tuple(replace(check, charts=tuple(charts)) for check in checks.values()))
    text = render_details(grade)
    json.loads(text, parse_constant=lambda name: pytest.fail(name))
    text.encode()
    assert render_details(read_back(grade)) == text


def test_the_record_knows_nothing_of_them():
    grade = samples("ko")["one_mistake"]
    assert render_record(with_charts(grade)) == render_record(grade)


def test_no_details_change_nothing():
    grade = parse_record(render_record(samples("ko")["one_mistake"]))
    assert with_details(grade, "{}") == grade


BASE = {"title": "", "untouched": False, "error": None, "notices": [], "checks": {}}


def chart(**data):
    return json.dumps(BASE | {"checks": {"two_hundred_steps": {"traceback": [], "charts": [{"title": "", "where": ""} | data]}}})


@pytest.mark.parametrize("text", [
    "", "[1]", "7", '{"title": ""}', json.dumps(BASE | {"title": 3}), json.dumps(BASE | {"error": {}}), '{"title": NaN}',
    chart(), chart(series=[["a", [1.0]]], steps=[0, 1]), chart(series=[], steps=[]), chart(rows=[], shape=[], in_bands=True),
    chart(rows=[[]], shape=[], in_bands=True), chart(rows=[[1.0], [1.0, 2.0]], shape=[2], in_bands=True),
    chart(rows=[["x"]], shape=[1, 1], in_bands=True)])
def test_what_are_no_details_is_told(text):
    with pytest.raises(ValueError, match="not the details of a grade"):
        with_details(samples("ko")["one_mistake"], text)
