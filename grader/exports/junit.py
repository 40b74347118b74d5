"""A class as one document of JUnit XML: a test suite for each student and exercise."""

from collections.abc import Callable, Iterable

from grader.entries import Entry
from grader.reports.junit import Suite, render_suites
from grader.verdict import Grade


def render_class(graded: Iterable[tuple[Entry, Grade]], show_time: Callable[[float], str]) -> str:
    """The attempts that count, as XML."""
    return render_suites(Suite(grade, entry.student.login, show_time(entry.graded_at) if entry.graded_at else "")
                         for entry, grade in graded)
