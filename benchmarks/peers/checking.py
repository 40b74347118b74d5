"""What the test cells of another grader call: the steps of our checks, carried out and compared in its own kernel.

Lies beside a notebook together with `expected.json` (the steps, and what the reference gave), the codec, the exercise's
observers and its `checks.py` (for facts measured in what came). Every step is carried out, as in our grader; a check
that finds a difference raises AssertionError at its end.
"""

import copy
import functools
import importlib
import json
import random
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from codec import Opaque, decode, encode

HERE = Path(__file__).resolve().parent
PLAIN = (bool, int, float, complex, str, list, tuple, dict, np.ndarray, np.generic)


def require(check_id: str, names: Mapping[str, Any]) -> None:
    """Carry out a check on the names of a notebook; AssertionError tells the first differences."""
    check = _expected()[check_id]
    _seed(check["seed"])
    results: dict[int, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        differences = [difference for step in check["steps"]
                       for difference in _differences(step, check["bands"], names, results)]
        if not differences:
            differences = list(_wrong_facts(check_id, check, results))
    assert not differences, "; ".join(differences[:3])


@functools.cache
def _expected() -> Any:
    return json.loads((HERE / "expected.json").read_text(encoding="utf-8"))


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)


# --- steps ---------------------------------------------------------------------------------------------------------

def _differences(step: dict[str, Any], bands: Any, names: Mapping[str, Any], results: dict[int, Any]) -> list[str]:
    """Carry out one step; what differs from the reference, in words."""
    place = f"{step['name']} (step {step['i']})"
    try:
        target = _target(step, names, results)
        args = [_argument(value, results) for value in step.get("args", [])]
        kwargs = {name: _argument(value, results) for name, value in step.get("kw", {}).items()}
    except (LookupError, AttributeError, TypeError) as error:
        return [f"{place}: {type(error).__name__}: {error}"]
    given = [value for value, data in zip([*args, *kwargs.values()], _data(step), strict=True)
             if isinstance(value, np.ndarray | list | dict) and not _is_list_of_results(data)]
    before = copy.deepcopy(given)
    try:
        result = results[step["i"]] = target(*args, **kwargs) if step["do"] != "get" else target
    except Exception as error:
        kinds = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]
        if not step["judged"] or step.get("error") in kinds:
            return _changed(place, before, given)
        return [f"{place}: {type(error).__name__}: {error}"]
    if not step["judged"]:
        return []
    if "error" in step:
        return [f"{place}: no {step['error']}"]
    found = list(_compare(result, decode(step["value"]), step["form"], bands, step["single"], place))
    return found + _changed(place, before, given)


def _data(step: dict[str, Any]) -> list[Any]:
    return [*step.get("args", []), *step.get("kw", {}).values()]


def _is_list_of_results(data: Any) -> bool:
    return isinstance(data, dict) and "L" in data


def _target(step: dict[str, Any], names: Mapping[str, Any], results: dict[int, Any]) -> Any:
    """What a step calls or reads."""
    if step["do"] == "again":
        value = _resolve(step["on"], results)
        return lambda: value
    if step["do"] == "observer":
        module, _, name = step["name"].rpartition(".")
        return getattr(importlib.import_module(module), name)
    if step["do"] == "method":
        return getattr(_resolve(step["on"], results), step["name"])
    return names[step["name"]]


def _argument(data: Any, results: dict[int, Any]) -> Any:
    if isinstance(data, dict) and "r" in data:
        return _resolve(data["r"], results)
    if isinstance(data, dict) and "L" in data:
        return [_argument(item, results) for item in data["L"]]
    return decode(data)


def _resolve(reference: list[Any], results: dict[int, Any]) -> Any:
    value = results[reference[0]]
    for index in reference[1:]:
        value = value[index]
    return value


def _changed(place: str, before: list[Any], after: list[Any]) -> list[str]:
    return [f"{place}: an argument was changed" for old, new in zip(before, after, strict=True)
            if json.dumps(encode(old)) != json.dumps(encode(new))]


# --- comparing -----------------------------------------------------------------------------------------------------

def _compare(actual: Any, expected: Any, form: str, bands: Any, single: bool, place: str) -> Iterator[str]:
    """Differences between a value and the reference's, by the form that the check asks for."""
    if form == "nothing":
        return
    if isinstance(expected, Opaque):
        if isinstance(actual, PLAIN):
            yield f"{place}: {type(actual).__name__} for {expected.class_name}"
    elif expected is None or isinstance(expected, bool | str):
        if not isinstance(actual, type(expected)) or (form != "form" and actual != expected):
            yield f"{place}: {actual!r} for {expected!r}"
    elif isinstance(expected, dict):
        if not isinstance(actual, dict) or set(actual) != set(expected):
            yield f"{place}: other keys"
            return
        for key, value in expected.items():
            yield from _compare(actual[key], value, form, bands, single, f"{place}[{key!r}]")
    elif isinstance(expected, list | tuple):
        if not isinstance(actual, list | tuple | np.ndarray) or len(actual) != len(expected):
            yield f"{place}: another length"
            return
        for k, value in enumerate(expected):
            yield from _compare(actual[k], value, form, bands, single, f"{place}[{k}]")
    else:
        yield from _compare_numbers(actual, expected, form, bands, single, place)


def _compare_numbers(actual: Any, expected: Any, form: str, bands: Any, single: bool, place: str) -> Iterator[str]:
    if actual is None or isinstance(actual, bool | dict) or (isinstance(actual, str) and not isinstance(expected, str)):
        yield f"{place}: {actual!r} for numbers"
        return
    left, right = np.asarray(actual), np.asarray(expected)
    if left.dtype == object and all(isinstance(item, str) for item in left.flat):
        left = left.astype(str)
    if left.shape != right.shape:
        yield f"{place}: shape {left.shape} for {right.shape}"
    elif (left.dtype.kind == "U") != (right.dtype.kind == "U") or left.dtype.kind not in "biufU":
        yield f"{place}: {left.dtype} for {right.dtype}"
    elif form == "array" and (left.dtype != right.dtype or isinstance(actual, list | tuple)):
        yield f"{place}: {type(actual).__name__} of {left.dtype} for {right.dtype}"
    elif form != "form" and not _close(left, right, bands, single):
        yield f"{place}: {left.ravel()[:3]} … for {right.ravel()[:3]} …"


def _close(left: Any, right: Any, bands: Any, single: bool) -> bool:
    if left.dtype.kind in "biuU" and right.dtype.kind in "biuU":
        return np.array_equal(left, right)
    rtol, atol = bands["float32" if single or np.float32 in (left.dtype, right.dtype) else "float64"]
    return np.allclose(left.astype(float), right.astype(float), rtol=rtol, atol=atol, equal_nan=True)


# --- facts ---------------------------------------------------------------------------------------------------------

def _wrong_facts(check_id: str, check: Any, results: dict[int, Any]) -> Iterator[str]:
    """Facts measured in the results that differ from what they should be, by the code in `checks.py`."""
    measure = _measures().get(check_id)
    if measure is None:
        return
    left = dict(check["facts"])
    with np.errstate(all="ignore"):
        for fact in measure(_fill(check["returned"], results)):
            reference = left.pop(fact.name, None)
            expected = decode(reference) if fact.expected is None else fact.expected
            bands = check["bands"] if fact.rtol is None else dict.fromkeys(("float32", "float64"),
                                                                          (fact.rtol, fact.atol))
            yield from _compare(fact.actual, expected, fact.form, bands, False, fact.name)
    yield from (f"{name}: not there" for name in left)


def _fill(data: Any, results: dict[int, Any]) -> Any:
    """What a check returned, with results for the references to them."""
    if isinstance(data, dict) and "r" in data:
        return decode(encode(_resolve(data["r"], results)))
    if isinstance(data, dict):
        return {key: _fill(value, results) for key, value in data.items()}
    return [_fill(value, results) for value in data] if isinstance(data, list) else data


@functools.cache
def _measures() -> dict[str, Any]:
    """The measuring functions of `checks.py` by check; its other words mean nothing here."""
    measures: dict[str, Any] = {}

    class Anything:
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return self

    class Check:
        def __init__(self, name: str) -> None:
            self.name = name

        def measure(self, code: Any) -> Any:
            measures[self.name] = code
            return code

    def check(target: Any) -> Any:
        return (lambda code: Check(target)) if isinstance(target, str) else Check(target.__name__)

    def fact(name: str, actual: Any, expected: Any = None, **others: Any) -> Any:
        return types.SimpleNamespace(**{"rtol": None, "atol": None, "form": "numbers", **others},
                                     name=name, actual=actual, expected=expected)

    words = types.ModuleType("grader.authoring")
    words.__dict__.update(check=check, fact=fact, __getattr__=lambda name: Anything())
    kept = {name: sys.modules.get(name) for name in ("grader", "grader.authoring")}
    sys.modules.update({"grader": types.ModuleType("grader"), "grader.authoring": words})
    try:
        exec(compile((HERE / "checks.py").read_text(encoding="utf-8"), "checks.py", "exec"), {"__name__": "checks"})
    finally:
        for name, module in kept.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return measures
