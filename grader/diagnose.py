"""The probable cause of a failed check, from the numbers alone. Pure; no match, no diagnosis.

First the planted mistakes: a mutant is named where the submission's records equal the mutant's, function by function (a
file may hold two mistakes), at 1e-5 so that another order of operations or single precision does not hide one. Then
simple transforms of the reference that no author needs to plant: sign, factor, transpose, swapped results, dtype, a
changed argument.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.compare import compare_values, is_number
from grader.judge import TYPE_ASPECTS, CheckFindings, Judgement, Record
from grader.observation import Missing, NotRun, Raised, Returned
from grader.plan import Form
from grader.spec import Band, Tolerance

NEAR = 1e-5


@dataclass(frozen=True)
class Cause:
    """A named cause: a mistake of the exercise (`planted`), or a general one with what its message needs.

    `group` is the function whose records showed it, if it was one.
    """

    id: str
    planted: bool
    values: Mapping[str, Any]
    group: str | None = None


def diagnose(submission: Judgement, mutants: Mapping[str, Judgement]) -> dict[str, Cause]:
    """The cause of every failed check that has one. `mutants`: the judgement of every planted mistake by id."""
    matcher = _Matcher(submission, mutants)
    causes = {check_id: matcher.planted_cause(check) or _general_cause(check)
              for check_id, check in submission.items() if check.counted}
    return {check_id: cause for check_id, cause in causes.items() if cause is not None}


Pairs = list[tuple[Record, Record]]


class _Matcher:
    """Holds a submission's records against those of every mutant."""

    def __init__(self, submission: Judgement, mutants: Mapping[str, Judgement]) -> None:
        self.submission = submission
        self.mutants = mutants
        self._alike: dict[tuple[str, str, str, str], bool] = {}

    def planted_cause(self, check: CheckFindings) -> Cause | None:
        """The mutant that explains a failed check: by a whole function; else by its records in this check; else by
        those that the mutant breaks, since the rest may carry another mistake; else by their values, since their
        types and arguments may."""
        groups = list(dict.fromkeys(record.group for record, finding in check.counted if finding.aspect != "notrun"))
        suspects = [name for name, judgement in self.mutants.items() if judgement[check.id].counted]
        for scope in ("function", "check", "broken", "values"):
            for group in groups:
                matches = [name for name in suspects if self.explains(name, check, group, scope)]
                if matches:
                    return Cause(_closest(matches, self.submission, self.mutants), True, {}, group)
        return None

    def explains(self, name: str, check: CheckFindings, group: str, scope: str) -> bool:
        """Whether the mutant's records equal the submission's wherever `scope` looks, and fail there too."""
        pairs = self.pairs(name, check.id, group, scope)
        failing = [pair for pair in pairs if all(record.findings and not isinstance(record.actual, NotRun | Missing)
                                                 for record in pair)]
        return (any((left.check, left.key) in check.counted_records for left, _ in failing)
                and all(self.alike(name, *pair, scope) for pair in failing)  # the likeliest to differ come first
                and all(self.alike(name, *pair, scope) for pair in pairs)
                and _clues_agree(check, self.mutants[name][check.id], failing))

    def pairs(self, name: str, check_id: str, group: str, scope: str) -> Pairs:
        """Records of what the check examines, the submission's and the mutant's."""
        others = self.mutants[name].groups.get(group, {})
        return [(record, others[place]) for place, record in self.submission.groups[group].items()
                if place in others and (scope == "function" or record.check == check_id)
                and (scope != "broken" or others[place].findings)
                and (scope != "values" or (_is_wrong_in_value(others[place]) and not _hides_its_value(record)))]

    def alike(self, name: str, left: Record, right: Record, scope: str) -> bool:
        if scope == "values":
            return _is_wrong_in_value(left) and _alike(left, right, values_only=True)
        place = (name, left.group, left.check, left.key)
        if place not in self._alike:
            self._alike[place] = _alike(left, right)
        return self._alike[place]


def _clues_agree(check: CheckFindings, mutant: CheckFindings, failing: Pairs) -> bool:
    """Clues tell mistakes apart that a random run would hide; they count where a measured fact fails."""
    if not any(left.fact is not None for left, _ in failing):
        return True
    return set(check.clues) == set(mutant.clues) and all(
        _near(check.clues[name], mutant.clues[name], "numbers") for name in check.clues)


def _closest(matches: Sequence[str], submission: Judgement, mutants: Mapping[str, Judgement]) -> str:
    """Of several mutants that explain a failure, the one that fails the same checks as the submission."""
    failed = {check_id for check_id, check in submission.items() if check.counted}

    def distance(name: str) -> int:
        return len(failed ^ {check_id for check_id, check in mutants[name].items() if check.counted})

    return min(matches, key=distance)


def _is_wrong_in_value(record: Record) -> bool:
    return any(finding.aspect not in (*TYPE_ASPECTS, "unchanged") for finding in record.findings)


def _hides_its_value(record: Record) -> bool:
    """Whether a call broke off because it wrote into a read-only argument."""
    return isinstance(record.actual, Raised) and {finding.aspect for finding in record.findings} == {"unchanged"}


def _alike(left: Record, right: Record, *, values_only: bool = False) -> bool:
    """Whether two records show the same behaviour: both right, or wrong in the same way.

    `values_only` leaves types and changed arguments aside, and what came where an error is demanded.
    """
    if bool(left.findings) != bool(right.findings) or type(left.actual) is not type(right.actual):
        return False
    if not values_only and _changed_arguments(left) != _changed_arguments(right):
        return False
    if isinstance(left.actual, Raised) and isinstance(right.actual, Raised):
        # Where an error is demanded, a wrong class tells; where none is, the same mistake has the same text.
        return left.actual.full_name == right.actual.full_name and (
            isinstance(left.expected, Raised) or _gist(left.actual.message) == _gist(right.actual.message))
    if not isinstance(left.actual, Returned) or not isinstance(right.actual, Returned):
        return True
    if _depends_on_the_run(left):
        return {finding.aspect for finding in left.findings} == {finding.aspect for finding in right.findings}
    if values_only:
        form = "form" if isinstance(left.expected, Raised) else "numbers"
    else:
        form = left.step.form if left.step is not None else left.fact.form if left.fact is not None else "numbers"
    return _near(left.actual.value, right.actual.value, form)


def _gist(message: str) -> str:
    """An error's text without the values that it quotes (`metrics=mse` or `metrics=mae`: the same mistake)."""
    return re.sub(r"=\S+", "=", message)


def _changed_arguments(record: Record) -> list[str]:
    return sorted(finding.mismatch.path for finding in record.findings if finding.aspect == "unchanged")


def _depends_on_the_run(record: Record) -> bool:
    """Whether another run of the same code would give other values."""
    if record.fact is not None:
        return record.fact.expected is not None and not record.fact.matters
    return record.step is not None and record.step.form in ("form", "nothing")


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
    if is_number(value) or (isinstance(value, np.ndarray) and value.dtype.kind in "iufc"):
        array = np.asarray(value)
        if array.dtype.kind == "O":  # an int beyond 64 bits
            return 1.0
        sizes = np.abs(array).astype(float)
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
        names = [name for name in names if "/" not in name] or names
        return Cause("argument_changed", False, {"name": ", ".join(names)})
    records = [record for record, finding in check.counted if finding.aspect in ("value", "shape")]
    records = list({id(record): record for record in records}.values())
    if len(records) < 2 or not all(isinstance(record.actual, Returned) and isinstance(record.expected, Returned)
                                   for record in records):
        return None
    values = [(record.actual.value, record.expected.value) for record in records]  # type: ignore[union-attr]
    with np.errstate(all="ignore"):
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
    if len(expected) < 3 or not np.all(np.isfinite(actual)) or not np.all(np.isfinite(expected)) or (
            np.all(expected == expected[0])):
        return None
    offset = np.sign(actual[0] - expected[0])
    if offset and np.all(np.abs(actual - expected - offset) <= NEAR):
        return Cause("off_by_one", False, {"offset": f"{offset:+.0f}"})
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


