"""A class's submissions and its gradebook: `grade batch` and `grade export` without their words and bars."""

import contextlib
import datetime
import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from grader.batch import Told
from grader.catalog import CourseFolder, ExerciseFolder, load_spec
from grader.entries import Class, Entry, Roster, parse_roster
from grader.errors import UsageError
from grader.gradebook import Attempt, Gradebook, Key
from grader.intake import Intake, Place
from grader.reports.details import render_details
from grader.reports.escape import plain
from grader.reports.record import render_record
from grader.spec import ClassRules
from grader.submission import Submission
from grader.text import decode_text
from grader.verdict import Grade, Verdict


@dataclass
class ClassBook:
    """The gradebook as a batch sees it: what is handed in, one seed, one round, one version of the toolkit."""

    gradebook: Gradebook
    intake: Intake
    seed: int
    round: int
    toolkit_version: str = field(default_factory=lambda: metadata.version("keras-course-grader"))

    def knows(self, place: Place, exercise: ExerciseFolder, submission: Submission) -> bool:
        """Whether these bytes were graded by these versions, at this seed, in this round."""
        return self.gradebook.has(Key(place.student, place.exercise, submission.sha256, exercise.version,
                                      self.toolkit_version, self.seed, self.round))

    def record(self, place: Place, grade: Grade) -> None:
        """Commit a grade, and what was graded."""
        info = grade.submission
        self.gradebook.add(Attempt(
            student=place.student, exercise=place.exercise, sha256=info.sha256,
            exercise_version=grade.exercise_version, toolkit_version=self.toolkit_version, seed=grade.seed,
            round=self.round, path=str(place.path), platform_id=place.platform_id, late=place.late,
            handed_in=self.intake.handed_in(place), verdict=str(grade.verdict), points=grade.points,
            max_points=grade.max_points, duration_s=grade.duration_s, graded_at=time.time(),
            record=render_record(grade), details=render_details(grade)), info.kind,
            self.intake.content(place, info.sha256))


@dataclass
class Tally:
    """How far a batch has come."""

    verdicts: Counter[str] = field(default_factory=Counter)
    known: int = 0

    def count(self, told: Told) -> None:
        if told.grade is None:
            self.known += 1
        else:
            self.verdicts[str(told.grade.verdict)] += 1

    @property
    def done(self) -> int:
        return self.known + self.verdicts.total()

    @property
    def not_graded(self) -> int:
        return self.verdicts[str(Verdict.NOT_GRADED)]


LOG = "batch.log"
MAX_REASON = 500


@contextlib.contextmanager
def open_log(folder: Path) -> Iterator[logging.Logger]:
    """The log in a folder, which is made: a line for each thing that happened, with its time.

    A full disk, or a folder that cannot be made, stops no grading.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    handler = _Log(folder / LOG, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    log = logging.Logger("batch", logging.INFO)
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


class _Log(logging.FileHandler):
    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):  # the file cannot be opened
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """What cannot be logged is in the gradebook all the same."""


def line_of(told: Told) -> str:
    """What the log says of a submission that is done."""
    place, grade = told.place, told.grade
    subject = f"{place.student} {place.exercise} {place.path}"
    if grade is None:
        return plain(f"known      {subject}", MAX_REASON)
    points = "–" if grade.points is None else f"{grade.points:g}/{grade.max_points:g}"
    reason = f" ({grade.error.kind}: {grade.error.message})" if grade.error is not None else ""
    return plain(f"{grade.verdict:10} {subject} {points} {grade.duration_s:.2f} s{reason}", MAX_REASON)


def read_roster(path: Path) -> Roster:
    """A roster from a CSV in UTF-8 or, as Korean Excel writes it, in CP949; raises `UsageError`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    found = decode_text(content)
    if found is None:
        raise UsageError(f"{path}: is neither UTF-8 nor CP949; save it as CSV, UTF-8")
    return parse_roster(found[0], str(path))


def entries_in(gradebook: Gradebook, course: CourseFolder | None) -> list[Entry]:
    """What counts of everybody, by the course's rules and the roster that was kept.

    Missing are, of those on the roster, the submissions to exercises that anybody handed in or that have a due date.
    """
    rules = course.course.rules if course else ClassRules()
    attempts = gradebook.attempts()
    asked = {attempt.exercise: attempt.max_points for attempt in attempts}
    if course is not None:
        asked |= {name: load_spec(course, name).max_points for name in rules.due if name not in asked}
    return Class(rules, gradebook.roster()).entries(attempts, asked)


def show_time(moment: float) -> str:
    """POSIX seconds as a date and a time, in UTC."""
    return datetime.datetime.fromtimestamp(moment, datetime.UTC).isoformat(timespec="seconds")
