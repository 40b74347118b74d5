"""Submissions that look alike are told; those that only do the same task are not."""

import re

import pytest

from grader.exports.similar import render_similar
from grader.similar import Work, similar_pairs
from tests.conftest import ROOT

EXERCISES = [path.name for path in sorted((ROOT / "exercises").glob("exercise_*"))]


def module(path: str) -> list[str]:
    return [(ROOT / path).read_text(encoding="utf-8")]


def variants(exercise: str) -> list[Work]:
    """Answers to one task that were written independently of each other."""
    return [Work(path.stem, [path.read_text(encoding="utf-8")]) for path in sorted((ROOT / "solutions" / exercise / "variants").glob("*.py"))]


def disguised(code: str) -> str:
    """The same code under other names, with other comments and line breaks."""
    names = sorted(set(re.findall(r"^    (\w+) = ", code, re.MULTILINE)))
    for number, name in enumerate(names):
        code = re.sub(rf"\b{name}\b", f"my_{number}", code)
    return "# all my own work\n" + re.sub(r"\n    return", "\n\n    # done\n    return", code)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_disguised_copy_is_told_and_independent_answers_are_not(exercise):
    works = variants(exercise)
    starter = [module(f"exercises/{exercise}/starter.py")]
    copy = Work("copy", [disguised(works[0].cells[0])])
    assert [pair.students for pair in similar_pairs(works, starter)] == []
    assert [set(pair.students) for pair in similar_pairs([*works, copy], starter)] == [{works[0].student, "copy"}]


def test_a_notebook_and_a_module_are_compared():
    work = variants("exercise_11")[0]
    cells = re.split(r"\n(?=def )", work.cells[0])
    pair, = similar_pairs([work, Work("cells", cells)], [])
    assert set(pair.students) == {work.student, "cells"} and min(pair.shares) > 0.9


def test_the_starter_is_nobodys_own():
    starter = module("exercises/exercise_11/starter.py")
    assert similar_pairs([Work("kim", starter), Work("lee", starter)], [starter]) == []


def test_what_many_write_alike_is_nobodys_own_but_whole_copies_are_told():
    common = variants("exercise_11")[0].cells[0]
    own = [f"\n\ndef extra_{name}(a, b):\n" + "\n".join(f"    a = a {sign} {number} * b" for number, sign in enumerate(signs * 5)) + "\n    return a\n"
           for name, signs in zip("abcdef", ("+-", "-*", "*/", "/+", "**-", "//%"), strict=True)]
    works = [Work(f"student_{number}", [common + text]) for number, text in enumerate(own)]
    assert similar_pairs(works, []) == []
    again = [Work(f"copy_{number}", [disguised(common)]) for number in range(6)]
    assert len(similar_pairs([*works, *again], [])) == 5


@pytest.mark.parametrize("code", ["", "x = 1", "def (:\n", "\x00" * 1000, "(" * 50_000, "'''" * 9_999, "김" * 200_000])
def test_any_text_can_be_compared(code):
    assert isinstance(similar_pairs([Work("kim", [code]), Work("lee", [code]), variants("exercise_03")[0]], []), list)


def test_the_pairs_are_written_as_csv_without_formulas():
    pair, = similar_pairs([Work("=1+1", module("solutions/exercise_03/solution.py")), Work("lee", module("solutions/exercise_03/solution.py"))], [])
    assert render_similar({"exercise_03": [pair]}).splitlines()[1:] == ["\"exercise_03\",\"'=1+1\",\"1.00\",\"lee\",\"1.00\""]
