"""Why each check was not passed, as text: for reports that list the checks one by one."""

from collections.abc import Iterator

from grader.messages import say
from grader.reports.escape import plain
from grader.reports.view import MAX_MESSAGE, Problem, View
from grader.verdict import CheckResult, Grade, Verdict


def reasons(grade: Grade, view: View) -> list[str]:
    """For each check why it was not passed, and what shows it; empty where it was. `view` is the unmerged one."""
    problems = {problem.chips[0].id: problem for problem in view.problems}
    return ["" if check.verdict is Verdict.PASSED
            else "\n".join(_lines(check, problems.get(plain(check.id, MAX_MESSAGE)), view.lang))
            for check in grade.checks]


def fallback(verdict: Verdict, lang: str) -> str:
    """The reason where nothing else is known."""
    return say("report.waiting" if verdict is Verdict.SKIPPED else f"report.reason.{verdict}", lang)


def _lines(check: CheckResult, problem: Problem | None, lang: str) -> Iterator[str]:
    """The reason first, then what shows it."""
    if problem is None:
        yield plain(check.rationale or "", MAX_MESSAGE) or fallback(check.verdict, lang)
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
