"""The course on disk: finds it, reads its exercises, solutions, mutants and variants. Writes nothing."""

import difflib
import re
import tomllib
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from grader import authoring
from grader.errors import CourseError, UsageError
from grader.observation import digest
from grader.plan import Plan
from grader.spec import Course, Equivalent, Exercise, parse_course, parse_equivalents, parse_exercise

INSIDE = Path(__file__).parent / "inside"
VERSIONED_LIBRARIES = ("numpy", "tensorflow", "keras")


@dataclass(frozen=True)
class CourseFolder:
    """A course and where it lies."""

    root: Path
    course: Course

    @property
    def exercise_ids(self) -> list[str]:
        return sorted(path.parent.name for path in (self.root / "exercises").glob("*/exercise.toml"))


@dataclass(frozen=True)
class ExerciseFolder:
    """An exercise with everything that belongs to it. `names` is what its `checks.py` defines."""

    spec: Exercise
    folder: Path
    solutions: Path
    course_root: Path
    names: Mapping[str, Any]
    version: str
    data: Mapping[str, bytes]
    observers: Mapping[str, bytes]

    @property
    def solution(self) -> Path:
        """The reference as a module; raises `CourseError` if there is none."""
        path = self.solutions / "solution.py"
        if not path.is_file():
            raise CourseError(f"{path}: is missing; every exercise needs a reference solution")
        return path

    @property
    def mutants(self) -> dict[str, Path]:
        return _modules(self.solutions / "mutants")

    @property
    def variants(self) -> dict[str, Path]:
        return _modules(self.solutions / "variants")

    @property
    def equivalents(self) -> tuple[Equivalent, ...]:
        """Changes of the solution that no check can notice; raises `CourseError`."""
        path = self.solutions / "equivalent.toml"
        return parse_equivalents(_read_toml(path), str(path)) if path.is_file() else ()

    def plan(self, seed: int) -> Plan:
        """What is asked of a submission at a seed."""
        return authoring.build_plan(self.spec, self.names, seed, source=str(self.folder / "checks.py"),
                                    observers="observers" if "observers.py" in self.observers else "keras_observers")


def find_course(given: Path | None) -> CourseFolder:
    """The course in `given`, or in the nearest parent of the current folder that holds `course.toml`."""
    if given is not None:
        if not (given / "course.toml").is_file():
            raise UsageError(f"{given}: holds no course.toml; give the folder of a course")
        return load_course(given)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return load_course(folder)
    raise UsageError(f"no course.toml in {here} or above it; go to the course's folder or give --course DIR")


def load_course(root: Path) -> CourseFolder:
    """The course in `root`; raises `CourseError`."""
    path = root / "course.toml"
    course = CourseFolder(root.resolve(), parse_course(_read_toml(path), str(path)))
    for exercise_id in course.course.rules.due:
        if exercise_id not in course.exercise_ids:
            raise CourseError(f"{path}: class.due.{exercise_id}: is no exercise of this course")
    return course


def load_exercise(course: CourseFolder, exercise_id: str) -> ExerciseFolder:
    """An exercise of the course; raises `UsageError` if there is none of that name, `CourseError` if it is broken."""
    spec = load_spec(course, exercise_id)
    folder = course.root / "exercises" / exercise_id
    solutions = course.root / "solutions" / exercise_id
    observers = {path.name: path.read_bytes() for path in folder.glob("observers.py")}
    data = {f"data/{path.name}": path.read_bytes() for path in sorted((folder / "data").glob("*")) if path.is_file()}
    return ExerciseFolder(spec, folder, solutions, course.root, _run_checks(folder / "checks.py"),
                          _version(folder, solutions, observers, data), data, observers)


def load_spec(course: CourseFolder, exercise_id: str) -> Exercise:
    """The declared part of an exercise; raises `UsageError` if there is none of that name."""
    known = course.exercise_ids
    if exercise_id not in known:
        close = [name for name in known if _number(name) == _number(exercise_id) is not None] \
            or difflib.get_close_matches(exercise_id, known, n=1, cutoff=0.5)
        raise UsageError(f"no exercise {exercise_id!r}; " + (
            f"did you mean {close[0]}?" if close else f"there are {', '.join(known) or 'none'}"))
    path = course.root / "exercises" / exercise_id / "exercise.toml"
    return parse_exercise(_read_toml(path), exercise_id, str(path), course.course.limits)


def _number(name: str) -> int | None:
    """The number at a name's end, however it is written."""
    digits = re.search(r"\d+$", name)
    return int(digits[0]) if digits else None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CourseError(f"{path}: is missing") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}") from error


def _run_checks(path: Path) -> dict[str, Any]:
    """The names that `checks.py` defines. It is the course's own code and runs in the grader."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: is missing; it states the evidence for the checks of exercise.toml") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    module = types.ModuleType(path.parent.name + "_checks")
    module.__file__ = str(path)
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except Exception as error:
        raise CourseError(f"{path}:{_line(error, str(path))}: {type(error).__name__}: {error}") from error
    return dict(module.__dict__)


def _line(error: Exception, path: str) -> int:
    """The line of `path` that an error came from."""
    if isinstance(error, SyntaxError):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _modules(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.py"))}


def _version(folder: Path, solutions: Path, observers: Mapping[str, bytes], data: Mapping[str, bytes]) -> str:
    """Digest of everything that decides observations: spec, checks, solutions, data, the probe, the libraries."""
    parts: list[bytes | str] = []
    for path in _sources(folder, solutions):
        parts += [path.name, path.read_bytes()]
    for name, content in [*data.items(), *observers.items()]:
        parts += [name, content]
    parts += [path.read_bytes() for path in sorted(INSIDE.glob("*.py"))]
    parts += [f"{name} {_installed(name)}" for name in VERSIONED_LIBRARIES]
    return digest(*parts)[:16]


def _sources(folder: Path, solutions: Path) -> Iterable[Path]:
    yield from (path for path in (folder / "exercise.toml", folder / "checks.py") if path.is_file())
    yield from sorted(solutions.glob("*.py"))
    yield from sorted(solutions.glob("mutants/*.py"))


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "none"
