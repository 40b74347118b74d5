"""Submissions that end, hang, eat or cheat: a named verdict, no point gained, nothing left running, the next one is fine."""

import time
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.conftest import ROOT

SOLUTION = (ROOT / "solutions/exercise_05/solution.py").read_text(encoding="utf-8")
WRONG = (ROOT / "solutions/exercise_05/mutants/no_bias.py").read_text(encoding="utf-8")
NAMES = ["layer_params", "count_model", "wide_and_deep", "batches"]
ALWAYS_EQUAL = """
class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __len__(self): return 3
    def __getitem__(self, index): return self
    def __array__(self, *a, **k): raise RuntimeError("no")
    def __float__(self): return 1.0
    def __int__(self): return 1
    __index__ = __int__
""" + "".join(f"def {name}(*args, **kwargs): return Equal()\n" for name in NAMES)
PATCHED = """
import builtins, json, math, numpy, numpy.testing
for module, names in [(json, ["dumps", "loads", "dump", "load"]), (math, ["isclose"]), (numpy, ["allclose", "array_equal"]),
                      (numpy.testing, ["assert_allclose", "assert_array_equal", "assert_equal"])]:
    for name in names:
        setattr(module, name, lambda *a, **k: True)
builtins.isinstance = lambda *a: True
builtins.len = lambda *a: 3
"""




def module(folder: Path, source: str) -> Path:
    path = folder / "exercise_05.py"
    path.write_text(source, encoding="utf-8")
    return path


def notebook(folder: Path, *cells: str) -> Path:
    path = folder / "exercise_05.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), path)
    return path


def limit(verdict: str) -> str:
    """Seconds: short for what hangs, long enough for the rest on a busy machine."""
    return "2" if verdict == "timed_out" else "60"


def assert_nothing_left() -> None:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
        if not left:
            return
        time.sleep(0.05)
    raise AssertionError(f"left running: {[child.cmdline()[:6] for child in left]}")


ENDINGS = [
    ("import sys\nsys.exit()", "crashed"),
    ("import os\nos._exit(0)", "crashed"),
    ("import os\nos.kill(os.getpid(), 9)", "crashed"),
    ("while True:\n    pass", "timed_out"),
    ("while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass", "timed_out"),
    ("held = []\nwhile True:\n    held.append(bytearray(50_000_000))", "out_of_memory"),
]
ENDING_IDS = ["sys.exit", "os._exit", "SIGKILL", "endless loop", "endless loop that swallows the interrupt", "memory"]


@pytest.mark.parametrize(("code", "verdict"), ENDINGS, ids=ENDING_IDS)
def test_module_that_ends_at_import_is_named_and_gains_nothing(grade, tmp_path, code, verdict):
    answer = grade("exercise_05", module(tmp_path, code + "\n" + SOLUTION), "--json", "-", "--timeout", limit(verdict))
    assert answer.code == 1
    assert (answer.record["verdict"], answer.record["points"]) == (verdict, 0)
    assert answer.record["error"]["message"]
    assert_nothing_left()


@pytest.mark.parametrize(("code", "verdict"), ENDINGS[1:], ids=ENDING_IDS[1:])
def test_notebook_cell_that_ends_the_run_is_named(grade, tmp_path, code, verdict):
    answer = grade("exercise_05", notebook(tmp_path, "x = 1", code, WRONG), "--json", "-", "--timeout", limit(verdict))
    assert answer.code == 1
    assert answer.record["verdict"] == verdict
    assert answer.record["points"] < 10
    assert "2" in answer.record["error"]["message"]
    assert_nothing_left()


def test_sys_exit_in_a_cell_does_not_end_a_notebook(grade, tmp_path):
    answer = grade("exercise_05", notebook(tmp_path, "import sys\nsys.exit()", SOLUTION), "--json", "-")
    assert answer.record["points"] == 10


@pytest.mark.parametrize(("code", "verdict"), [
    ("import os\ndef batches(*a): os._exit(0)", "crashed"),
    ("import sys\ndef batches(*a): sys.exit()", "failed"),
    ("def batches(*a):\n    while True: pass", "timed_out"),
    ("def batches(*a):\n    raise KeyboardInterrupt", "failed"),
    ("def batches(*a):\n    return bytearray(10 ** 11)", "out_of_memory"),
], ids=["os._exit", "sys.exit", "endless loop", "KeyboardInterrupt", "memory"])
def test_call_that_ends_keeps_the_points_earned_before(grade, tmp_path, code, verdict):
    answer = grade("exercise_05", module(tmp_path, SOLUTION + "\n" + code), "--json", "-", "--timeout", "3")
    verdicts = {check["id"]: check["verdict"] for check in answer.record["checks"]}
    assert answer.code == 1
    assert answer.record["verdict"] == verdict
    assert verdicts["lecture_models"] == "passed"
    assert verdicts["updates_in_a_fit"] == verdict
    assert_nothing_left()


def test_object_that_equals_everything_gains_nothing(grade, tmp_path):
    record = grade("exercise_05", module(tmp_path, ALWAYS_EQUAL), "--json", "-").record
    assert (record["verdict"], record["points"]) == ("failed", 0)


def test_patched_libraries_gain_nothing(grade, tmp_path):
    plain = grade("exercise_05", module(tmp_path, WRONG), "--json", "-").record
    record = grade("exercise_05", module(tmp_path, WRONG + PATCHED), "--json", "-", "--timeout", "5").record
    assert record["points"] <= plain["points"]
    assert record["verdict"] in ("failed", "crashed", "timed_out")


def test_forged_observations_gain_nothing(grade, tmp_path):
    forge = WRONG + """
import sys
probe = sys.modules.get("probe")
if probe is not None:
    probe._observe = lambda step, results, call_s: {"i": step["i"], "ok": 1, "equal": True, "passed": True}
"""
    record = grade("exercise_05", module(tmp_path, forge), "--json", "-", "--timeout", "5").record
    plain = grade("exercise_05", module(tmp_path, WRONG), "--json", "-").record
    assert record["points"] <= plain["points"]


def test_twenty_million_characters_of_output_cost_nothing(grade, tmp_path):
    source = SOLUTION + "\nfor _ in range(200):\n    print('x' * 100_000)\n"
    record = grade("exercise_05", module(tmp_path, source), "--json", "-").record
    assert record["points"] == 10


def test_warnings_and_stderr_cost_nothing(grade, tmp_path):
    source = "import sys, warnings\nprint('so noisy', file=sys.stderr)\nwarnings.warn('careful')\n" + SOLUTION
    assert grade("exercise_05", module(tmp_path, source), "--json", "-").record["points"] == 10


def test_redefined_names_of_python_cost_nothing(grade, tmp_path):
    path = notebook(tmp_path, SOLUTION, "print = None\nopen = None\njson = 3\nprobe = 4",
                    "from IPython.core.interactiveshell import InteractiveShell\n"
                    "InteractiveShell.ast_node_interactivity = 'all'")
    assert grade("exercise_05", path, "--json", "-").record["points"] == 10


def test_symbolic_link_is_refused(grade, tmp_path):
    real = tmp_path / "real.py"
    real.write_text(SOLUTION, encoding="utf-8")
    link = tmp_path / "exercise_05.py"
    link.symlink_to(real)
    record = grade("exercise_05", link, "--json", "-").record
    assert (record["verdict"], record["points"]) == ("crashed", 0)
    assert record["error"]["kind"] == "unreadable"


def test_report_of_hostile_text_holds_no_escape_and_no_markup(grade, tmp_path):
    source = WRONG + "\ndef batches(*a):\n    raise ValueError('\\x1b[2J[bold red]<script>alert(1)</script>')\n"
    answer = grade("exercise_05", module(tmp_path, source), "--html", tmp_path / "r.html", "-v", "--lang", "en")
    assert "\x1b" not in answer.out
    assert "<script>alert" not in (tmp_path / "r.html").read_text(encoding="utf-8")
