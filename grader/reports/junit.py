"""A grade as JUnit XML for CI systems: one test suite for the exercise, one test case for each check.

A failed check is a failure, a skipped one is skipped; a crash, an exceeded limit and what we could not grade are
errors. Texts stand inside the elements, because some readers ignore the attribute `message`.
"""

import math
from collections.abc import Iterator
from xml.etree import ElementTree

from grader.messages import say
from grader.reports.escape import plain
from grader.reports.view import MAX_MESSAGE, Problem, View, build_view, points_text, verdict_text
from grader.verdict import CheckResult, Grade, Verdict

_TAGS = {Verdict.FAILED: "failure", Verdict.SKIPPED: "skipped", Verdict.CRASHED: "error",
         Verdict.TIMED_OUT: "error", Verdict.OUT_OF_MEMORY: "error", Verdict.NOT_GRADED: "error"}


def render_junit(grade: Grade) -> str:
    """The report of `grade` as an XML document; points are properties, because JUnit has none."""
    view = build_view(grade, merged=False)
    cases = _cases(grade, view)
    found = [child.tag for case in cases for child in case]
    counts = {"tests": str(len(cases)), "failures": str(found.count("failure")),
              "errors": str(found.count("error"))}
    time = f"{grade.duration_s if math.isfinite(grade.duration_s) else 0.0:.3f}"
    root = ElementTree.Element("testsuites", {"name": "grade", **counts, "time": time})
    suite = ElementTree.SubElement(root, "testsuite", {
        "name": view.exercise, **counts, "skipped": str(found.count("skipped")), "time": time})
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(grade):
        ElementTree.SubElement(properties, "property", {"name": name, "value": plain(value, MAX_MESSAGE)})
    suite.extend(cases)
    if view.notices:
        ElementTree.SubElement(suite, "system-out").text = "\n".join(
            line for notice in view.notices for line in (notice.message, *notice.source))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _cases(grade: Grade, view: View) -> list[ElementTree.Element]:
    problems = {problem.chips[0].id: problem for problem in view.problems}
    cases = []
    for check in grade.checks:
        case = _case(view, f"{check.id}: {check.title}" if check.title else check.id)
        if check.verdict is not Verdict.PASSED:
            text = "\n".join(_lines(check, problems.get(plain(check.id, MAX_MESSAGE)), view.lang))
            _outcome(case, check.verdict, text, view.lang)
        cases.append(case)
    ended = grade.verdict not in (Verdict.PASSED, Verdict.FAILED)
    if (ended or view.cause) and not any(child.tag == "error" for case in cases for child in case):
        # What ended the run must be seen even where no check shows it, or a broken suite would look green.
        run = _case(view, "run")
        verdict = grade.verdict if ended else Verdict.CRASHED
        lines = (view.cause.message, *view.cause.source) if view.cause else (_fallback(verdict, view.lang),)
        _outcome(run, verdict, "\n".join(lines), view.lang)
        cases.insert(0, run)
    return cases


def _case(view: View, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", {"classname": view.exercise, "name": plain(name, MAX_MESSAGE)})


def _outcome(case: ElementTree.Element, verdict: Verdict, text: str, lang: str) -> None:
    attributes = {}
    if verdict is not Verdict.SKIPPED:
        # `skipped` has no attributes in older schemas.
        attributes = {"message": text.partition("\n")[0] or verdict_text(verdict, lang), "type": str(verdict)}
    ElementTree.SubElement(case, _TAGS[verdict], attributes).text = text


def _lines(check: CheckResult, problem: Problem | None, lang: str) -> Iterator[str]:
    """Why a check was not passed: the reason first, then what shows it."""
    if problem is None:
        yield plain(check.rationale or "", MAX_MESSAGE) or _fallback(check.verdict, lang)
        return
    for line in (problem.message, problem.detail, problem.call):
        if line:
            yield line
    for evidence in problem.evidence:
        yield "  ".join(part for part in (
            evidence.where, f"{say('report.actual', lang)} {evidence.actual}",
            f"{say('report.expected', lang)} {evidence.expected}", evidence.size) if part)
    if problem.hint:
        yield f"{say('report.hint', lang)}: {problem.hint}"


def _fallback(verdict: Verdict, lang: str) -> str:
    return say("report.waiting" if verdict is Verdict.SKIPPED else f"report.reason.{verdict}", lang)


def _properties(grade: Grade) -> Iterator[tuple[str, object]]:
    yield "verdict", grade.verdict
    if grade.points is not None:
        yield "points", points_text(grade.points)
    yield "max_points", points_text(grade.max_points)
    yield "submission", grade.submission.path
    yield "sha256", grade.submission.sha256
    yield "exercise_version", grade.exercise_version
    yield "seed", grade.seed
    yield "sandbox", grade.sandbox
