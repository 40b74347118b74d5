"""A student's own notebook with the grader's remarks in it: cells are added, none of the student's is changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.messages import say
from grader.reports.code import cell_number, defines, names_of
from grader.reports.escape import markdown, markdown_code
from grader.reports.html import SYMBOLS
from grader.reports.view import (
    MAX_CALL,
    MAX_MESSAGE,
    MAX_TITLE,
    MAX_VALUE,
    Chip,
    Form,
    Notice,
    Problem,
    View,
    build_view,
)
from grader.verdict import Grade

MARK = {"grade": {"added": True}}  # in a cell's metadata: the next run replaces it


def annotate_notebook(notebook: Mapping[str, Any], grade: Grade) -> dict[str, Any]:
    """A notebook of format 4 with a summary at its top, and a remark below each cell that a problem lies in.

    Raises `ValueError` where it is no such notebook.
    """
    given = notebook.get("cells")
    if notebook.get("nbformat") != 4 or not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("not a notebook of format 4")
    cells = [cell for cell in given if not is_added(cell)]
    remarks = _remarks(cells, grade, build_view(grade))
    make = _Maker(cells, int(notebook.get("nbformat_minor", 0)) >= 5)
    return {**notebook, "cells": [make.cell(remarks.summary), *(
        piece for place, cell in enumerate(cells)
        for piece in (cell, *(make.cell(text) for text in remarks.below.get(place, ()))))]}


def is_added(cell: Mapping[str, Any]) -> bool:
    """Whether a cell was added by the grader."""
    metadata = cell.get("metadata")
    marked = metadata.get("grade") if isinstance(metadata, dict) else None
    return isinstance(marked, dict) and marked.get("added") is True


@dataclass
class _Remarks:
    """What is said at the top, and below which of the student's cells."""

    summary: str = ""
    below: dict[int, list[str]] = field(default_factory=dict)


class _Maker:
    """Makes cells with ids that the notebook does not have yet, where its format knows ids."""

    def __init__(self, cells: Iterable[Mapping[str, Any]], with_ids: bool) -> None:
        self._taken = {cell.get("id") for cell in cells if isinstance(cell.get("id"), str)}
        self._with_ids = with_ids
        self._made = 0

    def cell(self, text: str) -> dict[str, Any]:
        cell: dict[str, Any] = {"cell_type": "markdown"}
        if self._with_ids:
            while (name := f"grade-{self._made}") in self._taken:
                self._made += 1
            self._made += 1
            cell["id"] = name
        return cell | {"metadata": MARK, "source": text}


def _remarks(cells: Sequence[Mapping[str, Any]], grade: Grade, view: View) -> _Remarks:
    found, unplaced = _Remarks(), []
    code = [(place, source) for place, cell in enumerate(cells)
            if cell.get("cell_type") == "code" and (source := _source(cell)).strip()]
    errors = [(view.cause, grade.error), *zip(view.notices, grade.notices, strict=False)]
    for notice, error in errors:
        if notice is not None and error is not None:
            number = cell_number(error.place or "", grade.lang)
            text = _notice(notice)
            if 0 < number <= len(code):
                found.below.setdefault(code[number - 1][0], []).append(text)
            else:
                unplaced.append(text)
    checks = {check.id: check for check in grade.checks}
    for problem in view.problems:
        names = {name for chip in problem.chips if chip.id in checks for name in names_of(checks[chip.id])}
        # The last cell that defines it: that is the one that counted.
        place = next((place for place, source in reversed(code) if defines(source, names)), None)
        text = _problem(problem, view.lang)
        if place is None:
            unplaced.append(text)
        else:
            found.below.setdefault(place, []).append(text)
    found.summary = "\n\n".join([_summary(view), *unplaced])
    return found


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _summary(view: View) -> str:
    said = say("feedback.no_points", view.lang) if view.form is Form.NOT_GRADED else say(
        "feedback.points", view.lang, points=view.points, max_points=view.max_points)
    lines = [f"## {say('feedback.summary', view.lang)}", said]
    if view.headline:
        lines.append(markdown(view.headline, MAX_MESSAGE))
    if view.form in (Form.PRAISE, Form.PROBLEMS):
        lines.append("\n".join(f"- {SYMBOLS[chip.verdict]} {_chip(chip)}" for chip in view.checks))
    return "\n\n".join(line for line in lines if line)


def _chip(chip: Chip) -> str:
    return f"{markdown(chip.title, MAX_TITLE)} ({markdown(chip.points, MAX_TITLE)})"


def _notice(notice: Notice) -> str:
    said = ": ".join(filter(None, (notice.title, notice.message)))
    return f"**✘** {markdown(said, MAX_MESSAGE)}"


def _problem(problem: Problem, lang: str) -> str:
    """One problem, telling what the report in the terminal tells."""
    parts = [f"**{say('feedback.note', lang)}** " + " · ".join(f"✘ {_chip(chip)}" for chip in problem.chips),
             markdown(problem.message, MAX_MESSAGE)]
    if problem.call:
        parts += [f"{say('feedback.example', lang)}:", markdown_code(problem.call, MAX_CALL)]
    for evidence in problem.evidence[:1]:
        values = say("feedback.values", lang, actual=markdown(evidence.actual, MAX_VALUE),
                     expected=markdown(evidence.expected, MAX_VALUE))
        parts.append(" · ".join(filter(None, (markdown(evidence.where, MAX_VALUE), values,
                                              markdown(evidence.size, MAX_VALUE)))))
    if problem.hint:
        parts.append(f"**{say('report.hint', lang)}** {markdown(problem.hint, MAX_MESSAGE)}")
    return "\n\n".join(part for part in parts if part)
