"""Judging fails closed, and one mistake costs one check: on the toy exercise, against arbitrary evidence."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ExitCode, GraderError, NotGradedError, StaffCodeError
from grader.inside.codec import Laid, Opaque, decode, encode
from grader.judge import Judge, argument_size, judge
from grader.observation import (
    CheckEvidence,
    Evidence,
    Late,
    Missing,
    NotRun,
    Observation,
    Raised,
    Returned,
    dump_evidence,
    load_evidence,
    same_bits,
)
from grader.plan import CheckPlan, Clue, Fact, Plan, Reference, Step, Topic
from grader.spec import CheckSpec, Exercise, Text, Tolerance
from grader.verdict import Verdict
from tests import toy
from tests.conftest import shown
from tests.strategies import evidence_for, few, observations, some, values

CHECKS = list(toy.POINTS)
ENDINGS = (None, Verdict.CRASHED, Verdict.TIMED_OUT, Verdict.OUT_OF_MEMORY)
STEPS = {check.id: check.steps for check in toy.plan().checks}


def spoiled(check_id: str, step: int, observation: Observation | None) -> Evidence:
    """The reference's evidence with another observation (or none) at one step."""
    whole = toy.reference()
    seen = dict(whole.of(check_id).observations)
    if observation is None:
        del seen[step]
    else:
        seen[step] = observation
    return Evidence({**whole.checks, check_id: CheckEvidence(seen)})


def all_steps():
    return [(check_id, step.index) for check_id, steps in STEPS.items()
            for step in steps if step.topic.kind != "disturb"]


# --- full points -----------------------------------------------------------------------------------------------------

def test_the_reference_has_full_points():
    assert toy.lost(toy.assessed(toy.reference())) == set()


@pytest.mark.parametrize("name", toy.VARIANTS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_right_answers_in_other_styles_have_full_points(name, seed):
    assert toy.lost(toy.grade(toy.VARIANTS[name], seed)) == set()


@pytest.mark.parametrize("name", [*toy.VARIANTS, *toy.MUTANTS])
def test_what_is_recognised_is_judged_as_what_is_not(name):
    sent = json.loads(json.dumps(dump_evidence(toy.evidence({**toy.VARIANTS, **toy.MUTANTS}[name]))))
    spec, plan, reference = toy.exercise().spec, toy.plan(), toy.reference()
    recognised, unknown = load_evidence(sent, reference), judge(spec, plan, load_evidence(sent), reference)
    assert any(seen.outcome is reference.of(check).at(step).outcome
               for check, steps in recognised.checks.items() for step, seen in steps.observations.items())
    expert = Judge(spec, plan, reference)
    for _ in range(2):  # the second time, what the reference alone decides is known
        assert repr(expert.judge(recognised)) == repr(unknown)


# --- fail closed -----------------------------------------------------------------------------------------------------

def test_no_evidence_earns_no_points():
    assert toy.points(toy.assessed(Evidence({}))) == 0


@pytest.mark.parametrize("body",
                         ["None", "'x'", "object()", "True", "0", "0.0", "1.0", "float('nan')", "[]", "()", "{}",
                                  "(x, x)", "[x] * 4", "b'1'", "lambda: 1", "type", "...", "NotImplemented"])
def test_an_answer_that_is_always_the_same_earns_no_points(body):
    source = "\n".join(f"def {name}: return {body}" for name in ("scale(x, factor=2.0)", "spread(x, ddof=0)",
        "total(sizes)"))
    assert toy.points(toy.grade(source)) == 0


@pytest.mark.parametrize("kind", ["ValueError", "NotImplementedError", "SystemExit", "MemoryError"])
def test_an_answer_that_always_raises_earns_the_errors_at_most(kind):
    source = f"def scale(*a, **k): raise {kind}\nspread = total = scale"
    assert toy.points(toy.grade(source)) == 0


def test_an_empty_module_earns_no_points():
    assert toy.points(toy.grade("")) == 0
    assert toy.points(toy.grade("raise SystemExit")) == 0


@few
@given(evidence_for(toy.plan(), st.sampled_from(ENDINGS)))
def test_arbitrary_evidence_earns_no_points(seen):
    assert toy.points(toy.assessed(seen)) == 0


@pytest.mark.parametrize("observation", [None, Observation(NotRun()), Observation(Late()), Observation(Missing("f")),
                                         Observation(Raised(("builtins.KeyError",), "")), Observation(Returned(None)),
                                         Observation(Returned(math.nan)), Observation(Returned(np.zeros((9, 9)))),
                                         Observation(Returned([0.0] * 99)), Observation(Returned({}))],
                         ids=["none", "not run", "late", "missing", "raised", "None", "NaN", "large", "long", "dict"])
def test_no_step_can_be_spared(observation):
    spared = [place for place in all_steps() if not any(
        check.failed for check in toy.judged(spoiled(*place, observation)).values())]
    assert spared == []


@some
@given(st.sampled_from(all_steps()), observations)
def test_a_step_passes_only_with_the_references_evidence(place, observation):
    check_id, step = place
    outcome = toy.reference().of(check_id).at(step).outcome
    if not toy.lost(toy.assessed(spoiled(check_id, step, observation))):
        assert type(observation.outcome) is type(outcome)
        if isinstance(outcome, Returned) and STEPS[check_id][step].form != "form":
            assert np.allclose(observation.outcome.value, outcome.value, rtol=1e-5, atol=1e-6)


@some
@given(st.sampled_from(all_steps()), st.floats(-1e3, 1e3).filter(lambda shift: abs(shift) > 1e-3), st.data())
def test_one_wrong_number_anywhere_costs_points(place, shift, data):
    check_id, step = place
    outcome = toy.reference().of(check_id).at(step).outcome
    if not isinstance(outcome, Returned) or STEPS[check_id][step].form == "form":
        return
    value = np.array(outcome.value, dtype=float)
    value[data.draw(st.tuples(*(st.integers(0, size - 1) for size in value.shape)))] += shift
    seen = replace(toy.reference().of(check_id).at(step), outcome=Returned(value))
    assert toy.lost(toy.assessed(spoiled(check_id, step, seen)))


def test_a_broken_off_check_earns_no_points_whatever_was_seen():
    for check_id in CHECKS:
        seen = Evidence({**toy.reference().checks,
                         check_id: replace(toy.reference().of(check_id), ended=Verdict.CRASHED)})
        assert toy.lost(toy.assessed(seen)) == {check_id}


def test_observations_of_steps_that_were_not_asked_change_nothing():
    whole = toy.reference()
    more = Evidence({name: CheckEvidence({**check.observations, 999: Observation(Returned(1))})
                     for name, check in whole.checks.items()} | {"other": CheckEvidence({0: Observation(Returned(1))})})
    assert toy.lost(toy.assessed(more)) == set()


def test_arguments_of_which_nothing_is_known_afterwards_count_as_changed():
    whole = toy.reference()
    seen = Evidence({name: CheckEvidence({step: replace(item, after={}) for step, item in check.observations.items()})
                     for name, check in whole.checks.items()})
    assert toy.lost(toy.assessed(seen)) == {"inputs_kept"}


# --- one mistake, one loss -------------------------------------------------------------------------------------------

ONE_LOSS = {
    "dtype": ([("np.asarray(x)", "np.asarray(x, dtype=float)")], "dtype_kept"),
    "list for an array": ([("return x * factor + 1", "return (x * factor + 1).tolist()")], "dtype_kept"),
    "changed array": ([("    return x * factor + 1", "    x *= factor\n    x += 1\n    return x")], "inputs_kept"),
    "changed sign": ([("    return x * factor + 1", "    y = x * factor + 1\n    x *= -1\n    return y")],
                     "inputs_kept"),
    "changed list": ([("    return sum((left", "    sizes = sizes if len(sizes) < 2 else sizes\n    found = sum((left"),
                      ("zip(sizes[:-1], sizes[1:]))",
                       "zip(sizes[:-1], sizes[1:]))\n    sizes.reverse()\n    return found")],
                     "inputs_kept"),
    "wrong name of a parameter": ([("factor", "faktor")], "names"),
    "wrong name of the first parameter": ([("x", "X")], "names"),
    "no ValueError": ([("not factor > 0", "False")], "bad_input"),
    "another error": ([('raise ValueError("factor', 'raise TypeError("factor')], "bad_input"),
    "error of one value only": ([("not factor > 0", "factor == 0")], "bad_input"),
    "a legal neighbour refused": ([("not factor > 0", "not factor > 1e-3")], "bad_input"),
    "error in one of two functions": ([("ddof not in (0, 1)", "ddof < 0")], "bad_input"),
    "a float for an int": ([("return sum((left + 1) * right for", "return float(sum((left + 1) * right for"),
                            ("zip(sizes[:-1], sizes[1:]))", "zip(sizes[:-1], sizes[1:])))")], "counting"),
    "value for one option": ([("(len(x) - ddof)", "len(x)")], "spreading"),
    "value of one function": ([("(left + 1)", "left")], "counting"),
}


@pytest.mark.parametrize("name", ONE_LOSS)
def test_one_mistake_costs_exactly_the_check_that_is_named_for_it(name):
    changes, check_id = ONE_LOSS[name]
    changes = [change for change in changes if change[0] != "x"]
    source = toy.planted(*changes) if changes else toy.SOLUTION.replace("(x, factor", "(X, factor").replace(
        "np.asarray(x)\n    if not", "np.asarray(X)\n    if not")
    assert toy.lost(toy.grade(source)) == {check_id}


def test_a_wrong_formula_in_one_function_leaves_the_other_functions_alone():
    assert not {"spreading", "counting", "bad_input", "dtype_kept", "inputs_kept"} & toy.lost(
        toy.grade(toy.planted(("factor + 1", "factor - 1"))))


def test_a_crash_in_one_function_leaves_the_other_functions_alone():
    lost = toy.lost(toy.grade(toy.planted(("    mean = np.sum(x) / len(x)", "    raise RuntimeError"))))
    assert not {"scaling", "twice", "counting", "names", "dtype_kept"} & lost


def test_two_mistakes_cost_two_checks():
    source = toy.planted(("np.asarray(x)", "np.asarray(x, dtype=float)"), ("(left + 1)", "left"))
    assert toy.lost(toy.grade(source)) == {"dtype_kept", "counting"}


# --- changed arguments are told by name ------------------------------------------------------------------------------

def test_a_changed_argument_is_told_by_its_name():
    judgement = toy.judged(toy.evidence(toy.MUTANTS["works_in_place"]))
    assert {finding.mismatch.path for _, finding in judgement["inputs_kept"].counted} == {"x"}


def test_an_argument_that_is_an_earlier_result_is_watched_too():
    source = toy.planted(("    return x * factor + 1",
                          "    y = x * factor + 1\n    if x.shape == (5,): x[0] = 7\n    return y"))
    judgement = toy.judged(toy.evidence(source))
    counted = {(record.check, record.key) for record, _ in judgement["inputs_kept"].counted}
    assert counted >= {("twice", "0"), ("twice", "1")}


# --- facts measured outside ------------------------------------------------------------------------------------------

def tiny(measure, *, form="form", returned=None):
    """An exercise of one check that reads one variable and measures it."""
    text = Text("글", "text")
    spec = Exercise("exercise_01", text, "numpy", (), (CheckSpec("c", 1.0, text, text),), ())
    step = Step(0, "get", "seen", (), {}, None, Topic("written", ""), form)
    plan = Plan(0, {}, (CheckPlan("c", (step,), Reference(0, ()) if returned is None else returned, measure),))

    def findings(actual, expected):
        sides = [Evidence({"c": CheckEvidence({0: Observation(Returned(value))})}) for value in (actual, expected)]
        return [finding.mismatch.path for _, finding in judge(spec, plan, *sides)["c"].counted]

    return findings


def total_fact(seen):
    yield Fact("sum", seen.sum(), None, None, None, "numbers", False, None)


def test_a_fact_is_compared_with_the_references_own():
    assert tiny(total_fact)(np.array([1.0, 2.0]), np.array([2.0, 1.0])) == []
    assert tiny(total_fact)(np.array([1.0, 2.5]), np.array([2.0, 1.0])) == ["sum"]


@pytest.mark.parametrize("actual", [[1.0, 2.0], (1, 2), np.array([1, 2]), np.array([1.0, 2.0], "f4")], ids=shown)
def test_a_measure_may_rely_on_the_references_containers(actual):
    assert tiny(total_fact)(actual, np.array([2.0, 1.0])) == []


def test_a_measure_may_rely_on_containers_inside_containers():
    def measure(seen):
        yield Fact("sum", sum(part.sum() for part in seen["w"]), None, None, None, "numbers", False, None)

    assert tiny(measure)({"w": [[1.0], (2.0, 3.0)]}, {"w": [np.ones(1), np.ones(2)]}) == ["sum"]
    assert tiny(measure)({"w": [[1.0], (0.5, 1.5)]}, {"w": [np.ones(1), np.ones(2)]}) == []


def test_a_fact_with_its_own_expected_value_is_compared_with_that():
    def measure(seen):
        yield Fact("largest", seen[0], seen[1], 0.0, 0.1, "numbers", False, None)

    assert tiny(measure)(np.array([5.0, 5.05]), np.array([1.0, 1.0])) == []
    assert tiny(measure)(np.array([5.0, 5.2]), np.array([1.0, 1.0])) == ["largest"]


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_recomputed_from_no_finite_numbers_agrees_with_nothing(number):
    def measure(seen):
        yield Fact("loss", seen[0], seen[1], 1e300, 1e300, "numbers", False, None)

    assert tiny(measure)(np.array([number, number]), np.array([1.0, 1.0])) == ["loss"]


def test_a_fact_that_cannot_be_measured_in_the_submission_is_not_given_away():
    def measure(seen):
        for k, number in enumerate(seen):
            yield Fact(f"number {k}", number, None, None, None, "numbers", False, None)

    assert tiny(measure, form="nothing")([], [1.0, 2.0]) == ["number 0", "number 1"]


def test_facts_are_not_measured_where_the_form_is_wrong():
    def measure(seen):
        assert seen.shape == (2,)
        yield Clue("anything", 0)

    for actual in (None, np.zeros(3), "ab", [], {}):
        assert tiny(measure)(actual, np.zeros(2))


@few
@given(values)
def test_whatever_has_the_references_form_can_be_measured(actual):
    tiny(total_fact)(actual, np.array([2.0, 1.0]))


# --- our own errors --------------------------------------------------------------------------------------------------

def test_a_measure_that_raises_is_our_fault():
    def measure(seen):
        yield Clue("broken", 1 / 0)

    with pytest.raises(StaffCodeError, match=r"^c: measuring raised ZeroDivisionError: .*; mend checks.py$"):
        tiny(measure)(1.0, 1.0)


def test_a_fact_that_the_reference_lacks_is_our_fault():
    def measure(seen):
        if seen != 1:
            yield Fact("extra", seen, None, None, None, "numbers", False, None)

    with pytest.raises(StaffCodeError, match="'extra' is not measured in the reference"):
        tiny(measure)(2, 1)


@pytest.mark.parametrize("outcome", [Missing("scale"), Late(), NotRun(), Raised(("builtins.ValueError",), "no")],
                         ids=str)
def test_a_reference_that_does_not_answer_is_our_fault(outcome):
    derived = next(step for step in STEPS["scaling"] if step.topic.kind == "dtype")
    broken = spoiled("scaling", derived.index, Observation(outcome))
    with pytest.raises(StaffCodeError, match=r"scaling: the reference gives .* for call scale"):
        judge(toy.exercise().spec, toy.plan(), toy.reference(), broken)


def test_a_reference_without_any_evidence_is_our_fault():
    with pytest.raises(StaffCodeError):
        judge(toy.exercise().spec, toy.plan(), toy.reference(), Evidence({}))


def test_a_reference_that_accepts_what_must_be_refused_is_our_fault():
    refused = next(step for step in STEPS["bad_input"] if step.topic.kind == "error")
    broken = spoiled("bad_input", refused.index, Observation(Returned(1.0)))
    with pytest.raises(StaffCodeError, match="the reference accepts what scale must refuse"):
        judge(toy.exercise().spec, toy.plan(), toy.reference(), broken)


@pytest.mark.parametrize("wrap", [lambda part: part, lambda part: [1.0, {"w": part}]], ids=["itself", "inside"])
def test_a_reference_that_is_too_much_to_be_sent_is_our_fault(wrap):
    too_much = decode(encode(np.broadcast_to(np.zeros(1), 5_000_000)))
    with pytest.raises(StaffCodeError, match=r"^c: what the reference returns for get seen is too much"):
        tiny(None, form="numbers")(wrap(too_much), wrap(too_much))
    assert tiny(None, form="nothing")(wrap(too_much), wrap(too_much)) == []


def test_an_object_of_the_submission_is_no_plain_data():
    assert tiny(None)(Opaque("keras.Model"), Opaque("keras.src.Functional")) == []
    assert tiny(None)(np.zeros(3), Opaque("keras.src.Functional")) == ["result"]


def test_our_own_errors_are_never_graded():
    assert issubclass(StaffCodeError, NotGradedError) and issubclass(NotGradedError, GraderError)
    assert StaffCodeError("x").exit_code == ExitCode.NOT_GRADED == 3


# --- reading a call --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("args", "size"), [((1.0, "a"), 2), ((np.zeros((2, 3)),), 6), ((Laid(np.zeros(4), "F"),), 4),
                                            (([1, [2, 3]],), 5), (({"a": np.zeros(3)},), 4), ((), 0)], ids=shown)
def test_a_call_is_as_long_as_what_there_is_to_read(args, size):
    assert argument_size(Step(0, "call", "f", args, {}, None, Topic("written", ""), "numbers")) == size


def test_the_submission_and_the_reference_are_judged_from_equal_arguments():
    for check in toy.plan().checks:
        for step, again in zip(check.steps, toy.exercise().plan(0).checks[CHECKS.index(check.id)].steps, strict=True):
            assert all(same_bits(getattr(left, "array", left), getattr(right, "array", right))
                       for left, right in zip(step.args, again.args, strict=True) if not isinstance(left, Reference))


def test_the_default_tolerance_is_the_curriculums():
    assert (Tolerance().float64.rtol, Tolerance().float64.atol) == (1e-9, 1e-12)
    assert (Tolerance().float32.rtol, Tolerance().float32.atol) == (1e-5, 1e-6)
