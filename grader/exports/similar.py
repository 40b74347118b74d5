"""Pairs of submissions that look alike, as CSV for a person to go through."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from grader.exports.table import render_rows

COLUMNS = ("exercise", "student", "share", "other_student", "other_share")


class Alike(Protocol):
    """Two students, and of each one's own code the share that is the other's too."""

    @property
    def students(self) -> tuple[str, str]: ...

    @property
    def shares(self) -> tuple[float, float]: ...


def render_similar(pairs: Mapping[str, Iterable[Alike]]) -> str:
    """The pairs by exercise as CSV, shares from 0 to 1."""
    return render_rows(COLUMNS, (
        (exercise, pair.students[0], f"{pair.shares[0]:.2f}", pair.students[1], f"{pair.shares[1]:.2f}")
        for exercise, alike in pairs.items() for pair in alike))
