"""A submission's code, line by line, with what its failing checks and errors are about marked."""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.messages import say
from grader.reports.escape import code_line
from grader.verdict import CheckResult, Grade, RunError, Verdict

MAX_LINE = 400
MAX_LINES = 3_000       # of one submission that are shown
MAX_PARSED = 200_000    # characters of one piece of code that are looked into
SUSPECT, FAULT = "suspect", "fault"


@dataclass(frozen=True)
class Line:
    """One line of code, marked as `suspect`, `fault` or nothing."""

    number: int
    text: str
    mark: str


@dataclass(frozen=True)
class Block:
    """A notebook's cell (by its number among the cells that hold code), or a whole module (0)."""

    cell: int
    lines: tuple[Line, ...]
    more: int

    @property
    def marks(self) -> frozenset[str]:
        """The marks of its lines."""
        return frozenset(line.mark for line in self.lines if line.mark)


def marked_code(cells: Sequence[str], kind: str, grade: Grade) -> tuple[Block, ...]:
    """The code of a submission with the marks of its grade; `cells` are those that hold code, or one module."""
    names, faults = failing_names(grade), _faults(grade)
    ended = ended_cell(grade)
    blocks, room = [], MAX_LINES
    for number, source in enumerate(cells, start=1):
        lines = _lines(source)
        suspects = _suspects(source, names)
        wrong = {place for place, text in faults if 0 < place <= len(lines) and lines[place - 1].strip() == text}
        if number == ended and not wrong:
            wrong = set(range(1, len(lines) + 1)) if kind == "notebook" else set()
        shown = tuple(Line(place, code_line(line, MAX_LINE), FAULT if place in wrong else
                           SUSPECT if place in suspects else "")
                      for place, line in enumerate(lines[:max(0, room)], start=1))
        room -= len(shown)
        blocks.append(Block(number if kind == "notebook" else 0, shown, len(lines) - len(shown)))
    return tuple(blocks)


def failing_names(grade: Grade) -> frozenset[str]:
    """Names that the failing checks are about: what their smallest calls call, else what their sentences begin with."""
    return frozenset(name for check in grade.checks if is_failing(check) for name in names_of(check))


def is_failing(check: CheckResult) -> bool:
    """Whether a check was judged and not passed."""
    return check.verdict not in (Verdict.PASSED, Verdict.SKIPPED, Verdict.NOT_GRADED)


def names_of(check: CheckResult) -> frozenset[str]:
    """Names of the student's that a failing check is about, and perhaps others."""
    if check.counterexample is not None:
        return frozenset(re.findall(r"[^\W\d]\w*(?=\(|$)", check.counterexample.call))
    return frozenset(re.findall(r"^[^\W\d]\w*", check.rationale or ""))


def ended_cell(grade: Grade) -> int:
    """The number of the cell that ended or first disturbed the run; 0 for none."""
    places = [error.place for error in _errors(grade) if error.place]
    numbers = [cell_number(place, grade.lang) for place in places]
    return next((number for number in numbers if number), 0)


def cell_number(place: str, lang: str) -> int:
    """The number in the name of a cell, 0 if it names none."""
    pattern = re.escape(say("run.cell", lang, cell="#")).replace(r"\#", r"(\d{1,6})")
    found = re.fullmatch(pattern, place)
    return int(found[1]) if found else 0


def defines(source: str, names: Iterable[str]) -> bool:
    """Whether code defines one of these names at its top."""
    return bool(_suspects(source, frozenset(names)))


def _errors(grade: Grade) -> Iterator[RunError]:
    if grade.error is not None:
        yield grade.error
    yield from grade.notices


def _faults(grade: Grade) -> set[tuple[int, str]]:
    """The last line of each traceback, as number and text: the student's line nearest to an error."""
    tracebacks = [error.traceback for error in _errors(grade)]
    tracebacks += [check.traceback for check in grade.checks if is_failing(check)]
    ends = (re.match(r"(\d{1,9}): ?(.*)", traceback[-1]) for traceback in tracebacks if traceback)
    return {(int(end[1]), end[2].strip()) for end in ends if end and end[2].strip()}


def _suspects(source: str, names: frozenset[str]) -> set[int]:
    """The lines that define any of these names."""
    return {place for statement in _statements(source) if _defined(statement) & names
            for place in range(_first_line(statement), (statement.end_lineno or statement.lineno) + 1)}


def _statements(source: str) -> list[ast.stmt]:
    """The statements of some code, none if it cannot be parsed; lines for IPython are left out."""
    if len(source) > MAX_PARSED:
        return []
    text = "\n".join("pass" if re.match(r"[%!?]", line) else line for line in _lines(source))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the student's escapes
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _defined(statement: ast.stmt) -> set[str]:
    """Names that a statement at the top of a file defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        return {node.id for target in targets for node in ast.walk(target)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return set()


def _lines(source: str) -> list[str]:
    lines = re.split(r"\r\n|\r|\n", source)
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines
