"""The probable cause of a failed check, from the numbers alone. Pure; no match, no diagnosis.

First the planted mistakes: a mutant is named where the submission's records equal the mutant's, function by function (a
file may hold two mistakes), at 1e-5 so that another order of operations or single precision does not hide one. Then
simple transforms of the reference that no author needs to plant: sign, factor, transpose, swapped results, dtype, a
changed argument.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare import compare_values, is_number
from grader.judge import TYPE_ASPECTS, CheckFindings, Judgement, Record
from grader.observation import Raised, Returned
from grader.plan import Form
from grader.spec import Band, Tolerance

NEAR = 1e-5


@dataclass(frozen=True)
class Cause:
    """A named cause: a mistake of the exercise (`planted`), or a general one with what its message needs."""

    id: str
    planted: bool
    values: Mapping[str, Any]


def diagnose(check: CheckFindings, submission: Judgement, mutants: Mapping[str, Judgement]) -> Cause | None:
    """The cause of one failed check, or None. `mutants`: the judgement of every planted mistake by id."""
    if not check.counted:
        return None
    groups = list(dict.fromkeys(record.group for record, _ in check.counted))
    suspects = {name: judgement for name, judgement in mutants.items() if judgement[check.id].counted}
    for select in (_whole_function, _function_in_check, _what_the_mutant_breaks):
        for group in groups:
            matches = [name for name, judgement in suspects.items()
                       if _explains(select, check, group, submission, judgement)]
            if matches:
                return Cause(_closest(matches, submission, mutants), True, {})
    return _general_cause(check)


Selection = Callable[[CheckFindings, str, Judgement, Judgement], list[tuple[Record, Record]]]


def _explains(select: Selection, check: CheckFindings, group: str, submission: Judgement, mutant: Judgement) -> bool:
    """Whether the mutant's records equal the submission's wherever `select` looks, and fail there too."""
    pairs = select(check, group, submission, mutant)
    failing = [pair for pair in pairs if pair[0].findings and pair[1].findings]
    return (bool(failing)
            and any(_counts_in(check, record) for record, _ in failing)
            and all(_alike(left, right) for left, right in pairs)
            and _clues_agree(check, mutant[check.id], failing))


def _counts_in(check: CheckFindings, record: Record) -> bool:
    return any(record is counted for counted, _ in check.counted)


def _clues_agree(check: CheckFindings, mutant: CheckFindings, failing: Sequence[tuple[Record, Record]]) -> bool:
    """Clues tell mistakes apart that a random run would hide; they count where a measured fact fails."""
    if not any(left.fact is not None for left, _ in failing):
        return True
    return set(check.clues) == set(mutant.clues) and all(
        _near(check.clues[name], mutant.clues[name], "numbers") for name in check.clues)


def _pairs(left: Iterable[Record], right: Iterable[Record]) -> list[tuple[Record, Record]]:
    others = {(record.check, record.key): record for record in right}
    return [(record, others[record.check, record.key]) for record in left if (record.check, record.key) in others]


def _whole_function(check: CheckFindings, group: str, submission: Judgement,
                    mutant: Judgement) -> list[tuple[Record, Record]]:
    """All records of a function, in all checks."""
    return _pairs(_of_group(submission, group), _of_group(mutant, group))


def _of_group(judgement: Judgement, group: str) -> list[Record]:
    return [record for check in judgement.values() for record in check.records if record.group == group]


def _function_in_check(check: CheckFindings, group: str, submission: Judgement,
                       mutant: Judgement) -> list[tuple[Record, Record]]:
    """The records of a function in this check only: elsewhere it may carry another mistake."""
    mine = [record for record in check.records if record.group == group]
    return _pairs(mine, mutant[check.id].records)


def _what_the_mutant_breaks(check: CheckFindings, group: str, submission: Judgement,
                            mutant: Judgement) -> list[tuple[Record, Record]]:
    """The records of a function in this check that the mutant fails: the rest may carry another mistake."""
    return [pair for pair in _function_in_check(check, group, submission, mutant) if pair[1].findings]


def _closest(matches: Sequence[str], submission: Judgement, mutants: Mapping[str, Judgement]) -> str:
    """Of several mutants that explain a failure, the one that fails the same checks as the submission."""
    failed = {check_id for check_id, check in submission.items() if check.counted}

    def distance(name: str) -> int:
        return len(failed ^ {check_id for check_id, check in mutants[name].items() if check.counted})

    return min(matches, key=distance)


def _alike(left: Record, right: Record) -> bool:
    """Whether two records show the same behaviour: both right, or wrong in the same way."""
    aspects = [sorted((finding.aspect, finding.mismatch.path if finding.aspect == "unchanged" else "")
                      for finding in record.findings) for record in (left, right)]
    if bool(left.findings) != bool(right.findings):
        return False
    run_dependent = (left.fact is not None and left.fact.expected is not None and not left.fact.matters) or (
        left.step is not None and left.step.form in ("form", "nothing"))
    if run_dependent:
        return {aspect for aspect, _ in aspects[0]} == {aspect for aspect, _ in aspects[1]}
    if [item for item in aspects[0] if item[0] == "unchanged"] != [item for item in aspects[1] if item[0] == "unchanged"]:
        return False
    if isinstance(left.actual, Raised) and isinstance(right.actual, Raised):
        return left.actual.full_name == right.actual.full_name
    form = left.step.form if left.step is not None else left.fact.form if left.fact is not None else "numbers"
    if isinstance(left.actual, Returned) and isinstance(right.actual, Returned):
        return _near(left.actual.value, right.actual.value, form)
    return type(left.actual) is type(right.actual)


def _near(left: Any, right: Any, form: Form) -> bool:
    """Equal in structure, dtype (where the form asks) and, at 1e-5, in value."""
    band = Band(rtol=NEAR, atol=NEAR * _scale(right))
    return not compare_values(left, right, form, Tolerance(float64=band, float32=band))


def _scale(value: Any) -> float:
    """The greatest finite size in a value, at most 1: what is far below it does not count as a difference."""
    if isinstance(value, Mapping):
        return max((_scale(item) for item in value.values()), default=0.0)
    if isinstance(value, list | tuple):
        return max((_scale(item) for item in value), default=0.0)
    if is_number(value) or isinstance(value, np.ndarray) and value.dtype.kind in "iufc":
        sizes = np.abs(np.asarray(value)).astype(float)
        return min(float(np.max(sizes, where=np.isfinite(sizes), initial=0.0)), 1.0)
    return 0.0


# --- causes that need no mutant ------------------------------------------------------------------------------------

def _general_cause(check: CheckFindings) -> Cause | None:
    aspects = {finding.aspect for _, finding in check.counted}
    if aspects <= set(TYPE_ASPECTS):
        finding = check.counted[0][1]
        return Cause("dtype_wrong", False, {"actual": finding.mismatch.actual, "expected": finding.mismatch.expected})
    if aspects == {"unchanged"}:
        names = sorted({finding.mismatch.path for _, finding in check.counted})
        return Cause("argument_changed", False, {"name": ", ".join(names)})
    records = [record for record, finding in check.counted if finding.aspect in ("value", "shape")]
    records = list({id(record): record for record in records}.values())
    if len(records) < 2 or not all(isinstance(record.actual, Returned) and isinstance(record.expected, Returned)
                                   for record in records):
        return None
    values = [(record.actual.value, record.expected.value) for record in records]  # type: ignore[union-attr]
    return _transform(values)


def _transform(values: Sequence[tuple[Any, Any]]) -> Cause | None:
    """The simple transform that takes every expected value to the actual one."""
    if all(isinstance(left, tuple | list) and isinstance(right, tuple | list) and len(left) == len(right) == 2
           and _near(left[0], right[1], "numbers") and _near(left[1], right[0], "numbers") for left, right in values):
        return Cause("results_swapped", False, {})
    arrays = [(_numeric(left), _numeric(right)) for left, right in values]
    if any(left is None or right is None for left, right in arrays):
        return None
    pairs = [(left, right) for left, right in arrays if left is not None and right is not None]
    if any(right.ndim == 2 and right.size > max(right.shape) for _, right in pairs) and all(
            left.shape == right.T.shape and _near(left, right.T, "numbers") for left, right in pairs):
        return Cause("transposed", False, {})
    if any(left.shape != right.shape for left, right in pairs):
        if all(left.size == right.size and _near(left.ravel(), right.ravel(), "numbers") for left, right in pairs):
            return Cause("shape_wrong", False, {"actual": pairs[0][0].shape, "expected": pairs[0][1].shape})
        return None
    return _factor(np.concatenate([left.ravel() for left, _ in pairs]),
                   np.concatenate([right.ravel() for _, right in pairs]))


def _numeric(value: Any) -> np.ndarray[Any, Any] | None:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array.astype(float) if array.dtype.kind in "iuf" else None


def _factor(actual: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> Cause | None:
    """One constant between all numbers: the wrong sign, a factor, or an offset of one (three numbers at least)."""
    if len(expected) < 3 or not np.all(np.isfinite(actual)) or not np.all(np.isfinite(expected)):
        return None
    if np.all(actual - expected == np.round(actual - expected)) and len(set(actual - expected)) == 1 and (
            abs(actual[0] - expected[0]) == 1):
        return Cause("off_by_one", False, {"offset": f"{actual[0] - expected[0]:+.0f}"})
    used = expected != 0
    if np.count_nonzero(used) < 3 or np.any(actual[~used] != 0):
        return None
    ratios = actual[used] / expected[used]
    factor = float(np.median(ratios))
    if factor == 0 or np.max(np.abs(ratios - factor)) > NEAR * abs(factor) or abs(factor - 1) < 1e-3:
        return None
    if abs(factor + 1) < NEAR:
        return Cause("sign_flipped", False, {})
    return Cause("constant_factor", False, {"factor": f"{factor:.4g}"})


