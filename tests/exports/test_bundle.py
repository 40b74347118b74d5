"""The autograder that goes to Gradescope, unpacked and run as Gradescope does: results in every case."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import jsonschema
import pytest

from grader.catalog import load_course
from grader.commands.autograder import files_to_grade, installed_package, pack_autograder
from grader.errors import UsageError
from grader.exports.bundle import render_bundle, render_pyproject
from tests.conftest import ROOT
from tests.exports.readers import RESULTS, SCORED

EXERCISE = "exercise_05"  # no NumPy: the fastest
SOLUTION = ROOT / "solutions" / EXERCISE / "solution.py"
MUTANT = ROOT / "solutions" / EXERCISE / "mutants" / "no_bias.py"


@pytest.fixture(scope="module")
def packed() -> bytes:
    return pack_autograder(load_course(ROOT), EXERCISE)


@pytest.fixture
def autograder(packed: bytes, tmp_path: Path):
    """Gradescope's folder, and a way to run the autograder in it on what a student handed in."""
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    program = tmp_path / "grade"  # in place of what setup.sh installs: this environment, but the package of the bundle
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{root}/source/toolkit" exec "{sys.executable}" -P -m grader "$@"\n')
    program.chmod(0o755)

    def run(**files: bytes) -> tuple[int, dict[str, object]]:
        for name, content in files.items():
            path = root / "submission" / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        done = subprocess.run([root / "run_autograder"], cwd=root, capture_output=True, text=True,
                              env=os.environ | {"AUTOGRADER_ROOT": str(root), "GRADE": str(program)})
        found = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, RESULTS)
        return done.returncode, found

    run.root = root  # type: ignore[attr-defined]
    return run


def test_the_archive_has_what_gradescope_looks_for(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert names[:2] == ["setup.sh", "run_autograder"]
        for name in names[:2]:
            info = archive.getinfo(name)
            assert info.external_attr >> 16 == 0o100755 and info.create_system == 3
            assert archive.read(name).startswith(b"#!/")
            subprocess.run(["bash", "-n"], input=archive.read(name), check=True)
    course = {name.removeprefix("course/") for name in names if name.startswith("course/")}
    assert {"course.toml", f"exercises/{EXERCISE}/checks.py", f"solutions/{EXERCISE}/solution.py"} <= course
    assert {name.split("/")[1] for name in course if "/" in name} == {EXERCISE}
    assert {"toolkit/pyproject.toml", "toolkit/grader/cli.py", "toolkit/grader/inside/probe.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.startswith("/") or ".." in name]


def test_the_same_files_are_the_same_bytes(packed):
    assert pack_autograder(load_course(ROOT), EXERCISE) == packed


def test_nothing_in_the_scripts_names_a_host(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        text = archive.read("setup.sh").decode() + archive.read("run_autograder").decode()
    assert not re.search(r"https?:|index-url|\b[\w-]+\.(com|org|io|net|kr)\b", text)


def test_pip_is_told_what_the_package_needs():
    found = tomllib.loads(render_pyproject(installed_package()))
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    bare = [{re.match(r"[\w-]+", line)[0] for line in table["project"]["dependencies"]} for table in (found, ours)]
    assert bare[0] <= bare[1] and {"click", "tensorflow", "nbclient"} <= bare[0]
    assert found["project"]["scripts"] == ours["project"]["scripts"]
    assert found["project"]["entry-points"] == ours["project"]["entry-points"]


def test_exercises_that_have_a_due_date_are_there_by_name(tmp_path):
    shutil.copytree(ROOT / "exercises" / EXERCISE, tmp_path / "exercises" / EXERCISE)
    shutil.copytree(ROOT / "exercises" / "exercise_11", tmp_path / "exercises" / "exercise_11")
    shutil.copytree(ROOT / "solutions" / EXERCISE, tmp_path / "solutions" / EXERCISE)
    (tmp_path / "course.toml").write_text((ROOT / "course.toml").read_text(encoding="utf-8")
                                          + "\n[class.due]\nexercise_11 = 2026-03-16T23:59:00+09:00\n", encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(pack_autograder(load_course(tmp_path), EXERCISE))) as archive:
        archive.extractall(tmp_path / "out")
    assert load_course(tmp_path / "out" / "course").exercise_ids == [EXERCISE, "exercise_11"]
    assert not (tmp_path / "out" / "course" / "exercises" / "exercise_11" / "checks.py").exists()


def test_an_exercise_that_is_not_there_is_one_line():
    with pytest.raises(UsageError, match="no exercise"):
        pack_autograder(load_course(ROOT), "exercise_99")


def test_names_that_shells_and_toml_read_otherwise_stay_names():
    package = installed_package()
    assert tomllib.loads(render_pyproject(type(package)(**vars(package) | {"version": 'a"b\\c'})))["project"]["version"] == 'a"b\\c'
    assert b"exercise_03" in zipfile.ZipFile(io.BytesIO(render_bundle("exercise_03", {}, package))).read("run_autograder")


def test_a_right_answer_of_any_name_has_full_points(autograder):
    code, found = autograder(**{"my answer_DOT_py": SOLUTION.read_bytes(), "notes_DOT_txt": b"hello"})
    jsonschema.validate(found, SCORED)
    assert (code, found["score"]) == (0, 10.0) and all(test["status"] == "passed" for test in found["tests"])


def test_a_mistake_is_named(autograder):
    code, found = autograder(**{f"{EXERCISE}_DOT_py": MUTANT.read_bytes(), "helper_DOT_py": b"x = 1\n"})
    jsonschema.validate(found, SCORED)
    assert code == 0 and 0 < found["score"] < 10 and "편향을 세지 않았습니다" in found["output"]


def test_a_submission_that_kills_the_process_has_a_score(autograder):
    code, found = autograder(answer_DOT_py=b"import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    jsonschema.validate(found, SCORED)
    assert (code, found["score"]) == (0, 0.0)


@pytest.mark.parametrize("files, word", [({}, "채점할 파일이 없습니다"), ({"a_DOT_py": b"", "b_DOT_py": b""}, "2개")])
def test_nothing_to_grade_is_no_points_and_a_word(autograder, files, word):
    code, found = autograder(**files)
    jsonschema.validate(found, SCORED)
    assert (code, found["score"]) == (0, 0) and word in found["output"]


@pytest.mark.parametrize("trouble", ["broken course", "no program"])
def test_a_fault_of_ours_has_no_score(autograder, trouble):
    """Then Gradescope says that the autograder failed, and nobody's points are 0."""
    if trouble == "broken course":
        (autograder.root / "source" / "course" / "solutions" / EXERCISE / "solution.py").write_text("1 / 0\n", encoding="utf-8")
    else:
        (autograder.root / "source" / "course" / "course.toml").unlink()
    code, found = autograder(answer_DOT_py=SOLUTION.read_bytes())
    assert code != 0 and "score" not in found and "tests" not in found
    assert "점수는 기록되지 않았습니다" in found["output"]


@pytest.mark.parametrize("names, meant", [
    (["exercise_05.py", "exercise_05.ipynb", "b.py"], ["exercise_05.ipynb"]), (["exercise_05.py", "a.ipynb"], ["exercise_05.py"]),
    (["hw.ipynb", "helper.py"], ["hw.ipynb"]), (["hw.py"], ["hw.py"]), (["a.ipynb", "b.ipynb"], ["a.ipynb", "b.ipynb"]), (["a.txt"], []),
    (["repo/exercise_05.py", "repo/other/exercise_05.py"], ["repo/exercise_05.py"]), ([".git/x.py", "__MACOSX/y.py", "__pycache__/z.py"], []),
    (["old/a.py", "a.py"], ["a.py"]),
])
def test_the_file_that_is_meant(tmp_path, names, meant):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_bytes(b"")
    assert [path.relative_to(tmp_path).as_posix() for path in files_to_grade(tmp_path, EXERCISE)] == meant


def test_no_link_is_taken(tmp_path):
    (tmp_path / "a.py").symlink_to(SOLUTION)
    assert files_to_grade(tmp_path, EXERCISE) == []
