"""Whose submission to what a file is: every layout of the contract, and what is told of the rest."""

import os
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from grader.entries import Roster, Student
from grader.errors import UsageError
from grader.intake import Intake, find_submissions, sort_out

EXERCISES = ("exercise_03", "exercise_11")


def placed(*paths: str, only: str | None = None) -> list[tuple[str, str, str]]:
    """Student, exercise and path of what could be placed."""
    places, _ = sort_out([PurePosixPath(path) for path in paths], EXERCISES, only)
    return [(place.student, place.exercise, str(place.path)) for place in places]


def left_out(*paths: str, only: str | None = None) -> dict[str, str]:
    return {str(path): why for path, why in sort_out([PurePosixPath(path) for path in paths], EXERCISES, only)[1].items()}


@pytest.mark.parametrize("path, student, exercise", [
    ("kim/exercise_03.ipynb", "kim", "exercise_03"),
    ("kim/exercise_11.py", "kim", "exercise_11"),
    ("kim/exercise_03/homework.ipynb", "kim", "exercise_03"),
    ("김철수/exercise_03.py", "김철수", "exercise_03"),
    ("kim/exercise_03-1.ipynb", "kim", "exercise_03"),
    ("kim/Kim_exercise_03 (2).ipynb", "kim", "exercise_03"),
    ("kim/exercise_03최종.ipynb", "kim", "exercise_03"),
    ("Kim Chulsoo_1234567_assignsubmission_file_/exercise_03.ipynb", "Kim Chulsoo_1234567", "exercise_03"),
    ("Kim Chulsoo_1234567_assignsubmission_file_exercise_03.ipynb", "Kim Chulsoo_1234567", "exercise_03"),
    ("kimchulsoo_4711_998877_exercise_03-2.ipynb", "kimchulsoo_4711", "exercise_03"),
    ("kimchulsoo_LATE_4711_998877_exercise_11.py", "kimchulsoo_4711", "exercise_11"),
])
def test_layouts(path, student, exercise):
    assert placed(path) == [(student, exercise, path)]


def test_with_an_exercise_given_a_file_is_a_student():
    assert placed("kim.ipynb", "lee.py", only="exercise_11") == [("kim", "exercise_11", "kim.ipynb"), ("lee", "exercise_11", "lee.py")]
    assert placed("Kim_77_assignsubmission_file_/final.ipynb", only="exercise_11") == [
        ("Kim_77", "exercise_11", "Kim_77_assignsubmission_file_/final.ipynb")]
    assert placed("kim/exercise_03.py", "kim/exercise_11.py", only="exercise_11") == [("kim", "exercise_11", "kim/exercise_11.py")]


def test_platforms_tell_the_number_of_a_student_and_lateness():
    places, _ = sort_out([PurePosixPath("kim_LATE_4711_99_exercise_03.py"), PurePosixPath("lee_12_98_exercise_03.py")], EXERCISES, None)
    assert [(place.platform_id, place.late) for place in places] == [("4711", True), ("12", False)]


def test_of_several_files_the_one_of_the_exercises_name_is_taken_and_a_notebook_first():
    assert placed("kim/exercise_03.py", "kim/exercise_03.ipynb", "kim/exercise_03-1.ipynb") == [("kim", "exercise_03", "kim/exercise_03.ipynb")]
    assert left_out("kim/exercise_03.py", "kim/exercise_03.ipynb") == {"kim/exercise_03.py": "exercise_03.ipynb was taken"}


def test_what_cannot_be_placed_is_told_and_not_guessed():
    told = left_out("kim/exercise_03/a.ipynb", "kim/exercise_03/b.ipynb", "readme.txt", "kim.ipynb", "kim/homework.ipynb",
                    "kim/a/b/exercise_03.py", "kim/exercise_03_exercise_11.py")
    assert {path: why.partition(";")[0] for path, why in told.items()} == {
        "kim/exercise_03/a.ipynb": "one of several files for exercise_03", "kim/exercise_03/b.ipynb": "one of several files for exercise_03",
        "readme.txt": "neither .ipynb nor .py", "kim.ipynb": "tells no exercise", "kim/homework.ipynb": "the name tells no exercise",
        "kim/a/b/exercise_03.py": "lies too deep, or in a folder that is no exercise",
        "kim/exercise_03_exercise_11.py": "the name tells no exercise"}
    assert placed("kim/exercise_03_exercise_11.py", "kim/exercise_031.py") == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"kim/exercise_03.py": "x = 1", "lee/exercise_03.py": "x = 2", ".git/config": "", "__MACOSX/exercise_03.py": ""}.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text)
    return tmp_path / "in"


def read(intake: Intake) -> dict[str, tuple[str, ...]]:
    return {place.student: intake.read(place).cells for place in intake.places}


def test_a_folder_and_its_archive_hold_the_same(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in folder.rglob("*.py"):
            archive.write(path, path.relative_to(folder))
    wanted = {"kim": ("x = 1",), "lee": ("x = 2",)}
    assert read(find_submissions(folder, EXERCISES, None)) == wanted
    assert read(find_submissions(tmp_path / "in.zip", EXERCISES, None)) == wanted


def test_a_link_is_a_problem_of_the_submission_and_a_linked_folder_is_none(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/exercise_03.py").write_text("x = 3")
    (folder / "park").symlink_to(tmp_path / "elsewhere")
    (folder / "choi").mkdir()
    (folder / "choi/exercise_03.py").symlink_to("/etc/passwd")
    intake = find_submissions(folder, EXERCISES, None)
    problems = {place.student: intake.read(place).problem for place in intake.places}
    assert set(problems) == {"choi", "kim", "lee"} and problems["choi"].kind == "link"


def test_a_strange_member_of_an_archive_is_a_problem_of_that_submission(tmp_path):
    with zipfile.ZipFile(tmp_path / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kim/exercise_03.py", "x = 1")
        archive.writestr("lee/exercise_03.py", b"\0" * 30_000_000)
    intake = find_submissions(tmp_path / "in.zip", EXERCISES, None)
    problems = {place.student: intake.read(place).problem for place in intake.places}
    assert problems["kim"] is None and problems["lee"].kind == "member.bomb"


@pytest.mark.parametrize("name, content", [("in.tar", b"x"), ("in.zip", b"no archive"), ("missing", None)])
def test_what_holds_no_submissions_is_told_in_one_line(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as told:
        find_submissions(tmp_path / name, EXERCISES, None)
    assert name in str(told.value) and "\n" not in str(told.value)


# --- when, and by whom -----------------------------------------------------------------------------------------------

def handed_in(folder: Path, **options: object) -> dict[str, float | None]:
    intake = find_submissions(folder, EXERCISES, None, **options)  # type: ignore[arg-type]
    return {place.student: intake.handed_in(place) for place in intake.places}


@pytest.mark.parametrize("stamp, moment", [
    ("2026-03-16 23:59:00.500000 Asia/Seoul", 1773673140.5), ("2026-03-16 14:59:00 UTC\n", 1773673140.0),
    ("2026-03-16T23:59:00+09:00", 1773673140.0), ("2026-03-16 14:59:00", 1773673140.0)])
def test_the_time_beside_a_submission_of_nbgrader_is_when_it_was_handed_in(tmp_path, stamp, moment):
    folder = tmp_path / "kim" / "exercise_03"
    folder.mkdir(parents=True)
    (folder / "work.py").write_text("x = 1")
    (folder / "timestamp.txt").write_text(stamp)
    assert handed_in(tmp_path) == {"kim": moment}
    assert find_submissions(tmp_path, EXERCISES, None).left_out == {}


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-03-16 23:59:00 Moon/Base", "2026-99-99 00:00:00 UTC", "\x00" * 100])
def test_a_time_that_cannot_be_read_gives_way_to_that_of_the_file(tmp_path, stamp):
    folder = tmp_path / "kim" / "exercise_03"
    folder.mkdir(parents=True)
    (folder / "work.py").write_text("x = 1")
    (folder / "timestamp.txt").write_text(stamp)
    os.utime(folder / "work.py", (1_000_000_000, 1_700_000_000))
    assert handed_in(tmp_path) == {"kim": 1_700_000_000.0}


def test_a_time_that_a_student_put_into_a_platforms_folder_is_not_believed(tmp_path):
    folder = tmp_path / "Kim_77_assignsubmission_file_"
    folder.mkdir()
    (folder / "exercise_03.py").write_text("x = 1")
    (folder / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")
    os.utime(folder / "exercise_03.py", (1_700_000_000, 1_700_000_000))
    assert handed_in(tmp_path) == {"Kim_77": 1_700_000_000.0}


def test_the_times_of_an_archive_are_in_the_zone_of_the_due_dates(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("kim/exercise_03.py", (2026, 3, 16, 23, 59, 0)), "x = 1")
    assert handed_in(tmp_path / "all.zip", utc_offset_s=9 * 3600.0) == {"kim": 1773673140.0}


def test_what_a_platform_says_of_lateness_is_kept_and_what_it_does_not_say_is_not():
    places, _ = sort_out([PurePosixPath(path) for path in (
        "kimcheolsu_LATE_77_5_exercise_03.py", "leeyeonghui_78_6_exercise_03.py", "Park_79_assignsubmission_file_exercise_03.py",
        "choi/exercise_03.py")], EXERCISES, None)
    assert {place.student: place.late for place in places} == {"kimcheolsu_77": True, "leeyeonghui_78": False, "Park_79": None, "choi": None}


def listed(paths: list[str], roster: Roster) -> Intake:
    return Intake(Path(), *sort_out([PurePosixPath(path) for path in paths], EXERCISES, None)).listed(roster)


def test_who_is_on_the_roster_goes_by_the_login_there():
    roster = Roster((Student("kim", "김철수"), Student("lee", "Lee Yeonghui", platform_id="78"), Student("park", id="2026-3")))
    paths = ["김철수_901_assignsubmission_file_/exercise_03.py", "leeyeonghui_78_6_exercise_03.py", "2026-3/exercise_03.py", "choi/exercise_03.py"]
    assert [place.student for place in listed(paths, roster).places] == ["choi", "kim", "lee", "park"]


def test_two_files_of_one_student_on_the_roster_are_not_guessed_between():
    roster = Roster((Student("kim", "김철수", platform_id="77"),))
    paths = ["kim_77_6_exercise_03.py", "김철수_901_assignsubmission_file_exercise_03.py"]
    intake = listed(paths, roster)
    assert intake.places == () and len(intake.left_out) == 2


def test_what_changed_after_it_was_read_is_not_kept_as_what_was_graded(tmp_path):
    (tmp_path / "kim").mkdir()
    path = tmp_path / "kim" / "exercise_03.py"
    path.write_text("x = 1")
    intake = find_submissions(tmp_path, EXERCISES, None)
    digest = intake.read(intake.places[0]).sha256
    assert intake.content(intake.places[0], digest) == b"x = 1"
    path.write_text("x = 2")
    assert intake.content(intake.places[0], digest) is None
