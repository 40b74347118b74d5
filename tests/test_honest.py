"""Honest work in the ways of real students earns full points at every level of isolation, whatever noise it makes.

A file of `honest/` holds the cells of a notebook; without magics (`.py`) it can also be run as a module. Its
`# %% answers` stands for the reference's answers. The notebooks beside them are as Colab, VS Code, Jupyter 4 and
IPython 2 save them.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
import psutil
import pytest

from grader.catalog import find_course, load_exercise
from grader.grading import Request, grade_submission
from grader.ladder import available_levels
from grader.sandbox import Level, make_policy, opens_shared_memory
from grader.spec import Limits
from grader.submission import read_submission
from tests.conftest import ROOT

HONEST = Path(__file__).parent / "honest"
CELLS = ["warnings_and_stderr", "slow_imports", "outputs", "many_plots", "files", "processes", "processes_by_name",
         "threads_and_programs", "redefined_over_cells"]
MODULES = ["warnings_and_stderr", "files", "processes", "typed_classes"]
SAVED = {"colab": ["google.colab", "tensorflow_version"], "vscode": [], "jupyter_4": ["left in on purpose"],
         "version_3": []}  # and the errors of cells that fail here
USABLE = {finding.level for finding in available_levels() if finding.usable}


def levels(*wanted: str):
    """Run a test at each of these levels that the machine offers."""
    return pytest.mark.parametrize("level", [
        pytest.param(level, marks=pytest.mark.skipif(Level(level) not in USABLE, reason=f"no {level} here"))
        for level in wanted])


def text(name: str, exercise: str) -> str:
    """A file of `honest/` with the answers where they belong."""
    answers = (ROOT / "solutions" / exercise / "solution.py").read_text(encoding="utf-8")
    (path,) = HONEST.glob(f"{name}.*py")
    source = path.read_text(encoding="utf-8")
    assert source.count("# %% answers\n") == 1
    return source.replace("# %% answers\n", f"# %%\n{answers}\n\n")


def notebook(folder: Path, name: str, exercise: str = "exercise_03") -> Path:
    """The file as a notebook: a cell for each `# %%`."""
    cells = re.split(r"^# %%.*\n", text(name, exercise), flags=re.MULTILINE)
    path = folder / f"{exercise}.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells]), path)
    return path


def assert_full_points(exercise: str, path: Path, level: str, failing: Sequence[str] = ()) -> None:
    """Full points; no cell failed but the `failing` ones, of which the errors say these words."""
    folder = load_exercise(find_course(ROOT), exercise)
    grade = asyncio.run(grade_submission(Request(
        exercise=folder, submission=read_submission(path), shown_path=path, seed=0, lang="en", sandbox=level,
        limits=folder.spec.limits)))
    notices = [notice.message for notice in grade.notices]
    assert [(check.id, check.rationale) for check in grade.checks if check.verdict != "passed"] == [], notices
    assert (grade.verdict, grade.points, grade.error) == ("passed", grade.max_points, None)
    assert len(notices) == len(failing), notices
    assert all(words in message for words, message in zip(failing, notices, strict=True)), notices


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Afterwards no process runs, and the folder for temporary files is as empty as before."""
    with tempfile.TemporaryDirectory(prefix="h-") as folder:  # a short name: sockets lie below it
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield
        left = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
        assert left == []
        assert list(Path(folder).iterdir()) == []


def skip_where_names_are_closed(name: str, level: str) -> None:
    """Named semaphores and memory lie in the host's /dev/shm: `docs/security.md`."""
    policy = make_policy(limits=Limits(), code={}, files={})
    if name == "processes_by_name" and level == "landlock" and not opens_shared_memory(Level.LANDLOCK, policy):
        pytest.skip("landlock closes shared memory on this machine")


@levels("bubblewrap", "landlock", "none")
@pytest.mark.parametrize("name", CELLS)
def test_notebook_with_students_habits_has_full_points(tmp_path, name, level):
    skip_where_names_are_closed(name, level)
    assert_full_points("exercise_03", notebook(tmp_path, name), level)


@levels("bubblewrap", "landlock", "none")
@pytest.mark.parametrize("name", MODULES)
def test_module_with_students_habits_has_full_points(tmp_path, name, level):
    skip_where_names_are_closed(name, level)
    path = tmp_path / "exercise_03.py"
    path.write_text(text(name, "exercise_03"), encoding="utf-8")
    assert_full_points("exercise_03", path, level)


@levels("bubblewrap", "landlock", "none")
@pytest.mark.parametrize(("name", "failing"), SAVED.items(), ids=SAVED)
def test_notebook_as_others_save_it_has_full_points(name, failing, level):
    assert_full_points("exercise_03", HONEST / f"{name}.ipynb", level, failing)


@levels("bubblewrap", "landlock")
def test_keras_training_in_a_notebook_has_full_points(tmp_path, level):
    assert_full_points("exercise_17", notebook(tmp_path, "keras_training", "exercise_17"), level)
