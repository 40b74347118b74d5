"""Points of a gradebook into the cells of somebody's sheet: whose a row is, and what becomes of a cell. Pure.

Nothing is guessed: a row that could be two students', and a student who could be two rows, are told and left alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from grader.entries import Entry, Student
from grader.errors import UsageError
from grader.exports.sheet import Change, Row, Sheet, number_of, points_text
from grader.reports.escape import plain

MAX_NAME = 120


@dataclass(frozen=True)
class Key:
    """A column that tells whose a row is (or several, read with commas), and what of a student may stand there.

    Who has another `number` is another student; a `login` may be written differently elsewhere; a `name` is asked last.
    """

    columns: tuple[int, ...]
    of: Callable[[Student], Iterable[str]]
    kind: Literal["number", "login", "name"]

    def read(self, row: Row) -> str:
        return folded(", ".join(row[column] for column in self.columns))

    def values(self, student: Student) -> set[str]:
        return {folded(value) for value in self.of(student)} - {""}


@dataclass(frozen=True)
class Filled:
    """What filling a sheet comes to: the cells that change, and what a person should know of the others."""

    sheet: Sheet
    changes: tuple[Change, ...]
    notes: tuple[str, ...]

    @property
    def content(self) -> bytes:
        return self.sheet.filled(self.changes)

    @property
    def replaced(self) -> tuple[Change, ...]:
        """Changes of cells in which another value stood."""
        return tuple(change for change in self.changes if change.old)

    def told(self, change: Change) -> str:
        """A change in one line."""
        return (f"{self.sheet.source}:{change.row.line}: {shown_row(change.row)} ({plain(change.whose, MAX_NAME)}), "
                f"{self.sheet.shown(change.column)}: {plain(change.old, MAX_NAME) or 'empty'} -> "
                f"{plain(change.new, MAX_NAME)}")


@dataclass(frozen=True)
class Matches:
    """Whose each row is, and why some are nobody's."""

    pairs: tuple[tuple[Row, Student], ...]
    notes: tuple[str, ...]


@dataclass
class Matcher:
    """Finds whose a row is, by the first key that anybody is known by."""

    sheet: Sheet
    keys: Sequence[Key]
    students: Sequence[Student]
    _known: list[tuple[Key, Mapping[str, Sequence[Student]]]] = field(init=False)

    def __post_init__(self) -> None:
        self._known = []
        for key in self.keys:
            known: dict[str, list[Student]] = {}
            for student in self.students:
                for value in key.values(student):
                    known.setdefault(value, []).append(student)
            self._known.append((key, known))

    def match(self, rows: Iterable[Row]) -> Matches:
        """Whose these rows are; each student has one row at most."""
        notes, claims = [], dict[str, list[tuple[Row, Student]]]()
        for row in rows:
            whose = self._whose(row)
            if isinstance(whose, str):
                notes.append((row.line, f"{self._place(row)}: {whose}; left as it is"))
            else:
                claims.setdefault(whose.login, []).append((row, whose))
        for login, claimed in claims.items():
            if len(claimed) > 1:
                lines = " and ".join(str(row.line) for row, _ in claimed)
                notes += [(row.line, f"{self._place(row)}: lines {lines} are both of {plain(login, MAX_NAME)}; left as "
                                     "it is") for row, _ in claimed]
        pairs = tuple(pair for claimed in claims.values() if len(claimed) == 1 for pair in claimed)
        told = [note for _, note in sorted(notes)]
        told += [f"{plain(student.login, MAX_NAME)}: has no row in {self.sheet.source}"
                 for student in self.students if student.login not in claims]
        return Matches(pairs, tuple(told))

    def _whose(self, row: Row) -> Student | str:
        hits = [(key, known[value]) for key, known in self._known if (value := key.read(row)) in known]
        if not hits:
            return "is nobody in the gradebook"
        (key, found), *later = hits
        if len(found) > 1:
            logins = ", ".join(plain(student.login, MAX_NAME) for student in found)
            return f"{self.sheet.shown(key.columns[0])} is that of several students ({logins})"
        for other, others in later:
            if other.kind != "name" and found[0] not in others:
                return f"{self._is_of(key, found[0])}, {self._is_of(other, others[0])}"
        if key.kind == "name":
            for other in self.keys:
                own, its = other.values(found[0]), other.read(row)
                if other.kind == "number" and own and its and its not in own:
                    return f"{self._is_of(key, found[0])}, but {self.sheet.shown(other.columns[0])} is another"
        return found[0]

    def _is_of(self, key: Key, student: Student) -> str:
        return f"{self.sheet.shown(key.columns[0])} is that of {plain(student.login, MAX_NAME)}"

    def _place(self, row: Row) -> str:
        return f"{self.sheet.source}:{row.line}: {shown_row(row)}"


def folded(text: str) -> str:
    """A text as it is compared: in one case of letters, with single spaces."""
    return " ".join(text.split()).casefold()


def shown_row(row: Row) -> str:
    return plain(row[0], MAX_NAME) or "(no name)"


def students_of(entries: Iterable[Entry]) -> tuple[Student, ...]:
    """Everybody in the gradebook; who is known to the platform by a number goes by it in all exercises."""
    found: dict[str, Student] = {}
    for entry in entries:
        student = entry.student
        if student.login not in found or not found[student.login].platform_id:
            found[student.login] = student
    return tuple(found.values())


@dataclass(frozen=True)
class Scale:
    """How points of an exercise become those of a column that is out of `possible` (None: it does not say)."""

    possible: Decimal | None
    column: str
    asked: bool

    def check(self, entries: Iterable[Entry]) -> None:
        """Raise `UsageError` where points would mean something else there."""
        if self.possible is None:
            if self.asked:
                raise UsageError(f"{self.column}: does not say how many points it is out of; leave --scale out")
            return
        for entry in entries:
            most = Decimal(str(entry.max_points))
            can_be_scaled = self.possible > 0 and most > 0
            if self.possible != most and not (self.asked and can_be_scaled):
                remedy = "give --scale to convert" if can_be_scaled else "set its points in the platform first"
                raise UsageError(f"{self.column}: is out of {points_text(self.possible, '.')}, {entry.exercise} out of "
                                 f"{points_text(most, '.')}; {remedy}")

    def points(self, entry: Entry) -> Decimal | None:
        """The points of an entry in units of the column, if there are any."""
        if entry.points is None:
            return None
        points = Decimal(str(entry.points))
        if self.possible is None or self.possible == Decimal(str(entry.max_points)):
            return points
        return points * self.possible / Decimal(str(entry.max_points))


def point_changes(sheet: Sheet, pairs: Iterable[tuple[Row, Student]], column: int, entries: Mapping[str, Entry],
                  scale: Scale, sign: str, kept: Mapping[str, str]) -> tuple[list[Change], list[str]]:
    """The changes of one column, entries being those of its exercise by login; and what is told.

    Where nobody has points, or those that stand there, the cell stays; so do values that are `kept`, with the reason.
    """
    changes, notes = [], []
    for row, student in pairs:
        entry = entries.get(student.login)
        points = scale.points(entry) if entry is not None else None
        if points is None:
            continue
        place = f"{sheet.source}:{row.line}: {shown_row(row)}, {sheet.shown(column)}"
        new = points_text(points, sign)
        if column >= len(row.cells):
            notes.append(f"{place}: the row has no such cell; left as it is")
        elif folded(row[column]) in kept:
            notes.append(f"{place}: {kept[folded(row[column])]}; left as it is, not {new}")
        elif number_of(row[column]) != number_of(new):
            changes.append(Change(row, column, new, student.login))
    return changes, notes
