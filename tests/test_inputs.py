"""What every set of inputs must vary, a test per rule: from the exercises' own declarations follows what is not covered.

A rule's test lists what it finds uncovered; none may be left. What a task leaves open is named here, with the reason.
"""

import ast
import asyncio
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from grader.authoring import Function
from grader.catalog import ExerciseFolder, find_course, load_exercise
from grader.domains import REQUIRED, Integer, Like, Probabilities, Real, RealArray
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.observation import Evidence, Laid, Raised, Returned
from grader.plan import Plan, Step
from grader.reference import reference_evidence
from tests.conftest import ROOT

COURSE = find_course(ROOT)
EXERCISES = COURSE.exercise_ids

DTYPE_LEFT_OPEN = {
    ("exercise_03", "grad_logits"): "the task asks for the numbers",
    ("exercise_03", "softmax_jacobian"): "the task asks for the numbers",
    ("exercise_15", "l1_l2_grad"): "the task asks for the numbers",
    ("exercise_15", "max_norm"): "the task asks for the numbers",
    ("exercise_13", "clip_by_value"): "clipping keeps shapes; the dtype is not graded",
    ("exercise_13", "clip_by_norm"): "clipping keeps shapes; the dtype is not graded",
    ("exercise_13", "clip_by_global_norm"): "clipping keeps shapes; the dtype is not graded",
}


@cache
def exercise_of(name: str) -> ExerciseFolder:
    return load_exercise(COURSE, name)


@cache
def plan_of(name: str) -> Plan:
    return exercise_of(name).plan(0)


@cache
def evidence_of(name: str) -> Evidence:
    with Kernels(choose_level("auto")) as kernels:
        return asyncio.run(reference_evidence(exercise_of(name), plan_of(name), kernels))


def declared(name: str) -> list[Function]:
    """The functions that an exercise declares, with the domains of their arguments."""
    return [item for item in exercise_of(name).names.values() if isinstance(item, Function)]


def calls(name: str, function: str) -> list[tuple[str, Step]]:
    """Every call of a function, with the check that asks for it."""
    return [(check.id, step) for check in plan_of(name).checks for step in check.steps
            if step.do == "call" and step.name == function]


def values(name: str, function: Function) -> Iterator[tuple[Step, dict[str, object]]]:
    """The arguments of every call, by name; layouts undone."""
    for _, step in calls(name, function.name):
        given = dict(zip(function.domains, step.args, strict=False)) | dict(step.kwargs)
        yield step, {key: value.array if isinstance(value, Laid) else value for key, value in given.items()}


def definitions(name: str) -> dict[str, ast.FunctionDef]:
    """The functions that students are asked for: those of the starter."""
    tree = ast.parse((exercise_of(name).folder / "starter.py").read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.fixture(params=EXERCISES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_rule_0_every_function_of_the_task_is_declared_with_its_signature(name):
    missing = []
    known = {function.name: function for function in declared(name)}
    for wanted, node in definitions(name).items():
        names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]]
        if wanted not in known:  # its arguments are made in the kernel, and no domain describes them
            asked = [step for _, step in calls(name, wanted)]
            if len(asked) < 2 or (names and not (any(step.args for step in asked) and any(step.kwargs for step in asked))):
                missing.append(f"{wanted}: is neither declared, nor called twice, positionally and by keyword")
            continue
        defaults = dict(zip(reversed(names), reversed([ast.literal_eval(value) for value in node.args.defaults]), strict=False))
        found = {key: domain.default for key, domain in known[wanted].domains.items()}
        if list(found) != names:
            missing.append(f"{wanted}: parameters {list(found)}, the starter has {names}")
        missing += [f"{wanted}: default of {key} is {found.get(key)!r}, the starter has {defaults.get(key, REQUIRED)!r}"
                    for key in names if repr(found.get(key)) != repr(defaults.get(key, REQUIRED))]
    assert missing == []


def test_rule_0_every_function_is_called_in_every_manner(name):
    missing = []
    for function in declared(name):
        asked = [step for _, step in calls(name, function.name)]
        manners = {"positionally": any(step.args and not step.kwargs for step in asked),
                   "by keyword": any(step.kwargs and not step.args for step in asked),
                   "mixed": len(function.domains) < 2 or function.limit == 1 or any(step.args and step.kwargs for step in asked),
                   "with defaults left out": not function.optional or any(
                       len(step.args) + len(step.kwargs) == len(function.required) for step in asked)}
        if not function.domains:
            manners = {"at all": bool(asked)}
        missing += [f"{function.name}: never called {manner}" for manner, seen in manners.items() if not seen]
    assert missing == []


def test_rule_1_every_argument_takes_several_values_off_its_default(name):
    missing = []
    for function in declared(name):
        seen: dict[str, set[str]] = {key: set() for key in function.domains}
        for step, given in values(name, function):
            if step.topic.kind != "error":
                for key, value in given.items():
                    seen[key].add(repr(value))
        for key, domain in function.domains.items():
            off = seen[key] - {repr(domain.default)}
            if len(off) < 2 and len(getattr(domain, "values", range(9))) > 2:
                missing.append(f"{function.name}: {key} takes only {sorted(off)} off its default")
    assert missing == []


def test_rule_2_every_dtype_is_tried_and_promised_ones_are_observed(name):
    missing = []
    for function in declared(name):
        floats = [key for key, domain in function.domains.items() if isinstance(domain, RealArray | Probabilities | Like)]
        for dtype in function.dtypes if floats else ():
            if not any(getattr(given.get(floats[0]), "dtype", None) == dtype for _, given in values(name, function)):
                missing.append(f"{function.name}: never called with {dtype}")
        if (name, function.name) not in DTYPE_LEFT_OPEN and function.returns not in ("array", "exact") and keeps_dtype(name, function):
            missing.append(f"{function.name}: keeps float32, but nobody looks (returns={function.returns!r})")
    assert missing == []


def keeps_dtype(name: str, function: Function) -> bool:
    """Whether the reference gives float32 arrays for float32 arrays."""
    found = []
    for check, step in calls(name, function.name):
        arrays = [value for value in step.args if isinstance(value, np.ndarray) and value.dtype.kind == "f"]
        outcome = evidence_of(name).of(check).at(step.index).outcome
        if arrays and all(array.dtype == np.float32 for array in arrays) and isinstance(outcome, Returned):
            items = outcome.value if isinstance(outcome.value, list | tuple) else [outcome.value]
            found += [item.dtype == np.float32 for item in items if isinstance(item, np.ndarray) and item.ndim]
    return bool(found) and all(found)


def test_rule_3_no_argument_changes_unseen(name):
    missing = []
    for function in declared(name):
        for check, step in calls(name, function.name):
            observation = evidence_of(name).of(check).at(step.index)
            mutable = [str(key) for key, value in [*enumerate(step.args), *step.kwargs.items()]
                       if isinstance(value, Laid | np.ndarray | list | dict)]
            missing += [f"{function.name}: {check}, step {step.index}: argument {key}" for key in mutable
                        if key not in observation.after and not isinstance(observation.outcome, Raised)]
        arrays = any(isinstance(value, np.ndarray) and value.ndim for _, given in values(name, function) for value in given.values())
        if arrays and not any(step.topic.about == "read-only" for _, step in calls(name, function.name)):
            missing.append(f"{function.name}: is never given read-only arrays")
    assert missing == []


def test_rule_4_every_error_has_its_case_and_its_legal_neighbour(name):
    missing = []
    raising = functions_that_raise(name)
    for function in declared(name):
        kinds = {step.topic.kind for _, step in calls(name, function.name)}
        if function.name in raising and "error" not in kinds:
            missing.append(f"{function.name}: raises ValueError, and is never made to")
        for key, domain in function.domains.items():
            topics = {step.topic for _, step in calls(name, function.name)}
            bounded = isinstance(domain, Real | Integer) and domain.refuse
            for kind in ("error", "border") if bounded else ():
                if not any(topic.kind == kind and topic.about.startswith(f"{key}: ") for topic in topics):
                    missing.append(f"{function.name}: {key} has no {kind} call")
    assert missing == []


def functions_that_raise(name: str) -> set[str]:
    """Functions of the solution that raise ValueError, themselves or through helpers of the module."""
    tree = ast.parse(exercise_of(name).solution.read_text(encoding="utf-8"))
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    raising = {key for key, node in bodies.items() for child in ast.walk(node)
               if isinstance(child, ast.Raise) and "ValueError" in ast.unparse(child)}
    while True:
        callers = {key for key, node in bodies.items() for child in ast.walk(node)
                   if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in raising}
        if callers <= raising:
            return raising
        raising |= callers


def test_rule_7_generators_are_tried_in_equal_and_in_different_states(name):
    missing = []
    for function in declared(name):
        for key in [key for key in function.domains if key in ("rng", "generator", "random_state")]:
            states = [repr(given[key].bit_generator.state if isinstance(given[key], np.random.Generator) else given[key])
                      for _, given in values(name, function) if key in given]
            if len(set(states)) < 2 or len(set(states)) == len(states):
                missing.append(f"{function.name}: {key} needs two equal states and two different ones")
    assert missing == []


def test_rules_8_and_9_every_function_is_called_again(name):
    missing = []
    for function in declared(name):
        asked = calls(name, function.name)
        again = any(step.topic.kind == "repeat" for _, step in asked)
        per_check = [check for check, _ in asked]
        if not again and not any(per_check.count(check) > 1 for check in per_check):
            missing.append(f"{function.name}: is never called twice")
    assert missing == []
