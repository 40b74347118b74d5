"""What GitHub Actions gets: commands that its runner reads as they were meant, and summaries within the limits."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.entries import Student
from grader.exports.github import (
    MAX_SUMMARY,
    Annotation,
    annotate,
    annotate_class,
    render_annotations,
    summarise,
    summarise_class,
)
from grader.verdict import CheckResult, Counterexample, RunError, SubmissionInfo, Verdict
from tests.exports.readers import workflow_command
from tests.exports.samples import CLASS, KIM, LEE, PARK, entry, grades, missing
from tests.report_samples import HOSTILE, LANGUAGES
from tests.report_strategies import grades as any_grades
from tests.report_strategies import quick

SOURCE = "import numpy as np\n\n\ndef adam_step(theta):\n    return theta\n"
nasty = st.text(st.sampled_from(list("%:,\r\n=x 25AD한")), max_size=12)


def module(name: str, lang: str = "en"):
    grade = grades(lang)[name]
    return replace(grade, submission=SubmissionInfo("exercise_11.py", grade.submission.sha256, "module"))


@given(st.builds(Annotation, st.sampled_from(["error", "warning"]), nasty.filter(bool), nasty.filter(bool), nasty,
                 st.one_of(st.none(), st.integers(1, 99))))
def test_the_runner_reads_every_annotation_as_it_was_meant(annotation):
    line = annotation.render()
    assert "\n" not in line and "\r" not in line
    command = workflow_command(line)
    assert command is not None and command.name == annotation.level and command.message == annotation.message
    expected = {"file": annotation.file, "title": annotation.title}
    assert command.properties == expected | ({"line": str(annotation.line)} if annotation.line else {})


def test_the_documented_escapes():
    line = Annotation("error", "a,b:c.py", "50%: x", "100%\r\n::error::x", 3).render()
    assert line == "::error file=a%2Cb%3Ac.py,line=3,title=50%25%3A x::100%25%0D%0A::error::x"


@quick
@given(any_grades)
def test_whatever_a_student_wrote_there_are_only_our_commands(grade):
    text = render_annotations(annotate(grade), grade.lang)
    commands = [workflow_command(line) for line in text.splitlines()]
    assert all(command is not None and command.name in ("error", "warning") for command in commands)
    assert text.count("\n") == len(commands) <= 20


def test_a_failed_check_is_an_error_where_its_function_is():
    (line,) = render_annotations(annotate(module("one_mistake"), SOURCE), "en").splitlines()
    command = workflow_command(line)
    assert command.properties == {"file": "exercise_11.py", "line": "4", "title": "200 Adam steps (state handed on) 0/1.5"}
    assert command.message.startswith("Returns the corrected m and s") and "\n" in command.message


def test_an_error_is_where_it_was_raised():
    check = CheckResult("a", "A", Verdict.FAILED, 0.0, 1.0, "raised", traceback=("3: f(x)", "5: return theta"))
    grade = replace(module("one_mistake"), checks=(check,))
    assert [annotation.line for annotation in annotate(grade, SOURCE)] == [5]
    ended = replace(module("crashed"), error=RunError("module_failed", "it ended", None, ("2: import y",)))
    assert annotate(ended)[0].line == 2


def test_in_a_notebook_no_line_is_told():
    assert {annotation.line for annotation in annotate(grades("en")["many_mistakes"], SOURCE)} == {None}


def test_full_points_need_no_annotation_and_an_untouched_file_one():
    assert annotate(module("full_points")) == []
    assert [annotation.level for annotation in annotate(module("untouched"))] == ["warning"]


def test_ten_errors_are_shown_and_the_last_says_how_many_there_are():
    check = CheckResult("a", "A", Verdict.FAILED, 0.0, 1.0, counterexample=Counterexample("f(1)", "1", "2"))
    grade = replace(module("one_mistake"), checks=tuple(replace(check, id=f"c{number}") for number in range(14)),
                    notices=(RunError("x", "y"),) * 12)
    commands = [workflow_command(line) for line in render_annotations(annotate(grade), "en").splitlines()]
    for level, rest in (("error", 5), ("warning", 3)):
        found = [command for command in commands if command.name == level]
        assert len(found) == 10 and found[-1].message == f"and {rest} more: see the summary."


def test_of_a_class_a_teacher_hears_what_needs_a_look():
    found = annotate_class([*CLASS, entry(LEE, "exercise_12", 2.0, verdict="crashed")], "en")
    assert [(one.level, one.title, one.message) for one in found] == [
        ("error", "park exercise_03", "not graded"), ("warning", "lee exercise_12", "crashed")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_class_is_a_table(lang):
    lines = summarise_class(CLASS, lang).splitlines()
    assert {line.count(" | ") for line in lines} == {3}
    assert lines[2].startswith("| kim | 7.5 / 10 | 10 / 10 | 17.5")
    assert "⚠️" in lines[4] and ("Missing" if lang == "en" else "미제출") in lines[3]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", grades("ko"))
def test_a_grade_is_a_table_of_its_checks(name, lang):
    grade = grades(lang)[name]
    rows = [line for line in summarise(grade).splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + len(grade.checks)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_nothing_hostile_is_markup():
    grade = grades("en")["hostile"]
    text = summarise(grade) + summarise_class([entry(Student(HOSTILE))], "en")
    unescaped = re.sub(r"\\.|<br>", "", text)
    assert not re.search("[<>`\\[\\]{}~]", unescaped) and "\x1b" not in text


@pytest.mark.parametrize("room", [MAX_SUMMARY, 5000, 400, 100, 10, 0])
def test_a_summary_fits_in_and_says_that_it_was_cut(room):
    entries = [entry(Student(f"학생{number}")) for number in range(40_000)]
    text = summarise_class(entries, "ko", room)
    assert len(text.encode()) <= room
    assert text == "" or "나머지는 생략했습니다" in text
    assert room < 1000 or len(text.encode()) > room - 200
    one = summarise(grades("ko")["many_mistakes"], room)
    assert len(one.encode()) <= room


def test_a_summary_that_fits_is_whole():
    assert "left out" not in summarise_class(CLASS, "en", 10_000)
    assert summarise_class([missing(KIM), missing(PARK)], "en").count("Missing") == 2
