"""Grades as JUnit XML for CI systems: a test suite for each grade, a test case for each of its checks.

A failed check is a failure, a skipped one is skipped; a crash, an exceeded limit and what we could not grade are
errors. Texts stand inside the elements, because some readers ignore the attribute `message`.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from grader.reports.escape import plain
from grader.reports.reasons import fallback, reasons
from grader.reports.view import MAX_MESSAGE, View, build_view, points_text, verdict_text
from grader.verdict import Grade, Verdict

_TAGS = {Verdict.FAILED: "failure", Verdict.SKIPPED: "skipped", Verdict.CRASHED: "error",
         Verdict.TIMED_OUT: "error", Verdict.OUT_OF_MEMORY: "error", Verdict.NOT_GRADED: "error"}


@dataclass(frozen=True)
class Suite:
    """A grade in a document of several: whose it is, and when it was graded (ISO 8601); empty where nobody asks."""

    grade: Grade
    student: str = ""
    timestamp: str = ""


def render_junit(grade: Grade) -> str:
    """The report of `grade` as an XML document; points are properties, because JUnit has none."""
    return render_suites([Suite(grade)])


def render_suites(suites: Iterable[Suite]) -> str:
    """The reports of several grades as one XML document."""
    root = ElementTree.Element("testsuites")
    for suite in suites:
        root.append(_suite(suite))
    counts = {name: str(sum(int(suite.attrib[name]) for suite in root)) for name in ("tests", "failures", "errors")}
    time = sum(float(suite.attrib["time"]) for suite in root)
    root.attrib.update({"name": "grade", **counts, "time": f"{time:.3f}"})
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(suite: Suite) -> ElementTree.Element:
    grade = suite.grade
    view = build_view(grade, merged=False)
    name = ".".join(filter(None, (plain(suite.student, MAX_MESSAGE), view.exercise)))
    cases = _cases(grade, view, name)
    found = [child.tag for case in cases for child in case]
    element = ElementTree.Element("testsuite", {
        "name": name, "tests": str(len(cases)), "failures": str(found.count("failure")),
        "errors": str(found.count("error")), "skipped": str(found.count("skipped")),
        "time": f"{grade.duration_s if math.isfinite(grade.duration_s) else 0.0:.3f}",
        **({"timestamp": suite.timestamp} if suite.timestamp else {})})
    properties = ElementTree.SubElement(element, "properties")
    for key, value in _properties(suite):
        ElementTree.SubElement(properties, "property", {"name": key, "value": plain(value, MAX_MESSAGE)})
    element.extend(cases)
    if view.notices:
        ElementTree.SubElement(element, "system-out").text = "\n".join(
            line for notice in view.notices for line in (notice.message, *notice.source))
    return element


def _cases(grade: Grade, view: View, suite: str) -> list[ElementTree.Element]:
    cases = []
    for check, reason in zip(grade.checks, reasons(grade, view), strict=True):
        case = _case(suite, f"{check.id}: {check.title}" if check.title else check.id)
        if check.verdict is not Verdict.PASSED:
            _outcome(case, check.verdict, reason, view.lang)
        cases.append(case)
    ended = grade.verdict not in (Verdict.PASSED, Verdict.FAILED)
    if (ended or view.cause) and not any(child.tag == "error" for case in cases for child in case):
        # What ended the run must be seen even where no check shows it, or a broken suite would look green.
        run = _case(suite, "run")
        verdict = grade.verdict if ended else Verdict.CRASHED
        lines = (view.cause.message, *view.cause.source) if view.cause else (fallback(verdict, view.lang),)
        _outcome(run, verdict, "\n".join(lines), view.lang)
        cases.insert(0, run)
    return cases


def _case(suite: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", {"classname": suite, "name": plain(name, MAX_MESSAGE)})


def _outcome(case: ElementTree.Element, verdict: Verdict, text: str, lang: str) -> None:
    attributes = {}
    if verdict is not Verdict.SKIPPED:
        # `skipped` has no attributes in older schemas.
        attributes = {"message": text.partition("\n")[0] or verdict_text(verdict, lang), "type": str(verdict)}
    ElementTree.SubElement(case, _TAGS[verdict], attributes).text = text


def _properties(suite: Suite) -> Iterator[tuple[str, object]]:
    grade = suite.grade
    if suite.student:
        yield "student", suite.student
    yield "verdict", grade.verdict
    if grade.points is not None:
        yield "points", points_text(grade.points)
    yield "max_points", points_text(grade.max_points)
    yield "submission", grade.submission.path
    yield "sha256", grade.submission.sha256
    yield "exercise_version", grade.exercise_version
    yield "seed", grade.seed
    yield "sandbox", grade.sandbox
