"""`grade export FORMAT` from a gradebook to a file: what is written, what is told, and what is one line."""

import csv
import io
import json
import os
import stat
from pathlib import Path

import jsonschema
import pytest

from grader.commands.files import write_file
from grader.entries import Roster, Student
from grader.errors import UsageError
from grader.exports.github import MAX_SUMMARY
from grader.gradebook import Attempt, Gradebook
from grader.reports.details import render_details
from grader.reports.record import render_record
from grader.verdict import Grade
from tests.conftest import ROOT
from tests.exports import test_junit
from tests.exports.readers import SCORED, import_canvas, workflow_command
from tests.exports.samples import CANVAS, KIM, LEE, PARK, WORKSHEET, grades

FORMATS = ("canvas", "csv", "github", "gradescope", "junit", "moodle")


def attempt(student: str, exercise: str, grade: Grade, platform_id: str | None = None) -> Attempt:
    return Attempt(
        student=student, exercise=exercise, sha256=f"{student}{exercise}", exercise_version="v1", toolkit_version="0.1", seed=5, round=0,
        path=f"{student}/{exercise}.py", platform_id=platform_id, late=None, handed_in=1772400000.0, verdict=str(grade.verdict),
        points=grade.points, max_points=10.0, duration_s=0.5, graded_at=1772500000.0, record=render_record(grade),
        details=render_details(grade))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The gradebook of three students: two exercises, one grade that we could not give."""
    found = grades("en")
    with Gradebook.in_folder(tmp_path / "grades") as book:
        book.keep_roster(Roster((KIM, LEE, PARK)))
        for student, exercise, name in (("kim", "exercise_03", "exercise_03"), ("kim", "exercise_11", "one_mistake"),
                                        ("lee", "exercise_11", "full_points"), ("park", "exercise_11", "not_graded")):
            assert book.add(attempt(student, exercise, found[name]))
    return tmp_path / "grades"


@pytest.fixture
def export(grade, out, tmp_path):
    """Run an export of this gradebook with the course's titles."""
    def run(*arguments: object):
        return grade("export", *arguments, "-o", out, "--course", ROOT, cwd=tmp_path)

    return run


def one_line(text: str) -> str:
    (line,) = text.strip().splitlines()
    return line


# --- what every format has -------------------------------------------------------------------------------------------

def test_formats_are_told(grade, tmp_path):
    answer = grade("export", cwd=tmp_path)
    assert answer.code == 2 and one_line(answer.err).startswith("grade: export: say which format: ")
    assert all(name in answer.err for name in FORMATS)
    answer = grade("export", "xlsx", cwd=tmp_path)
    assert answer.code == 2 and "xlsx" in one_line(answer.err)


@pytest.mark.parametrize("arguments", [["csv"], ["canvas", "--fill", "c.csv"], ["moodle"], ["gradescope"], ["junit"], ["github"]], ids=str)
def test_without_a_gradebook_it_is_told_how_to_make_one(grade, tmp_path, arguments):
    (tmp_path / "c.csv").write_text(CANVAS, encoding="utf-8")
    answer = grade("export", *arguments, "-o", tmp_path / "none", cwd=tmp_path)
    assert answer.code == 2 and "grade batch SUBMISSIONS" in one_line(answer.err)


@pytest.mark.parametrize("arguments", [["csv"], ["canvas", "--fill", "c.csv"], ["moodle"], ["gradescope", "--student", "lee"], ["junit"], ["github"]], ids=str)
def test_a_file_is_the_same_as_standard_output(export, tmp_path, arguments, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    (tmp_path / "c.csv").write_text(CANVAS, encoding="utf-8", newline="")
    printed, dashed = export(*arguments), export(*arguments, "--to", "-")
    written = export(*arguments, "--to", "there")
    assert (printed.code, dashed.code, written.code, written.out) == (0, 0, 0, ""), (printed.err, written.err)
    assert (tmp_path / "there").read_bytes().decode() == printed.out == dashed.out != ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.csv", "grades", "there"]


def test_the_table_is_as_it_was(export):
    rows = list(csv.reader(io.StringIO(export("csv").out, newline="")))
    assert rows[0][:4] == ["student", "exercise", "points", "max_points"]
    assert [row[:4] for row in rows[1:3]] == [["kim", "exercise_03", "7.5", "10"], ["kim", "exercise_11", "8.5", "10"]]


@pytest.mark.parametrize("arguments", [["moodle"], ["junit"], ["github"], ["canvas", "--fill", "c.csv"], ["gradescope"]], ids=str)
def test_an_exercise_that_nobody_has_is_one_line(export, tmp_path, arguments):
    (tmp_path / "c.csv").write_text(CANVAS, encoding="utf-8")
    answer = export(*arguments, "-e", "exercise_12")
    assert answer.code == 2 and "exercise_12: is not in the gradebook; there are exercise_03, exercise_11" in one_line(answer.err)


def test_a_record_that_cannot_be_read_is_one_line(export, out):
    with Gradebook.in_folder(out) as book:
        broken = attempt("choi", "exercise_11", grades("en")["full_points"])
        broken.record = '{"schema": "grade/9"}'
        book.add(broken)
    answer = export("junit")
    assert answer.code == 2 and "of choi: not a record" in one_line(answer.err)


# --- Canvas and Moodle -----------------------------------------------------------------------------------------------

def test_canvas_is_filled_by_the_courses_titles(export, tmp_path):
    text = CANVAS.replace("Adam steps, part", "Adam, Adamax and Nadam steps, part")
    (tmp_path / "c.csv").write_bytes(text.encode())
    answer = export("canvas", "--fill", "c.csv", "--to", "filled.csv")
    assert answer.code == 0, answer.err
    found = import_canvas((tmp_path / "filled.csv").read_bytes()).grades
    assert {place: found[place] for place in (("101", "9001"), ("101", "9002"), ("102", "9002"), ("103", "9002"))} == {
        ("101", "9001"): "7.5", ("101", "9002"): "8.5", ("102", "9002"): "10", ("103", "9002"): ""}
    assert answer.err.splitlines()[-1] == "3 cells change, 1 of them replace another value"
    assert "replaced: c.csv:4: Kim, Minsu (kim), Adam, Adamax and Nadam steps" in answer.err and "nobody in the gradebook" in answer.err


def test_a_dry_run_prints_every_change_and_writes_nothing(export, tmp_path):
    (tmp_path / "c.csv").write_bytes(CANVAS.encode())
    answer = export("canvas", "--fill", "c.csv", "-e", "exercise_03", "--dry-run", "--to", "filled.csv")
    assert answer.code == 0
    assert answer.out == "c.csv:4: Kim, Minsu (kim), HW 1: exercise_03 (9001): empty -> 7.5\n"
    assert answer.err.endswith("1 cells change, 0 of them replace another value; nothing was written\n")
    assert not (tmp_path / "filled.csv").exists() and (tmp_path / "c.csv").read_bytes() == CANVAS.encode()


def test_a_file_may_be_filled_in_place(export, tmp_path):
    path = tmp_path / "c.csv"
    path.write_bytes(CANVAS.encode())
    path.chmod(0o640)
    assert export("canvas", "--fill", path, "-e", "exercise_03", "--to", path).code == 0
    assert path.read_bytes() == CANVAS.replace("asks a lot,,", "asks a lot,7.5,").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("arguments, words", [
    (["canvas"], "export the gradebook from Canvas"), (["canvas", "--fill", "none.csv"], "none.csv: cannot be read"),
    (["canvas", "--fill", "c.csv", "--column", "exercise_03"], "write it like"), (["canvas", "--fill", "c.csv", "--to", "no/where.csv"], "cannot be written"),
    (["moodle", "--fill", "w.csv"], "say with -e EXERCISE which"), (["moodle", "--dry-run"], "give it with --fill"), (["moodle", "--comments"], "give it with --fill"),
    (["moodle", "--fill", "c.csv", "-e", "exercise_11"], "no column of participants"),
    (["gradescope"], "attempts could be meant"), (["gradescope", "--student", "nobody"], "nobody: is nobody in the gradebook"),
    (["gradescope", "--student", "lee", "-e", "exercise_03"], "0 attempts could be meant"), (["gradescope", "--bundle", "exercise_11"], "say where with --to"),
], ids=str)
def test_bad_usage_is_one_line(export, tmp_path, arguments, words):
    (tmp_path / "c.csv").write_bytes(CANVAS.encode())
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode())
    answer = export(*arguments)
    assert answer.code == 2 and words in answer.err.splitlines()[-1] and answer.out == ""


def test_the_worksheet_is_filled_with_comments(export, tmp_path):
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode())
    answer = export("moodle", "--fill", "w.csv", "-e", "exercise_11", "--comments")
    rows = list(csv.reader(io.StringIO(answer.out, newline="")))
    assert [(row[5], row[10]) for row in rows[1:]] == [
        ("8.5", "8.5 / 10 · 200 Adam steps (state handed on) 0/1.5: Returns the corrected m and s, so the next step corrects twice."),
        ("10", "10 / 10 · Full points! Every check passed."), ("", "")]
    assert "replaced: w.csv:3: Participant 500 (lee), Feedback comments: Good -> 10 / 10" in answer.err


def test_what_was_handed_in_tells_moodles_number_better_than_the_roster(export, out, tmp_path):
    """That number is another one in each assignment."""
    with Gradebook.in_folder(out) as book:
        book.keep_roster(Roster((Student("kim", platform_id="103"), Student("lee", platform_id="102"))))
        book.add(attempt("kim", "exercise_12", grades("en")["full_points"], platform_id="101"))
    (tmp_path / "w.csv").write_bytes(WORKSHEET.encode())
    answer = export("moodle", "--fill", "w.csv", "-e", "exercise_12", "--dry-run")
    assert answer.out == "w.csv:2: Participant 101 (kim), Grade: empty -> 10\n"


# --- Gradescope, JUnit, GitHub ---------------------------------------------------------------------------------------

def test_one_students_results_are_what_gradescope_takes(export):
    found = json.loads(export("gradescope", "--student", "kim", "-e", "exercise_11").out)
    jsonschema.validate(found, SCORED)
    assert found["score"] == 8.5 and "Returns the corrected m and s" in found["output"]


def test_the_class_as_junit_follows_the_schema(export):
    root = test_junit.read(export("junit").out)
    assert [suite.get("name") for suite in root] == ["kim.exercise_03", "kim.exercise_11", "lee.exercise_11", "park.exercise_11"]
    assert int(root.get("errors")) >= 1


def test_a_step_gets_its_summary_and_annotations(export, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = export("github", "--lang", "en")
    assert answer.code == 0 and answer.out == ""
    assert summary.read_text(encoding="utf-8").startswith("before\n| Student | exercise\\_03 | exercise\\_11 | Total |")
    (command,) = map(workflow_command, answer.err.splitlines())
    assert (command.name, command.properties) == ("error", {"file": "park/exercise_11.py", "title": "park exercise_11"})


def test_a_full_summary_stays_within_the_limit(export, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (MAX_SUMMARY - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    assert export("github", "--lang", "en").code == 0
    assert summary.stat().st_size <= MAX_SUMMARY and b"The rest is left out" in summary.read_bytes()


def test_a_single_grade_annotates_the_students_file(grade, tmp_path, monkeypatch):
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    source = (ROOT / "solutions/exercise_05/mutants/no_bias.py").read_text(encoding="utf-8")
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "exercise_05.py").write_text(source, encoding="utf-8")
    answer = grade("exercise_05", "--github", "--lang", "en", "--course", ROOT, cwd=tmp_path / "work")
    commands = [workflow_command(line) for line in answer.err.splitlines() if line.startswith("::")]
    assert answer.code == 1 and commands
    assert {command.properties["file"] for command in commands} == {"work/exercise_05.py"}
    assert all(source.splitlines()[int(command.properties["line"]) - 1].startswith("def ") for command in commands)
    assert "Biases are not counted" in summary.read_text(encoding="utf-8")
    assert not [line for line in answer.out.splitlines() if workflow_command(line)]


def test_without_a_runner_there_is_no_summary(grade, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    answer = grade("exercise_05", ROOT / "solutions/exercise_05/solution.py", "--github", "-q")
    assert answer.code == 0 and "::" not in answer.err


# --- writing ---------------------------------------------------------------------------------------------------------

def test_a_file_is_replaced_at_once(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_file(path, b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.parametrize("fault", ["write", "replace"])
def test_where_writing_fails_the_old_file_stays_and_it_is_one_line(tmp_path, monkeypatch, fault):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", full) if fault == "write" else (Path, "replace", full)))
    with pytest.raises(UsageError, match=r"file: cannot be written \(No space left on device\)$"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_device_is_written_to():
    write_file(Path("/dev/null"), b"new")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(UsageError, match=r"^/dev/full: cannot be written"):
        write_file(Path("/dev/full"), b"new")
