"""Independent readers of what is exported: the rules of those who import it, written out anew."""

import csv
import io
import re
from dataclasses import dataclass

CANVAS_FIRST = ("Student", "ID")
CANVAS_TOTALS = ("Current Score", "Current Points", "Current Grade", "Final Score", "Final Points", "Final Grade",
                 "Override Score", "Override Grade", "Override Status")


def rows_of(raw: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))


def canvas_delimiter(raw: bytes) -> str:
    """Whichever sign gives the first three lines the same number of cells, and more of them."""
    lines = raw.decode("utf-8-sig").splitlines()[:3]
    counts = {}
    for sign in ";,":
        sizes = {len(next(csv.reader([line], delimiter=sign))) for line in lines}
        counts[sign] = sizes.pop() if len(sizes) == 1 else 0
    return ";" if counts[";"] > counts[","] else ","


def canvas_grade(text: str) -> str:
    """A cell as Canvas takes it: a number with either decimal sign, `EX`, or what it calls no grade."""
    text = text.strip()
    if re.fullmatch(r"-?[0-9.,]+%?", text):
        *whole, last = re.split("[.,]", text)
        return f"{''.join(whole)}.{last}" if whole else last
    return text


@dataclass(frozen=True)
class CanvasImport:
    """What Canvas would import: grades by (student's ID, assignment's id), and the points of assignments."""

    grades: dict[tuple[str, str], str]
    possible: dict[str, str]
    new_assignments: list[str]


def import_canvas(raw: bytes) -> CanvasImport:
    header, *rows = rows_of(raw, canvas_delimiter(raw))
    assert len(header) > 3 and all(word in cell for word, cell in zip(CANVAS_FIRST, header, strict=False)), "Invalid header row"
    last = header.index("SIS Login ID") + 1
    assert "Section" in header[last], "Invalid header row"
    columns, new = {}, []
    for place, name in enumerate(header[last + 1:], start=last + 1):
        if any(total in name for total in CANVAS_TOTALS):
            continue
        number = re.search(r"\((\d+)\)$", name)
        if number:
            columns[place] = number[1]
        elif name not in ("Notes",):  # a custom column that the course has
            new.append(name)
    grades, possible = {}, {}
    for row in rows:
        if "Points Possible" in row[0]:
            possible = {number: row[place] for place, number in columns.items()}
        elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
            grades |= {(row[1], number): canvas_grade(row[place]) for place, number in columns.items()}
    return CanvasImport(grades, possible, new)


@dataclass(frozen=True)
class MoodleGrade:
    grade: str
    modified: str
    comment: str


def import_worksheet(raw: bytes, names: tuple[str, str, str, str], word: str, decimal_sign: str = ".") -> dict[str, MoodleGrade]:
    """What Moodle would take from a worksheet: by the columns' names in the site's language and its word for people.

    `names` are those of the identifier, the grade, the grade's time and the comments.
    """
    header, *rows = rows_of(raw)
    identifier, grade, modified, comments = (header.index(name) for name in names)
    found = {}
    for row in rows:
        value = row[grade].replace(decimal_sign, ".")
        assert value == "" or 0 <= float(value) <= 10
        found[row[identifier][len(word):].strip()] = MoodleGrade(value, row[modified], row[comments])
    return found


def import_moodle_gradebook(raw: bytes, users: set[str], maximum: float) -> dict[tuple[str, str], float | None]:
    """What the gradebook's import would take; one unknown user or one value that is no grade refuses all."""
    header, *rows = rows_of(raw)
    assert header[:3] == ["username", "email", "idnumber"]
    found: dict[tuple[str, str], float | None] = {}
    for row in rows:
        assert len(row) == len(header) and row[0] in users
        for name, value in zip(header[3:], row[3:], strict=True):
            found[row[0], name] = None if value in ("", "-") else float(value)
            assert (found[row[0], name] or 0) <= maximum
    return found


RESULTS = {  # results.json of Gradescope
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"}, "execution_time": {"type": "number", "minimum": 0}, "output": {"type": "string"},
        "output_format": {"$ref": "#/$defs/format"}, "test_output_format": {"$ref": "#/$defs/format"},
        "test_name_format": {"$ref": "#/$defs/format"}, "visibility": {"$ref": "#/$defs/visibility"},
        "stdout_visibility": {"$ref": "#/$defs/visibility"}, "extra_data": {"type": "object"},
        "tests": {"type": "array", "items": {"$ref": "#/$defs/test"}},
        "leaderboard": {"type": "array", "items": {
            "type": "object", "required": ["name", "value"], "additionalProperties": False,
            "properties": {"name": {"type": "string"}, "value": {"type": ["number", "string"]},
                           "order": {"enum": ["asc", "desc"]}}}}},
    "$defs": {
        "format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "visibility": {"enum": ["hidden", "after_due_date", "after_published", "visible"]},
        "test": {
            "type": "object", "additionalProperties": False,
            "properties": {
                "score": {"type": "number"}, "max_score": {"type": "number"}, "status": {"enum": ["passed", "failed"]},
                "name": {"type": "string"}, "name_format": {"$ref": "#/$defs/format"}, "number": {"type": "string"},
                "output": {"type": "string"}, "output_format": {"$ref": "#/$defs/format"},
                "tags": {"type": "array", "items": {"type": "string"}}, "visibility": {"$ref": "#/$defs/visibility"},
                "extra_data": {"type": "object"}}}},
}
# Without a score of its own, or one of every test, Gradescope says that the autograder failed.
SCORED = RESULTS | {"anyOf": [
    {"required": ["score"]},
    {"required": ["tests"], "properties": {"tests": {"minItems": 1, "items": {"required": ["score"]}}}}]}


@dataclass(frozen=True)
class Command:
    """A workflow command as the runner of GitHub Actions understands it."""

    name: str
    properties: dict[str, str]
    message: str


def workflow_command(line: str) -> Command | None:
    """The command in a line, if it begins with one."""
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    properties = dict(part.split("=", 1) for part in rest.split(",") if "=" in part)
    unescaped = {key: _unescaped(value, (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")))
                 for key, value in properties.items()}
    return Command(name, unescaped, _unescaped(line[end + 2:], (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))))


def _unescaped(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for escaped, sign in pairs:
        text = text.replace(escaped, sign)
    return text
