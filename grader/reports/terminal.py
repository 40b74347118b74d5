"""A grade as text for the terminal: at most one screen, worst problem first, in any width and language.

Lines are laid out here by the cells that characters take (Hangul takes two); rich only has to colour them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import StringIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from grader.messages import say
from grader.reports.escape import without_commands
from grader.reports.view import Chip, Evidence, Form, Notice, Problem, View, Waiting, build_view
from grader.verdict import ENDED_EARLY, Grade

# A classic screen of 24 lines, less the prompt that follows.
SCREEN_LINES = 23
MIN_WIDTH = 30
MAX_WIDTH = 100

_PASSED, _FAILED, _WAITING, _NOTICE = "✔", "✘", "○", "!"

Lines = list[Text]


@dataclass(frozen=True)
class _Detail:
    """How much of a view is written out."""

    problems: int          # problems in full; the others on a line each
    briefs: int            # problems on a line each; the others only counted
    message: int           # lines of a message
    source: int            # lines of the student's own code
    notices: int
    passed: int            # lines of passed checks
    evidence: int
    call: int


_EVERYTHING = _Detail(999, 999, 99, 20, 99, 99, 5, 99)
# From the most to the least; the first that fits on the screen is taken.
_SHORTER = (
    _Detail(4, 9, 3, 6, 2, 4, 1, 2), _Detail(4, 9, 3, 6, 2, 2, 1, 2), _Detail(4, 9, 3, 4, 2, 1, 1, 1),
    _Detail(3, 9, 3, 4, 2, 2, 1, 1), _Detail(3, 9, 3, 4, 2, 1, 1, 1), _Detail(2, 9, 3, 4, 2, 2, 1, 1),
    _Detail(2, 4, 2, 3, 1, 2, 1, 1), _Detail(1, 6, 3, 3, 1, 2, 1, 1), _Detail(1, 3, 2, 2, 1, 1, 1, 1),
    _Detail(1, 1, 2, 2, 1, 1, 1, 1), _Detail(1, 1, 1, 1, 1, 1, 1, 1), _Detail(0, 2, 1, 1, 1, 1, 0, 0))


def render_terminal(grade: Grade, *, width: int = 80, color: bool = False, verbose: int = 0,
                    quiet: bool = False, next_command: str = "") -> str:
    """The report of `grade`, no line wider than `width` (30 or more); `quiet` leaves only one, with the
    file in place of the title.

    `next_command` is what to type next, such as `grade exercise_03`; empty for no advice. Without `color` the
    text holds no escape sequence at all.
    """
    view = build_view(grade, merged=not verbose)
    page = _Page(view, max(MIN_WIDTH, min(width, MAX_WIDTH)) - 1, next_command)
    if quiet:
        return _text_of([page.header(view.path)], color)
    if verbose:
        return _text_of(page.lines(_EVERYTHING, facts=True), color)
    for detail in _SHORTER:
        lines = page.lines(detail)
        if len(lines) <= SCREEN_LINES:
            return _text_of(lines, color)
    # Nothing else gives way: keep the top, where the worst is, and the last line, which says what to do.
    return _text_of([*lines[:SCREEN_LINES - 1], lines[-1]], color)


class _Page:
    """The sections of one report, in lines of at most `width` cells."""

    def __init__(self, view: View, width: int, next_command: str) -> None:
        self.view = view
        self.width = width
        self.next_command = next_command

    def say(self, key: str, **values: object) -> str:
        return say(f"report.{key}", self.view.lang, **values)

    def lines(self, detail: _Detail, facts: bool = False) -> Lines:
        """The whole report: sections in reading order, an empty line between them."""
        view = self.view
        sections: list[Lines] = [
            self.top(facts),
            self.headline(),
            self.cause(detail),
            self.chip_lines(view.passed, _PASSED, "green", detail.passed),
            # Before the problems: a cell that failed is often why a check fails.
            self.notices(detail),
            *self.problems(detail),
            self.waiting(view.waiting, detail),
            self.next_step(),
        ]
        lines: Lines = []
        for section in sections:
            if section and lines:
                lines.append(Text())
            lines += section
        return lines

    # The sections.

    def header(self, about: str) -> Text:
        """Exercise, what it is about (its title, or the file), and points."""
        view = self.view
        bar = 15 if self.width >= 70 else 8
        filled = int(view.share * bar)
        if 0 < view.share < 1:
            # An empty or a full bar means exactly that.
            filled = min(max(filled, 1), bar - 1)
        tone = "green" if view.form is Form.PRAISE else "yellow" if view.share else "red"
        right = Text.assemble((f"{view.points} / {view.max_points}", "bold"))
        if view.form is not Form.NOT_GRADED:
            right.append("   ").append("█" * filled, style=tone).append("░" * (bar - filled), style="dim")
        room = self.width - 1 - right.cell_len - 3
        left = Text(" ").append(_cropped_end(view.exercise, room), style="bold")
        if about and room - left.cell_len > 8:
            left.append(" · ", style="dim").append(_cropped_end(about, room - left.cell_len - 2))
        return left.append(" " * (self.width - left.cell_len - right.cell_len)).append_text(right)

    def top(self, facts: bool) -> Lines:
        view = self.view
        others = [f"{label} {value}" for label, value in view.facts[1:]] if facts else []
        if view.unprotected:
            others.append(self.say("unprotected"))
        if facts:
            told = self.wrapped(Text(" · ".join([view.path, *others]), style="dim"), " ")
        else:
            tail = "".join(f" · {entry}" for entry in others)
            path = _cropped_middle(view.path, self.width - 1 - cell_len(tail))
            told = [Text(f" {path}{tail}", style="dim")]
        return [self.header(view.title), *told]

    def headline(self) -> Lines:
        view = self.view
        if not view.headline:
            return []
        tone = {Form.PRAISE: "bold green", Form.UNTOUCHED: "bold"}.get(view.form, "bold yellow")
        lines = self.wrapped(Text(view.headline, style=tone), "  ")
        if view.goal is not None:
            goal = Text.assemble((self.say("goal") + ": ", "dim"), (view.goal.title, "bold"),
                                 (f" {view.goal.points}", "dim"))
            lines += [Text(), *self.wrapped(goal, "  ")]
            lines += self.hint(view.goal_hint, "  ", 3)
        return lines

    def cause(self, detail: _Detail) -> Lines:
        view = self.view
        if view.cause is None:
            return []
        if view.form is Form.NOT_GRADED:
            return self.wrapped(Text(view.cause.message), "  ", 2 * detail.message)
        lines = self.notice(view.cause, _FAILED, "bold red", detail)
        if view.verdict in ENDED_EARLY and view.share > 0:
            lines += self.wrapped(Text(self.say("kept"), style="dim"), "    ")
        return lines

    def notices(self, detail: _Detail) -> Lines:
        notices = self.view.notices
        lines = [line for notice in notices[:detail.notices]
                 for line in self.notice(notice, _NOTICE, "bold yellow", detail)]
        if len(notices) > detail.notices:
            lines.append(self.more("more.notices", len(notices) - detail.notices))
        return lines

    def notice(self, notice: Notice, symbol: str, tone: str, detail: _Detail) -> Lines:
        sign = Text.assemble("  ", (symbol, tone), " ")
        message = Text.assemble((notice.title, "bold"), " — " if notice.title and notice.message else "",
                                notice.message)
        source = notice.source[-detail.source:] if detail.source else ()
        return [*self.wrapped(message, sign, detail.message),
                *(Text("      ").append("│ ", style="dim").append(_cropped_end(line, self.width - 8))
                  for line in source)]

    def problems(self, detail: _Detail) -> list[Lines]:
        """A section for each problem written out, and one for those that only fit on a line."""
        problems = self.view.problems
        full, brief = problems[:detail.problems], problems[detail.problems:]
        rest = sum(len(problem.chips) for problem in brief[detail.briefs:])
        short = [self.brief(problem) for problem in brief[:detail.briefs]]
        if rest:
            short.append(self.more("more.problems", rest))
        elif short:
            short.append(Text("    " + _cropped_end(self.say("verbose"), self.width - 4), style="dim"))
        return [self.problem(problem, detail) for problem in full] + [short]

    def problem(self, problem: Problem, detail: _Detail) -> Lines:
        lines = self.chip_lines(problem.chips, _FAILED, "bold red", max(2, detail.passed), title="bold")
        lines += self.wrapped(Text(problem.message), "    ", detail.message)
        if detail is _EVERYTHING:
            lines += self.wrapped(Text(problem.detail, style="dim"), "    ")
        lines += self.call(problem.call, detail.call)
        shown = problem.evidence[:detail.evidence]
        more = problem.more_places + len(problem.evidence) - len(shown)
        for position, evidence in enumerate(shown, start=1):
            lines += self.evidence(evidence, more if position == len(shown) else 0)
        return lines + self.hint(problem.hint, "    ", detail.message)

    def call(self, call: str, most: int) -> Lines:
        """The smallest failing call in at most `most` lines, cut in the middle as far as it must be."""
        room = self.width - 6
        lines = self.wrapped(Text(call, style="cyan"), "      ")
        for cells in range(most * room, 0, -4):
            if len(lines) <= most:
                return lines
            lines = self.wrapped(Text(_cropped_middle(call, cells), style="cyan"), "      ")
        return []

    def brief(self, problem: Problem) -> Text:
        points = f" {problem.chips[0].points}"
        if len(problem.chips) > 1:
            points += " " + self.say("more.chips", count=len(problem.chips) - 1)
        room = self.width - 4 - cell_len(points)
        title = _cropped_end(problem.chips[0].title, max(room // 2, room - cell_len(problem.message) - 3))
        line = Text.assemble("  ", (_FAILED, "bold red"), " ", (title, "bold"), (points, "dim"))
        left = self.width - line.cell_len - 3
        if problem.message and left >= 12:
            line.append(f" — {_cropped_end(problem.message, left)}")
        return line

    def evidence(self, evidence: Evidence, more: int) -> Lines:
        """Place, both values and size side by side; values too long for that one below the other."""
        actual, expected = self.say("actual"), self.say("expected")
        where = Text(evidence.where, style="bold")
        # One part, so that the rest of the places never stands on a line of its own.
        size = _joined([Text(evidence.size), Text(self.say("more.places", count=more) if more else "", "dim")])
        values = [Text.assemble((actual + " ", "dim"), (evidence.actual, "red")),
                  Text.assemble((expected + " ", "dim"), (evidence.expected, "green"))]
        room = self.width - 6
        if _joined([where, *values]).cell_len <= room:
            return self.side_by_side([where, *values, size])
        column = max(cell_len(actual), cell_len(expected)) + 2
        lines = self.side_by_side([where, size])
        for label, value, tone in ((actual, evidence.actual, "red"), (expected, evidence.expected, "green")):
            lines.append(Text("      ").append(label + " " * (column - cell_len(label)), style="dim")
                         .append(_cropped_middle(value, room - column), style=tone))
        return lines

    def side_by_side(self, parts: Lines) -> Lines:
        """The parts that are not empty, as many on a line as fit."""
        lines: Lines = []
        for part in parts:
            if lines and part.plain and lines[-1].cell_len + 3 + part.cell_len <= self.width:
                lines[-1].append("   ").append_text(part)
            elif part.plain:
                lines += self.wrapped(part, "      ", 2)
        return lines

    def hint(self, hint: str, indent: str, most: int) -> Lines:
        if not hint:
            return []
        return self.wrapped(Text(hint), Text.assemble(indent, (self.say("hint") + ": ", "yellow")), most)

    def waiting(self, waiting: tuple[Waiting, ...], detail: _Detail) -> Lines:
        lines: Lines = []
        for entry in waiting[:99 if detail is _EVERYTHING else 2]:
            room = self.width - 4
            titles = " · ".join(chip.title for chip in entry.chips)
            if detail is not _EVERYTHING:
                titles = _cropped_end(titles, max(room // 2, 2 * room - cell_len(entry.reason) - 12))
            told = Text.assemble(titles, (f" — {entry.reason}", "dim"))
            lines += self.wrapped(told, Text.assemble("  ", (_WAITING, "dim"), " "), min(detail.message, 2))
        return lines

    def next_step(self) -> Lines:
        if not self.next_command:
            return []
        key = {Form.PROBLEMS: "next.fix", Form.UNTOUCHED: "next.fill", Form.NOT_GRADED: "next.retry"}
        label = Text.assemble(" ", (self.say("next") + ": ", "bold"))
        # Never cut in the middle: it is there to be copied.
        command = Text(self.next_command, style="bold cyan")
        if self.view.form not in key:
            return self.wrapped(command, label, 3)
        name = _cropped_middle(self.view.path.rpartition("/")[2], self.width // 2)
        advice = Text(self.say(key[self.view.form], path=name))
        together = advice.copy().append("  ").append_text(command)
        if together.cell_len <= self.width - label.cell_len:
            return [label.append_text(together)]
        return [*self.wrapped(advice, label), *self.wrapped(command, "    ", 3)]

    # The bricks.

    def chip_lines(self, chips: tuple[Chip, ...], symbol: str, tone: str, most: int,
                   title: str = "") -> Lines:
        """Chips side by side in at most `most` lines; titles are cut before a chip is left out."""
        def pieces(longest: int) -> Lines:
            return [Text.assemble((symbol, tone), " ", (_cropped_end(chip.title, longest), title),
                                  (f" {chip.points}", "dim")) for chip in chips]

        widest = self.width - 4 - max((cell_len(chip.points) + 1 for chip in chips), default=0)
        cuts = [widest, *(cut for cut in (40, 34, 28, 24, 20) if cut < widest)]
        for longest in cuts:
            lines = _flowing(pieces(longest), self.width)
            if len(lines) <= most:
                return lines
        for count in range(len(chips) - 1, 0, -1):
            rest = Text(self.say("more.chips", count=len(chips) - count), style="dim")
            lines = _flowing([*pieces(cuts[-1])[:count], rest], self.width)
            if len(lines) <= most:
                break
        return lines

    def more(self, key: str, count: int) -> Text:
        text = f"{self.say(key, count=count)} ({self.say('verbose')})"
        return Text("    " + _cropped_end(text, self.width - 4), style="dim")

    def wrapped(self, text: Text, indent: str | Text, most: int = 99) -> Lines:
        """`text` in lines that hang below their first word, at most `most`, ending in `…` if cut."""
        first = Text(indent) if isinstance(indent, str) else indent
        hang = " " * first.cell_len
        room = self.width - first.cell_len
        rows = [row for row in _rows(text, room) if row.plain.strip()]
        if len(rows) > most:
            last = rows[most - 1]
            last.append("…") if last.cell_len < room else last.truncate(room, overflow="ellipsis")
            if not last.plain.endswith("…"):
                last.right_crop(1)
                last.append("…")
            rows = rows[:most]
        return [(first.copy() if position == 0 else Text(hang)).append_text(row)
                for position, row in enumerate(rows)]


def _joined(parts: Iterable[Text]) -> Text:
    return Text("   ").join(part for part in parts if part.plain)


def _flowing(pieces: Lines, width: int) -> Lines:
    """Pieces side by side, as many on a line as fit; never broken inside."""
    lines: Lines = []
    for piece in pieces:
        if lines and lines[-1].cell_len + 3 + piece.cell_len <= width:
            lines[-1].append("   ").append_text(piece)
        else:
            lines.append(Text("  ").append_text(piece))
    return lines


def _rows(text: Text, room: int) -> Iterable[Text]:
    rows = text.wrap(_console(StringIO(), color=False), room, overflow="fold")
    for row in rows:
        row.rstrip()
    return rows


def _cropped_end(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, `…` at the end for what is left off."""
    if cell_len(text) <= cells:
        return text
    return _fitting(text, cells - 1, lambda count: text[:count]).rstrip() + "…"


def _cropped_middle(text: str, cells: int) -> str:
    """`text` in at most `cells` cells, `…` in the middle: calls often differ at their end."""
    if cell_len(text) <= cells:
        return text
    head = _fitting(text, (cells - 1) // 2, lambda count: text[:count])
    tail = _fitting(text, cells - 1 - cell_len(head), lambda count: text[len(text) - count:])
    return f"{head}…{tail}"


def _fitting(text: str, cells: int, part: Callable[[int], str]) -> str:
    """The largest `part(count)` that takes at most `cells` cells."""
    count = min(len(text), max(0, cells))
    while count and cell_len(part(count)) > cells:
        count -= 1
    return part(count)


def _text_of(lines: Lines, color: bool) -> str:
    file = StringIO()
    console = _console(file, color)
    for line in lines:
        line.rstrip()
        harmless = without_commands(line.plain)
        if harmless != line.plain:
            line = Text(harmless, spans=line.spans)
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    return file.getvalue()


def _console(file: StringIO, color: bool) -> Console:
    # An empty environment: the caller decided on colour and width; NO_COLOR and COLUMNS must not do so again.
    return Console(file=file, width=MAX_WIDTH, height=SCREEN_LINES, force_terminal=color, no_color=not color,
                   color_system="standard" if color else None, force_jupyter=False, legacy_windows=False,
                   markup=False, emoji=False, highlight=False, soft_wrap=False, _environ={})
