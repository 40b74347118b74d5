"""Our own CSV: a row for each student and exercise."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from grader.entries import Entry
from grader.reports.escape import cell

COLUMNS = ("student", "exercise", "points", "max_points",  # these four are promised, in this order
           "name", "id", "section", "verdict", "earned", "days_late", "attempts", "handed_in", "graded_at", "seed",
           "submission", "sha256")


def render_csv(entries: Iterable[Entry], show_time: Callable[[float], str]) -> str:
    """The grades as CSV. Points that there are not are empty.

    `points` are what counts, `earned` what it was before lateness.
    """
    return render_rows(COLUMNS, ((
        entry.student.login, entry.exercise, number(entry.points), number(entry.max_points), entry.student.name,
        entry.student.id, entry.student.section, entry.verdict, number(entry.earned), entry.days_late or "",
        entry.attempts, *("" if moment is None else show_time(moment) for moment in (entry.handed_in, entry.graded_at)),
        "" if entry.seed is None else entry.seed, entry.path, entry.sha256) for entry in entries))


def render_rows(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A header and rows as CSV: everything quoted, and no cell a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()


def number(points: float | None) -> str:
    """Points as text, as short as they are exact to six digits; empty where there are none."""
    return "" if points is None else f"{round(points, 6):.10g}"
