"""Grades for Moodle: an assignment's offline grading worksheet, filled, and a CSV for its gradebook's import. Pure.

Moodle finds the worksheet's columns by names in the site's language and reads a row's student from `Participant 123`:
all of that stays as it was exported. `Last modified (grade)` stays too, for Moodle compares it.
"""

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from grader.entries import Entry, Student
from grader.errors import UsageError
from grader.exports.filling import Filled, Key, Matcher, Scale, folded, point_changes, students_of
from grader.exports.sheet import Change, Row, Sheet, number_of
from grader.exports.table import number
from grader.exports.words import late_text
from grader.reports.escape import cell, end_cropped, plain
from grader.reports.view import build_view, points_text
from grader.verdict import Grade

# As Moodle's language packs say it: English, Korean, German, Dutch, Spanish, French, Italian, Portuguese, Russian,
# Japanese, Chinese; some in two ways, by the version.
GRADE_NAMES = frozenset((
    "grade", "성적", "bewertung", "cijfer", "beoordeling", "calificación", "note", "valutazione", "avaliação", "nota",
    "оценка", "評点", "評定", "成绩"))
COMMENT_NAMES = frozenset((
    "feedback comments", "피드백 코멘트", "feedback als kommentar", "feedback tekstvak",
    "comentarios de retroalimentación", "feedback par commentaires", "commenti", "comentários de feedback",
    "отзыв в виде комментария", "フィードバックコメント", "反馈意见"))
IDENTIFIER = re.compile(r"(?P<word>.*\D)(?P<id>\d+)", re.DOTALL)
MAX_COMMENT = 300
MAX_TITLE = 200
NO_GRADE = "-"


@dataclass(frozen=True)
class Layout:
    """The worksheet's columns: the participant, the grade, its maximum and the comments if there are such."""

    identifier: int
    grade: int
    maximum: int | None
    comments: int | None
    rows: tuple[Row, ...]


def fill_worksheet(sheet: Sheet, entries: Sequence[Entry], *, grade_column: str | None, scale: bool,
                   comments: Mapping[str, str] | None = None) -> Filled:
    """The points of one exercise's `entries` in a grading worksheet, and `comments` by login; raises `UsageError`."""
    layout = read_layout(sheet, grade_column)
    keys = [Key((layout.identifier,), _participants(layout), "number"),
            *(Key((column,), lambda student: [student.id, student.email, student.login], "login")
              for column in _personal(layout))]
    matches = Matcher(sheet, keys, students_of(entries)).match(layout.rows)
    its = {entry.student.login: entry for entry in entries}
    possible = None if layout.maximum is None else number_of(layout.rows[0][layout.maximum])
    units = Scale(possible, f"{sheet.source}: {sheet.shown(layout.grade)}", scale)
    units.check(its.values())
    sign = sheet.decimal_sign([layout.grade, *([] if layout.maximum is None else [layout.maximum])])
    changes, notes = point_changes(sheet, matches.pairs, layout.grade, its, units, sign, {})
    if possible is None:
        notes.append(f"{sheet.source}: does not say what the grade is out of; the points are written as they are")
    if comments is not None:
        if layout.comments is None:
            raise UsageError(f"{sheet.source}: has no column for feedback comments; switch them on in the assignment's "
                             "settings and download the worksheet again")
        changes += _comment_changes(matches.pairs, layout.comments, comments)
    return Filled(sheet, tuple(changes), (*notes, *matches.notes))


def read_layout(sheet: Sheet, grade_column: str | None) -> Layout:
    """Where things are in a worksheet; `grade_column` is the header of the grade where it is not known here."""
    rows = tuple(row for row in sheet.rows[1:] if not row.is_blank)
    names = [folded(cell.text) for cell in sheet.header.cells]
    identifier = next((column for column in range(len(names)) if _is_identifier(rows, column)), None)
    if identifier is None:
        raise UsageError(f"{sheet.source}: has no column of participants (a word and a number in every row); download "
                         "the grading worksheet from the assignment and give that file")
    wanted = GRADE_NAMES if grade_column is None else {folded(grade_column)}
    found = [column for column, name in enumerate(names) if name in wanted]
    if len(found) != 1:
        raise UsageError(f"{sheet.source}: has {'several columns' if found else 'no column'} "
                         + ("that could be the grade" if grade_column is None else plain(grade_column, MAX_TITLE))
                         + "; name the grade's column with --column HEADER: "
                         + ", ".join(sheet.shown(column) for column in range(len(names))))
    comments = next((column for column, name in enumerate(names) if name in COMMENT_NAMES), None)
    return Layout(identifier, found[0], _maximum(rows, found[0] + 1), comments, rows)


def _is_identifier(rows: Sequence[Row], column: int) -> bool:
    """Whether a column holds one word with another number in each row."""
    found = [IDENTIFIER.fullmatch(row[column]) for row in rows]
    words = {match["word"] for match in found if match}
    return bool(rows) and all(found) and len(words) == 1 and len({row[column] for row in rows}) == len(rows)


def _maximum(rows: Sequence[Row], column: int) -> int | None:
    """The column right of the grade, where one number stands in all rows: what the grade is out of."""
    values = {number_of(row[column]) for row in rows}
    return column if len(values) == 1 and None not in values else None


def _personal(layout: Layout) -> Iterable[int]:
    """Columns before the grade in which no value stands twice: what is told of the students themselves."""
    for column in range(layout.grade):
        values = [folded(row[column]) for row in layout.rows if row[column]]
        if column != layout.identifier and values and len(set(values)) == len(values):
            yield column


def _participants(layout: Layout) -> Callable[[Student], Iterable[str]]:
    """How the worksheet writes a student's number, with the word that the site's language has."""
    match = IDENTIFIER.fullmatch(layout.rows[0][layout.identifier])
    word = match["word"] if match else ""
    return lambda student: [f"{word}{student.platform_id}"] if student.platform_id else []


def _comment_changes(pairs: Iterable[tuple[Row, Student]], column: int, comments: Mapping[str, str]) -> list[Change]:
    return [Change(row, column, comments[student.login], student.login) for row, student in pairs
            if student.login in comments and column < len(row.cells) and row[column] != comments[student.login]]


def comment(entry: Entry, grade: Grade) -> str:
    """What a grade comes to in one line of HTML, which Moodle takes comments for: points, and the worst problem."""
    view = build_view(grade)
    points = f"{view.points if entry.points is None else points_text(entry.points)} / {view.max_points}"
    if view.headline:
        reason = view.headline
    elif view.problems:
        chip = view.problems[0].chips[0]
        reason = f"{chip.title} {chip.points}: {view.problems[0].message}" if view.problems[0].message else chip.title
    else:
        reason = view.cause.message if view.cause else ""
    line = " · ".join(part for part in (points, late_text(entry, grade.lang), reason) if part)
    return cell(html.escape(end_cropped(line, MAX_COMMENT), quote=False))


def render_import(entries: Sequence[Entry]) -> str:
    """A CSV for the gradebook's import: a row for each student, a column for each exercise, `-` for no points."""
    exercises = sorted({entry.exercise for entry in entries})
    points = {(entry.student.login, entry.exercise): _bounded(entry) for entry in entries}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["username", "email", "idnumber", *map(cell, exercises)])
    for student in students_of(entries):
        writer.writerow([*map(cell, (student.login, student.email, student.id)),
                         *(points.get((student.login, exercise), NO_GRADE) for exercise in exercises)])
    return text.getvalue()


def _bounded(entry: Entry) -> str:
    """Points that are never more than there are: one row too high would have Moodle refuse them all."""
    return NO_GRADE if entry.points is None else number(min(entry.points, entry.max_points))
