"""Charts as geometry and words: what the templates put into SVG and into the table beside it.

Lengths are in units of the drawing's own `viewBox`. Numbers that are not finite leave gaps; nothing is drawn of them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from grader.messages import say
from grader.reports.escape import plain
from grader.verdict import Chart, CheckResult, Curve, ErrorMap, Grade

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 14, 12, 30
MAX_TITLE = 300
MARKED_UP_TO = 40       # points of a curve that each get a mark
LOGARITHMIC_FROM = 1e3  # greatest by smallest number of a curve that is all above 0
CELL, MAP_WIDTH, MAP_HEIGHT = 26, 480, 360
SHADES = 4              # of errors that are not allowed; before them comes 0, what is allowed
INFINITE = SHADES + 1
GREATEST = math.nextafter(math.inf, 0)
SMALLEST = 1e-300       # span that can be divided
BINS = 10
SERIES = {"actual": "a", "expected": "b", "loss": "a", "val_loss": "b"}  # how each is drawn


@dataclass(frozen=True)
class Tick:
    """A mark at an axis: where, and what it says."""

    at: str
    label: str


@dataclass(frozen=True)
class Strand:
    """One series: its name, the pieces of its line, its marks, and what the table says of it."""

    name: str
    kind: str
    lines: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class CurveDrawing:
    """A curve in `WIDTH` by `HEIGHT`."""

    title: str
    call: str
    where: str
    about: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    strands: tuple[Strand, ...]
    steps: tuple[str, ...]
    kind: str = "curve"


@dataclass(frozen=True)
class Cell:
    """A cell of a map: where it is, how dark (0 is within what is allowed), and its number."""

    x: int
    y: int
    shade: int
    value: str


@dataclass(frozen=True)
class MapDrawing:
    """A map of errors with cells of `side`."""

    title: str
    call: str
    where: str
    about: str
    width: int
    height: int
    side: int
    rows: tuple[tuple[Cell, ...], ...]
    legend: tuple[tuple[int, str], ...]
    kind: str = "map"


@dataclass(frozen=True)
class Bar:
    """A bar of a histogram."""

    x: str
    y: str
    height: str
    low: str
    high: str
    count: int


def drawings(check: CheckResult, lang: str) -> tuple[CurveDrawing | MapDrawing, ...]:
    """The charts of a check, drawn."""
    about = plain(check.title or check.id, MAX_TITLE)
    return tuple(_curve(chart, about, lang) if isinstance(chart, Curve) else _map(chart, about, lang)
                 for chart in check.charts)


def for_students(grade: Grade) -> Grade:
    """The grade with no chart but those of the submission's own training: the others show what was expected."""
    return replace(grade, checks=tuple(
        replace(check, charts=tuple(chart for chart in check.charts if _is_own(chart))) for check in grade.checks))


def _is_own(chart: Chart) -> bool:
    return isinstance(chart, Curve) and all(name != "expected" for name, _ in chart.series)


# --- curves ----------------------------------------------------------------------------------------------------------

def _curve(curve: Curve, check: str, lang: str) -> CurveDrawing:
    finite = [value for _, values in curve.series for value in values if math.isfinite(value)]
    scale = _Scale.of(finite)
    first, last = curve.steps[0], curve.steps[-1]

    def x(step: int) -> str:
        return _place(LEFT + (WIDTH - LEFT - RIGHT) * (step - first) / max(1, last - first))

    gaps = sum(not math.isfinite(value) for _, values in curve.series for value in values)
    about = [say("class.log", lang)] if scale.logarithmic else []
    about += [say("class.gaps", lang, count=gaps)] if gaps else []
    title = say("class.training", lang) if _is_own(curve) else say("class.curve", lang, title=check)
    return CurveDrawing(
        title=title, call=plain(curve.title, MAX_TITLE), where=plain(curve.where, MAX_TITLE), about=" ".join(about),
        x_ticks=tuple(Tick(x(step), str(step)) for step in _whole_steps(first, last)),
        y_ticks=tuple(Tick(scale.place(value), f"{value:.4g}") for value in scale.ticks()),
        strands=tuple(_strand(name, values, [x(step) for step in curve.steps], scale, lang)
                      for name, values in curve.series),
        steps=tuple(map(str, curve.steps)))


def _strand(name: str, values: Sequence[float], places: Sequence[str], scale: "_Scale", lang: str) -> Strand:
    points = [(x, scale.place(value)) if math.isfinite(value) else None
              for x, value in zip(places, values, strict=True)]
    pieces: list[list[tuple[str, str]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    few = len(values) <= MARKED_UP_TO
    alone = [piece[0] for piece in pieces if len(piece) == 1]  # no line would show it
    marks = [point for point in points if point is not None] if few else alone
    label = say(f"class.series.{name}", lang) if name in SERIES else plain(name, MAX_TITLE)
    return Strand(label, SERIES.get(name, "a"),
                  tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1),
                  tuple(marks), tuple(number_text(value) for value in values))


@dataclass(frozen=True)
class _Scale:
    """The vertical axis. Numbers are halved before they are subtracted, so that the greatest do not overflow."""

    low: float
    high: float
    logarithmic: bool

    @classmethod
    def of(cls, values: Sequence[float]) -> "_Scale":
        low, high = min(values, default=0.0), max(values, default=1.0)
        if low > 0 and high / low >= LOGARITHMIC_FROM:
            return cls(low, high, True)
        if low == high:
            room = abs(low) / 2 or 1.0
            return cls(max(low - room, -GREATEST), min(high + room, GREATEST), False)
        return cls(low, high, False)

    def place(self, value: float) -> str:
        if self.logarithmic:
            low, high, at = math.log10(self.low), math.log10(self.high), math.log10(value)
        else:
            low, high, at = self.low / 2, self.high / 2, value / 2
        share = (at - low) / (high - low) if high > low else 0.5
        return _place(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share)

    def ticks(self) -> list[float]:
        """Round numbers between the ends, from two to about six."""
        if self.logarithmic:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            every = max(1, (last - first) // 5)
            return [10.0**power for power in range(first, last + 1, every)]
        span = self.high / 4 - self.low / 4
        if span < SMALLEST:
            return [self.low]
        step = 10.0 ** math.floor(math.log10(span))
        step *= next(factor for factor in (1, 2, 5, 10) if step * factor >= span * 0.9)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        if last - first > 8 or abs(first) > 2**50:  # a span below what the numbers can tell apart
            return [self.low, self.high]
        return [step * number for number in range(first, last + 1)]


def _whole_steps(first: int, last: int) -> list[int]:
    """A few whole numbers from the first to the last step."""
    every = max(1, -(-(last - first) // 6))
    power = 10 ** (len(str(every)) - 1)
    every = next((factor * power for factor in (1, 2, 5, 10) if factor * power >= every), every)
    return sorted({first, *range(-(-first // every) * every, last + 1, every)})


# --- maps of errors --------------------------------------------------------------------------------------------------

def _map(chart: ErrorMap, check: str, lang: str) -> MapDrawing:
    columns = len(chart.rows[0])
    side = max(8, min(CELL, MAP_WIDTH // columns, MAP_HEIGHT // len(chart.rows)))
    limits = _limits([error for row in chart.rows for error in row], chart.in_bands)
    rows = tuple(tuple(Cell(side * k, side * row, _shade(error, limits), number_text(error))
                       for k, error in enumerate(errors)) for row, errors in enumerate(chart.rows))
    shape = "(" + ", ".join(map(str, chart.shape)) + ")"
    about = [say("class.map.about" if chart.in_bands else "class.map.plain", lang, shape=shape)]
    about += [say("class.map.small", lang)] if math.prod(chart.shape) > columns * len(rows) else []
    used = {cell.shade for row in rows for cell in row}
    return MapDrawing(
        title=say("class.map", lang, title=check), call=plain(chart.title, MAX_TITLE),
        where=plain(chart.where, MAX_TITLE), about=" ".join(about), width=side * columns, height=side * len(rows),
        side=side, rows=rows,
        legend=tuple((shade, _shade_text(shade, limits, chart.in_bands, lang)) for shade in sorted(used)))


def _limits(errors: Sequence[float], in_bands: bool) -> tuple[float, ...]:
    """The greatest error of each shade: of 0 what is allowed, of the others by equal factors up to the greatest."""
    allowed = 1.0 if in_bands else 0.0
    wrong = [error for error in errors if math.isfinite(error) and error > allowed]
    if not wrong:
        return (allowed,)
    high = math.log10(max(wrong))
    low = min(math.log10(min(wrong)), high - 1)  # what is nearly the same looks the same
    return (allowed, *(max(allowed, 10 ** (low + (high - low) * k / SHADES)) for k in range(1, SHADES)), max(wrong))


def _shade(error: float, limits: Sequence[float]) -> int:
    return sum(error > limit for limit in limits) if math.isfinite(error) else INFINITE


def _shade_text(shade: int, limits: Sequence[float], in_bands: bool, lang: str) -> str:
    if shade == INFINITE:
        return say("class.map.infinite", lang)
    if shade == 0:
        return say("class.map.within" if in_bands else "class.map.equal", lang)
    return say("class.map.up_to", lang, limit=f"{'×' if in_bands else ''}{limits[shade]:.3g}")


# --- histograms ------------------------------------------------------------------------------------------------------

def histogram(points: Iterable[float], max_points: float, width: int, height: int) -> tuple[Bar, ...]:
    """How many of these points fall into each tenth of the greatest; the last tenth holds the greatest itself."""
    counts = [0] * BINS
    for value in points:
        share = value / max_points if max_points > 0 else 0.0
        counts[min(BINS - 1, max(0, int(share * BINS + 1e-9)))] += 1
    edges = [max_points * k / BINS for k in range(BINS + 1)]
    greatest = max(1, *counts)
    return tuple(Bar(_place(width * k / BINS), _place(height - height * count / greatest),
                     _place(height * count / greatest), f"{low:.4g}", f"{high:.4g}", count)
                 for k, (count, (low, high)) in enumerate(zip(counts, pairwise(edges), strict=True)))


def number_text(value: float) -> str:
    """A number for a table, as Python names those that are not finite."""
    return f"{value:.4g}"


def _place(at: float) -> str:
    return f"{at:.1f}".removesuffix(".0")
