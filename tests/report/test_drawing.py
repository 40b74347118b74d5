"""Charts as geometry: everything within the drawing, gaps where there is no number, shades that mean something."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports import drawing
from grader.reports.drawing import BINS, HEIGHT, INFINITE, WIDTH, drawings, for_students, histogram
from grader.verdict import CheckResult, Curve, ErrorMap, Verdict
from tests.report.classes import CURVE, ERRORS, TRAINING, with_charts
from tests.report_samples import HOSTILE, samples

LANG = "en"


def drawn(*charts):
    return drawings(CheckResult("one", "the check", Verdict.FAILED, 0.0, 1.0, charts=charts), LANG)


def curve(*values, steps=None):
    (found,) = drawn(Curve("f()", "result", tuple(steps or range(len(values))), (("actual", tuple(values)),)))
    return found


def inside(found):
    for strand in found.strands:
        for x, y in [*strand.marks, *(point.split(",") for line in strand.lines for point in line.split())]:
            yield 0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT
    yield from (0 <= float(tick.at) <= WIDTH for tick in found.x_ticks)
    yield from (0 <= float(tick.at) <= HEIGHT for tick in found.y_ticks)


@given(st.lists(st.floats(), min_size=1, max_size=50))
def test_everything_is_drawn_inside(values):
    found = curve(*values)
    assert all(inside(found)) and len(found.y_ticks) <= 60
    assert len(found.strands[0].values) == len(values)


@pytest.mark.parametrize("values", [(1e308, -1e308, 0.0), (5e-324, 1e308), (math.nan,) * 3, (math.inf, -math.inf), (0.0,) * 5, (1e300,) * 3, (1.03e308,), (5e-324, 1e-323), (-1e-310, 1e-310),
                                    (1.0, 1.0 + 2**-52, 1.0)])
def test_extremes_can_be_drawn(values):
    assert all(inside(curve(*values)))


def test_numbers_that_are_not_finite_leave_gaps_and_are_told():
    found = curve(1.0, 2.0, math.nan, 3.0, math.inf, 5.0, 6.0)
    (strand,) = found.strands
    assert len(strand.lines) == 2, "from 1 to 2 and from 5 to 6"
    assert len(strand.marks) == 5
    assert strand.values[2] == "nan" and strand.values[4] == "inf"
    assert "2 gaps" in found.about


def test_many_points_get_no_marks_but_one_that_stands_alone_does():
    assert curve(*range(100)).strands[0].marks == ()
    assert len(curve(*range(50), math.nan, 7.0, math.nan, *range(50)).strands[0].marks) == 1


def test_what_spans_powers_of_ten_has_a_logarithmic_axis():
    assert "logarithmic" in curve(1.0, 1e6).about and "logarithmic" not in curve(1.0, 10.0).about
    assert [tick.label for tick in curve(1.0, 1e3).y_ticks] == ["1", "10", "100", "1000"]


def test_ticks_are_round():
    assert [tick.label for tick in curve(0.1, 0.97).y_ticks] == ["0.2", "0.4", "0.6", "0.8"]
    assert [tick.label for tick in curve(*range(18)).x_ticks] == ["0", "5", "10", "15"]


def test_shades_of_a_map_begin_with_what_is_allowed():
    (found,) = drawn(ErrorMap("f()", "", (2, 3), True, ((0.0, 1.0, 1.5), (1e4, 1e12, math.inf))))
    assert [[cell.shade for cell in row] for row in found.rows] == [[0, 0, 1], [2, 4, INFINITE]]
    assert [shade for shade, _ in found.legend] == [0, 1, 2, 4, INFINITE]


def test_errors_that_are_nearly_the_same_look_the_same():
    (found,) = drawn(ErrorMap("f()", "", (1, 2), True, ((9.96e8, 9.98e8),)))
    assert {cell.shade for row in found.rows for cell in row} == {4}


@given(st.lists(st.floats(min_value=0), min_size=1, max_size=30), st.booleans())
def test_a_greater_error_is_never_lighter(errors, in_bands):
    (found,) = drawn(ErrorMap("f()", "", (1, len(errors)), in_bands, (tuple(errors),)))
    by_error = [cell.shade for _, cell in sorted(zip(errors, found.rows[0], strict=True), key=lambda pair: pair[0]
                                                 if not math.isnan(pair[0]) else math.inf)]
    assert by_error == sorted(by_error)


@given(st.lists(st.floats(0, 10)))
def test_a_histogram_counts_everybody(points):
    bars = histogram(points, 10.0, 100, 50)
    assert len(bars) == BINS and sum(bar.count for bar in bars) == len(points)


def test_edges_of_a_histogram():
    assert [bar.count for bar in histogram([0.0, 0.99, 1.0, 9.0, 10.0, 7.0 - 1e-12], 10.0, 100, 50)] == [2, 1, 0, 0, 0, 0, 0, 1, 0, 2]
    assert histogram([], 0.0, 100, 50)[0].count == 0


def test_students_see_their_training_and_nothing_that_was_expected():
    charts = [chart for check in for_students(with_charts(samples("ko")["one_mistake"])).checks for chart in check.charts]
    assert charts == [TRAINING]


def test_hostile_titles_are_plain():
    for found in drawn(replace(CURVE, title=HOSTILE, where=HOSTILE), replace(ERRORS, title=HOSTILE)):
        assert found.call.isprintable()


def test_series_that_are_not_known_keep_their_names():
    (found,) = drawn(Curve("", "", (0,), (("other", (1.0,)),)))
    assert found.strands[0].name == "other" and drawing.SERIES.get("other") is None
