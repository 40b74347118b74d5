"""Naming mistakes: what was planted is named, also beside another; what was not is never guessed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.diagnose import diagnose
from grader.judge import judge
from grader.observation import CheckEvidence, Evidence, Observation, Raised, Returned
from grader.plan import CheckPlan, Clue, Fact, FunctionPlan, Plan, Reference, Step, Topic
from grader.spec import CheckSpec, Exercise, Text
from tests import toy
from tests.strategies import evidence_for, few

PLANTED = set(toy.MUTANTS)


def named(*changes):
    """What is named in a solution with these changes, by failed check."""
    return toy.diagnoses(toy.grade(toy.planted(*changes)))


# --- planted mistakes ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", toy.MUTANTS)
@pytest.mark.parametrize("seed", [0, 5])
def test_a_planted_mistake_is_named_and_nothing_else(name, seed):
    found = toy.diagnoses(toy.grade(toy.MUTANTS[name], seed))
    assert set(found.values()) - {None} == {name}


@pytest.mark.parametrize(("source", "name"), [
    ("def total(sizes):\n    found = 0\n    for k in range(len(sizes) - 1):\n"
     "        found += sizes[k] * sizes[k + 1]\n    return found",
     "bias_forgotten"),
    ("def spread(x, ddof=0):\n    if ddof not in (0, 1): raise ValueError('mine')\n    return [np.mean(x), np.var(x)]",
     "ddof_ignored")])
def test_a_planted_mistake_is_named_in_another_style(source, name):
    assert set(toy.diagnoses(toy.grade(toy.SOLUTION + "\n" + source)).values()) == {name}


def test_a_planted_mistake_is_named_in_single_precision():
    found = named(("np.asarray(x)", "np.asarray(x, dtype='f4')"), ("factor + 1", "factor + 2"))
    assert found["scaling"] == "adds_two"


def test_two_mistakes_in_two_functions_are_both_named():
    found = named(("(left + 1)", "left"), ("(len(x) - ddof)", "len(x)"))
    assert found == {"counting": "bias_forgotten", "spreading": "ddof_ignored"}


def test_two_mistakes_in_one_function_are_both_named():
    found = named(("factor + 1", "factor + 2"), ("not factor > 0", "False"))
    assert found["scaling"] == "adds_two" and found["bad_input"] == "accepts_anything"
    found = named(("factor + 1", "factor + 2"), ("np.asarray(x)", "np.asarray(x, dtype=float)"))
    assert found["scaling"] == "adds_two" and found["dtype_kept"] in ("always_float64", "dtype_wrong")


def test_a_mistake_is_named_though_the_function_works_in_place_too():
    found = named(("    return x * factor + 1", "    x *= factor\n    x += 2\n    return x"))
    assert found["scaling"] == "adds_two" and found["inputs_kept"] in ("works_in_place", "argument_changed")


def test_a_mistake_of_one_function_is_not_blamed_for_another():
    found = named(("(left + 1)", "left"), ("    mean = np.sum(x) / len(x)", "    mean = np.sum(x) / len(x) + 0.37"))
    assert found["counting"] == "bias_forgotten" and found["spreading"] is None


# --- what is not planted is not named --------------------------------------------------------------------------------

@pytest.mark.parametrize("change", [("factor + 1", "factor + 1.37"), ("x * factor + 1", "np.sin(x) * factor + 1"),
                                    ("(left + 1)", "(left + 3)"), ("float(mean)", "float(mean ** 3)"),
                                    ("(x - mean) ** 2", "np.abs(x - mean) ** 1.5")], ids=str)
def test_a_mistake_that_nobody_planted_has_no_name(change):
    assert set(named(change).values()) == {None}


@pytest.mark.parametrize("source",
                         [toy.STARTER, "", "def scale(x, factor=2.0): raise ValueError('oops')\nspread = total = scale",
                                    "scale = spread = total = None",
                                    "def scale(*a, **k): pass\nspread = total = scale"],
                         ids=["starter", "empty", "raises", "None", "returns None"])
def test_an_answer_that_does_not_answer_has_no_planted_mistake(source):
    assert not set(toy.diagnoses(toy.grade(source)).values()) & PLANTED


def test_an_unexpected_error_is_another_mistake_than_one_with_another_text():
    mutants = {"theirs": _judged(Raised(("builtins.ValueError",), "shape (3,)"))}
    assert diagnose(_judged(Raised(("builtins.ValueError",), "shape (3,)")), mutants)["c"].id == "theirs"
    assert diagnose(_judged(Raised(("builtins.ValueError",), "bad name")), mutants) == {}


wrong = st.one_of(st.floats(allow_nan=False),
                  hnp.arrays("f8", hnp.array_shapes(max_dims=2, max_side=3), elements=st.floats(-9, 9)),
                  st.integers(), st.text(max_size=3), st.none()).map(Returned)


@few
@given(st.dictionaries(st.sampled_from(["scaling", "spreading", "counting"]), st.lists(wrong, min_size=4, max_size=4),
                       min_size=1))
def test_random_wrong_answers_have_no_planted_mistake(answers):
    seen = {}
    for check in toy.plan().checks:
        outcomes = dict(toy.reference().of(check.id).observations)
        for step in check.steps:
            if check.id in answers and step.topic.kind != "disturb":
                outcomes[step.index] = Observation(answers[check.id][step.index % 4])
        seen[check.id] = CheckEvidence(outcomes)
    found = toy.diagnoses(toy.assessed(Evidence(seen)))
    assert not {found[name] for name in answers} & PLANTED


@few
@given(evidence_for(toy.plan(), st.none()))
def test_whatever_came_nothing_is_named_where_nothing_failed(seen):
    judgement = toy.judged(seen)
    assert set(diagnose(judgement, toy.mutants())) <= {name for name, check in judgement.items() if check.counted}


def test_the_reference_has_no_diagnosis():
    assert diagnose(toy.judged(toy.reference()), toy.mutants()) == {}


# --- clues and facts tell mistakes apart -----------------------------------------------------------------------------

def _plan(measure=None, form="numbers"):
    step = Step(0, "call", "f", (), {}, None, Topic("written", ""), form)
    return Plan(0, {"f": FunctionPlan("f", (), "c", "c", "c", "c", {})},
                (CheckPlan("c", (step,), {"seen": Reference(0, ())}, measure),))


def _judged(outcome, measure=None, form="numbers", reference=0.0):
    text = Text("글", "text")
    spec = Exercise("exercise_01", text, "numpy", (), (CheckSpec("c", 1.0, text, text),), ())
    sides = [Evidence({"c": CheckEvidence({0: Observation(seen)})}) for seen in (outcome, Returned(reference))]
    return judge(spec, _plan(measure, form), *sides)


def _fails_with_a_clue(seen):
    yield Fact("loss", seen["seen"] - 1, 5.0, 1e-9, 1e-9, "numbers", False, None)
    yield Clue("ratio", seen["seen"])


def test_a_failed_fact_with_another_clue_is_another_mistake():
    mutants = {"half": _judged(Returned(0.5), _fails_with_a_clue, "form")}
    assert diagnose(_judged(Returned(0.5), _fails_with_a_clue, "form"), mutants)["c"].id == "half"
    assert diagnose(_judged(Returned(0.25), _fails_with_a_clue, "form"), mutants) == {}


def _fails_without_a_clue(seen):
    yield Fact("loss", seen["seen"] - 1, 5.0, 1e-9, 1e-9, "numbers", False, None)


def _fails_and_matters(seen):
    yield Fact("loss", seen["seen"] - 1, 5.0, 1e-9, 1e-9, "numbers", True, None)


def test_the_value_of_a_fact_counts_only_where_it_does_not_depend_on_the_run():
    for measure, found in ((_fails_without_a_clue, {"half"}), (_fails_and_matters, set())):
        mutants = {"half": _judged(Returned(0.5), measure, "form")}
        causes = diagnose(_judged(Returned(0.25), measure, "form"), mutants)
        assert {cause.id for cause in causes.values()} == found


def test_of_two_mutants_that_explain_a_failure_the_one_with_the_same_losses_is_named():
    source = toy.planted(("not factor > 0", "False"))
    judgement, mutants = toy.judged(toy.evidence(source)), dict(toy.mutants())
    mutants["only_scale_accepts"] = judgement
    assert diagnose(judgement, mutants)["bad_input"].id in ("only_scale_accepts", "accepts_anything")
    whole = toy.judged(toy.evidence(toy.planted(("not factor > 0", "False"), ("(left + 1)", "left"))))
    assert diagnose(whole, {"one": judgement, "both": whole})["bad_input"].id == "both"


# --- causes that need no mutant --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "check", "cause"), [
    (("return x * factor + 1", "return -(x * factor + 1)"), "scaling", "sign_flipped"),
    (("return x * factor + 1", "return (x * factor + 1) / 2"), "scaling", "constant_factor"),
    (("factor + 1", "factor"), "scaling", "off_by_one"),
    (("return x * factor + 1", "return (x * factor + 1).T"), "scaling", "transposed"),
    (("return x * factor + 1", "return (x * factor + 1).ravel()"), "scaling", "shape_wrong"),
    (("float(mean), float(np.sum((x - mean) ** 2) / (len(x) - ddof))",
      "float(np.sum((x - mean) ** 2) / (len(x) - ddof)), float(mean)"),
     "spreading", "results_swapped"),
    (("np.asarray(x)", "np.asarray(x, dtype='f4')"), "dtype_kept", "dtype_wrong"),
    (("    return sum((left", "    sizes.append(0)\n    sizes = sizes[:-1]\n    return sum((left"), "inputs_kept",
     "argument_changed"),
], ids=lambda part: part if isinstance(part, str) else "")
def test_a_simple_transform_needs_no_mutant(change, check, cause):
    assert named(change)[check] == cause


def test_the_messages_of_general_causes_tell_what_the_numbers_show():
    results = toy.grade(toy.planted(("return x * factor + 1", "return (x * factor + 1) * 2.5")))
    assert "2.5" in results["scaling"].diagnosis.message
    results = toy.grade(toy.planted(("    return sum((left",
                                     "    sizes.append(0)\n    sizes = sizes[:-1]\n    return sum((left")))
    assert "sizes" in results["inputs_kept"].diagnosis.message
    results = toy.grade(toy.planted(("np.asarray(x)", "np.asarray(x, dtype='f4')")))
    assert "float32" in results["dtype_kept"].diagnosis.message


def one_transform(actual, expected):
    """The general cause, as if a check had asked for these two values."""
    text = Text("글", "text")
    steps = tuple(Step(k, "call", "f", (), {}, None, Topic("written", ""), "numbers") for k in range(2))
    plan = Plan(0, {}, (CheckPlan("c", steps, None, None),))
    spec = Exercise("exercise_01", text, "numpy", (), (CheckSpec("c", 1.0, text, text),), ())
    sides = [Evidence({"c": CheckEvidence({k: Observation(Returned(value)) for k, value in enumerate(values)})})
             for values in (actual, expected)]
    causes = diagnose(judge(spec, plan, *sides), {})
    return causes["c"].id if causes else None


@pytest.mark.parametrize(("actual", "expected", "cause"), [
    ([np.array([-1.0, -2.5]), np.array([3.0])], [np.array([1.0, 2.5]), np.array([-3.0])], "sign_flipped"),
    ([np.array([2.0, 5.0]), np.array([-6.0])], [np.array([1.0, 2.5]), np.array([-3.0])], "constant_factor"),
    ([np.array([2.0, 5.0]), np.array([6.0])], [np.array([1.0, 2.5]), np.array([-3.0])], None),
    ([[2, 3], [5, 1]], [[1, 2], [4, 0]], "off_by_one"), ([[2, 3], [5, 1]], [[1, 2], [4, 2]], None),
    ([-1.0, -2.0], [1.0, 2.0], None), ([np.array([0.0, 0.0, 0.0]), np.zeros(2)], [np.ones(3), np.ones(2)], None),
    ([np.array([np.nan, -1.0, -2.0]), np.array([-3.0])], [np.array([1.0, 1.0, 2.0]), np.array([3.0])], None),
    ([(1.0, 2.0), (3.0, 4.0)], [(2.0, 1.0), (4.0, 3.0)], "results_swapped"),
    ([(1.0, 2.0), (3.0, 5.0)], [(2.0, 1.0), (4.0, 3.0)], None),
    ([np.arange(6.0).reshape(2, 3)] * 2, [np.arange(6.0).reshape(2, 3).T] * 2, "transposed"),
    ([np.arange(4.0).reshape(2, 2).T] * 2, [np.arange(4.0).reshape(2, 2)] * 2, "transposed"),
    ([np.arange(6.0)] * 2, [np.arange(6.0).reshape(2, 3)] * 2, "shape_wrong"),
    ([np.array([1e308, 1.1e308, 1.7e308])] * 2, [np.array([-1e308, -1.1e308, -1.7e308])] * 2, "sign_flipped"),
    ([np.array([1.0, 2.0 + 1e-7])] * 2, [np.array([1.0, 2.0])] * 2, None),
    ([10**400, 3], [1, 2], None), ([2**70, 3], [2**70 - 1, 2], None), ([None, "a"], [1.0, 2.0], None)],
    ids=lambda value: repr(value)[:40])
def test_a_transform_is_named_where_it_holds_for_all_numbers(actual, expected, cause):
    assert one_transform(actual, expected) == cause


def test_one_number_alone_shows_no_transform():
    assert one_transform([-1.0, 2.0], [1.0, 2.0]) is None


@few
@given(st.lists(hnp.arrays("f8", 3, elements=st.integers(-9000, 9000).map(lambda number: number / 1000)),
                min_size=2, max_size=2))
def test_random_numbers_are_no_transform_of_generic_ones(actual):
    expected = [np.array([0.1234, -1.618, 2.236]), np.array([1.414, -0.577, 3.3019])]
    transforms = ("sign_flipped", "constant_factor", "off_by_one", "transposed", "results_swapped", "shape_wrong")
    left, right = np.concatenate(actual), np.concatenate(expected)
    close = any(np.allclose(left, factor * right) for factor in np.linspace(-20, 20, 401))
    assert close or one_transform(actual, expected) not in transforms
