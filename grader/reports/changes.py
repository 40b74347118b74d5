"""What is better and what is worse than last time, in a few lines."""

from grader.messages import say
from grader.reports.view import points_text
from grader.verdict import Grade, Verdict

MOST = 4  # checks that are named


def render_changes(before: Grade, after: Grade) -> str:
    """Points, and the checks that pass now or no longer do; lines without an end of line at the last one."""
    lang = after.lang
    passed = {check.id: check.verdict is Verdict.PASSED for check in before.checks}
    turned = [check for check in after.checks if passed.get(check.id, False) is not (check.verdict is Verdict.PASSED)]
    if before.points == after.points and not turned:
        return " " + say("watch.same", lang)
    points = [points_text(grade.points) if grade.points is not None else "–" for grade in (before, after)]
    lines = [" " + say("watch.points", lang, before=points[0], after=points[1])]
    for check in turned[:MOST]:
        sign, key = ("✔", "watch.better") if check.verdict is Verdict.PASSED else ("✘", "watch.worse")
        lines.append(f"  {sign} {say(key, lang, check=check.title)}")
    if len(turned) > MOST:
        lines.append("    " + say("report.more.chips", lang, count=len(turned) - MOST))
    return "\n".join(lines)
