"""A sheet is read as others read CSV, and where nothing changes it is the same to the byte."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.exports.sheet import Change, number_of, points_text, read_sheet
from tests.report_strategies import quick

cells = st.text(st.sampled_from(list('ab,;"\r\n\t =한é😀\u2028')), max_size=6)
tables = st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=5)


def written(table: list[list[str]], delimiter: str, ending: str, quoting: int) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows([["first", "second"], *table])
    return text.getvalue()


@quick
@given(tables, st.sampled_from(",;\t"), st.sampled_from(["\r\n", "\n", "\r"]),
       st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(["", "\ufeff"]), st.booleans())
def test_any_table_is_read_as_the_csv_module_reads_it(table, delimiter, ending, quoting, bom, ends):
    text = written(table, delimiter, ending, quoting)
    text = text if ends else text.removesuffix(ending)
    sheet = read_sheet((bom + text).encode(), "x.csv")
    assert sheet.delimiter == delimiter
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    assert [[cell.text for cell in row.cells] or [""] for row in sheet.rows] == [row or [""] for row in expected]
    assert sheet.filled([]) == (bom + text).encode()


@quick
@given(tables, cells, st.sampled_from(",;"), st.data())
def test_one_changed_cell_changes_nothing_else(table, new, delimiter, data):
    raw = written(table, delimiter, "\r\n", csv.QUOTE_MINIMAL).encode()
    sheet = read_sheet(raw, "x.csv")
    row = data.draw(st.sampled_from(sheet.rows))
    column = data.draw(st.integers(0, len(row.cells) - 1))
    filled = sheet.filled([Change(row, column, new, "kim")])
    place = len(sheet.text[:row.cells[column].start].encode())
    rest = len(sheet.text[row.cells[column].end:].encode())
    assert filled[:place] == raw[:place] and filled[len(filled) - rest:] == raw[len(raw) - rest:]
    again = list(csv.reader(io.StringIO(filled.decode(), newline=""), delimiter=delimiter, strict=True))
    before = list(csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=delimiter, strict=True))
    assert again[sheet.rows.index(row)][column] == new
    before[sheet.rows.index(row)][column] = new
    assert again == before


def test_lines_are_those_of_the_file():
    sheet = read_sheet(b'a,b\r\n"two\nlines",x\n\nlast,y', "x.csv")
    assert [row.line for row in sheet.rows] == [1, 2, 4, 5]


def test_korean_excels_encoding_is_kept():
    raw = "이름,점수\n김,\n".encode("cp949")
    sheet = read_sheet(raw, "x.csv")
    assert sheet.header[0] == "이름"
    assert sheet.filled([Change(sheet.rows[1], 1, "7.5", "kim")]) == "이름,점수\n김,7.5\n".encode("cp949")
    with pytest.raises(UsageError, match="cp949 has no '😀'"):
        sheet.filled([Change(sheet.rows[1], 1, "😀", "kim")])


@pytest.mark.parametrize("raw, words", [
    (b"", "is empty"), (b"\xef\xbb\xbf \n", "is empty"), (b"one\ntwo\n", "one column only"), ("a,b\n".encode("utf-16"), "neither UTF-8"),
    (b"a,b\n\xff\xfe\x81,\n", "neither UTF-8"), (b'a,b\nx,"no end\nat all', r"x\.csv:2: a quoted cell"), (b'a,b\n"x"y,1\n', r"x\.csv:2: text after"),
], ids=str)
def test_what_is_no_csv_is_told_with_its_line(raw, words):
    with pytest.raises(UsageError, match=words):
        read_sheet(raw, "x.csv")


@pytest.mark.parametrize("points, sign, text", [
    ("7.5", ".", "7.5"), ("7.5", ",", "7,5"), ("10", ".", "10"), ("0", ".", "0"), ("6.875", ".", "6.88"), ("7.125", ".", "7.13"),
    ("3.333333", ",", "3,33"), ("1000", ".", "1000"), ("0.004", ".", "0"),
])
def test_points_have_two_decimals_at_most(points, sign, text):
    assert points_text(Decimal(points), sign) == text


@pytest.mark.parametrize("text, number", [
    ("7.50", "7.5"), ("7,5", "7.5"), (" 10 ", "10"), ("1,234.5", "1234.5"), ("-1", "-1"), ("", None), ("EX", None), ("-", None), (".", None), ("1e3", None),
])
def test_a_number_is_read_with_either_sign(text, number):
    assert number_of(text) == (None if number is None else Decimal(number))
