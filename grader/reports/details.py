"""What a grade knows and its record has no field for, as JSON, and the way back into the grade."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.reports.record import number_data, read_number, read_text, refuse_constant, text_data
from grader.verdict import Chart, CheckResult, Curve, ErrorMap, Grade, RunError

MAX_NOTICES = 20


def render_details(grade: Grade) -> str:
    """Titles, places, the student's own lines, notices and charts of a grade as JSON on one line."""
    return json.dumps({
        "title": text_data(grade.exercise_title), "untouched": grade.untouched,
        "error": None if grade.error is None else _error_data(grade.error),
        "notices": [_error_data(notice) for notice in grade.notices[:MAX_NOTICES]],
        "checks": {text_data(check.id): {"traceback": [text_data(line) for line in check.traceback],
                                         "charts": [_chart_data(chart) for chart in check.charts]}
                   for check in grade.checks if check.traceback or check.charts},
    }, ensure_ascii=False, allow_nan=False)


def with_details(grade: Grade, text: str) -> Grade:
    """A grade read from its record, completed by these details (`{}` holds none). Raises `ValueError`."""
    try:
        details = json.loads(text, parse_constant=refuse_constant)
        if not details:
            return grade
        checks = details["checks"]
        return replace(
            grade, exercise_title=read_text(details["title"]), untouched=details["untouched"] is True,
            error=None if details["error"] is None else _error(details["error"]),
            notices=tuple(_error(notice) for notice in details["notices"]),
            checks=tuple(_completed(check, checks[check.id]) if check.id in checks else check
                         for check in grade.checks))
    except KeyError as missing:
        raise ValueError(f"not the details of a grade: the field {missing} is missing") from None
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not the details of a grade: {error}") from None


def _error_data(error: RunError) -> dict[str, Any]:
    return {"kind": text_data(error.kind), "message": text_data(error.message),
            "place": None if error.place is None else text_data(error.place),
            "traceback": [text_data(line) for line in error.traceback]}


def _error(data: Mapping[str, Any]) -> RunError:
    place = data["place"]
    return RunError(kind=read_text(data["kind"]), message=read_text(data["message"]),
                    place=None if place is None else read_text(place),
                    traceback=tuple(read_text(line) for line in data["traceback"]))


def _completed(check: CheckResult, data: Mapping[str, Any]) -> CheckResult:
    return replace(check, traceback=tuple(read_text(line) for line in data["traceback"]),
                   charts=tuple(_chart(chart) for chart in data["charts"]))


def _chart_data(chart: Chart) -> dict[str, Any]:
    named = {"title": text_data(chart.title), "where": text_data(chart.where)}
    if isinstance(chart, Curve):
        return named | {"steps": list(chart.steps), "series": [
            [text_data(name), [number_data(value) for value in values]] for name, values in chart.series]}
    return named | {"shape": list(chart.shape), "in_bands": chart.in_bands,
                    "rows": [[number_data(value) for value in row] for row in chart.rows]}


def _chart(data: Mapping[str, Any]) -> Chart:
    title, where = read_text(data["title"]), read_text(data["where"])
    if "series" in data:
        curve = Curve(title, where, tuple(map(int, data["steps"])), tuple(
            (read_text(name), _numbers(values)) for name, values in data["series"]))
        if not curve.steps or any(len(values) != len(curve.steps) for _, values in curve.series):
            raise ValueError("a curve that has not as many numbers as steps")
        return curve
    rows = tuple(_numbers(row) for row in data["rows"])
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        raise ValueError("a table that is empty, or whose rows differ in length")
    return ErrorMap(title, where, tuple(map(int, data["shape"])), data["in_bands"] is True, rows)


def _numbers(values: Any) -> tuple[float, ...]:
    return tuple(read_number(value) for value in values)
