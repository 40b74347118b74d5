"""Gradescope's autograder: the archive to upload, and how it finds the file to grade."""

import importlib.metadata
import os
from collections.abc import Iterator
from pathlib import Path

from grader.catalog import CourseFolder, load_exercise
from grader.commands.files import read_file
from grader.errors import UsageError
from grader.exports.bundle import Package, render_bundle
from grader.intake import SUFFIXES

DISTRIBUTION = "keras-course-grader"
MAX_DEPTH = 4
LEFT_OUT = ("__pycache__", "__MACOSX")
MAX_BUNDLE_MB = 100  # what Gradescope takes


def pack_autograder(course: CourseFolder, exercise_id: str) -> bytes:
    """The archive for one exercise, solution and all; raises `UsageError` or `CourseError`."""
    exercise = load_exercise(course, exercise_id)
    folders = [exercise.folder, exercise.solutions, course.root / "datasets"]
    files = {_name(path, course.root): read_file(path) for folder in folders for path in _files(folder)}
    # course.toml may name these, and each that it names must be there
    named = [course.root / "exercises" / name / "exercise.toml" for name in course.course.rules.due]
    files |= {_name(path, course.root): read_file(path) for path in [course.root / "course.toml", *named]}
    packed = render_bundle(exercise_id, files, installed_package())
    if len(packed) > MAX_BUNDLE_MB * 2**20:
        raise UsageError(f"{exercise_id}: its autograder has more than {MAX_BUNDLE_MB} MB; make its data smaller")
    return packed


def installed_package() -> Package:
    """This toolkit as it is installed here."""
    about = importlib.metadata.distribution(DISTRIBUTION)
    folder = Path(__file__).parent.parent
    entry_points: dict[str, dict[str, str]] = {}
    for point in about.entry_points:
        entry_points.setdefault(point.group, {})[point.name] = point.value
    return Package(
        name=DISTRIBUTION, version=about.version, requires_python=about.metadata["Requires-Python"],
        dependencies=[line for line in about.requires or [] if "extra ==" not in line],
        scripts=entry_points.pop("console_scripts"), entry_points=entry_points,
        files={_name(path, folder.parent): read_file(path) for path in _files(folder)})


def files_to_grade(folder: Path, exercise_id: str) -> list[Path]:
    """What could be meant: the file of the exercise's name, else every notebook, else every module; nearest the top."""
    found = [path for path in _files(folder) if path.suffix in SUFFIXES]
    for named in (True, False):
        for suffix in SUFFIXES:
            meant = [path for path in found if path.suffix == suffix and (path.stem == exercise_id or not named)]
            if meant:
                top = min(len(path.parts) for path in meant)
                return [path for path in meant if len(path.parts) == top]
    return []


def _files(folder: Path, depth: int = MAX_DEPTH) -> Iterator[Path]:
    """Regular files below a folder; nothing hidden, no link followed."""
    if not folder.is_dir():
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(".") or entry.name in LEFT_OUT:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth:
                yield from _files(Path(entry.path), depth - 1)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
