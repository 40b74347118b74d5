"""Pairs of submissions that look alike, as CSV for a person to go through."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Protocol

from grader.reports.escape import cell

COLUMNS = ("exercise", "student", "share", "other_student", "other_share")


class Alike(Protocol):
    """Two students, and of each one's own code the share that is the other's too."""

    @property
    def students(self) -> tuple[str, str]: ...

    @property
    def shares(self) -> tuple[float, float]: ...


def render_similar(pairs: Mapping[str, Iterable[Alike]]) -> str:
    """The pairs by exercise, shares from 0 to 1; everything quoted, and no cell a formula."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for exercise, alike in pairs.items():
        for pair in alike:
            (one, other), (share, other_share) = pair.students, pair.shares
            writer.writerow([cell(value) for value in (exercise, one, f"{share:.2f}", other, f"{other_share:.2f}")])
    return text.getvalue()
