"""The course itself: `grade vet` passes on every exercise, and what students are handed is whole."""

import ast
import json
import tomllib

import nbformat
import pytest

from grader.catalog import find_course, load_exercise
from grader.mutation import mutations
from tests.conftest import ROOT

EXERCISES = sorted(path.name for path in (ROOT / "exercises").glob("exercise_*"))


def test_all_exercises_are_here():
    assert [f"exercise_{number:02}" for number in range(1, 21)] == EXERCISES


@pytest.mark.parametrize("exercise", EXERCISES)
def test_vet_passes(grade, exercise):
    answer = grade("vet", exercise)
    assert answer.code == 0, answer.out


@pytest.mark.parametrize("exercise", EXERCISES)
def test_points_sum_to_ten(exercise):
    table = tomllib.loads((ROOT / "exercises" / exercise / "exercise.toml").read_text(encoding="utf-8"))
    assert sum(check["points"] for check in table["checks"].values()) == 10


@pytest.mark.parametrize("exercise", EXERCISES)
def test_starters_are_whole(exercise):
    folder = ROOT / "exercises" / exercise
    ast.parse((folder / "starter.py").read_text(encoding="utf-8"))
    notebook = nbformat.read(folder / "starter.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert f"grade {exercise}" in notebook.cells[-1].source


@pytest.mark.parametrize("exercise", EXERCISES)
def test_readme_is_korean_first_then_english(exercise):
    text = (ROOT / "exercises" / exercise / "README.md").read_text(encoding="utf-8")
    assert 0 < text.index("한국어") < text.index("English")


@pytest.mark.parametrize("exercise", EXERCISES)
def test_mistakes_of_the_curriculum_are_planted(exercise):
    """Ids of the curriculum's Part 3, and those of 4.4 that name this exercise."""
    planted = {path.stem for path in (ROOT / "solutions" / exercise / "mutants").glob("*.py")}
    listed = json.loads((ROOT / "tests/listed_mistakes.json").read_text(encoding="utf-8"))
    assert set(listed[exercise]) <= planted


@pytest.mark.parametrize("exercise", EXERCISES)
def test_explained_mutations_are_still_mutations(exercise):
    """The whole of `grade vet --mutate` takes minutes; that its explanations are about this solution takes none."""
    folder = load_exercise(find_course(ROOT), exercise)
    made = {(each.function, each.before, each.after) for each in mutations(folder.solution.read_text(encoding="utf-8"))}
    explained = {(row.function, row.before, after) for row in folder.equivalents for after in row.after}
    assert explained <= made


@pytest.mark.parametrize("exercise", EXERCISES)
def test_starter_notebook_is_graded_like_the_module(grade, exercise):
    folder = ROOT / "exercises" / exercise
    records = [grade(exercise, folder / f"starter.{kind}", "--json", "-").record for kind in ("py", "ipynb")]
    assert [record["points"] for record in records] == [0, 0]
    assert [record["error"] for record in records] == [None, None]


@pytest.mark.parametrize("path", sorted((ROOT / "solutions").glob("*/solution.ipynb")), ids=lambda path: path.parent.name)
def test_solution_notebook_has_full_points(grade, path):
    assert grade(path.parent.name, path, "-q").code == 0


def test_small_changes_of_a_solution_cost_points_and_chance_takes_none(grade):
    """One exercise stands for all: `grade vet --mutate --spread` on the whole course takes a quarter of an hour."""
    answer = grade("vet", "exercise_05", "--mutate", "--spread")
    assert answer.code == 0, answer.out
    assert "score 100.0%" in answer.out and "chance and threads take at most 0%" in answer.out
