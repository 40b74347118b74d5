"""A gradebook in PostgreSQL: several at once, a server that dies, and what is said of a database that cannot be had.

That it keeps what a gradebook keeps is tested in test_gradebook.py, on both databases.
"""

import contextlib
import subprocess
import sys
import time

import pytest

from grader.gradebook import Gradebook
from tests.conftest import ROOT

RIGHT = (ROOT / "solutions" / "exercise_03" / "solution.py").read_text("utf-8")
AT_ONCE = 4
WAIT_S = 180.0


# One attempt that all add, and one of a student of our own who handed in the same bytes; each step all at once.
ADDS = """
import sys
from grader.gradebook import Gradebook
from tests.test_gradebook import attempt

def wait_for_the_others():
    print("ready", flush=True)
    sys.stdin.readline()

url, student = sys.argv[1:]
wait_for_the_others()
with Gradebook(url) as book:
    seed = book.seed(None)
    wait_for_the_others()
    book.add(attempt(seed=seed), content=b"the same")
    book.add(attempt(student, seed=seed), content=b"the same")
"""


def test_who_adds_at_the_same_time_adds_nothing_twice_and_loses_nothing(gradebook_url):
    with contextlib.ExitStack() as running:
        processes = [running.enter_context(subprocess.Popen(
            [sys.executable, "-c", ADDS, gradebook_url, f"student{number}"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)) for number in range(AT_ONCE)]
        for _ in ("opened", "added"):
            assert [process.stdout.readline() for process in processes] == ["ready\n"] * AT_ONCE
            for process in processes:
                process.stdin.write("go\n")
                process.stdin.flush()
    assert [process.returncode for process in processes] == [0] * AT_ONCE
    with Gradebook(gradebook_url) as book:
        assert sorted(kept.student for kept in book.attempts()) == ["kim", *(f"student{number}" for number in range(AT_ONCE))]
        assert {kept.seed for kept in book.attempts()} == {book.seed(None)}
        assert book.content("aa") == b"the same"


def students(url: str) -> list[str]:
    with Gradebook(url) as book:
        return sorted(kept.student for kept in book.attempts())


def test_a_server_that_is_killed_loses_nothing_and_the_same_command_goes_on(postgresql, tmp_path, grade):
    url = postgresql.new_database()
    names = [f"student{number:02}" for number in range(16)]
    for number, name in enumerate(names):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "exercise_03.py").write_text(f"{RIGHT}\n# {number}\n", encoding="utf-8")
    arguments = ["batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "--gradebook", url]
    with subprocess.Popen([sys.executable, "-m", "grader", *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
        deadline = time.monotonic() + WAIT_S
        while len(known := students(url)) < 2 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        postgresql.kill()
        try:
            _, complaints = running.communicate(timeout=WAIT_S)
        finally:
            running.kill()
            postgresql.start()
    assert running.returncode == 2
    *_, last = complaints.splitlines()
    assert last.startswith("grade: gradebook postgresql+psycopg://") and last.endswith("; nothing that was recorded is lost")
    assert set(known) <= set(students(url)) < set(names)
    again = grade(*arguments)
    assert again.code == 0 and "known already" in again.out
    assert students(url) == names


@pytest.mark.parametrize("url, words", [
    ("postgresql+psycopg://kim:geheim@127.0.0.1:1/course", "gradebook postgresql+psycopg://kim:***@127.0.0.1:1/course: connection"),
    ("postgresql+psycopg:///course?host=/nowhere&password=geheim", "gradebook postgresql+psycopg:///course?host=%2Fnowhere: connection"),
    ("oracul://kim:geheim@host/course", "gradebook oracul://kim:***@host/course: oracul is not known here"),
    ("geheim", "--gradebook: is not the URL of a database"),
    ("postgresql://kim:geheim@host:port/course", "--gradebook: is not the URL of a database"),
])
def test_a_database_that_cannot_be_had_is_one_line_without_passwords(tmp_path, grade, url, words):
    pytest.importorskip("psycopg")
    answer = grade("batch", tmp_path, "-o", tmp_path / "out", "--gradebook", url, "--course", ROOT, cwd=tmp_path)
    assert answer.code == 2 and answer.err.startswith(f"grade: {words}"), answer.err
    assert len(answer.err.splitlines()) == 1 and "geheim" not in answer.err


@pytest.mark.parametrize("url, package", [("postgresql://kim:geheim@host/course", "'keras-course-grader[postgresql]'"),
                                          ("postgresql+pg8000://kim:geheim@host/course", "pg8000")])
def test_a_missing_driver_is_one_line_that_says_what_to_install(tmp_path, grade, monkeypatch, url, package):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setitem(sys.modules, "pg8000", None)
    answer = grade("batch", tmp_path, "--gradebook", url, "--course", ROOT, cwd=tmp_path)
    assert answer.code == 2 and answer.err.endswith(f"its driver is not installed; pip install {package}\n")
    assert "geheim" not in answer.err


def test_a_password_that_is_wrong_is_one_line_and_one_that_is_right_is_never_shown(postgresql, tmp_path, grade):
    database = postgresql.new_database().partition("@")[2]
    postgresql.require_password("teacher", "geheim")
    (tmp_path / "in" / "kim").mkdir(parents=True)
    (tmp_path / "in" / "kim" / "exercise_03.py").write_text("", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    wrong = grade("batch", tmp_path / "in", "-o", out, "--gradebook", f"postgresql://teacher:falsch@{database}")
    assert wrong.code == 2 and "password authentication failed" in wrong.err and len(wrong.err.splitlines()) == 1
    right = grade("batch", tmp_path / "in", "-o", out, "--gradebook", f"postgresql://teacher:geheim@{database}")
    assert right.code == 0 and "teacher:***@" in right.out
    assert not any(secret in text for secret in ("geheim", "falsch") for text in (
        wrong.err, right.out, right.err, (out / "batch.log").read_text("utf-8")))
