"""The report in the terminal: golden texts, and what holds for any grade at any width.

REGENERATE_GOLDEN=1 pytest tests/test_reports_terminal.py    writes the golden texts anew; review the diff.
"""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.reports.terminal import SCREEN_LINES, render_terminal
from grader.reports.view import points_text, value_pair
from grader.verdict import Grade
from tests.report_samples import HOSTILE, LANGUAGES, full_points, one_mistake, samples
from tests.report_strategies import grades, quick

GOLDEN = Path(__file__).parent / "golden_reports"
WIDTHS = (80, 60)
NAMES = tuple(samples("ko"))
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def golden_text(name: str) -> str:
    """The report of one sample in both languages and widths."""
    parts = []
    for lang in LANGUAGES:
        for width in WIDTHS:
            grade = samples(lang)[name]
            text = render_terminal(grade, width=width, color=False, next_command=f"grade {grade.exercise}")
            parts.append(f"{f' {lang} {width} ':=^{width}}\n{text}")
    return "".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str) -> None:
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("REGENERATE_GOLDEN"):
        path.write_text(golden_text(name), encoding="utf-8")
    assert golden_text(name) == path.read_text(encoding="utf-8")


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_colour_changes_nothing_but_colour(name: str, lang: str) -> None:
    grade = samples(lang)[name]
    colored = render_terminal(grade, width=80, color=True)
    assert "\x1b[" in colored
    assert ANSI.sub("", colored) == render_terminal(grade, width=80, color=False)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [30, 40, 60, 72, 80, 100, 200])
@pytest.mark.parametrize("name", NAMES)
def test_a_report_fits_on_one_screen(name: str, lang: str, width: int) -> None:
    grade = samples(lang)[name]
    lines = render_terminal(grade, width=width, next_command=f"grade {grade.exercise}").splitlines()
    assert len(lines) <= SCREEN_LINES
    assert max(map(cell_len, lines)) <= width
    assert f"grade {grade.exercise}" in lines[-1]


@quick
@given(grades, st.integers(30, 110), st.booleans(), st.booleans())
def test_any_grade_at_any_width(grade: Grade, width: int, color: bool, verbose: bool) -> None:
    text = render_terminal(grade, width=width, color=color, verbose=int(verbose), next_command="grade x")
    shown = ANSI.sub("", text) if color else text
    assert "\x1b" not in shown
    assert all(char.isprintable() or char == "\n" for char in shown if char < "\u0100")
    lines = shown.split("\n")
    assert lines.pop() == ""
    assert max(map(cell_len, lines)) <= width
    assert verbose or len(lines) <= SCREEN_LINES
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]
    shown.encode()


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"])
def test_the_environment_decides_nothing(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [render_terminal(one_mistake("ko"), width=80, color=color) for color in (False, True)]
    monkeypatch.setenv(variable, {"COLUMNS": "20", "TERM": "dumb"}.get(variable, "1"))
    assert [render_terminal(one_mistake("ko"), width=80, color=color) for color in (False, True)] == before


def test_markup_of_students_is_shown_not_obeyed() -> None:
    text = render_terminal(samples("en")["hostile"], width=100, color=True, verbose=1)
    assert "[bold red]10/10[/]" in text
    assert HOSTILE not in text


def test_quiet_is_one_line() -> None:
    assert render_terminal(one_mistake("ko"), width=80, quiet=True, next_command="grade x").count("\n") == 1
    told = render_terminal(one_mistake("ko"), width=80, quiet=True)
    assert "8.5 / 10" in told and one_mistake("ko").submission.path in told


def test_verbose_shows_all_that_is_known() -> None:
    text = render_terminal(samples("en")["many_mistakes"], width=80, verbose=1)
    assert "lr=0.5)" in text
    assert text.count("No bias correction") == 4
    assert "and 4 more" in text
    assert "seed 0" in text


def test_one_mistake_in_many_checks_is_told_once() -> None:
    text = render_terminal(samples("en")["many_mistakes"], width=80)
    assert text.count("No bias correction") == 1
    assert text.index("No bias correction") < text.index("adamax_step"), "the dearest first"


def test_an_untouched_starter_is_encouraged() -> None:
    text = render_terminal(samples("ko")["untouched"], width=80)
    assert "✘" not in text
    assert len(text.splitlines()) < 12


def test_our_fault_is_called_ours() -> None:
    text = render_terminal(samples("en")["not_graded"], width=80)
    assert "the fault is ours" in text
    assert "– / 10" in text
    assert "█" not in text and "0 /" not in text.replace("10", "")


def test_the_bar_is_full_only_for_full_points() -> None:
    nearly = full_points("ko")
    header = render_terminal(nearly, width=80, quiet=True)
    assert "░" not in header
    almost = samples("ko")["failing_cell"]
    assert "░" in render_terminal(almost, width=80, quiet=True)


@pytest.mark.parametrize(("points", "text"), [(7.5, "7.5"), (10.0, "10"), (0.0, "0"), (0.25, "0.25"), (100.0, "100")])
def test_points_as_people_write_them(points: float, text: str) -> None:
    assert points_text(points) == text


@pytest.mark.parametrize(("actual", "expected", "shown"), [
    (1.0, 0.19, ("1.0", "0.19")),
    (0.12345678, 0.12345679, ("0.12345678", "0.12345679")),
    (1.0 + 2**-52, 1.0, ("1.0000000000000002", "1.0")),
    (float("nan"), 0.5, ("nan", "0.5")),
    ("NaN", "-Infinity", ("nan", "-inf")),
    (None, [1.0, 2.5], ("None", "[1.0, 2.5]")),
    (1e-7, 100000.0, ("1e-07", "100000.0")),
    ((3, 4), (4, 3), ("[3, 4]", "[4, 3]")),
    ({"a": 1}, "float32", ("{a: 1}", "float32")),
])
def test_values_show_what_tells_them_apart(actual: object, expected: object, shown: tuple[str, str]) -> None:
    assert value_pair(actual, expected) == shown
