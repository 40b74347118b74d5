"""A CSV that somebody else wrote: single cells of it change, and every other byte stays. Pure.

Read by RFC 4180, with any of three delimiters and line endings: cells are known by their places in the text, so that
nothing is written anew but what changes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from grader.errors import UsageError
from grader.reports.escape import plain
from grader.text import decode_text

BOM = "\ufeff"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
FIRST_DELIMITER = re.compile(r'(?:"[^"]*(?:""[^"]*)*"|[^,;\t\r\n"])*([,;\t])')
NUMBER = re.compile(r"-?[\d.,]*\d[\d.,]*")
HUNDREDTH = Decimal("0.01")
MAX_SHOWN = 200


@dataclass(frozen=True)
class Cell:
    """What a reader of CSV sees, and where in the text it stands, quotes included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """One record; `line` is that of its first cell, from 1."""

    line: int
    cells: tuple[Cell, ...]

    def __getitem__(self, column: int) -> str:
        """A cell's text without the spaces around it; empty where the row has no such cell."""
        return self.cells[column].text.strip() if column < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not any(cell.text.strip() for cell in self.cells)


@dataclass(frozen=True)
class Change:
    """A cell that gets another text. `whose` is the student's login."""

    row: Row
    column: int
    new: str
    whose: str

    @property
    def old(self) -> str:
        return self.row[self.column]


@dataclass(frozen=True)
class Sheet:
    """A CSV file: its text, and where its cells are. The first row is the header."""

    source: str
    text: str
    encoding: str
    delimiter: str
    rows: tuple[Row, ...]

    @property
    def header(self) -> Row:
        return self.rows[0]

    def shown(self, column: int) -> str:
        """A column's header as it may be printed."""
        return plain(self.header[column], MAX_SHOWN)

    def decimal_sign(self, columns: Iterable[int]) -> str:
        """The sign that the numbers in these columns have; where none tells, the one that goes with the delimiter."""
        for column in columns:
            for row in self.rows[1:]:
                sign = re.fullmatch(r"-?\d+([.,])\d+", row[column])
                if sign:
                    return sign[1]
        return "," if self.delimiter == ";" else "."

    def filled(self, changes: Iterable[Change]) -> bytes:
        """The file with these changes; every other byte is as it was. Raises `UsageError` if its encoding lacks a sign.
        """
        pieces, place = [], 0
        for change in sorted(changes, key=lambda change: change.row.cells[change.column].start):
            cell = change.row.cells[change.column]
            was_quoted = self.text[cell.start:cell.start + 1] == '"'
            pieces += [self.text[place:cell.start], _written(change.new, self.delimiter, was_quoted)]
            place = cell.end
        try:
            return "".join([*pieces, self.text[place:]]).encode(self.encoding)
        except UnicodeEncodeError as error:
            sign = error.object[error.start]
            raise UsageError(f"{self.source}: its encoding {self.encoding} has no {sign!r}; save it as CSV, UTF-8") \
                from error


def read_sheet(raw: bytes, source: str) -> Sheet:
    """The sheet in a file's bytes; raises `UsageError` with the line."""
    text, encoding = _decoded(raw, source)
    start = 1 if text.startswith(BOM) else 0
    if not text[start:].strip():
        raise UsageError(f"{source}: is empty; export it again")
    first = FIRST_DELIMITER.match(text, start)
    if first is None:
        raise UsageError(f"{source}:1: has one column only; give the CSV as it was exported")
    return Sheet(source, text, encoding, first[1], tuple(_rows(text, start, first[1], source)))


def number_of(text: str) -> Decimal | None:
    """The number in a cell, with either decimal sign; None if it is none."""
    if not NUMBER.fullmatch(text.strip()):
        return None
    *whole, last = re.split("[.,]", text.strip())
    try:
        return Decimal(f"{''.join(whole)}.{last}" if whole else last)
    except InvalidOperation:
        return None


def points_text(points: Decimal, sign: str) -> str:
    """Points in at most two decimals, halves rounded up, as short as that is exact."""
    rounded = points.quantize(HUNDREDTH, ROUND_HALF_UP).normalize()
    return f"{rounded:f}".replace(".", sign)


def _decoded(raw: bytes, source: str) -> tuple[str, str]:
    if not raw.startswith(UTF_16) and b"\0" not in raw:
        found = decode_text(raw)
        if found is not None and found[0].encode(found[1]) == raw:
            return found
    raise UsageError(f"{source}: is neither UTF-8 nor CP949; save it as CSV, UTF-8")


def _rows(text: str, place: int, delimiter: str, source: str) -> Iterable[Row]:
    bare = re.compile(f"[^{delimiter}\r\n]*")
    line = 1
    while place < len(text):
        cells, first_line = [], line
        while True:
            quoted = text.startswith('"', place)
            found = (QUOTED if quoted else bare).match(text, place)
            if found is None:
                raise UsageError(f"{source}:{line}: a quoted cell that does not end; export the file again")
            piece, place = found[0], found.end()
            cells.append(Cell(piece[1:-1].replace('""', '"') if quoted else piece, found.start(), place))
            line += len(re.findall("\r\n|\r|\n", piece))
            if not text.startswith(delimiter, place):
                break
            place += 1
        if place < len(text):
            if text[place] not in "\r\n":
                raise UsageError(f"{source}:{line}: text after a closing quote; export the file again")
            place += 2 if text.startswith("\r\n", place) else 1
            line += 1
        yield Row(first_line, tuple(cells))


def _written(text: str, delimiter: str, quoted: bool) -> str:
    if quoted or any(sign in text for sign in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text
