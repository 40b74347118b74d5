"""Two observations and a tolerance in, located differences out. Pure, and blind to which side is the reference.

The ladder: outcome → structure → shape → type and dtype → finiteness → values. All differences are collected.

Policy for numbers that are not finite (curriculum 3.0): NaN agrees with NaN, and an infinity with the same infinity, at
the same place only; NaN or infinity against a finite number is a difference, whatever the tolerance.
Values are compared as float64 (or complex128); a dtype that differs is a difference of its own, never one of value.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.observation import (
    FilePath,
    Late,
    Missing,
    NotRun,
    Observation,
    Opaque,
    Outcome,
    Raised,
    Returned,
    same_bits,
)
from grader.plan import Form
from grader.spec import Band, Tolerance
from grader.verdict import Mismatch

MAX_MISMATCHES = 10
EXACT = Band(rtol=0.0, atol=0.0)  # whole numbers differ or they do not
SINGLE = (np.float32, np.float16, np.complex64)

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Finding:
    """A difference and the aspect it belongs to.

    `kind` (another kind of thing: nothing more can be compared) · `shape` · `value` · `type` (a list for an array, a
    float for an int: values are compared all the same) · `dtype` · `unchanged` (an argument was changed) · `error` (not
    the demanded error) · `raised` · `missing` · `late` · `notrun`.
    """

    aspect: str
    mismatch: Mismatch


def compare_outcomes(actual: Outcome, expected: Outcome, form: Form, tolerance: Tolerance, *,
                     float32: bool = False) -> list[Finding]:
    """Differences between two outcomes. `float32`: the call was asked in single precision."""
    if isinstance(expected, Raised):
        if isinstance(actual, Raised) and expected.full_name in actual.kinds:
            return []
        return [Finding(_aspect(actual, "error"), Mismatch("error", describe(actual), expected.name))]
    if isinstance(expected, Returned):
        if isinstance(actual, Returned):
            return compare_values(actual.value, expected.value, form, tolerance, float32=float32)
        return [Finding(_aspect(actual, "raised"), Mismatch("result", describe(actual), expected.value))]
    return [] if type(actual) is type(expected) else [Finding("notrun", Mismatch("result", describe(actual), None))]


def _aspect(actual: Outcome, otherwise: str) -> str:
    match actual:
        case Missing():
            return "missing"
        case Late():
            return "late"
        case NotRun():
            return "notrun"
    return otherwise


def describe(outcome: Outcome) -> Any:
    """An outcome as a value to show."""
    match outcome:
        case Returned(value):
            return value
        case Raised():
            return f"{outcome.name}: {outcome.message}" if outcome.message else outcome.name
        case Missing(name):
            return f"{name} ?"
    return None


def compare_arguments(actual: Observation, given: Mapping[str, Any]) -> list[Finding]:
    """Arguments that a call changed, bit for bit. `given`: what they held before, by the names that are shown."""
    return [Finding("unchanged", Mismatch(name, actual.after[name], before))
            for name, before in given.items() if name in actual.after and not same_bits(actual.after[name], before)]


def compare_values(actual: Any, expected: Any, form: Form, tolerance: Tolerance, *, float32: bool = False,
                   path: str = "result") -> list[Finding]:
    """Differences between two values by `form` (see `grader.plan`)."""
    return _Comparison(form, tolerance, float32).walk(actual, expected, path)


def share_of_band(actual: Any, expected: Any, tolerance: Tolerance, *, float32: bool = False) -> float:
    """The greatest difference between numbers of two values of one structure, as a share of what is allowed."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        pairs = [(actual[key], expected[key]) for key in expected if key in actual]
    elif isinstance(expected, list | tuple) and isinstance(actual, list | tuple):
        pairs = list(zip(actual, expected, strict=False))
    else:
        left, right = as_array(actual), as_array(expected)
        if left is None or right is None or left.shape != right.shape or left.size == 0 or "U" in (
                left.dtype.kind, right.dtype.kind):
            return 0.0
        band = _band(left, right, tolerance, float32)
        with np.errstate(all="ignore"):
            left, right = _widened(left, right)
            shares = np.abs(left - right) / (band.atol + band.rtol * np.abs(right))
        return float(np.max(shares, initial=0.0, where=~np.isnan(shares)))
    return max((share_of_band(*pair, tolerance, float32=float32) for pair in pairs), default=0.0)


def errors_of(actual: Array, expected: Array, tolerance: Tolerance, *, float32: bool = False) -> tuple[Array, bool]:
    """How far each number of two arrays of one shape is off: as a multiple of what is allowed, if anything is.

    Infinite where NaN or infinity disagree.
    """
    band = _band(actual, expected, tolerance, float32)
    excess, error = _excess(actual, expected, band)
    in_bands = band is not EXACT and (band.rtol > 0 or band.atol > 0)
    return (excess if in_bands else error), in_bands


def is_number(value: Any) -> bool:
    """Whether a value is one number: Python, NumPy scalar or 0-d array, but no truth value."""
    if isinstance(value, bool | np.bool_):
        return False
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iufc"
    return isinstance(value, int | float | complex | np.number)


@dataclass(frozen=True)
class _Comparison:
    form: Form
    tolerance: Tolerance
    float32: bool

    def walk(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        if self.form == "nothing":
            return []
        if isinstance(expected, Opaque):
            return [] if isinstance(actual, Opaque) else [self.differs("kind", path, actual, expected)]
        if isinstance(expected, FilePath):
            return self.paths(actual, expected, path)
        if expected is None:
            return [] if actual is None else [self.differs("value", path, actual, expected)]
        if isinstance(expected, bool | np.bool_):
            return self.truth(actual, expected, path)
        if isinstance(expected, str):
            return self.text(actual, expected, path)
        if isinstance(expected, Mapping):
            return self.mapping(actual, expected, path)
        if is_number(expected):
            return self.number(actual, expected, path)
        if isinstance(expected, np.ndarray):
            return self.array(actual, expected, path)
        return self.sequence(actual, expected, path)

    def differs(self, aspect: str, path: str, actual: Any, expected: Any) -> Finding:
        return Finding(aspect, Mismatch(path, actual, expected))

    def paths(self, actual: Any, expected: FilePath, path: str) -> list[Finding]:
        if isinstance(actual, str) and posixpath.normpath(actual) == posixpath.normpath(expected):
            return []
        return [self.differs("value", path, actual, expected)]

    def truth(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        if isinstance(actual, np.ndarray) and actual.ndim == 0 and actual.dtype.kind == "b":
            actual = bool(actual)
        if not isinstance(actual, bool | np.bool_):
            return [self.differs("kind", path, actual, expected)]
        return [] if self.form == "form" or bool(actual) == bool(expected) else [
            self.differs("value", path, actual, expected)]

    def text(self, actual: Any, expected: str, path: str) -> list[Finding]:
        if isinstance(actual, np.ndarray) and actual.ndim == 0 and actual.dtype.kind == "U":
            actual = str(actual)
        if not isinstance(actual, str):
            return [self.differs("kind", path, actual, expected)]
        if isinstance(actual, FilePath):
            return self.paths(actual, FilePath(expected), path)
        return [] if self.form == "form" or actual == expected else [self.differs("value", path, actual, expected)]

    def mapping(self, actual: Any, expected: Mapping[Any, Any], path: str) -> list[Finding]:
        if not isinstance(actual, Mapping):
            return [self.differs("kind", path, actual, expected)]
        if set(actual) != set(expected):
            return [self.differs("shape", f"{path}.keys", sorted(map(str, actual)), sorted(map(str, expected)))]
        return [finding for key in expected for finding in self.walk(actual[key], expected[key], f"{path}[{key!r}]")]

    def sequence(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        if not isinstance(actual, list | tuple) and not (isinstance(actual, np.ndarray) and actual.ndim):
            return [self.differs("kind", path, actual, expected)]
        findings = []
        if self.form == "exact" and type(actual) is not type(expected):
            findings.append(self.differs("type", f"type({path})", _kind_name(actual), _kind_name(expected)))
        if len(actual) != len(expected):
            return [*findings, self.differs("shape", f"len({path})", len(actual), len(expected))]
        return findings + [finding for k in range(len(expected))
                           for finding in self.walk(actual[k], expected[k], f"{path}[{k}]")]

    def number(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        if not is_number(actual):
            if isinstance(actual, np.ndarray) and actual.ndim:
                return [self.differs("shape", f"{path}.shape", actual.shape, np.shape(expected))]
            return [self.differs("kind", path, actual, expected)]
        left, right = np.asarray(actual), np.asarray(expected)
        differ = self.huge if "O" in (left.dtype.kind, right.dtype.kind) else self.values
        return [*self.kind(actual, expected, path), *differ(left, right, path)]

    def huge(self, actual: Array, expected: Array, path: str) -> list[Finding]:
        """Two numbers of which one is an int beyond 64 bits."""
        left, right = actual.item(), expected.item()
        if isinstance(left, int) and isinstance(right, int):
            same = left == right
        else:
            try:
                same = not self.values(np.asarray(float(left)), np.asarray(float(right)), path)
            except (OverflowError, TypeError):  # no float is as large; or complex
                same = False
        return [] if same or self.form == "form" else [self.differs("value", path, left, right)]

    def kind(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        """Type and dtype of a single number, as far as the form asks."""
        if self.form in ("int", "exact") and isinstance(expected, int) and not isinstance(actual, int):
            return [self.differs("type", f"type({path})", _kind_name(actual), "int")]
        if self.form in ("float", "exact") and isinstance(expected, float) and not isinstance(actual, float):
            return [self.differs("type", f"type({path})", _kind_name(actual), "float")]
        if self.form == "array":
            return self.dtypes(np.asarray(actual).dtype, np.asarray(expected).dtype, path)
        return []

    def dtypes(self, actual: Any, expected: Any, path: str) -> list[Finding]:
        return [] if actual == expected else [self.differs("dtype", f"{path}.dtype", str(actual), str(expected))]

    def array(self, actual: Any, expected: Array, path: str) -> list[Finding]:
        findings: list[Finding] = []
        if isinstance(actual, list | tuple) or is_number(actual) or isinstance(actual, bool | np.bool_):
            converted = as_array(actual)
            if converted is None:
                return [self.differs("kind", path, actual, expected)]
            if self.form in ("array", "exact"):
                findings.append(self.differs("type", f"type({path})", _kind_name(actual), "ndarray"))
            actual = converted
        if not isinstance(actual, np.ndarray):
            return [self.differs("kind", path, actual, expected)]
        if actual.shape != expected.shape:
            return [*findings, self.differs("shape", f"{path}.shape", actual.shape, expected.shape)]
        if (actual.dtype.kind == "U") != (expected.dtype.kind == "U"):
            return [*findings, self.differs("kind", f"{path}.dtype", str(actual.dtype), str(expected.dtype))]
        if self.form in ("array", "exact") and not findings and expected.dtype.kind != "U":
            findings += self.dtypes(actual.dtype, expected.dtype, path)
        return findings + self.values(actual, expected, path)

    def values(self, actual: Array, expected: Array, path: str) -> list[Finding]:
        """The values of two arrays of one shape, the greatest differences first."""
        if self.form == "form" or expected.size == 0:
            return []
        if expected.dtype.kind == "U" or actual.dtype.kind == "U":
            return [self.differs("value", path + _index(place), actual[tuple(place)], expected[tuple(place)])
                    for place in np.argwhere(actual != expected)[:MAX_MISMATCHES]]
        if actual.dtype == expected.dtype and actual.tobytes() == expected.tobytes():
            return []  # the common case, and the cheapest to see
        band = _band(actual, expected, self.tolerance, self.float32)
        excess, error = _excess(actual, expected, band)
        flat = np.nan_to_num(excess.ravel(), nan=np.inf, posinf=np.inf)
        wrong = np.flatnonzero(~(flat <= 1.0))
        worst = wrong[np.argsort(-flat[wrong], kind="stable")][:MAX_MISMATCHES]
        places = [np.unravel_index(k, actual.shape) for k in worst]
        return [Finding("value", _mismatch(path + _index(place), actual[place], expected[place],
                                           error.ravel()[k], band))
                for k, place in zip(worst, places, strict=True)]


def _band(actual: Array, expected: Array, tolerance: Tolerance, float32: bool) -> Band:
    """What two arrays may differ by."""
    if actual.dtype.kind in "iub" and expected.dtype.kind in "iub":
        return EXACT
    single = float32 or any(side.dtype in SINGLE for side in (actual, expected))
    return tolerance.float32 if single else tolerance.float64


def _widened(actual: Array, expected: Array) -> tuple[Array, Array]:
    """Both in double precision."""
    wide: Any = np.complex128 if "c" in (actual.dtype.kind, expected.dtype.kind) else np.float64
    return actual.astype(wide), expected.astype(wide)


def _excess(actual: Array, expected: Array, band: Band) -> tuple[Array, Array]:
    """Difference as a multiple of what is allowed (infinite where NaN or infinity disagree), and the difference."""
    if band is EXACT:
        error = np.asarray(np.abs(actual.astype(object) - expected.astype(object))).astype(float)
        return np.where(error == 0, 0.0, np.inf), error
    with np.errstate(all="ignore"):
        left, right = _widened(actual, expected)
        error = np.abs(left - right)
        allowed = band.atol + band.rtol * np.abs(right)
        if np.all(error <= allowed) and np.all(np.isfinite(allowed)):
            return np.zeros(error.shape), error
        excess = error / allowed
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    strange = ~(np.isfinite(left) & np.isfinite(right))
    excess = np.where(same, 0.0, np.where(strange | np.isnan(excess), np.inf, excess))
    return excess, error


def _mismatch(path: str, actual: Any, expected: Any, error: Any, band: Band) -> Mismatch:
    size = float(error)
    with np.errstate(all="ignore"):
        magnitude = float(np.abs(expected.astype(np.complex128)))
    relative = size / magnitude if magnitude else float("inf")
    return Mismatch(path, actual.item(), expected.item(), size, relative, band.rtol, band.atol)


def _index(place: Any) -> str:
    return "".join(f"[{int(index)}]" for index in place)


def as_array(value: Any) -> Array | None:
    """A sequence of numbers (or texts) as an array; None if it is ragged or holds other things."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "biufcU" else None


def _kind_name(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"ndarray ({value.dtype})"
    return type(value).__name__
