"""A class as JUnit XML follows the schema, whatever its students are called and wrote."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom import show_time
from grader.entries import Student
from grader.exports.junit import render_class
from grader.reports.junit import render_junit
from tests.exports.samples import KIM, LEE, entry, grades
from tests.report_samples import HOSTILE
from tests.report_strategies import grades as any_grades
from tests.report_strategies import quick, texts


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")


def read(text: str) -> ElementTree.Element:
    """The document, which follows the schema and whose counts are right."""
    schema().validate(text)
    root = ElementTree.fromstring(text.encode())
    for element in (root, *root):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if name in element.attrib:
                assert int(element.attrib[name]) == len(list(element.iter(tag)))
    return root


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_class_is_one_document_with_a_suite_for_each_grade(lang):
    names = list(grades(lang))
    pairs = [(entry(Student(f"s{number}"), grades(lang)[name].exercise), grades(lang)[name]) for number, name in enumerate(names)]
    root = read(render_class(pairs, show_time))
    assert [suite.get("name") for suite in root] == [f"{one.student.login}.{grade.exercise}" for one, grade in pairs]
    assert {suite.get("timestamp") for suite in root} == {"2026-03-03T01:06:40+00:00"}
    assert all(case.get("classname") == suite.get("name") for suite in root for case in suite.iter("testcase"))


def test_a_suite_says_whose_it_is_and_what_it_came_to():
    root = read(render_class([(entry(KIM, "exercise_11"), grades("en")["one_mistake"]), (entry(LEE), grades("en")["exercise_03"])], show_time))
    found = {item.get("name"): item.get("value") for item in root[0].iter("property")}
    assert (found["student"], found["points"], found["max_points"], found["verdict"]) == ("kim", "8.5", "10", "failed")
    assert float(root.get("time")) == pytest.approx(2 * 1.2345, abs=2e-3)


def test_an_empty_class_is_a_document_too():
    assert read(render_class([], show_time)).get("tests") == "0"


@quick
@given(st.lists(st.tuples(texts, any_grades), max_size=3))
def test_any_class_follows_the_schema(graded):
    root = read(render_class([(entry(Student(login)), grade) for login, grade in graded], show_time))
    assert len(root) == len(graded)


@pytest.mark.parametrize("name", grades("ko"))
def test_a_single_grade_follows_the_schema(name):
    assert len(read(render_junit(grades("ko")[name]))) == 1


def test_hostile_logins_stay_text():
    read(render_class([(entry(Student(HOSTILE)), grades("en")["hostile"])], show_time))


@pytest.mark.parametrize("broken", [
    "<testsuites><testsuite name='x'/></testsuites>", "<testsuites><testcase/></testsuites>",
    "<testsuites><testsuite name='x' tests='0' errors='0' failures='0' skipped='0' time='0' timestamp='yesterday'/></testsuites>",
    "<testsuites><testsuite name='x' tests='1' errors='0' failures='0' skipped='0' time='0'><testcase name='a' classname='b'>"
    "<failure/><error/></testcase></testsuite></testsuites>"])
def test_the_schema_refuses_what_is_wrong(broken):
    assert not schema().is_valid(broken)
