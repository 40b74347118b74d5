"""What is asked of a submission: steps for the probe, and who counts what; plain data.

One plan serves the submission, the reference, variants and mutants, so that their observations can be compared.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.inside.codec import encode
from grader.observation import digest

# How a value is judged. `numbers`: values, whatever holds them · `array`: values and dtype · `float`, `int`: every
# number is a Python float (np.float64 is one) or int · `exact`: types too · `form`: structure and shape only ·
# `nothing`: that it came.
Form = str
FORMS = ("numbers", "array", "float", "int", "exact", "form", "nothing")


@dataclass(frozen=True)
class Topic:
    """Why a step is there: a kind (`written`, `dtype`, `signature`, `option`, `layout`, `border`, `error`,
    `repeat`) and what it is about."""

    kind: str
    about: str


@dataclass(frozen=True)
class Reference:
    """An earlier step's result, or the part of it at `path`."""

    step: int
    path: tuple[Any, ...]


@dataclass(frozen=True)
class Step:
    """One thing the probe does: `call`, `get`, `method`, `again` or `observer`."""

    index: int
    do: str
    name: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    on: Reference | None
    topic: Topic
    form: Form

    @property
    def target(self) -> str:
        """What the step examines, for grouping: the function's name, or observer and method names."""
        return self.name.rpartition(".")[2] if self.do == "observer" else self.name

    @cached_property
    def data(self) -> dict[str, Any]:
        """The step as the probe is asked for it."""
        data: dict[str, Any] = {"i": self.index, "do": self.do, "name": self.name}
        if self.args:
            data["args"] = [_argument_data(value) for value in self.args]
        if self.kwargs:
            data["kw"] = {name: _argument_data(value) for name, value in self.kwargs.items()}
        if self.on is not None:
            data["on"] = [self.on.step, *self.on.path]
        return data

    @cached_property
    def looks_at(self) -> frozenset[int]:
        """This step, and those whose results are its arguments."""
        return frozenset({self.index, *_referred_to([*self.args, *self.kwargs.values()])})


@dataclass(frozen=True)
class FunctionPlan:
    """A function's parameter names, and the checks that count its derived calls and aspects."""

    name: str
    parameters: tuple[str, ...]
    home: str
    errors: str
    dtype: str
    unchanged: str
    owners: Mapping[str, str]

    def owner(self, topic: Topic) -> str:
        """The check that counts a derived call's value."""
        kind = "repeat" if topic.kind == "disturb" else topic.kind
        if topic.about in self.owners and topic.kind != "disturb":
            return self.owners[topic.about]
        if kind in self.owners:
            return self.owners[kind]
        return self.errors if kind in ("error", "border") else self.home


@dataclass(frozen=True)
class Fact:
    """A graded number measured outside, from what was observed; `ko` is its name in Korean where `name` is words."""

    name: str
    actual: Any
    expected: Any
    rtol: float | None
    atol: float | None
    form: Form
    matters: bool
    function: str | None
    ko: str | None = None


@dataclass(frozen=True)
class Clue:
    """A number that only tells mistakes apart."""

    name: str
    value: Any


@dataclass(frozen=True)
class CheckPlan:
    """One check's steps, and what is measured in their results."""

    id: str
    steps: tuple[Step, ...]
    returned: Any
    measure: Callable[[Any], Iterable[Fact | Clue]] | None


@dataclass(frozen=True)
class Plan:
    """All that is asked at one seed."""

    seed: int
    functions: Mapping[str, FunctionPlan]
    checks: tuple[CheckPlan, ...]


def probe_request(check: CheckPlan, seed: int, call_s: float) -> dict[str, Any]:
    """The request that makes the probe carry out one check."""
    return {"op": "run", "check": check.id, "seed": seed, "call_s": call_s,
            "steps": [step.data for step in check.steps]}


def plan_digest(plan: Plan) -> str:
    """Digest of everything that is asked: observations of two plans with one digest are interchangeable."""
    return digest(*(json.dumps(probe_request(check, plan.seed, 0.0)) for check in plan.checks))[:16]


def _argument_data(value: Any) -> Any:
    if isinstance(value, Reference):
        return {"r": [value.step, *value.path]}
    if isinstance(value, list) and any(isinstance(item, Reference | list) for item in value):
        return {"L": [_argument_data(item) for item in value]}
    return encode(value)


def _referred_to(values: Iterable[Any]) -> Iterator[int]:
    for value in values:
        if isinstance(value, Reference):
            yield value.step
        elif isinstance(value, list):
            yield from _referred_to(value)


def parameter_names(step: Step, functions: Mapping[str, FunctionPlan]) -> list[str]:
    """Names of a step's positional arguments, as far as they are declared."""
    declared = functions[step.name].parameters if step.do == "call" and step.name in functions else ()
    return [declared[k] if k < len(declared) else str(k) for k in range(len(step.args))]


def uses_float32(step: Step) -> bool:
    """Whether a step is asked in single precision."""
    return any((isinstance(value, np.ndarray) and value.dtype == np.float32)
               or getattr(getattr(value, "array", None), "dtype", None) == np.float32
               for value in [*step.args, *step.kwargs.values()])
