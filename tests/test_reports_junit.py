"""JUnit XML: well-formed whatever a student wrote, and by the rules of the schema that Jenkins checks.

The rules below are those of `junit-10.xsd` of Jenkins' xunit plugin, narrowed to what older schemas know as well:
which elements may stand where, which attributes they may and must have, what a time looks like, and besides
(no schema says it) that the counts are right.
"""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given

from grader.reports.junit import render_junit
from grader.verdict import Grade, Verdict
from tests.report_samples import LANGUAGES, full_points, samples
from tests.report_strategies import grades, quick

NAMES = tuple(samples("ko"))
CHILDREN = {
    "testsuites": {"testsuite"}, "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "properties": {"property"}, "property": set(), "testcase": {"skipped", "error", "failure"},
    "skipped": set(), "error": set(), "failure": set(), "system-out": set(),
}
REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name", "classname"},
            "property": {"name", "value"}, "failure": {"message", "type"}, "error": {"message", "type"}}
OPTIONAL = {"testsuites": {"name", "tests", "failures", "errors", "time"}, "testsuite": {"skipped", "time"}}
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?")
# https://www.w3.org/TR/xml/#charsets
INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read(text: str) -> ElementTree.Element:
    """The document, checked by the rules."""
    assert not INVALID.search(text)
    root = ElementTree.fromstring(text.encode())
    assert root.tag == "testsuites" and len(root) == 1
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN[element.tag]
        required = REQUIRED.get(element.tag, set())
        assert required <= set(element.attrib) <= required | OPTIONAL.get(element.tag, set())
        assert TIME.fullmatch(element.get("time", "0"))
    for case in root.iter("testcase"):
        assert len(case) <= 1
    for suite in (root, root[0]):
        assert suite.get("tests") == str(len(list(root.iter("testcase"))))
        assert suite.get("failures") == str(len(list(root.iter("failure"))))
        assert suite.get("errors") == str(len(list(root.iter("error"))))
    assert root[0].get("skipped") == str(len(list(root.iter("skipped"))))
    return root


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_samples_follow_the_schema(name: str, lang: str) -> None:
    grade = samples(lang)[name]
    root = read(render_junit(grade))
    cases = [case for case in root.iter("testcase") if case.get("name") != "run"]
    assert len(cases) == len(grade.checks)
    for case, check in zip(cases, grade.checks, strict=True):
        tag = {Verdict.PASSED: None, Verdict.FAILED: "failure", Verdict.SKIPPED: "skipped"}.get(check.verdict, "error")
        assert [child.tag for child in case] == ([tag] if tag else [])


@quick
@given(grades)
def test_any_grade_follows_the_schema(grade: Grade) -> None:
    root = read(render_junit(grade))
    green = root[0].get("failures") == root[0].get("errors") == "0"
    if grade.verdict in (Verdict.CRASHED, Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY, Verdict.NOT_GRADED):
        assert not green


def test_a_grade_without_checks_is_an_error() -> None:
    silent = replace(full_points("en"), verdict=Verdict.NOT_GRADED, points=None, checks=(), error=None)
    for grade in (silent, samples("en")["not_graded"], samples("en")["unreadable"]):
        assert read(render_junit(grade))[0].get("errors") == "1"


def test_the_message_is_repeated_in_the_text() -> None:
    failure = next(read(render_junit(samples("ko")["one_mistake"])).iter("failure"))
    assert failure.text is not None
    assert failure.text.startswith(failure.attrib["message"])
    assert "adam_step(theta=[0.31]" in failure.text


def test_points_are_properties() -> None:
    found = {item.get("name"): item.get("value") for item in read(render_junit(full_points("ko"))).iter("property")}
    assert (found["points"], found["max_points"], found["verdict"]) == ("10", "10", "passed")
    missing = read(render_junit(samples("ko")["not_graded"])).iter("property")
    assert "points" not in {item.get("name") for item in missing}
