"""Grades for GitHub Actions: a summary in Markdown, and annotations as workflow commands. Pure.

A step's summary may have 1 MiB, more is dropped as a whole; of a step's annotations ten errors and ten warnings are
shown. Both end with a word where something is left out. Annotations are the one place where we write workflow
commands: everything in them is escaped as the runner reads it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.entries import MISSING, Entry
from grader.messages import say
from grader.reports.escape import markdown, plain
from grader.reports.reasons import reasons
from grader.reports.view import MAX_MESSAGE, MAX_TITLE, Form, build_view, points_text, verdict_text
from grader.verdict import ENDED_EARLY, CheckResult, Grade, Verdict

MAX_SUMMARY = 2**20
MAX_ANNOTATIONS = 10  # of each level
MAX_CELL = 300
MARKS = {Verdict.PASSED: "✅", Verdict.SKIPPED: "⏭️", Verdict.NOT_GRADED: "⚠️"}
DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
PROPERTY = DATA | {":": "%3A", ",": "%2C"}


@dataclass(frozen=True)
class Annotation:
    """What is shown at a place in a file; `line` is from 1, None where it is not known."""

    level: str
    file: str
    title: str
    message: str
    line: int | None = None

    def render(self) -> str:
        """The workflow command, on one line."""
        properties = {"file": self.file, "line": self.line, "title": self.title}
        told = ",".join(f"{name}={_escaped(str(value), PROPERTY)}" for name, value in properties.items() if value)
        return f"::{' '.join(filter(None, (self.level, told)))}::{_escaped(self.message, DATA)}"


def render_annotations(annotations: Iterable[Annotation], lang: str) -> str:
    """Workflow commands, as many as are shown; the last of a level says how many there are besides."""
    by_level: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        by_level.setdefault(annotation.level, []).append(annotation)
    lines = []
    for level, found in by_level.items():
        if len(found) > MAX_ANNOTATIONS:
            rest = len(found) - MAX_ANNOTATIONS + 1
            found = [*found[:MAX_ANNOTATIONS - 1], Annotation(level, "", "", say("github.more", lang, count=rest))]
        lines += [annotation.render() for annotation in found]
    return "".join(f"{line}\n" for line in lines)


def annotate(grade: Grade, source: str = "") -> list[Annotation]:
    """A grade's annotations: what is wrong is an error, what disturbed the run a warning.

    `source` is that of a module: it tells the lines of functions. In a notebook lines mean nothing.
    """
    view = build_view(grade, merged=False)
    is_module = grade.submission.kind == "module"
    if view.form is Form.UNTOUCHED:
        return [Annotation("warning", view.path, view.exercise, view.headline)]
    found = []
    if view.cause is not None:
        line = _last_line(grade.error.traceback) if grade.error is not None and is_module else None
        found.append(Annotation("error", view.path, view.exercise, view.cause.message or view.headline, line))
    for check, chip, reason in zip(grade.checks, view.checks, reasons(grade, view), strict=True):
        swept_away = view.cause is not None and not (check.diagnosis or check.mismatches or check.counterexample)
        if check.verdict in (Verdict.PASSED, Verdict.SKIPPED, Verdict.NOT_GRADED) or swept_away:
            continue
        line = (_last_line(check.traceback) or _line_of_function(check, source)) if is_module else None
        found.append(Annotation("error", view.path, f"{chip.title} {chip.points}", reason, line))
    found += [Annotation("warning", view.path, view.exercise, notice.message,
                         _last_line(error.traceback) if is_module else None)
              for notice, error in zip(view.notices, grade.notices, strict=False)]
    return found


def annotate_class(entries: Iterable[Entry], lang: str) -> list[Annotation]:
    """What a teacher has to look at: what we could not grade is an error, what ended early a warning."""
    levels = {Verdict.NOT_GRADED: "error", **dict.fromkeys(ENDED_EARLY, "warning")}
    return [Annotation(levels[verdict], plain(entry.path, MAX_MESSAGE),
                       plain(f"{entry.student.login} {entry.exercise}", MAX_TITLE), verdict_text(verdict, lang))
            for entry in entries if entry.verdict != MISSING and (verdict := Verdict(entry.verdict)) in levels]


def summarise(grade: Grade, room: int = MAX_SUMMARY) -> str:
    """One grade as Markdown of at most `room` bytes: the points, what is wrong, a table of the checks."""
    view = build_view(grade, merged=False)
    title = " · ".join(markdown(part, MAX_TITLE) for part in (view.exercise, view.title) if part)
    head = [f"### {title}", "", f"**{view.points} / {view.max_points}** — {markdown(view.path, MAX_CELL)}", ""]
    for text in (view.headline, view.cause.message if view.cause else ""):
        if text:
            head += [markdown(text, MAX_MESSAGE), ""]
    rows = [(MARKS.get(check.verdict, "❌"), markdown(chip.title, MAX_CELL), chip.points,
             "<br>".join(markdown(line, MAX_CELL) for line in reason.splitlines()))
            for check, chip, reason in zip(grade.checks, view.checks, reasons(grade, view), strict=True)]
    columns = ("", *(say(key, grade.lang) for key in ("class.check", "class.points", "class.reason")))
    return _fitting(head, columns, rows, room, grade.lang)


def summarise_class(entries: Sequence[Entry], lang: str, room: int = MAX_SUMMARY) -> str:
    """The class as Markdown of at most `room` bytes: a row for each student, a column for each exercise."""
    exercises = sorted({entry.exercise for entry in entries})
    by_student: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        by_student.setdefault(entry.student.login, {})[entry.exercise] = entry
    columns = [say("class.student", lang), *(markdown(exercise, MAX_CELL) for exercise in exercises),
               say("class.total", lang)]
    rows = [(markdown(login, MAX_CELL), *(_points(its.get(exercise), lang) for exercise in exercises), _total(its))
            for login, its in by_student.items()]
    return _fitting([], columns, rows, room, lang)


def _points(entry: Entry | None, lang: str) -> str:
    if entry is None:
        return ""
    if entry.verdict == MISSING:
        return say("class.missing", lang)
    verdict = Verdict(entry.verdict)
    if entry.points is None:
        return f"{MARKS[Verdict.NOT_GRADED]} {verdict_text(verdict, lang)}"
    points = f"{points_text(entry.points)} / {points_text(entry.max_points)}"
    return f"{points} ({verdict_text(verdict, lang)})" if verdict in ENDED_EARLY else points


def _total(entries: Mapping[str, Entry]) -> str:
    return points_text(sum(entry.points for entry in entries.values() if entry.points is not None))


def _fitting(head: Sequence[str], columns: Sequence[str], rows: Iterable[Sequence[str]], room: int, lang: str) -> str:
    """Some lines and a table; rows that do not fit are left out, and that is told."""
    lines = [*head, _row(columns), _row("---" for _ in columns)]
    cut = f"\n{say('github.cut', lang)}\n"
    left = room - sum(len(line.encode()) + 1 for line in lines) - len(cut.encode())
    if left < 0:
        return cut if len(cut.encode()) <= room else ""
    for row in map(_row, rows):
        left -= len(row.encode()) + 1
        if left < 0:
            return "\n".join([*lines, cut])
        lines.append(row)
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


def _last_line(traceback: Sequence[str]) -> int | None:
    """The number of the last line of a traceback, whose lines are `number: code`."""
    found = re.match(r"\s*(\d{1,9})\b", traceback[-1]) if traceback else None
    return int(found[1]) if found else None


def _line_of_function(check: CheckResult, source: str) -> int | None:
    """Where the function of the call that shows the mistake is defined last."""
    name = re.match(r"[^\W\d]\w*", check.counterexample.call) if check.counterexample else None
    found = [number for number, line in enumerate(source.splitlines(), start=1)
             if name and re.match(rf"\s*(async\s+)?def\s+{name[0]}\b", line)]
    return found[-1] if found else None
