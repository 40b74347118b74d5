"""The house: imports point downwards only, the judging layers touch nothing, nothing executable is read."""

import ast
import builtins
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "grader"

LAYERS = {
    "inside": ["inside", "inside.codec", "inside.probe", "inside.launcher", "inside.confinement",
               "inside.zygote", "inside.locks", "inside.keras_observers"],
    "domain": ["errors", "text", "spec", "observation", "plan", "verdict", "messages", "entries"],
    "authoring": ["domains", "authoring"],
    "judgement": ["compare", "judge", "diagnose", "charts", "assess", "mutation", "vet"],
    "engine": ["submission", "archive", "intake", "sandbox", "seccomp", "bubblewrap", "landlock", "ladder", "meter",
               "spawn", "zygote", "process", "provisioner", "client", "kernel", "kernels", "catalog", "run", "reference", "grading", "batch", "workshop", "cluster", "vetting", "watching", "similar"],
                # `catalog` reads the course for the engine, as `submission` reads a file
    "reports": ["reports", "reports.escape", "reports.record", "reports.view", "reports.html", "reports.junit", "reports.reasons",
                "reports.terminal", "reports.changes", "reports.details", "reports.names", "reports.code", "reports.drawing",
                "reports.summary", "reports.classreport", "reports.notebook"],
    "exports": ["exports", "exports.table", "exports.words", "exports.sheet", "exports.filling", "exports.canvas", "exports.moodle",
                "exports.gradescope", "exports.bundle", "exports.junit", "exports.github", "exports.similar"],
    "edges": ["progress", "doctor", "gradebook", "classroom", "commands", "commands.options", "commands.console",
              "commands.single", "commands.course", "commands.batch", "commands.export", "commands.filling", "commands.autograder",
              "commands.actions", "commands.book", "commands.files", "commands.folders", "publishing", "cli", "__main__", "", "migrations", "migrations.env",
              "migrations.versions.0001_attempts", "migrations.versions.0002_class"],
}
MAY_IMPORT = {
    "inside": set(),
    "domain": {"domain", "inside.codec"},
    "authoring": {"authoring", "domain", "inside.codec"},
    "judgement": {"judgement", "domain"},
    "engine": {"engine", "judgement", "authoring", "domain", "inside.codec", "inside.launcher",
               "inside.confinement"},
    "reports": {"reports", "messages", "verdict", "entries"},
    "exports": {"exports", "reports", "entries", "errors", "messages", "text", "verdict"},
    "edges": {"edges", "exports", "reports", "engine", "judgement", "domain"},
}
LAYER_OF = {module: layer for layer, modules in LAYERS.items() for module in modules}
PURE = [module for layer in ("domain", "authoring", "judgement", "reports", "exports") for module in LAYERS[layer]]

WORLD = {"os", "sys", "subprocess", "time", "datetime", "socket", "shutil", "tempfile", "threading", "multiprocessing",
         "asyncio", "signal",
         "importlib", "random", "secrets", "glob", "logging", "ctypes", "urllib", "http", "sqlite3", "zmq", "click",
         "IPython",
         "jupyter_client", "nbclient", "nbformat", "psutil"}
EXECUTABLE = {"pickle", "_pickle", "cPickle", "marshal", "dill", "cloudpickle", "joblib", "shelve", "jsonpickle",
              "yaml"}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(module: str) -> Iterator[str]:
    """Dotted names of everything that a module imports, also inside functions."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(module: str) -> set[str]:
    """Modules of this package that a module imports."""
    found = set()
    for name in imports(module):
        if name.split(".")[0] == "grader":
            dotted = name.removeprefix("grader").removeprefix(".")
            found.add(dotted if dotted in MODULES else dotted.rpartition(".")[0])
    return found


def foreign(module: str) -> set[str]:
    """Top-level packages that a module imports from elsewhere."""
    return {name.split(".")[0] for name in imports(module)} - {"grader"}


def called(module: str) -> set[str]:
    """Plain names that a module calls."""
    return {node.func.id for node in ast.walk(MODULES[module]) if isinstance(node, ast.Call) and isinstance(node.func,
                                                                                                            ast.Name)}


# --- layers ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_layer(module):
    assert module in LAYER_OF, f"say in LAYERS where grader.{module} belongs"


def test_the_table_of_layers_names_modules_that_exist():
    assert set(LAYER_OF) - set(MODULES) == set()


@pytest.mark.parametrize("module", [module for module in LAYER_OF if LAYER_OF[module] != "inside"])
def test_imports_point_downwards(module):
    allowed = MAY_IMPORT[LAYER_OF[module]]
    assert {name for name in ours(module) if not {name, LAYER_OF[name]} & allowed} == set()


def test_there_are_no_cycles():
    list(graphlib.TopologicalSorter({module: ours(module) for module in MODULES}).static_order())


# --- pure layers -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("module", PURE)
def test_pure_layers_touch_no_disk_process_clock_or_terminal(module):
    assert foreign(module) & WORLD == set()
    assert called(module) & {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint", "globals",
                             "vars"} == set()
    assert {name for name in imports(module) if name.startswith("pathlib")} <= {"pathlib.PurePath",
                                                                                "pathlib.PurePosixPath"}


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] not in ("cli", "inside")])
def test_only_the_command_line_prints(module):
    assert called(module) & {"print", "input"} == set()


@pytest.mark.parametrize("module", LAYERS["judgement"] + LAYERS["domain"] + LAYERS["authoring"])
def test_judging_needs_numpy_at_most(module):
    assert foreign(module) - set(sys.stdlib_module_names) <= {"numpy"}


# --- inside the kernel -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("module", LAYERS["inside"])
def test_what_runs_in_the_kernel_knows_nothing_of_the_grader(module):
    assert ours(module) == ({"inside.codec"} if module == "inside.probe" else set())


def test_the_probe_takes_the_codec_beside_it_and_the_packages_only_for_tests():
    (attempt,) = [node for node in MODULES["inside.probe"].body if isinstance(node, ast.Try)]
    assert [node.module for node in attempt.body] == ["codec"]
    assert [node.module for handler in attempt.handlers for node in handler.body] == ["grader.inside.codec"]


@pytest.mark.parametrize("module", ["inside.codec", "inside.probe"])
def test_codec_and_probe_need_numpy_at_most(module):
    assert foreign(module) - set(sys.stdlib_module_names) <= {"numpy", "codec"}


def test_the_codec_takes_nothing_of_the_system_but_what_a_path_is():
    used = {node.attr for node in ast.walk(MODULES["inside.codec"]) if isinstance(node,
        ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"}
    assert used <= {"PathLike", "fspath", "fsdecode"}


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith("inside")])
def test_tensorflow_is_imported_in_the_kernel_only(module):
    assert foreign(module) & {"tensorflow", "keras", "tf_keras", "torch", "jax"} == set()


# --- nothing executable ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("module", MODULES)
def test_nothing_executable_is_read_or_written(module):
    assert foreign(module) & EXECUTABLE == set()
    assert "eval" not in called(module)
    # The course's own checks are run and, in the kernel, submissions.
    assert "exec" not in called(module) or module in ("catalog", "inside.probe")
    allowed = [keyword for node in ast.walk(MODULES[module]) if isinstance(node, ast.Call) for keyword in node.keywords
               if keyword.arg in ("allow_pickle",
                                  "shell") and not (isinstance(keyword.value,
                                      ast.Constant) and keyword.value.value is False)]
    assert allowed == []


def test_the_names_that_are_looked_for_are_builtins():
    assert all(hasattr(builtins, name) for name in ("open", "print", "input", "exec", "eval", "compile", "breakpoint"))


# --- at once ---------------------------------------------------------------------------------------------------------

def test_the_command_line_starts_without_what_only_some_commands_need():
    heavy = ["nbclient", "jupyter_client", "zmq", "rich", "numpy", "tensorflow", "keras", "jinja2", "nbformat",
             "IPython", "ipykernel", "psutil", "pandas", "matplotlib"]
    code = f"import sys, grader.cli; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert run.stdout.strip() == "[]"
