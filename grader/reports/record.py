"""The canonical record of a grade: JSON of the schema `grade/1`, and the way back.

Valid JSON whatever a submission produced: no NaN or Infinity literals, only plain data, bounded in size.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.verdict import (
    CheckResult,
    Counterexample,
    Diagnosis,
    Grade,
    Mismatch,
    RunError,
    SubmissionInfo,
    Verdict,
)

SCHEMA = "grade/1"

MAX_TEXT = 4_000
MAX_ITEMS = 100
MAX_NODES = 1_000
MAX_DEPTH = 8
MAX_MISMATCHES = 50
MAX_INT_BITS = 1_024
_CUT = "…"

_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_SURROGATES = re.compile("[\ud800-\udfff]")


def build_record(grade: Grade) -> dict[str, Any]:
    """The record of `grade` as plain data, fields in the order of the contract."""
    return {
        "schema": SCHEMA,
        "exercise": text_data(grade.exercise),
        "exercise_version": text_data(grade.exercise_version),
        "submission": {"path": text_data(grade.submission.path), "sha256": text_data(grade.submission.sha256),
                       "kind": text_data(grade.submission.kind)},
        "verdict": str(grade.verdict),
        "points": number_data(grade.points),
        "max_points": number_data(grade.max_points),
        "seed": int(grade.seed),
        "lang": text_data(grade.lang),
        "sandbox": text_data(grade.sandbox),
        "duration_s": number_data(round(float(grade.duration_s), 3)),
        "error": None if grade.error is None else {"kind": text_data(grade.error.kind),
                                                   "message": text_data(grade.error.message)},
        "checks": [_check_record(check) for check in grade.checks],
    }


def render_record(grade: Grade) -> str:
    """The record of `grade` as JSON text that ends in a newline."""
    text = json.dumps(build_record(grade), ensure_ascii=False, allow_nan=False, indent=2)
    # Escaped though JSON allows them raw: with `--json -` a terminal would obey them.
    for char in set(text) - {"\n"}:
        if not char.isprintable():
            text = text.replace(char, json.dumps(char)[1:-1])
    return text + "\n"


def parse_record(text: str) -> Grade:
    """The grade that a record holds; titles of exercises and notices are not in it. Raises `ValueError`."""
    try:
        record = json.loads(text, parse_constant=refuse_constant)
        if not isinstance(record, dict) or record.get("schema") != SCHEMA:
            raise ValueError(f"its schema is not {SCHEMA}")
        return _grade(record)
    except KeyError as missing:
        raise ValueError(f"not a record of a grade: the field {missing} is missing") from None
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a record of a grade: {error}") from None


def refuse_constant(literal: str) -> None:
    raise ValueError(f"{literal} is no JSON")


def _check_record(check: CheckResult) -> dict[str, Any]:
    return {
        "id": text_data(check.id),
        "title": text_data(check.title),
        "verdict": str(check.verdict),
        "points": number_data(check.points),
        "max_points": number_data(check.max_points),
        "rationale": _optional_text(check.rationale),
        "hint": _optional_text(check.hint),
        "diagnosis": None if check.diagnosis is None else {"id": text_data(check.diagnosis.id),
                                                           "message": text_data(check.diagnosis.message)},
        "mismatches": [_mismatch_record(mismatch) for mismatch in check.mismatches[:MAX_MISMATCHES]],
        "counterexample": None if check.counterexample is None else {
            "call": text_data(check.counterexample.call),
            "actual": text_data(check.counterexample.actual),
            "expected": text_data(check.counterexample.expected)},
    }


def _mismatch_record(mismatch: Mismatch) -> dict[str, Any]:
    return {"path": text_data(mismatch.path), "actual": plain_data(mismatch.actual),
            "expected": plain_data(mismatch.expected), "abs_error": number_data(mismatch.abs_error),
            "rel_error": number_data(mismatch.rel_error), "rtol": number_data(mismatch.rtol),
            "atol": number_data(mismatch.atol)}


def plain_data(value: Any) -> Any:
    """`value` as JSON can hold it: numpy made plain, non-finite numbers by name, `…` for what is too much."""
    return _Plain().of(value, 0)


class _Plain:
    """One walk through a value; counts its nodes, so that lists of lists stay bounded as a whole.

    Walking a result again changes nothing: cut places hold `…`, which counts as much as what it stands for.
    """

    def __init__(self) -> None:
        self.nodes = 0

    def of(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            return _CUT
        if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
            value = value.item()
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, float):
            return number_data(value)
        if isinstance(value, int):
            bits = value.bit_length()
            return int(value) if bits <= MAX_INT_BITS else f"an integer of {bits} bits"
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, (list, tuple, np.ndarray)):
            return self._sequence(value, depth)
        return text_data(value)

    def _sequence(self, values: list[Any] | tuple[Any, ...] | np.ndarray[Any, Any], depth: int) -> list[Any]:
        plain: list[Any] = []
        for value in values:
            if self.nodes >= MAX_NODES:
                return [*plain, _CUT]
            if len(plain) == MAX_ITEMS - 1 < len(values) - 1:
                return [*plain, self.of(_CUT, depth + 1)]
            plain.append(self.of(value, depth + 1))
        return plain

    def _mapping(self, values: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key, value in values.items():
            name = text_data(key)
            if self.nodes >= MAX_NODES:
                return {**plain, _CUT: _CUT}
            if len(plain) == MAX_ITEMS - 1 < len(values) - 1:
                name, value = _CUT, _CUT
            if name not in plain:
                plain[name] = self.of(value, depth + 1)
            if len(plain) == MAX_ITEMS:
                break
        return plain


def number_data(value: float | None) -> float | str | None:
    """`value` as a float, by name where JSON has no literal for it."""
    if value is None:
        return None
    value = float(value)
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def text_data(value: object) -> str:
    text = str(value)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT - 1] + _CUT
    # A lone surrogate can be written in no encoding.
    return _SURROGATES.sub("\ufffd", text)


def _optional_text(value: str | None) -> str | None:
    return None if value is None else text_data(value)


def _grade(record: Mapping[str, Any]) -> Grade:
    submission, error = record["submission"], record["error"]
    return Grade(
        exercise=read_text(record["exercise"]), exercise_title="",
        exercise_version=read_text(record["exercise_version"]),
        submission=SubmissionInfo(path=read_text(submission["path"]), sha256=read_text(submission["sha256"]),
                                  kind=read_text(submission["kind"])),
        verdict=Verdict(record["verdict"]), points=_optional_float(record["points"]),
        max_points=read_number(record["max_points"]), seed=int(record["seed"]), lang=read_text(record["lang"]),
        sandbox=read_text(record["sandbox"]), duration_s=read_number(record["duration_s"]),
        checks=tuple(_check(check) for check in record["checks"]),
        error=None if error is None else RunError(kind=read_text(error["kind"]),
                                                  message=read_text(error["message"])))


def _check(record: Mapping[str, Any]) -> CheckResult:
    rationale, hint = record["rationale"], record["hint"]
    diagnosis, example = record["diagnosis"], record["counterexample"]
    return CheckResult(
        id=read_text(record["id"]), title=read_text(record["title"]), verdict=Verdict(record["verdict"]),
        points=read_number(record["points"]), max_points=read_number(record["max_points"]),
        rationale=None if rationale is None else read_text(rationale),
        hint=None if hint is None else read_text(hint),
        diagnosis=None if diagnosis is None else Diagnosis(id=read_text(diagnosis["id"]),
                                                           message=read_text(diagnosis["message"])),
        mismatches=tuple(_mismatch(mismatch) for mismatch in record["mismatches"]),
        counterexample=None if example is None else Counterexample(
            call=read_text(example["call"]), actual=read_text(example["actual"]),
            expected=read_text(example["expected"])))


def _mismatch(record: Mapping[str, Any]) -> Mismatch:
    return Mismatch(
        path=read_text(record["path"]), actual=record["actual"], expected=record["expected"],
        abs_error=_optional_float(record["abs_error"]), rel_error=_optional_float(record["rel_error"]),
        rtol=_optional_float(record["rtol"]), atol=_optional_float(record["atol"]))


def read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")
    return value


def _optional_float(value: Any) -> float | None:
    return None if value is None else read_number(value)


def read_number(value: Any) -> float:
    if value in _NON_FINITE:
        return _NON_FINITE[value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{value!r} is not a number")
    return float(value)
