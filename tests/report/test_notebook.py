"""A notebook with remarks: the student's cells untouched, the remarks where they belong, once."""

import json
from dataclasses import replace

import nbformat
import pytest
from hypothesis import given

from grader.reports.notebook import annotate_notebook, is_added
from grader.verdict import RunError
from tests.report.classes import MODULE, notebook
from tests.report_samples import HOSTILE, samples
from tests.report_strategies import grades, quick

GRADES = samples("ko")
GIVEN = json.loads(notebook("import numpy as np", "", MODULE, "print(1)"))


def own(data):
    return [cell for cell in data["cells"] if not is_added(cell)]


def remarks(data):
    """What was added, by the id of the cell above."""
    return {above["id"]: cell["source"] for above, cell in zip(data["cells"], data["cells"][1:], strict=False) if is_added(cell)}


@pytest.mark.parametrize("name", GRADES)
def test_the_students_own_is_as_it_was_and_the_whole_is_valid(name):
    data = annotate_notebook(GIVEN, GRADES[name])
    assert own(data) == GIVEN["cells"] and data["metadata"] == GIVEN["metadata"]
    assert is_added(data["cells"][0])
    nbformat.validate(data)


def test_a_remark_stands_below_the_cell_that_defines_what_fails():
    text = remarks(annotate_notebook(GIVEN, GRADES["one_mistake"]))
    assert set(text) == {"cell-2"}
    assert "두 번 보정됩니다" in text["cell-2"] and "**힌트**" in text["cell-2"] and "adam_step(theta=[0.31]" in text["cell-2"]


def test_of_two_cells_that_define_it_the_last_counts():
    twice = json.loads(notebook(MODULE, "x = 1", MODULE))
    assert set(remarks(annotate_notebook(twice, GRADES["one_mistake"]))) == {"cell-2"}


def test_what_belongs_to_no_cell_stands_at_the_top():
    data = annotate_notebook(json.loads(notebook("x = 1")), GRADES["one_mistake"])
    assert remarks(data) == {} and "두 번 보정됩니다" in data["cells"][0]["source"]


def test_an_error_stands_below_its_cell_counting_those_with_code():
    grade = replace(GRADES["timed_out"], error=RunError("timed_out", "셀 3이(가) 60초 안에 끝나지 않았습니다.", "셀 3"))
    assert "60초" in remarks(annotate_notebook(GIVEN, grade))["cell-3"]


def test_a_second_run_replaces_the_first():
    once = annotate_notebook(GIVEN, GRADES["two_mistakes"])
    assert annotate_notebook(once, GRADES["two_mistakes"]) == once
    assert annotate_notebook(once, GRADES["full_points"]) == annotate_notebook(GIVEN, GRADES["full_points"])


def test_ids_are_new_and_only_where_the_format_has_them():
    given_ids = [{**GIVEN["cells"][0], "id": "grade-0"}, *GIVEN["cells"][1:]]
    data = annotate_notebook({**GIVEN, "cells": given_ids}, GRADES["one_mistake"])
    assert len({cell["id"] for cell in data["cells"]}) == len(data["cells"])
    older = {**GIVEN, "nbformat_minor": 4, "cells": [{key: value for key, value in cell.items() if key != "id"} for cell in GIVEN["cells"]]}
    data = annotate_notebook(older, GRADES["one_mistake"])
    assert not any("id" in cell for cell in data["cells"])
    nbformat.validate(data)


def test_hostile_text_is_text():
    data = annotate_notebook(GIVEN, GRADES["hostile"])
    text = "".join(cell["source"] for cell in data["cells"] if is_added(cell))
    outside = "".join(text.split("```")[::2])
    assert "<script>" not in outside and HOSTILE[0] not in text and "\u202e" not in text


@quick
@given(grades)
def test_any_grade_can_be_told(grade):
    data = annotate_notebook(GIVEN, grade)
    assert own(data) == GIVEN["cells"]
    nbformat.validate(data)


@pytest.mark.parametrize("data", [{}, {"nbformat": 4}, {"nbformat": 4, "cells": [1]}, {"nbformat": 3, "cells": []}])
def test_what_is_no_notebook_of_this_format_is_refused(data):
    with pytest.raises(ValueError, match="not a notebook of format 4"):
        annotate_notebook(data, GRADES["one_mistake"])


@pytest.mark.parametrize("cell", [{"cell_type": "code"}, {"cell_type": "code", "source": None}, {"metadata": 3}, {"cell_type": "code", "source": [1]},
                                  {"cell_type": "code", "metadata": {"grade": 1}, "id": []}])
def test_broken_cells_are_no_obstacle(cell):
    data = annotate_notebook({"nbformat": 4, "cells": [cell], "nbformat_minor": 5}, GRADES["one_mistake"])
    assert own(data) == [cell]
