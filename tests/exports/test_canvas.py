"""Canvas gets its own file back: with the points where they belong, and else as it was to the byte."""

import csv
import io
import re
from dataclasses import replace

import pytest

from grader.entries import Student
from grader.errors import UsageError
from grader.exports.canvas import fill_canvas, names_of
from grader.exports.filling import Filled
from grader.exports.sheet import read_sheet
from tests.exports.readers import canvas_grade, import_canvas
from tests.exports.samples import CANVAS, CHOI, CLASS, GERMAN_CANVAS, LEE, PARK, TITLES, entry, missing

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,exercise_03 (9001)\n"


def fill(text: str, entries=CLASS, titles=TITLES, columns=None, scale=False) -> Filled:
    return fill_canvas(read_sheet(text.encode(), "c.csv"), entries, titles, columns or {}, scale=scale)


def told(filled: Filled) -> dict[str, tuple[str, str]]:
    return {f"{change.whose} {change.column}": (change.old, change.new) for change in filled.changes}


def test_points_are_where_canvas_reads_them_and_nothing_else_changes():
    filled = fill(CANVAS)
    before, after = import_canvas(CANVAS.encode()), import_canvas(filled.content)
    changed = {("101", "9001"): "7.5", ("101", "9002"): "10", ("103", "9002"): "0"}
    assert after.grades == before.grades | changed
    assert after.possible == before.possible and after.new_assignments == []
    expected = CANVAS
    for old, new in (('asks a lot,,"3.5",', 'asks a lot,7.5,"10",'), ("103,2026-3,park,01,,2.00,,", "103,2026-3,park,01,,2.00,0,")):
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert filled.content == expected.encode()


def test_what_is_equal_or_not_there_stays_and_what_is_replaced_is_told():
    filled = fill(CANVAS)
    assert told(filled) == {"kim 6": ("", "7.5"), "kim 7": ("3.5", "10"), "park 7": ("", "0")}  # 6.875 is 6.88 already
    assert [filled.told(change) for change in filled.replaced] == [
        'c.csv:4: Kim, Minsu (kim), Adam steps, part "1" (9002): 3.5 -> 10']
    assert filled.notes == ("c.csv:7: Student, Test: is nobody in the gradebook; left as it is",)


def test_filled_again_nothing_changes():
    once = fill(CANVAS).content
    again = fill(once.decode())
    assert again.changes == () and again.content == once


def test_semicolons_and_decimal_commas_are_kept():
    filled = fill(GERMAN_CANVAS, [entry(), entry(LEE, points=9.0), missing(PARK)])
    assert filled.content == GERMAN_CANVAS.replace(";kim;01;;", ";kim;01;7,5;").encode()
    assert import_canvas(filled.content).grades["101", "9001"] == "7.5"
    assert filled.notes == ("park: has no row in c.csv",)


def test_a_decimal_comma_between_commas_is_quoted():
    text = HEADER + 'Points Possible,,,,,"10,00"\nKim,101,,,,\n'
    assert fill(text, [entry()]).content == text.replace("101,,,,", '101,,,,"7,5"').encode()


@pytest.mark.parametrize("row, whose", [
    ("X,101,,,", "kim"), ("X,,2026-1,,", "kim"), ("X,,,KIM,", "kim"), ('"Kim, Minsu",,,,', "kim"), ("minsu  kim,,,,", "kim"), ("이영희,,,,", "lee"),
    ("X,101,2026-1,someone,", "kim"), ("X,777,2026-2,,", "lee"), ("Dae Choi,555,,,", "choi"),
])
def test_a_row_is_known_by_the_first_that_anybody_is_known_by(row, whose):
    filled = fill(f"{HEADER}{row},\n", [entry(), entry(LEE), entry(CHOI)])
    assert [change.whose for change in filled.changes] == [whose]


@pytest.mark.parametrize("rows, words", [
    (["X,101,2026-2,,"], "ID is that of kim, SIS User ID is that of lee"),
    (["X,101,,lee,"], "ID is that of kim, SIS Login ID is that of lee"),
    (['"Kim, Minsu",999,,,'], "Student is that of kim, but ID is another"),
    (["X,101,,,", "Y,,,kim,"], "lines 2 and 3 are both of kim"),
    (["Nobody,1,2,3,4"], "is nobody in the gradebook"),
    (["Jia Park,,,,"], r"is that of several students \(park, jia\)"),
])
def test_what_could_be_two_students_is_told_and_left(rows, words):
    text = HEADER + "".join(f"{row},\n" for row in rows)
    filled = fill(text, [entry(), entry(LEE), entry(PARK), entry(Student("jia", "Jia Park"))])
    assert filled.changes == () and filled.content == text.encode()
    assert any(re.search(words, note) for note in filled.notes), filled.notes


def test_last_and_first_names_may_be_columns_of_their_own():
    text = "LastName,FirstName,ID,SIS Login ID,Section,exercise_03 (9001)\nKim,Minsu,,,01,\n"
    assert fill(text, [entry()]).content == text.replace("01,", "01,7.5").encode()


@pytest.mark.parametrize("name, forms", [("Anna Maria Kim", {"Anna Maria Kim", "Kim, Anna Maria", "Maria Kim, Anna"}), ("이영희", {"이영희"}), ("", {""})])
def test_names_are_known_as_canvas_writes_them(name, forms):
    assert set(names_of(Student("x", name))) == forms


@pytest.mark.parametrize("header, found", [
    ("exercise_03 (1)", True), ("HW 1: Exercise_03, due Monday (1)", True), ("Softmax that does not break (1)", True), ("깨지지 않는 소프트맥스 (1)", True),
    ("exercise_03", False), ("exercise_033 (1)", False), ("my_exercise_03 (1)", False), ("HW 1 (1)", False),
])
def test_a_column_is_known_by_what_its_title_tells(header, found):
    text = f'Student,ID,SIS Login ID,Section,"{header}",exercise_11 (2)\nX,101,,,,\n'
    filled = fill(text, [entry(), entry(exercise="exercise_11")])
    assert [change.column for change in filled.changes] == ([4, 5] if found else [5])
    assert bool(filled.notes) is not found


def test_the_title_itself_goes_before_one_that_holds_it():
    text = "Student,ID,SIS Login ID,Section,exercise_03 (1),exercise_03 again (2)\nX,101,,,,\n"
    assert [change.column for change in fill(text, [entry()]).changes] == [4]


def test_a_named_column_is_taken():
    text = 'Student,ID,SIS Login ID,Section,HW 3 (1),"HW 3, again (2)"\nX,101,,,,\n'
    assert [change.column for change in fill(text, [entry()], columns={"exercise_03": "hw 3, again (2)"}).changes] == [5]
    assert [change.column for change in fill(text, [entry()], columns={"exercise_03": "HW 3"}).changes] == [4]


@pytest.mark.parametrize("text, columns, words", [
    ("Student,ID,SIS Login ID,Section,exercise_03 a (1),exercise_03 b (2)\n", {}, "could be exercise_03 a .1. or exercise_03 b .2.; say which"),
    ("Student,ID,SIS Login ID,Section,exercise_03 and exercise_11 (1)\n", {}, "could be exercise_03 or exercise_11"),
    ("Student,ID,SIS Login ID,Section,HW (1)\n", {}, "has no column for exercise_03, exercise_11"),
    ("Student,ID,SIS Login ID,Section,HW (1)\n", {"exercise_03": "HW (2)"}, "has no assignment 'HW .2.'"),
    ("Student,ID,SIS Login ID,Section,HW (1)\n", {"exercise_99": "HW (1)"}, "nobody in the gradebook has it"),
    ("Student,ID,SIS Login ID,Section,HW (1),Final Score\n", {"exercise_03": "Final Score"}, "is a total"),
    ("Student,ID,SIS Login ID,Section,HW (1)\n  Points Possible,,,,(read only)\n", {"exercise_03": "HW"}, "is read only"),
    ("Student,ID,SIS Login ID,exercise_03 (1)\n", {}, "is not the header of a Canvas gradebook"),
    ("Identifier,Grade,Section\n", {}, "is not the header of a Canvas gradebook"),
    ("Student,ID,SIS Login ID,Section,exercise_03 (1)\n  Points Possible,,,,5\n", {}, "is out of 5, exercise_03 out of 10; give --scale"),
    ("Student,ID,SIS Login ID,Section,exercise_03 (1)\n  Points Possible,,,,0.00\n", {}, "set its points in the platform first"),
])
def test_what_cannot_be_filled_is_one_line(text, columns, words):
    with pytest.raises(UsageError, match=words) as error:
        fill(text, columns=columns)
    assert "\n" not in str(error.value)


def test_points_are_converted_where_that_is_asked():
    text = HEADER + "Points Possible,,,,,3\nX,101,,,,\nY,102,,,,\n"
    filled = fill(text, [entry(), entry(LEE, points=1.0, max_points=8.0)], scale=True)
    assert [change.new for change in filled.changes] == ["2.25", "0.38"]
    with pytest.raises(UsageError, match="leave --scale out"):
        fill(HEADER + "X,101,,,,\n", [entry()], scale=True)
    with pytest.raises(UsageError, match="set its points"):
        fill(HEADER + "Points Possible,,,,,0\n", [entry()], scale=True)


@pytest.mark.parametrize("cell, words", [("EX", "is excused"), ("ex", "is excused"), ("N/A", "is not assigned")])
def test_what_the_teacher_decided_stays(cell, words):
    text = f"{HEADER}X,101,,,,{cell}\n"
    filled = fill(text, [entry()])
    assert filled.content == text.encode() and words in filled.notes[0]


def test_a_row_without_the_cell_is_told():
    filled = fill(HEADER + "X,101\n", [entry()])
    assert filled.changes == () and "has no such cell" in filled.notes[0]


def test_hostile_names_stay_text():
    student = Student("=1+1", "\x1b[31m::error::x")
    filled = fill(HEADER + "\x1b[31m::error::x,,,,,3\n", [replace(entry(), student=student)])
    line = filled.told(filled.changes[0])
    assert line.isprintable() and line.startswith("c.csv:2: ")


def test_a_thousand_rows_come_back_as_they_should():
    students = [Student(f"s{number}", f"Name {number}", platform_id=str(number)) for number in range(1000)]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER.strip().split(","))
    writer.writerows([student.name, student.platform_id, "", student.login, "01", ""] for student in students)
    filled = fill(text.getvalue(), [entry(student, points=number % 11 / 1.1) for number, student in enumerate(students)])
    found = import_canvas(filled.content).grades
    assert all(abs(float(found[student.platform_id, "9001"]) - number % 11 / 1.1) <= 0.005 for number, student in enumerate(students))


def test_the_reader_of_these_tests_takes_numbers_as_canvas_does():
    assert [canvas_grade(text) for text in ("7,5", "1.234,5", "EX", " 3 ", "")] == ["7.5", "1234.5", "EX", "3", ""]
