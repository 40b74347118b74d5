"""`grade batch`: every submission one verdict, whatever it is; killed at any moment it goes on and loses nothing."""

import contextlib
import csv
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions" / "exercise_11"
HOSTILE = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
WRONG = ("no_bias_correction", "adamax_without_abs", "inplace_moments")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Right, wrong, hostile, broken and empty submissions of a small class."""
    folder = tmp_path_factory.mktemp("class") / "in"
    files: dict[str, bytes] = {
        "right": (SOLUTIONS / "solution.py").read_bytes(), "syntax": b"def adam_step(:\n", "empty": b"", "killer": HOSTILE.encode(),
        "binary": bytes(range(256)), "starter": (ROOT / "exercises/exercise_11/starter.py").read_bytes()}
    files |= {name: (SOLUTIONS / "mutants" / f"{name}.py").read_bytes() for name in WRONG}
    for student, content in files.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "exercise_11.py").write_bytes(content)
    (folder / "notebook").mkdir()
    (folder / "notebook" / "exercise_11.ipynb").write_text("{ not json", encoding="utf-8")
    return folder


def grades(out: Path, grade) -> dict[str, tuple[str, str]]:
    rows = list(csv.DictReader(io.StringIO(grade("export", "csv", "-o", out).out)))
    assert len({row["student"] for row in rows}) == len(rows)
    return {row["student"]: (row["verdict"], row["points"]) for row in rows}


def test_every_submission_has_one_verdict_and_a_second_run_has_nothing_to_do(handed_in, tmp_path, grade):
    out = tmp_path / "out"
    first = grade("batch", handed_in, "-o", out, "--seed", 0)
    assert first.code == 0, first.err
    assert first.out.startswith("10 submissions: ") and "seed 0" in first.out
    found = grades(out, grade)
    assert found["right"] == ("passed", "10")
    assert {name: found[name][0] for name in WRONG} == dict.fromkeys(WRONG, "failed")
    assert {name: found[name] for name in ("syntax", "killer", "empty", "binary", "notebook")} == dict.fromkeys(
        ("syntax", "killer", "empty", "binary", "notebook"), ("crashed", "0"))
    assert found["starter"] == ("failed", "0")
    second = grade("batch", handed_in, "-o", out)
    assert second.out.startswith("10 submissions: nothing new")
    assert grades(out, grade) == found


def test_only_what_changed_is_graded_again(handed_in, tmp_path, grade):
    folder, out = tmp_path / "in", tmp_path / "out"
    for name in ("right", "empty"):
        shutil.copytree(handed_in / name, folder / name)
    assert grade("batch", folder, "-o", out, "--seed", 0).code == 0
    shutil.copy(handed_in / "right" / "exercise_11.py", folder / "empty" / "exercise_11.py")
    again = grade("batch", folder, "-o", out)
    assert again.out.startswith("2 submissions: 1 passed, 1 known already")
    assert grades(out, grade) == {"right": ("passed", "10"), "empty": ("passed", "10")}


def test_forced_it_grades_all_anew_and_goes_on_from_there(handed_in, tmp_path, grade):
    folder, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(handed_in / "right", folder / "right")
    assert grade("batch", folder, "-o", out).code == 0
    assert grade("batch", folder, "-o", out, "--force").out.startswith("1 submissions: 1 passed;")
    assert grade("batch", folder, "-o", out).out.startswith("1 submissions: nothing new")
    assert next(csv.DictReader(io.StringIO(grade("export", "csv", "-o", out).out)))["attempts"] == "1"


def test_a_roster_names_students_and_who_is_missing_and_the_log_tells_all(handed_in, tmp_path, grade):
    folder, out = tmp_path / "in", tmp_path / "out"
    for name in ("right", "empty"):
        shutil.copytree(handed_in / name, folder / name)
    (tmp_path / "roster.csv").write_bytes("학번,이름,아이디\nright,김철수,kim\n2026-2,이영희,lee\n".encode("cp949"))
    answer = grade("batch", folder, "-o", out, "--roster", tmp_path / "roster.csv")
    assert answer.code == 0 and "not on the roster: empty" in answer.err
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(grade("export", "csv", "-o", out).out))}
    assert [(login, row["name"], row["verdict"], row["points"]) for login, row in rows.items()] == [
        ("empty", "", "crashed", "0"), ("kim", "김철수", "passed", "10"), ("lee", "이영희", "missing", "")]
    log = (out / "batch.log").read_text(encoding="utf-8")
    assert sorted(line.split()[1] for line in log.splitlines()) == ["begin", "crashed", "end", "not", "passed"]
    assert grade("batch", folder, "-o", out).out.startswith("2 submissions: nothing new")  # the roster was kept


def test_late_submissions_lose_what_the_course_says(handed_in, tmp_path, grade):
    course, folder, out = tmp_path / "course", tmp_path / "in", tmp_path / "out"
    for part in ("exercises", "solutions"):
        (course / part).mkdir(parents=True)
        (course / part / "exercise_11").symlink_to(ROOT / part / "exercise_11")
    rules = "[class]\nlate_penalty_per_day = 0.1\n[class.due]\nexercise_11 = 2026-03-16T23:59:00+09:00\n"
    (course / "course.toml").write_text((ROOT / "course.toml").read_text(encoding="utf-8") + rules, encoding="utf-8")
    for name, moment in (("in time", 1773673140), ("late", 1773673141)):
        shutil.copytree(handed_in / "right", folder / name)
        os.utime(folder / name / "exercise_11.py", (moment, moment))
    assert grade("batch", folder, "-o", out, "--course", course).code == 0
    rows = list(csv.DictReader(io.StringIO(grade("export", "csv", "-o", out, "--course", course).out)))
    assert [(row["student"], row["points"], row["earned"], row["days_late"]) for row in rows] == [("in time", "10", "10", ""), ("late", "9", "10", "1")]


def test_who_wrote_alike_is_told_at_the_end(handed_in, tmp_path, grade):
    folder, out = tmp_path / "in", tmp_path / "out"
    for name in ("kim", "lee"):
        shutil.copytree(handed_in / "right", folder / name)
    answer = grade("batch", folder, "-o", out, "--similar")
    assert "similar: exercise_11: kim (100% of it) and lee (100% of it)" in answer.out
    assert answer.out.splitlines()[-1].startswith("2 submissions: 2 passed")
    assert len((out / "similar.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_killed_at_any_moment_nothing_is_lost_or_graded_twice(handed_in, tmp_path, grade):
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "out"
    assert grade("batch", handed_in, "-o", undisturbed, "--seed", 0).code == 0
    command = [sys.executable, "-m", "grader", "batch", str(handed_in), "-o", str(out), "--seed", "0", "--course", str(ROOT)]
    chance = random.Random(7)
    for _ in range(4):
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(chance.uniform(0.2, 2.0))
        for process in chance.sample(kernels := psutil.Process(running.pid).children(recursive=True), min(2, len(kernels))):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(chance.uniform(0.0, 0.5))
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert grade("batch", handed_in, "-o", out, "--seed", 0).code == 0
    assert grades(out, grade) == grades(undisturbed, grade)


@pytest.mark.parametrize("arguments, words", [
    (["missing"], "neither a folder nor a .zip"), ([".", "-e", "exercise_99"], "no exercise 'exercise_99'"),
    ([".", "--sandbox", "none"], "'none' is not one of"),
])
def test_bad_usage_is_one_line(tmp_path, grade, arguments, words):
    answer = grade("batch", *arguments, "--course", ROOT, cwd=tmp_path)
    assert answer.code == 2 and words in answer.err


def test_an_empty_folder_is_told(tmp_path, grade):
    answer = grade("batch", tmp_path, "--course", ROOT, cwd=tmp_path)
    assert answer.code == 2 and "holds no submission" in answer.err


def test_export_without_a_gradebook_says_how_to_make_one(tmp_path, grade):
    answer = grade("export", "csv", "-o", tmp_path)
    assert answer.code == 2 and "grade batch SUBMISSIONS" in answer.err
