"""What all exports begin with: the gradebook, the course whose rules count, and the entries that are asked for."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.catalog import CourseFolder, find_course, load_spec
from grader.classroom import entries_in
from grader.entries import Entry
from grader.errors import UsageError
from grader.gradebook import FILE, Gradebook
from grader.reports.details import with_details
from grader.reports.escape import plain
from grader.reports.record import parse_record
from grader.spec import LANGUAGES
from grader.verdict import Grade

MAX_NAME = 120


@dataclass(frozen=True)
class Book:
    """An open gradebook and what counts in it."""

    gradebook: Gradebook
    course: CourseFolder | None
    entries: tuple[Entry, ...]

    def only(self, exercises: Sequence[str] = (), student: str | None = None) -> list[Entry]:
        """The entries of these exercises (of all if none is named) and of one student; raises `UsageError` if none."""
        found = [entry for entry in self.entries if (not exercises or entry.exercise in exercises)
                 and (student is None or entry.student.login == student)]
        missing = [name for name in exercises if name not in {entry.exercise for entry in self.entries}]
        if missing:
            raise UsageError(f"{plain(missing[0], MAX_NAME)}: is not in the gradebook; there are "
                             f"{', '.join(sorted({entry.exercise for entry in self.entries})) or 'no exercises'}")
        if student is not None and not found:
            raise UsageError(f"{plain(student, MAX_NAME)}: is nobody in the gradebook"
                             + (f" with {', '.join(exercises)}" if exercises else ""))
        return found

    def grade(self, entry: Entry) -> Grade | None:
        """The grade that counts, from its record and details; None where nothing was handed in."""
        if entry.attempt is None:
            return None
        try:
            record, details = self.gradebook.read(entry.attempt)
            return with_details(parse_record(record), details)
        except ValueError as error:
            raise UsageError(f"gradebook: attempt {entry.attempt} of {plain(entry.student.login, MAX_NAME)}: {error}; "
                             "grade it again with `grade batch --force`") from error

    def titles(self) -> dict[str, tuple[str, ...]]:
        """The titles of the course's exercises in all languages."""
        if self.course is None:
            return {}
        specs = [load_spec(self.course, name) for name in self.course.exercise_ids]
        return {spec.id: tuple(spec.title.to(lang) for lang in LANGUAGES) for spec in specs}

    def lang(self, asked: str | None) -> str:
        """The language that was asked for, else the course's."""
        return asked or (self.course.course.language if self.course else LANGUAGES[0])

    def known_by(self, entries: Sequence[Entry], *, of_attempt_first: bool) -> list[Entry]:
        """The entries with the platform's own number of each student: that of the roster, or of what was handed in."""
        own = {attempt.id: attempt.platform_id or "" for attempt in self.gradebook.attempts()}
        found = []
        for entry in entries:
            numbers = (entry.student.platform_id, own.get(entry.attempt or 0, ""))
            number = next(filter(None, numbers[::-1] if of_attempt_first else numbers), "")
            found.append(replace(entry, student=replace(entry.student, platform_id=number)))
        return found


@contextlib.contextmanager
def open_book(out: Path, url: str | None, course_path: Path | None) -> Iterator[Book]:
    """The gradebook in a folder or at a URL; raises `UsageError` if there is none."""
    if url is None and not (out / FILE).is_file():
        raise UsageError(f"{out}: holds no gradebook; `grade batch SUBMISSIONS -o {out}` makes one")
    with (Gradebook(url) if url else Gradebook.in_folder(out)) as gradebook:
        course = course_near(course_path)
        yield Book(gradebook, course, tuple(entries_in(gradebook, course)))


def course_near(given: Path | None) -> CourseFolder | None:
    """The course whose rules count, if one is named or near."""
    try:
        return find_course(given)
    except UsageError:
        if given is not None:
            raise
        return None
