"""What is worth drawing of a judged submission: arrays that are wrong, and the curves of its own training. Pure.

Charts are plain and small whatever was observed: few numbers, of few digits.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.compare import Array, as_array, errors_of
from grader.judge import CheckFindings, Judgement, Record, fact_tolerance
from grader.observation import Returned
from grader.plan import uses_float32
from grader.spec import Exercise
from grader.verdict import Chart, Curve, ErrorMap

MIN_POINTS = 3
MAX_POINTS = 200
MIN_CELLS = 4
MAX_SIDE = 24
MAX_DEPTH = 4
HISTORY = ("loss", "val_loss")


def worst_chart(exercise: Exercise, check: CheckFindings, group: str | None) -> tuple[Record, Chart] | None:
    """The array of a failing check that is the farthest off; None where no array is wrong in its values.

    Of `group`, if anything there can be drawn. Who words the record gives the chart its title.
    """
    wrong = {(record.check, record.key): record for record, finding in check.counted if finding.aspect == "value"}
    found = [(errors.max(), record, path, actual, expected, errors, in_bands) for record in wrong.values()
             for path, actual, expected, errors, in_bands in _arrays_of(exercise, record)]
    found = [one for one in found if one[1].group == group] or found
    if not found:
        return None
    _, record, path, actual, expected, errors, in_bands = max(found, key=lambda one: (one[0], -one[1].size))
    if actual.ndim == 1:
        return record, _curve(path, actual, expected, errors)
    return record, ErrorMap("", path, actual.shape, in_bands, _rows(_reduced(errors)))


def training_chart(judgement: Judgement) -> tuple[str, Curve] | None:
    """The loss curves of the submission's own training, with the check that saw them; None if it saw none."""
    for check in judgement.values():
        for record in check.records:
            curves = _history(record.actual.value, 0) if isinstance(record.actual, Returned) else {}
            if curves:
                steps = _steps(len(next(iter(curves.values()))), 0)
                return check.id, Curve("", "", tuple(map(int, steps)), tuple(
                    (name, _short(values[steps])) for name, values in curves.items()))
    return None


def _history(value: Any, depth: int) -> dict[str, Array]:
    """Loss, and validation loss if there is one of its length, in whatever holds them."""
    if not isinstance(value, Mapping) or depth > MAX_DEPTH:
        return {}
    curves = {name: array for name in HISTORY if (array := as_array(value.get(name))) is not None
              and array.ndim == 1 and array.dtype.kind in "iuf" and len(array) >= MIN_POINTS}
    if "loss" in curves:
        return {name: array for name, array in curves.items() if array.shape == curves["loss"].shape}
    return next((found for item in value.values() if (found := _history(item, depth + 1))), {})


def _arrays_of(exercise: Exercise, record: Record) -> Iterator[tuple[str, Array, Array, Array, bool]]:
    """Pairs of arrays in a record that differ and can be drawn, with their places and errors."""
    if not isinstance(record.actual, Returned) or not isinstance(record.expected, Returned):
        return
    tolerance = exercise.check(record.check).tolerance
    if record.fact is not None:
        tolerance = fact_tolerance(record.fact, tolerance)
    float32 = record.step is not None and uses_float32(record.step)
    for path, actual, expected in _pairs(record.actual.value, record.expected.value, "result" if record.step else ""):
        errors, in_bands = errors_of(actual, expected, tolerance, float32=float32)
        if np.any(errors > (1.0 if in_bands else 0.0)):
            yield path, actual, expected, errors, in_bands


def _pairs(actual: Any, expected: Any, path: str) -> Iterator[tuple[str, Array, Array]]:
    """Arrays of numbers at the same places of two values, of one shape and large enough to be drawn."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for key in expected:
            if key in actual:
                yield from _pairs(actual[key], expected[key], f"{path}[{key!r}]")
    elif isinstance(expected, list | tuple) and any(isinstance(item, np.ndarray | Mapping) for item in expected):
        if isinstance(actual, list | tuple):
            for k, pair in enumerate(zip(actual, expected, strict=False)):
                yield from _pairs(*pair, f"{path}[{k}]")
    else:
        left, right = as_array(actual), as_array(expected)
        if left is not None and right is not None and left.shape == right.shape and _can_be_drawn(left, right):
            yield path, left, right


def _can_be_drawn(actual: Array, expected: Array) -> bool:
    kinds = actual.dtype.kind + expected.dtype.kind
    if actual.ndim == 1:
        return len(actual) >= MIN_POINTS and set(kinds) <= set("biuf")
    return actual.ndim > 1 and actual.size >= MIN_CELLS and "U" not in kinds


def _curve(path: str, actual: Array, expected: Array, errors: Array) -> Curve:
    steps = _steps(len(actual), int(np.argmax(errors)))
    return Curve("", path, tuple(map(int, steps)), (("actual", _short(actual[steps])),
                                                       ("expected", _short(expected[steps]))))


def _steps(count: int, always: int) -> Array:
    """Places along a curve, all of them or evenly spread, and one that is always there."""
    if count <= MAX_POINTS:
        return np.arange(count)
    return np.unique([*np.linspace(0, count - 1, MAX_POINTS - 1).astype(int), always])


def _reduced(errors: Array) -> Array:
    """As a table (leading axes one below the other) of at most MAX_SIDE each way, the greatest of each block."""
    table = errors.reshape(-1, errors.shape[-1])
    for axis in (0, 1):
        count = table.shape[axis]
        if count > MAX_SIDE:
            starts = np.arange(MAX_SIDE) * count // MAX_SIDE
            table = np.maximum.reduceat(table, starts, axis=axis)
    return table


def _rows(table: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(f"{value:.3g}") for value in row) for row in table)


def _short(values: Array) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values.astype(float))
