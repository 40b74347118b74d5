"""Code with its marks: what failing checks are about, the line of an error, whatever the code is."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.code import FAULT, MAX_LINES, SUSPECT, cell_number, marked_code
from grader.verdict import RunError, Verdict
from tests.report_samples import samples

GRADE = samples("ko")["one_mistake"]  # its smallest call is of adam_step
MODULE = '''import numpy as np

@decorated
def adam_step(theta):
    """A step."""
    return theta

def other():
    return adam_step(1)
'''


def marks(source, grade=GRADE, kind="module"):
    return {line.number: line.mark for block in marked_code([source], kind, grade) for line in block.lines if line.mark}


def test_the_function_that_fails_is_marked_with_its_decorators():
    assert marks(MODULE) == dict.fromkeys((3, 4, 5, 6), SUSPECT)


def test_a_line_that_raised_is_marked():
    ended = replace(GRADE, error=RunError("module_failed", "m", "모듈", ("9: return adam_step(1)",)))
    assert marks(MODULE, ended)[9] == FAULT
    elsewhere = replace(GRADE, error=RunError("module_failed", "m", "모듈", ("9: something else",)))
    assert 9 not in marks(MODULE, elsewhere)


def test_the_line_where_a_check_raised_is_marked():
    grade = replace(GRADE, checks=tuple(replace(check, traceback=("6: return theta",)) if not check.points else check
                                        for check in GRADE.checks))
    assert marks(MODULE, grade)[6] == FAULT


def test_lines_for_ipython_are_no_obstacle():
    assert marks("%matplotlib inline\n!ls\ndef adam_step():\n    pass", kind="notebook") == {3: SUSPECT, 4: SUSPECT}


@pytest.mark.parametrize("source, marked", [
    ("class adam_step:\n    x = 1", {1, 2}), ("adam_step = make()", {1}), ("adam_step: int = 3", {1}), ("a, adam_step = 1, 2", {1}),
    ("adam_step.x = 1", set()), ("print(adam_step)", set()), ("def adam_step_2(): pass", set())])
def test_whatever_defines_a_name_is_marked(source, marked):
    assert set(marks(source)) == marked


@pytest.mark.parametrize("source", ["def adam_step(:", "\x00", "(" * 5000, "x = " + "1+" * 100_000 + "1", "-" * 50_000 + "1", "", "\f"])
def test_code_that_cannot_be_parsed_is_shown_without_marks(source):
    assert marks(source) == {}


def test_the_cell_that_ended_the_run_is_marked_whole():
    grade = replace(GRADE, verdict=Verdict.TIMED_OUT, error=RunError("timed_out", "m", "셀 2"))
    first, second = marked_code(["x = 1", "while True:\n    pass"], "notebook", grade)
    assert (first.cell, first.marks) == (1, set())
    assert (second.cell, second.marks) == (2, {FAULT}) and all(line.mark == FAULT for line in second.lines)


@pytest.mark.parametrize("place, lang, number", [("셀 12", "ko", 12), ("cell 3", "en", 3), ("cell 3", "ko", 0), ("모듈", "ko", 0),
                                                 ("셀 12 ", "ko", 0), ("", "en", 0)])
def test_cells_are_known_by_what_reports_call_them(place, lang, number):
    assert cell_number(place, lang) == number


def test_long_code_is_cut_and_that_is_told():
    (block,) = marked_code(["x = 1\n" * (MAX_LINES + 5)], "module", GRADE)
    assert len(block.lines) == MAX_LINES and block.more == 5


@given(st.text())
def test_any_text_has_as_many_lines_as_it_has(source):
    (block,) = marked_code([source], "module", GRADE)
    assert [line.number for line in block.lines] == list(range(1, len(block.lines) + 1))
    assert not {unicodedata.category(char) for line in block.lines for char in line.text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
