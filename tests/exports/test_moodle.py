"""Moodle gets its own worksheet back with the grades in it, or a table that its gradebook imports as a whole."""

import pytest

from grader.entries import Student
from grader.errors import UsageError
from grader.exports.filling import Filled
from grader.exports.moodle import comment, fill_worksheet, render_import
from grader.exports.sheet import read_sheet
from tests.exports.readers import import_moodle_gradebook, import_worksheet
from tests.exports.samples import CLASS, KIM, WORKSHEET, entry, grades, missing

ENGLISH = ("Identifier", "Grade", "Last modified (grade)", "Feedback comments")
SITES = {  # the columns that Moodle looks for, its word for a participant, its decimal sign
    "en": (*ENGLISH, "Participant ", "."),
    "ko": ("식별자", "성적", "마지막 수정됨(성적)", "피드백 코멘트", "참가자", "."),
    "de": ("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar", "Teilnehmer/in", ","),
    "nl": ("Identificatie", "Cijfer", "Laatst gewijzigd (beoordeling)", "Feedback tekstvak", "Deelnemer", ","),
    "es": ("Identificador", "Calificación", "Última modificación (calificación)", "Comentarios de retroalimentación", "Participante", ","),
    "fr": ("Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires", "Participant", ","),
    "ru": ("Идентификатор", "Оценка", "Последнее изменение (оценка)", "Отзыв в виде комментария", "Участник", ","),
    "ja": ("ID", "評点", "最終更新日時 (評定)", "フィードバックコメント", "参加者", "."),
    "zh": ("标识符", "成绩", "上次修改（评分）", "反馈意见", "参与人", "."),
}
ENTRIES = [one for one in CLASS if one.exercise == "exercise_03"]


def fill(text: str, entries=ENTRIES, column=None, scale=False, comments=None) -> Filled:
    return fill_worksheet(read_sheet(text.encode(), "w.csv"), entries, grade_column=column, scale=scale, comments=comments)


def test_grades_are_where_moodle_reads_them_and_nothing_else_changes():
    filled = fill(WORKSHEET)
    assert filled.content == WORKSHEET.replace("grading,,10.00", "grading,7.5,10.00").replace(",3.00,", ",6.88,").encode()
    before, after = (import_worksheet(raw, ENGLISH, "Participant") for raw in (WORKSHEET.encode(), filled.content))
    assert [(who, grade.grade) for who, grade in after.items()] == [("101", "7.5"), ("500", "6.88"), ("103", "")]
    assert [grade.modified for grade in after.values()] == [grade.modified for grade in before.values()]
    assert filled.notes == ()
    assert fill(filled.content.decode()).changes == ()


@pytest.mark.parametrize("site", SITES)
def test_every_sites_worksheet_is_filled(site):
    identifier, grade, modified, comments, word, sign = SITES[site]
    row = f'{word}101,Minsu Kim,x,"0{sign}00","10{sign}00",x,-,\n{word}7,Lee,x,,"10{sign}00",x,-,\n'
    text = f"{identifier},Name,Status,{grade},Max,x,{modified},{comments}\n{row}"
    filled = fill(text, [entry()], comments={"kim": "Good"})
    found = import_worksheet(filled.content, (identifier, grade, modified, comments), word, sign)
    assert (found["101"].grade, found["101"].comment, found["7"].grade) == ("7.5", "Good", "")
    assert filled.content == text.replace(f'"0{sign}00"', f'"7{sign}5"').replace("x,-,\n", "x,-,Good\n", 1).encode()


def test_an_unknown_name_of_the_grade_is_asked_for():
    text = WORKSHEET.replace(",Grade,", ",Punkte,")
    with pytest.raises(UsageError, match="no column that could be the grade; name the grade's column with --column"):
        fill(text)
    assert fill(text, column="punkte").content == fill(WORKSHEET).content.replace(b",Grade,", b",Punkte,")
    with pytest.raises(UsageError, match="no column Note"):
        fill(text, column="Note")


@pytest.mark.parametrize("student, words", [
    (Student("x", id="2026-2"), None), (Student("X", email="LEE@x.kr"), None), (Student("2026-2"), None),
    (Student("x", platform_id="500"), None), (Student("이영희"), None), (Student("x", "Somebody"), "is nobody"),
    (Student("x", platform_id="101", id="2026-2"), "lines 2 and 3 are both of x"),
])
def test_a_participant_is_known_by_number_or_by_what_the_sheet_tells(student, words):
    filled = fill(WORKSHEET, [entry(student)])
    if words:
        assert filled.changes == () and any(words in note for note in filled.notes)
    else:
        assert [change.row.line for change in filled.changes] == [3]


def test_a_number_that_is_not_that_of_the_address_is_told():
    students = [Student("kim", platform_id="500", email="kim@x.kr"), Student("lee", email="lee@x.kr")]
    filled = fill(WORKSHEET, [entry(student) for student in students])
    assert any("Identifier is that of kim, Email address is that of lee" in note for note in filled.notes)
    assert [change.row.line for change in filled.changes] == [2]


@pytest.mark.parametrize("text, words", [
    ("a,b\n1,2\n", "has no column of participants"), ("Identifier,Grade\n", "has no column of participants"),
    ("Identifier,Grade\nParticipant 1,\nStudent 2,\n", "has no column of participants"),
    ("Identifier,Grade,Note\nParticipant 1,,\n", "several columns that could be the grade"),
    (WORKSHEET.replace("10.00", "100.00"), "is out of 100, exercise_03 out of 10; give --scale"),
])
def test_what_cannot_be_filled_is_one_line(text, words):
    with pytest.raises(UsageError, match=words) as error:
        fill(text)
    assert "\n" not in str(error.value)


def test_grades_are_converted_where_that_is_asked():
    assert [change.new for change in fill(WORKSHEET.replace("10.00", "100.00"), scale=True).changes] == ["75", "68.75"]


def test_a_sheet_without_a_maximum_is_told():
    filled = fill("Identifier,Grade\nParticipant 101,\n", [entry()])
    assert [change.new for change in filled.changes] == ["7.5"] and "does not say what the grade is out of" in filled.notes[0]


def test_comments_without_a_column_are_one_line():
    with pytest.raises(UsageError, match="no column for feedback comments"):
        fill(WORKSHEET.replace(",Feedback comments", ",Other"), comments={})


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", grades("en"))
def test_a_comment_is_one_harmless_line(name, lang):
    text = comment(entry(), grades(lang)[name])
    assert text.isprintable() and 3 < len(text) < 2000 and "<" not in text and text[0] not in "=+-@"


def test_a_comment_tells_the_points_what_lateness_took_and_the_worst_problem():
    text = comment(entry(points=4.25, earned=8.5, days_late=2), grades("en")["one_mistake"])
    assert text == ("4.25 / 10 · 2 days late: 8.5 points become 4.25 · 200 Adam steps (state handed on) 0/1.5: "
                    "Returns the corrected m and s, so the next step corrects twice.")


def test_the_gradebook_imports_all_or_nothing_and_here_it_is_all():
    text = render_import([*CLASS, entry(Student("=cmd", "x"), points=11.0), missing(KIM, "exercise_12")])
    users = {"kim", "lee", "park", "'=cmd"}
    assert import_moodle_gradebook(text.encode(), users, 10.0) == {
        **{(user, exercise): None for user in users for exercise in ("exercise_03", "exercise_11", "exercise_12")},
        ("kim", "exercise_03"): 7.5, ("kim", "exercise_11"): 10.0, ("lee", "exercise_03"): 6.875, ("park", "exercise_11"): 0.0,
        ("'=cmd", "exercise_03"): 10.0}
    assert text.splitlines()[1] == "kim,kim@x.kr,2026-1,7.5,10,-"


def test_an_empty_gradebook_is_a_header():
    assert render_import([]) == "username,email,idnumber\r\n"


