"""Whose submission to which exercise a file is: from the layouts that teachers and learning platforms hand out.

    <student>/<exercise>.ipynb                    a folder per student (also .py, here and below)
    <student>/<exercise>/<any name>.ipynb         nbgrader's `submitted/`
    <student>.ipynb                               where the exercise is named
    <name>_<id>_assignsubmission_file_/….ipynb    Moodle, one folder per student or all files in one
    <name>[_LATE]_<id>_<number>_<file>.ipynb      Canvas

or a zip archive of any of these. When a file was handed in is read from nbgrader's `timestamp.txt` beside it, else from
the time that the file or the archive's member bears. Nothing is run and nothing followed; what cannot be placed is
told, not guessed.
"""

import contextlib
import datetime
import hashlib
import os
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from grader.archive import Archive, read_archive
from grader.entries import Roster
from grader.errors import UsageError
from grader.submission import (
    MAX_MB,
    MEBIBYTE,
    Problem,
    Submission,
    kind_of,
    open_regular,
    parse_submission,
    read_submission,
)

SUFFIXES = (".ipynb", ".py")  # the first is taken where both are there
TIMESTAMP = "timestamp.txt"
MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)")
MAX_DEPTH = 4
MAX_FILES = 200_000


@dataclass(frozen=True)
class Place:
    """Where one student's file for one exercise lies.

    `platform_id` is the number that an LMS knows the student by, `late` what it says of that, if anything; `name` is
    the student's, if the file tells it apart from the login.
    """

    student: str
    exercise: str
    path: PurePosixPath
    platform_id: str | None = None
    late: bool | None = None
    name: str = ""


@dataclass(frozen=True)
class Intake:
    """What was handed in, in the order of students and exercises, and what was left out, with the reason."""

    root: Path
    places: tuple[Place, ...]
    left_out: Mapping[PurePosixPath, str] = field(default_factory=dict)
    archive: Archive | None = None
    utc_offset_s: float | None = None

    def listed(self, roster: Roster) -> "Intake":
        """The same, where who is on the roster goes by the login there."""
        known = ((place, roster.find(place.student, place.platform_id, place.name)) for place in self.places)
        places, others = _one_each(replace(place, student=student.login) if student is not None else place
                                   for place, student in known)
        return replace(self, places=places, left_out={**self.left_out, **others})

    def read(self, place: Place) -> Submission:
        """The submission at a place. What is wrong with it is its `problem`."""
        path, kind = self.root / place.path, kind_of(place.path)
        if self.archive is None:
            return read_submission(path)
        if place.path in self.archive.left_out:
            return Submission(path, kind, "", problem=Problem(f"member.{self.archive.left_out[place.path]}"))
        return parse_submission(path, kind, self.archive.files[place.path])

    def content(self, place: Place, sha256: str) -> bytes | None:
        """What the submission at a place consists of, if it is still that of this digest."""
        content = self._bytes(place.path)
        return content if content is not None and hashlib.sha256(content).hexdigest() == sha256 else None

    def handed_in(self, place: Place) -> float | None:
        """When that was, in POSIX seconds, as far as anything tells."""
        # nbgrader writes it over what the student put there; in a platform's folders it would be the student's own
        stamp = self._bytes(place.path.parent / TIMESTAMP) if place.path.parts[1:-1] and not place.platform_id else None
        if stamp is not None and (told := _moment(stamp.decode("utf-8", "replace"))) is not None:
            return told
        if self.archive is not None:
            at = self.archive.times.get(place.path)
            return None if at is None else self._in_local_time(at)
        try:
            return (self.root / place.path).lstat().st_mtime
        except OSError:
            return None

    def _bytes(self, path: PurePosixPath) -> bytes | None:
        """A regular file's bytes, if there is one of that name that is not too large."""
        if self.archive is not None:
            return self.archive.files.get(path)
        try:
            file = open_regular(self.root / path, MAX_MB)
            if isinstance(file, Problem):
                return None
            with file:
                return file.read(MAX_MB * MEBIBYTE)
        except (OSError, UsageError):
            return None

    def _in_local_time(self, at: datetime.datetime) -> float:
        """Archives write local time without a zone: taken as that of the course's due dates, else of this machine."""
        if self.utc_offset_s is not None:
            at = at.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=self.utc_offset_s)))
        return at.timestamp()


def find_submissions(root: Path, exercises: Sequence[str], only: str | None, *,
                     utc_offset_s: float | None = None) -> Intake:
    """Everything that was handed in below a folder, or in an archive. `only`: the exercise of files that name none.

    `utc_offset_s` is the zone of an archive's times.
    """
    if root.is_dir():
        paths, archive = _files_below(root), None
    elif root.suffix.lower() == ".zip" and root.is_file():
        found = read_archive(root)
        if isinstance(found, Problem):
            raise UsageError(f"{root}: cannot be read as an archive ({found.kind}); unpack it and give the folder")
        paths, archive = [*found.files, *found.left_out], found
    else:
        raise UsageError(f"{root}: is neither a folder nor a .zip archive of submissions")
    places, left_out = sort_out(paths, exercises, only)
    return Intake(root, places, left_out, archive, utc_offset_s)


def sort_out(paths: Iterable[PurePosixPath], exercises: Sequence[str],
             only: str | None) -> tuple[tuple[Place, ...], dict[PurePosixPath, str]]:
    """Which of these files is whose submission to what; and the others, each with the reason. Pure."""
    found: list[Place] = []
    left_out: dict[PurePosixPath, str] = {}
    for path in sorted(paths):
        place = _place(path, exercises, only)
        if isinstance(place, Place):
            if only is None or place.exercise == only:
                found.append(place)
        elif path.name != TIMESTAMP:
            left_out[path] = place
    places, others = _one_each(found)
    return places, left_out | others


def _one_each(found: Iterable[Place]) -> tuple[tuple[Place, ...], dict[PurePosixPath, str]]:
    """Of several files of one student for one exercise the one that is meant; and the others, each with the reason."""
    several: dict[tuple[str, str], list[Place]] = {}
    for place in found:
        several.setdefault((place.student, place.exercise), []).append(place)
    places = []
    left_out: dict[PurePosixPath, str] = {}
    for candidates in several.values():
        taken = min(candidates, key=lambda place: _rank(place, candidates))
        others = [place for place in candidates if place is not taken]
        if any(_rank(place, candidates) == _rank(taken, candidates) for place in others):
            left_out |= {place.path: f"one of several files for {taken.exercise}; name one {taken.exercise}"
                                     f"{taken.path.suffix}" for place in candidates}
            continue
        places.append(taken)
        left_out |= {place.path: f"{taken.path.name} was taken" for place in others}
    return tuple(sorted(places, key=lambda place: (place.student, place.exercise))), left_out


def _rank(place: Place, among: Sequence[Place]) -> tuple[bool, int]:
    """The file of the exercise's name comes first, a notebook before a module."""
    return place.path.stem != place.exercise, SUFFIXES.index(place.path.suffix)


def _place(path: PurePosixPath, exercises: Sequence[str], only: str | None) -> Place | str:
    """Whose submission to what a file is, or why that cannot be said."""
    if path.suffix not in SUFFIXES:
        return "neither .ipynb nor .py"
    first, *inner = path.parts
    platform = MOODLE.fullmatch(first) or (CANVAS.fullmatch(first) if not inner else None)
    if platform:
        exercise = _exercise_in(PurePosixPath(*inner).stem if inner else Path(platform["file"]).stem, exercises) or only
        if exercise is None:
            return "the name tells no exercise; give -e EXERCISE"
        late = None if platform.re is MOODLE else platform["late"] is not None
        return Place(f"{platform['name']}_{platform['id']}", exercise, path, platform["id"], late, platform["name"])
    match inner:
        case []:
            return Place(path.stem, only, path) if only else "tells no exercise; give -e EXERCISE"
        case [name]:
            exercise = _exercise_in(Path(name).stem, exercises) or only
            return Place(first, exercise, path) if exercise else "the name tells no exercise; give -e EXERCISE"
        case [folder, _] if folder in exercises:
            return Place(first, folder, path)
        case _:
            return "lies too deep, or in a folder that is no exercise"


def _moment(text: str) -> float | None:
    """The POSIX seconds of `2026-03-16 23:58:01.123456 Asia/Seoul`: nbgrader's way to write a moment."""
    date, _, zone = text.strip().rpartition(" ")
    with contextlib.suppress(ValueError, KeyError, OSError, OverflowError):
        if date.count(":"):
            return datetime.datetime.fromisoformat(date).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp()
        at = datetime.datetime.fromisoformat(text.strip())
        return at.replace(tzinfo=at.tzinfo or datetime.UTC).timestamp()
    return None


def _exercise_in(stem: str, exercises: Sequence[str]) -> str | None:
    """The exercise that a name tells, as in `exercise_03-1` or `kim_exercise_03 (2)`; None if none or several."""
    if stem in exercises:
        return stem
    told = {exercise for exercise in exercises
            if re.search(rf"(?<![A-Za-z0-9]){re.escape(exercise)}(?![A-Za-z0-9])", stem)}
    return told.pop() if len(told) == 1 else None


def _files_below(root: Path) -> list[PurePosixPath]:
    """Files below a folder, hidden ones left out; no link to a folder is followed."""
    found: list[PurePosixPath] = []

    def walk(folder: Path, depth: int) -> None:
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be read ({error.strerror}); check its permissions") from error
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__MACOSX":
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH:
                    walk(Path(entry.path), depth + 1)
            else:
                found.append(PurePosixPath(Path(entry.path).relative_to(root)))
            if len(found) > MAX_FILES:
                raise UsageError(f"{root}: holds more than {MAX_FILES:,} files; is it the folder of submissions?")

    walk(root, 1)
    return found
