"""A class's submissions and its gradebook: `grade batch` and `grade export` without their words and bars."""

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import metadata

from grader.batch import Told
from grader.catalog import ExerciseFolder
from grader.gradebook import Attempt, Gradebook, Key
from grader.intake import Place
from grader.reports.escape import cell
from grader.reports.record import render_record
from grader.submission import Submission
from grader.verdict import Grade, Verdict


@dataclass
class ClassBook:
    """The gradebook as a batch sees it: one seed, one version of the toolkit."""

    gradebook: Gradebook
    seed: int
    toolkit_version: str = field(default_factory=lambda: metadata.version("keras-course-grader"))
    force: bool = False

    def knows(self, place: Place, exercise: ExerciseFolder, submission: Submission) -> bool:
        """Whether these bytes were graded by these versions, at this seed."""
        return not self.force and self.gradebook.has(Key(
            place.student, place.exercise, submission.sha256, exercise.version, self.toolkit_version, self.seed))

    def record(self, place: Place, grade: Grade) -> None:
        """Commit a grade."""
        self.gradebook.add(Attempt(
            student=place.student, exercise=place.exercise, sha256=grade.submission.sha256,
            exercise_version=grade.exercise_version, toolkit_version=self.toolkit_version, seed=grade.seed,
            path=str(place.path), platform_id=place.platform_id, late=place.late, verdict=str(grade.verdict),
            points=grade.points, max_points=grade.max_points, duration_s=grade.duration_s,
            graded_at=datetime.datetime.now(datetime.UTC), record=render_record(grade)))


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


def best_attempts(attempts: Iterable[Attempt]) -> list[Attempt]:
    """Of each student's attempts at an exercise the best; of equal ones the latest, and a grade before none."""
    best: dict[tuple[str, str], Attempt] = {}
    for attempt in attempts:
        key = attempt.student, attempt.exercise
        if key not in best or _worth(attempt) >= _worth(best[key]):
            best[key] = attempt
    return [best[key] for key in sorted(best)]


def _worth(attempt: Attempt) -> float:
    return -1.0 if attempt.points is None else attempt.points


COLUMNS = ("student", "exercise", "points", "max_points",  # these four are promised, in this order
           "verdict", "late", "seed", "graded_at", "submission", "sha256")


def as_csv(attempts: Sequence[Attempt]) -> str:
    """The grades as CSV: everything quoted, and no cell a formula. Points that there are not are empty."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for attempt in attempts:
        writer.writerow([cell(value) for value in (
            attempt.student, attempt.exercise, "" if attempt.points is None else f"{attempt.points:g}",
            f"{attempt.max_points:g}", attempt.verdict, "yes" if attempt.late else "", attempt.seed,
            attempt.graded_at.isoformat(timespec="seconds"), attempt.path, attempt.sha256)])
    return text.getvalue()
