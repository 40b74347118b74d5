"""The course on disk: found, read, versioned; what is broken is told in one line with its place."""

from pathlib import Path

import pytest

from grader.catalog import find_course, load_course, load_exercise, load_spec
from grader.errors import CourseError, UsageError
from tests import toy

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "exercises/exercise_01"
STAFF = "solutions/exercise_01"


def path_of(keyword):
    """A file's path, written as a keyword."""
    return keyword.replace("__", "/").replace("_toml", ".toml").replace("_py", ".py")


@pytest.fixture
def course(tmp_path):
    """Loads the toy course with some of its files changed; gives the exercise."""
    def load(**changes):
        named = {path_of(name): text for name, text in changes.items()}
        return load_exercise(load_course(toy.write_course(tmp_path, named)), "exercise_01")

    return load


def complaint(act, kind=CourseError):
    with pytest.raises(kind) as caught:
        act()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- found and read --------------------------------------------------------------------------------------------------

def test_the_nearest_course_above_is_found(tmp_path, monkeypatch):
    toy.write_course(tmp_path)
    monkeypatch.chdir(tmp_path / FOLDER)
    assert find_course(None).root == tmp_path.resolve()


def test_without_a_course_the_way_out_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert complaint(lambda: find_course(None), UsageError) == (
        f"no course.toml in {tmp_path} or above it; go to the course's folder or give --course DIR")
    assert complaint(lambda: find_course(tmp_path), UsageError) == (
        f"{tmp_path}: holds no course.toml; give the folder of a course")


def test_exercises_are_known_by_their_manifests(tmp_path):
    found = load_course(toy.write_course(tmp_path,
                                         {"exercises/exercise_00/exercise.toml": "", "exercises/draft/README.md": ""}))
    assert found.exercise_ids == ["exercise_00", "exercise_01"]


def test_an_exercise_is_read_with_everything_that_belongs_to_it(tmp_path):
    root = toy.write_course(tmp_path, {f"{FOLDER}/data/numbers.csv": "1,2", f"{FOLDER}/observers.py": "x = 1"})
    exercise = load_exercise(load_course(root), "exercise_01")
    assert list(exercise.mutants) == sorted(toy.MUTANTS) and list(exercise.variants) == sorted(toy.VARIANTS)
    assert exercise.data == {"data/numbers.csv": b"1,2"} and exercise.observers == {"observers.py": b"x = 1"}
    assert exercise.solution.name == "solution.py" and exercise.spec.id == "exercise_01"


def test_steps_name_the_observers_of_the_exercise_if_there_are_any(course):
    checks = toy.CHECKS.replace("def counting(student):",
                                "def counting(student, observe):\n    observe.shape(student['x'])")
    for more, name in (({}, "keras_observers.shape"),
                       ({"exercises__exercise_01__observers_py": ""}, "observers.shape")):
        plan = course(exercises__exercise_01__checks_py=checks, **more).plan(0)
        assert [step.name for check in plan.checks for step in check.steps if step.do == "observer"] == [name]


def test_checks_may_be_written_with_postponed_annotations_and_know_their_file(course):
    head = "from __future__ import annotations\nfrom pathlib import Path\nHERE = Path(__file__).name\n"
    checks = head + toy.CHECKS.lstrip()
    assert course(exercises__exercise_01__checks_py=checks).names["HERE"] == "checks.py"


@pytest.mark.parametrize("exercise_id", [path.parent.name for path in sorted(ROOT.glob("exercises/*/exercise.toml"))])
def test_every_exercise_of_this_course_makes_a_plan(exercise_id):
    exercise = load_exercise(find_course(ROOT), exercise_id)
    assert [check.id for check in exercise.plan(0).checks] == [check.id for check in exercise.spec.checks]
    assert exercise.spec.max_points == 10


# --- broken ----------------------------------------------------------------------------------------------------------

def test_an_unknown_exercise_is_told_with_the_likeliest_one(tmp_path):
    found = load_course(toy.write_course(tmp_path))
    assert complaint(lambda: load_spec(found, "exercise_1"), UsageError) == (
        "no exercise 'exercise_1'; did you mean exercise_01?")
    assert complaint(lambda: load_spec(found, "softmax"), UsageError) == "no exercise 'softmax'; there are exercise_01"
    assert complaint(lambda: load_spec(found, "../exercise_01"), UsageError).startswith("no exercise '../exercise_01'")


def test_a_course_without_exercises_is_told(tmp_path):
    (tmp_path / "course.toml").write_text(toy.COURSE, encoding="utf-8")
    assert complaint(lambda: load_spec(load_course(tmp_path), "a"), UsageError) == "no exercise 'a'; there are none"


@pytest.mark.parametrize(("name", "text", "message"), [
    ("course.toml", "title.ko = ", "not valid TOML: "),
    ("course.toml", "titel.ko = 'a'", "titel: unknown key; did you mean `title`?"),
    (f"{FOLDER}/exercise.toml", "[checks.a]\n[checks.a]", "not valid TOML: "),
    (f"{FOLDER}/exercise.toml", "kind = 'numpy'\nkind = 'keras'", "not valid TOML: "),
    (f"{FOLDER}/exercise.toml", "topic = []", "topic: unknown key; did you mean `topics`?"),
])
def test_a_broken_manifest_is_told_with_its_path(tmp_path, name, text, message):
    root = toy.write_course(tmp_path, {name: text})
    assert complaint(lambda: load_exercise(load_course(root), "exercise_01")).startswith(f"{root / name}: {message}")


@pytest.mark.parametrize("name", ["course.toml", f"{FOLDER}/exercise.toml", f"{FOLDER}/checks.py"])
def test_a_file_that_is_not_utf8_is_told(tmp_path, name):
    root = toy.write_course(tmp_path)
    (root / name).write_bytes("title.ko = '제목'".encode("cp949"))
    assert complaint(lambda: load_exercise(load_course(root), "exercise_01")) == (
        f"{root / name}: not UTF-8 (byte 12); save it as UTF-8")


def test_a_missing_course_file_is_told(tmp_path):
    assert complaint(lambda: load_course(tmp_path)) == f"{tmp_path / 'course.toml'}: is missing"


@pytest.mark.parametrize(("source", "message"), [
    ("x = 1\nraise ValueError('no')", "2: ValueError: no"), ("x = 1\n\ndef f(:\n", "3: SyntaxError: "),
    ("import nothing_like_it", "1: ModuleNotFoundError: No module named 'nothing_like_it'"),
    ("from grader.authoring import fact\n\n\ndef helper():\n    fact('p', 1, rtol=1)\n\n\nhelper()",
     "5: CourseError: fact 'p': rtol and atol are given together or not at all"),
    ("from grader.authoring import integer\ninteger(lo=1)",
     "2: TypeError: integer() got an unexpected keyword argument 'lo'")])
def test_checks_that_raise_are_told_with_their_line(tmp_path, source, message):
    root = toy.write_course(tmp_path, {f"{FOLDER}/checks.py": source})
    told = complaint(lambda: load_exercise(load_course(root), "exercise_01"))
    assert told.startswith(f"{root / FOLDER / 'checks.py'}:{message}")


def test_missing_checks_and_solutions_are_told(tmp_path):
    root = toy.write_course(tmp_path, {f"{FOLDER}/checks.py": None, f"{STAFF}/solution.py": None})
    path = root / FOLDER / "checks.py"
    assert complaint(lambda: load_exercise(load_course(root), "exercise_01")) == (
        f"{path}: is missing; it states the evidence for the checks of exercise.toml")
    path.write_text(toy.CHECKS, encoding="utf-8")
    assert complaint(lambda: load_exercise(load_course(root), "exercise_01").solution) == (
        f"{root / STAFF / 'solution.py'}: is missing; every exercise needs a reference solution")


def test_a_slip_in_checks_is_told_when_the_plan_is_made(course):
    slip = toy.CHECKS.replace("student.total([3])", "student.total([3], 4)")
    exercise = course(exercises__exercise_01__checks_py=slip)
    assert complaint(lambda: exercise.plan(0)) == (
        f"{exercise.folder / 'checks.py'}: check 'counting': total() has no argument 2; declared: sizes")


# --- the version -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["exercises__exercise_01__exercise_toml", "exercises__exercise_01__checks_py",
                                  "solutions__exercise_01__solution_py", "solutions__exercise_01__mutants__adds_two_py",
                                  "exercises__exercise_01__observers_py"])
def test_whatever_decides_observations_decides_the_version(course, name):
    before = course().version
    text = toy.files().get(path_of(name), "")
    assert course(**{name: text + "\n# changed\n"}).version != before


@pytest.mark.parametrize("name",
                         ["exercises__exercise_01__starter_py", "solutions__exercise_01__variants__loops_py",
                          "course_toml"])
def test_what_decides_no_observation_leaves_the_version(course, name):
    before = course().version
    text = toy.files()[path_of(name)]
    assert course(**{name: text + "\n# changed\n"}).version == before


def test_the_version_does_not_depend_on_the_place(tmp_path):
    versions = {load_exercise(load_course(toy.write_course(tmp_path / name)), "exercise_01").version for name in "ab"}
    assert len(versions) == 1
