"""The gradebook file of Canvas, filled: the instructor's own export goes back with points in it. Pure.

By the rules of its importer: the header's first columns say who a row is, ` (123)` in a title binds a column to an
assignment, the row `Points Possible` says how many points there are and which columns are read only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from grader.entries import Entry, Student
from grader.errors import UsageError
from grader.exports.filling import Filled, Key, Matcher, Scale, folded, point_changes, students_of
from grader.exports.sheet import Change, Row, Sheet, number_of
from grader.reports.escape import plain

TITLE = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)", re.DOTALL)
TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
READ_ONLY = re.compile(r"read\s+only")
NO_STUDENT = re.compile(r"(muted|manual posting.*)?", re.IGNORECASE | re.DOTALL)
POINTS_ROW = "Points Possible"
KEPT = {"ex": "is excused in Canvas", "n/a": "is not assigned in Canvas"}
MAX_TITLE = 200


@dataclass(frozen=True)
class Layout:
    """Where things are: the columns that say who a row is, the first assignment, the points row, the students."""

    keys: tuple[Key, ...]
    assignments: range
    points: Row | None
    students: tuple[Row, ...]


def fill_canvas(sheet: Sheet, entries: Sequence[Entry], titles: Mapping[str, Sequence[str]],
                columns: Mapping[str, str], *, scale: bool) -> Filled:
    """The points of `entries` in the columns of their exercises; raises `UsageError`.

    `titles` are those of exercises in all languages; `columns` names the columns that titles do not tell.
    """
    layout = read_layout(sheet)
    exercises = list(dict.fromkeys(entry.exercise for entry in entries))
    for exercise in columns:
        if exercise not in exercises:
            raise UsageError(f"{plain(exercise, MAX_TITLE)}: nobody in the gradebook has it; there are "
                             f"{', '.join(exercises) or 'no exercises'}")
    found = {exercise: _column(sheet, layout, exercise, titles.get(exercise, ()), columns.get(exercise))
             for exercise in exercises}
    places = {exercise: place for exercise, place in found.items() if place is not None}
    _require_each_once(sheet, places)
    if not places:
        raise UsageError(f"{sheet.source}: has no column for {', '.join(exercises) or 'any exercise'}; name it with "
                         '--column EXERCISE="Title (123)"')
    matches = Matcher(sheet, layout.keys, students_of(entries)).match(layout.students)
    sign = sheet.decimal_sign(layout.assignments)
    notes = [f"{exercise}: has no column in {sheet.source}; name it with --column"
             for exercise in exercises if exercise not in places]
    changes: list[Change] = []
    for exercise, column in places.items():
        its = {entry.student.login: entry for entry in entries if entry.exercise == exercise}
        units = Scale(_possible(layout, column), f"{sheet.source}: {sheet.shown(column)}", scale)
        units.check(its.values())
        filled, told = point_changes(sheet, matches.pairs, column, its, units, sign, KEPT)
        changes += filled
        notes += told
    return Filled(sheet, tuple(changes), (*notes, *matches.notes))


def read_layout(sheet: Sheet) -> Layout:
    """What the header says; raises `UsageError` where it is not that of a Canvas gradebook."""
    header = sheet.header
    names = [cell.text.strip() for cell in header.cells]
    apart = names[:2] == ["LastName", "FirstName"]
    id_column = 2 if apart else 1
    section = next((place for place, name in enumerate(names) if name == "Section"), None)
    if section is None or not (apart or "Student" in names[0]) or "ID" not in names[id_column]:
        raise UsageError(f"{sheet.source}:{header.line}: is not the header of a Canvas gradebook (Student, ID, …, "
                         "Section); export the gradebook from Canvas and give that file")
    keys = [Key((id_column,), lambda student: [student.platform_id], "number")]
    keys += [Key((place,), lambda student: [student.id], "number") for place, name in enumerate(names[:section])
             if re.fullmatch(r"SIS\s+User\s+ID", name)]
    keys += [Key((place,), lambda student: [student.login], "login") for place, name in enumerate(names[:section])
             if re.fullmatch(r"SIS\s+Login\s+ID", name)]
    keys.append(Key((0, 1) if apart else (0,), names_of, "name"))
    rows = [row for row in sheet.rows[1:] if not all(NO_STUDENT.fullmatch(cell.text.strip()) for cell in row.cells)]
    points = [row for row in rows if POINTS_ROW in row[0]]
    return Layout(tuple(keys), range(section + 1, len(names)), points[0] if points else None,
                  tuple(row for row in rows if row not in points))


def names_of(student: Student) -> Iterable[str]:
    """A student's name as Canvas may write it: `First Last`, or `Last, First`."""
    yield student.name
    words = student.name.split()
    for place in range(1, len(words)):
        yield f"{' '.join(words[place:])}, {' '.join(words[:place])}"


def _column(sheet: Sheet, layout: Layout, exercise: str, titles: Sequence[str], named: str | None) -> int | None:
    """The column of an exercise: the one that is named, else the one whose title tells it; None if none does."""
    if named is not None:
        found = [column for column in layout.assignments if folded(named) in _names(sheet.header[column])]
        if not found:
            raise UsageError(f"{sheet.source}: has no assignment {plain(named, MAX_TITLE)!r}; give its header as it "
                             "stands in the file")
        trouble = next(filter(None, (_closed(sheet, layout, column) for column in found)), None)
        if trouble:
            raise UsageError(f"{sheet.source}: {trouble}; name the column of an assignment")
    else:
        found = [column for column in layout.assignments
                 if _told(sheet.header[column], [exercise, *titles]) and not _closed(sheet, layout, column)]
        exactly = [column for column in found
                   if _names(sheet.header[column]) & {folded(name) for name in (exercise, *titles)}]
        found = exactly or found
    if len(found) > 1:
        raise UsageError(f"{sheet.source}: {exercise} could be {' or '.join(map(sheet.shown, found))}; say which with "
                         f"--column {exercise}=\"Title (123)\"")
    return found[0] if found else None


def _names(header: str) -> set[str]:
    """How an assignment may be called: by all of its header, or by the title in it."""
    parts = TITLE.fullmatch(header)
    return {folded(header)} | ({folded(parts["title"])} if parts else set())


def _told(header: str, names: Iterable[str]) -> bool:
    """Whether the title in a header with an assignment's number holds one of these names as words of its own."""
    parts = TITLE.fullmatch(header)
    return parts is not None and any(
        re.search(rf"(?<!\w){re.escape(folded(name))}(?!\w)", folded(parts["title"])) for name in names if name)


def _closed(sheet: Sheet, layout: Layout, column: int) -> str | None:
    """Why a column is not one that Canvas would import, if it is not."""
    if TOTALS.search(sheet.header[column]):
        return f"{sheet.shown(column)} is a total, which Canvas works out itself"
    if layout.points is not None and READ_ONLY.search(layout.points[column]):
        return f"{sheet.shown(column)} is read only"
    return None


def _require_each_once(sheet: Sheet, places: Mapping[str, int]) -> None:
    taken: dict[int, str] = {}
    for exercise, column in places.items():
        if column in taken:
            raise UsageError(f"{sheet.source}: {sheet.shown(column)} could be {taken[column]} or {exercise}; say where "
                             "each goes with --column")
        taken[column] = exercise


def _possible(layout: Layout, column: int) -> Decimal | None:
    return None if layout.points is None else number_of(layout.points[column])
