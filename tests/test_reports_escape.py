"""Student text reaches a report only as harmless, bounded text."""

import unicodedata

import pytest
from hypothesis import given

from grader.reports.escape import plain, plain_lines, without_commands
from tests.report_strategies import quick, texts


@pytest.mark.parametrize(("text", "shown"), [
    ("plain", "plain"),
    ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
    ("bell\x07 null\x00 delete\x7f csi\x9b2J", "bell\\x07 null\\x00 delete\\x7f csi\\x9b2J"),
    ("abc\u202efdp.exe\u2066", "abc\\u202efdp.exe\\u2066"),
    ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
    ("one\r\ntwo\nthree\tfour\u2028five", "one two three four five"),
    ("lone \ud800 and \ufffe", "lone \\ud800 and \\ufffe"),
    ("tag \U000e0041", "tag \\U000e0041"),
    ("[bold]<b>&amp;]]>", "[bold]<b>&amp;]]>"),
    ("Z" + "\u0337" * 40, "Z" + "\u0337" * 3),
    ("한글 \u1112\u1161\u11ab", "한글 한"),
    ("no\u00a0break\u3000space", "no break space"),
])
def test_text_is_made_visible_or_kept(text: str, shown: str) -> None:
    assert plain(text, 100) == shown


def test_text_is_cut_at_the_limit() -> None:
    assert plain("abcdef", 6) == "abcdef"
    assert plain("abcdefg", 6) == "abcde…"
    assert len(plain("\x1b" * 10**7, 50)) == 50


@quick
@given(texts)
def test_nothing_invisible_passes(text: str) -> None:
    for line in (plain(text, 80), *plain_lines([text], 80, 5)):
        assert len(line) <= 80
        assert not {unicodedata.category(char) for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        line.encode()


def test_lines_keep_indentation_and_the_last_ones() -> None:
    assert plain_lines(["def f():\n\treturn 1", "", "  x = 2"], 40, 9) == ("def f():", "    return 1", "  x = 2")
    assert plain_lines([str(number) for number in range(9)], 40, 2) == ("7", "8")


@pytest.mark.parametrize(("line", "harmless"), [
    ("::error::x", "∶:error::x"),
    ("   ::set-output name=a::b", "   ∶:set-output name=a::b"),
    ("a[::2] and b::c", "a[::2] and b::c"),
    ("x ##[error]y", "x # [error]y"),
])
def test_ci_runners_see_no_commands(line: str, harmless: str) -> None:
    assert without_commands(line) == harmless
    assert len(harmless) == len(line)
