"""From domains to calls: every rule of the curriculum (4.2) that can be derived is derived; authors' slips are told."""

import json

import numpy as np
import pytest

from grader.authoring import (
    Function,
    any_of,
    arguments,
    check,
    clue,
    fact,
    function,
    integer,
    like,
    made,
    observed,
    real,
    real_array,
)
from grader.authoring import build_plan as build
from grader.errors import CourseError
from grader.inside.codec import Laid, Opaque, decode
from grader.observation import same_bits
from grader.plan import Clue, Fact, Plan, Reference, plan_digest, probe_request, uses_float32
from grader.spec import CheckSpec, Exercise, Text
from tests import toy

TEXT = Text("글", "text")

adam = function(
    "adam", arguments(theta=real_array((5,), (3, 4), ()), m=like("theta", refuse=True),
                      t=integer(low=1, refuse=True, also_refused=[2.0, True]),
                      lr=real(low=0, default=0.001), beta=real(low=0, below=1, default=0.9, refuse=True)),
    returns="array", errors="errors")


@check
def first(student, draw):
    student.adam(**draw(adam))


def plan_of(*items, seed=0, checks=("first", "errors")):
    """The plan of an exercise that consists of these functions and checks."""
    exercise = Exercise("exercise_01", TEXT, "numpy", (), tuple(CheckSpec(name, 1.0, TEXT, TEXT) for name in checks),
                        ())
    return build(exercise, {f"name {k}": item for k, item in enumerate(items)}, seed, source="checks.py",
                 observers="observers")


def complaint(*items, **options):
    with pytest.raises(CourseError) as caught:
        plan_of(*items, **options)
    message = str(caught.value)
    assert "\n" not in message and message.startswith("checks.py: ")
    return message.removeprefix("checks.py: ")


PLAN = plan_of(adam, first)


def steps(plan: Plan = PLAN, kind=None, check_id=None):
    return [step for part in plan.checks if check_id in (None, part.id) for step in part.steps if kind in (None,
                                                                                                           step.topic.kind)]


def written(code):
    """Steps of one check that is written by hand."""
    code.__name__ = "first"
    return steps(plan_of(adam, check(code), checks=("first", "errors")), "written")


def plain(value):
    return value.array if isinstance(value, Laid) else value


def given(step):
    """A call's arguments by name."""
    return dict(zip(adam.domains, map(plain, step.args), strict=False)) | dict(step.kwargs)


# --- rule 0: signature and memory layout -----------------------------------------------------------------------------

def test_calls_are_positional_by_keyword_mixed_and_with_defaults_left_out():
    found = {step.topic.about: step for step in steps(kind="signature")}
    assert set(found) == {"keyword", "mixed", "defaults"}
    assert found["keyword"].args == () and set(found["keyword"].kwargs) == set(adam.domains)
    assert list(found["keyword"].kwargs) != list(adam.domains), "keywords come in another order"
    assert len(found["mixed"].args) == 1 and len(found["mixed"].kwargs) == 4
    assert len(found["defaults"].args) == 3 and not found["defaults"].kwargs
    assert any(len(step.args) == 5 for step in steps(kind="dtype"))


def test_a_wrong_parameter_name_shows_in_the_calls_by_keyword_only():
    assert {step.topic.about for step in steps() if step.kwargs} == {"keyword", "mixed"}


def test_arrays_come_in_every_memory_layout():
    found = steps(kind="layout")
    assert [step.topic.about for step in found] == ["F", "T", "strided", "read-only"]
    for step in found:
        laid = [value for value in step.args if isinstance(value, Laid)]
        assert len(laid) == 2 and {value.layout for value in laid} == {step.topic.about}
        assert all(value.array.ndim for value in laid)


def test_a_function_without_arrays_has_no_layouts_and_one_without_parameters_is_called():
    assert steps(plan_of(function("f", arguments(x=real()), home="first"), checks=["first"]), "layout") == []
    assert [step.topic.about for step in steps(plan_of(function("f", arguments(), home="first"), checks=["first"]),
                                               "signature")] == ["defaults"]


# --- rule 1: every argument off its default --------------------------------------------------------------------------

def test_every_option_is_alone_off_its_default_twice():
    for name, default in (("lr", 0.001), ("beta", 0.9)):
        found = [given(step) for step in steps(kind="option") if step.topic.about == name]
        assert len(found) == 2
        assert len({call[name] for call in found}) == 2 and default not in [call[name] for call in found]
        others = {"lr": 0.001, "beta": 0.9}
        assert all(call.get(other,
                            others[other]) == others[other] for call in found for other in others if other != name)


@pytest.mark.parametrize("seed", range(5))
def test_every_argument_takes_several_values(seed):
    calls = [given(step) for step in steps(plan_of(adam, first, seed=seed)) if step.do == "call"]
    for name in adam.domains:
        assert len({repr(call[name]) for call in calls if name in call}) >= 4


def test_drawn_calls_are_off_the_defaults():
    for step in steps(kind="dtype"):
        assert given(step)["lr"] != 0.001 and given(step)["beta"] != 0.9


# --- rule 2: dtypes and shapes ---------------------------------------------------------------------------------------

def test_every_dtype_is_tried_in_every_shape():
    found = {(str(given(step)["theta"].dtype), given(step)["theta"].shape) for step in steps(kind="dtype")}
    assert found == {(dtype, shape) for dtype in ("float64", "float32") for shape in [(5,), (3, 4), ()]}
    assert all(given(step)["m"].dtype == given(step)["theta"].dtype for step in steps(kind="dtype"))


def test_calls_in_single_precision_are_known_as_such():
    assert {uses_float32(step) for step in steps(kind="dtype") if step.topic.about == "float32"} == {True}
    assert {uses_float32(step) for step in steps(kind="dtype") if step.topic.about == "float64"} == {False}


def test_every_named_size_takes_each_of_its_values():
    fn = function("f", arguments(x=real_array(("m", "K"))), sizes={"m": (6, 1), "K": (3, 10, 2)}, home="first")
    shapes = [step.args[0].shape for step in steps(plan_of(fn, checks=["first"]), "dtype")]
    assert {shape[0] for shape in shapes} == {6, 1} and {shape[1] for shape in shapes} == {3, 10, 2}


# --- rule 3: fresh arguments -----------------------------------------------------------------------------------------

def test_steps_share_no_array_with_each_other_or_with_the_author():
    kept = np.zeros(3)
    table = {"a": [1]}

    def spoils(student, draw):
        student.anything(kept, table)
        kept[0] = 5
        table["a"].append(2)
        student.anything(kept, table)

    before, after = written(spoils)
    assert before.args[0][0] == 0 and after.args[0][0] == 5
    assert before.args[1] == {"a": [1]} and after.args[1] == {"a": [1, 2]}


# --- rule 4: every refused value, every border -----------------------------------------------------------------------

def test_every_refused_value_comes_alone_in_an_otherwise_legal_call():
    found = {step.topic.about: given(step) for step in steps(kind="error")}
    assert set(found) >= {"t: 0", "t: -1", "t: 2.0", "t: True", "beta: -0.1", "beta: 1", "beta: 1.5", "m: shape (5, 1)",
                          "m: shape (6,)"}
    for about, call in found.items():
        broken = {name for name, legal in {
            "t": type(call["t"]) is int and call["t"] >= 1, "beta": 0 <= call["beta"] < 1, "lr": call["lr"] >= 0,
            "m": call["m"].shape == call["theta"].shape}.items() if not legal}
        assert broken == {about.partition(":")[0]}


def test_legal_neighbours_come_too_and_are_counted_with_the_errors():
    assert {step.topic.about for step in steps(kind="border")} == {"t: 1", "beta: 0", "beta: 0.999"}
    assert {step.topic.kind for step in steps(check_id="errors")} == {"error", "border"}


def test_violations_and_neighbours_that_only_the_author_knows():
    fn = function("f", arguments(x=real_array((3,)), y=like("x")), home="first", errors="errors",
                  refuse={"y is longer": lambda legal: {"y": np.append(legal["y"], 1.0)}},
                  accept={"y is zero": lambda legal: {"y": legal["y"] * 0}})
    plan = plan_of(fn)
    (refused,), (accepted,) = steps(plan, "error"), steps(plan, "border")
    assert refused.topic.about == "y is longer" and refused.args[1].shape == (4,)
    assert accepted.topic.about == "y is zero" and not np.any(accepted.args[1])


# --- rule 9: state across calls --------------------------------------------------------------------------------------

def test_a_call_is_repeated_after_another_one_and_after_an_error():
    found = [step for step in steps() if step.topic.kind in ("repeat", "disturb")]
    assert [step.topic.about for step in found] == ["first", "other", "kept", found[3].topic.about, "first"]
    first_call, other, kept, error, again = found
    assert all(same_bits(*pair) for pair in zip(first_call.args, again.args, strict=True))
    assert not any(same_bits(*pair) for pair in list(zip(first_call.args, other.args, strict=True))[:2])
    assert [np.shape(value) for value in first_call.args] == [np.shape(value) for value in other.args]
    assert kept.do == "again" and kept.on == Reference(first_call.index, ())
    assert error.topic.kind == "disturb" and error.index < again.index


def test_repeats_can_be_left_out_and_calls_be_limited():
    fn = function("f", arguments(x=real_array((3,), (2, 2)), k=integer(low=1, refuse=True)), home="first", repeat=False,
                  limit=1)
    kinds = [step.topic.kind for step in steps(plan_of(fn, checks=["first"]))]
    assert sorted(kinds) == ["border", "dtype", "error", "layout", "signature"]


# --- who counts what -------------------------------------------------------------------------------------------------

def where(plan, kind, about=None):
    return {part.id for part in plan.checks for step in part.steps if step.topic.kind == kind and about in (None,
                                                                                                            step.topic.about)}


def test_the_first_check_that_uses_a_function_is_its_home():
    @check
    def second(student, draw):
        student.adam(**draw(adam))

    assert where(plan_of(adam, second, first, checks=("second", "first", "errors")), "dtype") == {"second"}
    assert where(PLAN, "dtype") == where(PLAN, "option") == where(PLAN, "layout") == {"first"}


def test_owners_send_calls_elsewhere_by_argument_by_kind_and_by_subject():
    fn = function("adam", adam.domains, home="a", errors="b",
                  owners={"lr": "c", "layout": "d", "float32": "e", "repeat": "f"})
    plan = plan_of(fn, checks=list("abcdef"))
    assert where(plan, "option", "lr") == {"c"} and where(plan, "option", "beta") == {"a"}
    assert where(plan, "layout") == {"d"} and where(plan, "dtype", "float32") == {"e"} and where(plan, "dtype",
                                                                                                 "float64") == {"a"}
    assert where(plan, "repeat") == {"f"} and where(plan, "disturb") == {"f"}
    assert where(plan, "error") == where(plan, "border") == {"b"}


def test_aspects_go_to_the_checks_that_are_named_and_else_home():
    named = plan_of(function("adam", adam.domains, home="a", dtype="b", unchanged="c", errors="d"),
                    *(check(name)(lambda student: student["x"]) for name in "bc"),
                    checks=list("abcd")).functions["adam"]
    assert (named.home, named.dtype, named.unchanged, named.errors) == ("a", "b", "c", "d")
    alone = plan_of(function("adam", adam.domains, home="a"), checks=["a"]).functions["adam"]
    assert (alone.home, alone.dtype, alone.unchanged, alone.errors) == ("a", "a", "a", "a")
    assert alone.parameters == ("theta", "m", "t", "lr", "beta")


def test_steps_are_judged_as_the_function_says():
    assert {step.form for step in steps()} == {"array"}


# --- the seed --------------------------------------------------------------------------------------------------------

def test_one_seed_gives_one_plan_and_another_seed_another():
    assert plan_digest(PLAN) == plan_digest(plan_of(adam, first)) != plan_digest(plan_of(adam, first, seed=1))
    one, other = steps(), steps(plan_of(adam, first, seed=1))
    assert [step.topic for step in one] == [step.topic for step in other]
    for kind in ("written", "dtype", "option", "layout", "repeat"):
        left, right = (next(step for step in side if step.topic.kind == kind) for side in (one, other))
        assert not same_bits(plain(left.args[0]), plain(right.args[0]))


def test_a_function_draws_the_same_values_whatever_other_functions_there_are():
    other = function("another", arguments(x=real()), home="first")
    alone = steps(PLAN, "dtype")
    beside = [step for step in steps(plan_of(other, adam, first), "dtype") if step.name == "adam"]
    assert all(same_bits(*pair) for left,
               right in zip(alone, beside, strict=True) for pair in zip(left.args, right.args, strict=True))


def test_a_request_is_plain_data_and_carries_every_step():
    for part in PLAN.checks:
        request = json.loads(json.dumps(probe_request(part, PLAN.seed, 5.0)))
        assert (request["op"], request["check"], request["seed"], request["call_s"]) == ("run", part.id, 0, 5.0)
        assert [step["i"] for step in request["steps"]] == list(range(len(part.steps)))
        for step, data in zip(part.steps, request["steps"], strict=True):
            assert (data["do"], data["name"]) == (step.do, step.name)
            for value, sent in [*zip(step.args, data.get("args", []), strict=True),
                                *((step.kwargs[key], data["kw"][key]) for key in step.kwargs)]:
                arrived = decode(sent)
                assert same_bits(np.ascontiguousarray(arrived) if isinstance(value, Laid) else arrived, plain(value))
                assert not isinstance(arrived, Opaque)


# --- checks written by hand ------------------------------------------------------------------------------------------

def test_keywords_become_positional_where_the_signature_is_declared():
    (step,) = written(lambda student, draw: student.adam(t=3, theta=1.0, m=2.0, beta=0.5))
    assert step.args == (1.0, 2.0, 3, 0.001, 0.5) and step.kwargs == {}
    (step,) = written(lambda student: student.undeclared(1, k=2))
    assert step.args == (1,) and step.kwargs == {"k": 2}


def test_results_are_passed_on_indexed_and_looked_at_again():
    def passes_on(student, draw):
        result = student.adam(1.0, 2.0, 3)
        student.adam(result[0], result[1]["m"], 4)
        student.anything([result, [result[2]], 5])
        result.call("clear", 1, deep=True)
        result.again()
        student["model"]

    one, two, three, four, five, six = written(passes_on)
    assert two.args[:2] == (Reference(0, (0,)), Reference(0, (1, "m")))
    assert three.args == ([Reference(0, ()), [Reference(0, (2,))], 5],)
    assert (four.do, four.name, four.on, four.args, four.kwargs) == ("method", "clear", Reference(0, ()), (1,),
                                                                     {"deep": True})
    assert (five.do, five.name, five.on, five.form) == ("again", "adam", Reference(0, ()), one.form)
    assert (six.do, six.name) == ("get", "model")


def test_what_cannot_be_drawn_outside_is_made_inside_before_each_call():
    fn = function("descend", arguments(f=observed("slope", lambda context: (int(context.rng.integers(9)),)),
                                       x=real_array((3,)), lr=real(low=0, default=0.1)))

    def by_hand(student, draw):
        student.descend(**draw(fn))

    (asked,) = plan_of(fn, check("first")(by_hand), checks=("first",)).checks
    calls = [step for step in asked.steps if step.do == "call"]
    assert len(calls) > 10
    for step in calls:
        handed = step.args[0] if step.args else step.kwargs["f"]
        makes = asked.steps[handed.step]
        assert (makes.do, makes.target, makes.form) == ("observer", "slope", "nothing") and makes.index < step.index
    (kept,) = [step for step in asked.steps if step.do == "again"]
    assert asked.steps[kept.on.step].topic.about == "first"


def test_observers_are_steps_too():
    (_, step) = written(lambda student, observe: observe.layers(student["model"], deep=True))
    assert (step.do, step.name, step.target, step.args) == ("observer", "observers.layers", "layers",
                                                            (Reference(0, ()),))


def test_a_step_can_be_judged_otherwise():
    step, _ = written(lambda student: (student["p"].judged("form"), student["q"]))
    assert step.form == "form"


def test_draw_gives_all_arguments_of_a_legal_call():
    def draws(student, draw):
        drawn = draw(adam, shape=1, dtype="float32", m=0, t=7)
        student.adam(**drawn)
        student.adam(**draw(adam, shape=(2, 6)))
        student.anything(draw.reals(2, 3, low=1), draw.rng.integers(5))

    one, two, three = written(draws)
    assert one.args[0].shape == (3, 4) and one.args[0].dtype == np.float32
    assert one.args[1].shape == (3,
                                 4) and not np.any(one.args[1]) and one.args[1].dtype == np.float32 and one.args[2] == 7
    assert two.args[0].shape == two.args[1].shape == (2, 6)
    assert three.args[0].shape == (2, 3) and np.all(three.args[0] > 1)


def test_what_a_check_returns_is_kept_for_its_measure():
    @check("first")
    def gathers(student):
        return {"p": student["p"], "pair": (student["q"][0], 3.0)}

    @gathers.measure
    def measures(seen):
        yield fact("p", seen["p"])
        yield clue("q", 1)

    part = plan_of(adam, gathers).checks[0]
    assert part.returned == {"p": Reference(0, ()), "pair": [Reference(1, (0,)), 3.0]}
    assert list(part.measure({"p": 5})) == [Fact("p", 5, None, None, None, "numbers", False, None), Clue("q", 1)]


# --- authors' slips --------------------------------------------------------------------------------------------------

NOT_HANDED_OVER = " cannot be handed to a submission: only numbers, texts, arrays, lists, tuples, dicts and paths can"
SLIPS = {
    "unknown argument": (lambda student: student.adam(theta=1, m=1, t=1, epsilon=3),
                         "adam() has no argument epsilon; declared: theta, m, t, lr, beta"),
    "too many arguments": (lambda student: student.adam(*range(9)),
                           "adam() has no argument 9; declared: theta, m, t, lr, beta"),
    "missing argument": (lambda student: student.adam(1.0), "adam() needs theta, m, t"),
    "unknown fixture": (lambda studnet: None, "unknown parameter 'studnet'; there are student, observe, draw"),
    "unknown argument to draw": (lambda draw: draw(adam, epsilon=1),
                                 "adam() has no argument epsilon; declared: theta, m, t, lr, beta"),
    "unknown size to draw": (lambda draw: draw(adam, sizes={"n": 3}), "adam() has no size 'n'; declared: none"),
    "unpacked handle": (lambda student: (lambda a, b: a)(*student["pair"]),
                        "a handle cannot be unpacked: its length is known only in the kernel; index it"),
    "sliced handle": (lambda student: student["x"][1:3],
                      "a handle takes one number or text as index, not slice(1, 3, None)"),
    "handle in a tuple": (lambda student: student.f((student["x"], 1)),
                          "a handle can be passed on by itself or in a list, not in a tuple or dict"),
    "handle in a dict": (lambda student: student.f({"x": [student["x"]]}),
                         "a handle can be passed on by itself or in a list, not in a tuple or dict"),
    "unknown form": (lambda student: student["x"].judged("fomr"),
                     "unknown form 'fomr'; there are numbers, array, float, int, exact, form, nothing"),
    "a set": (lambda student: student.f({1, 2}),
              "a set" + NOT_HANDED_OVER),
    "a function": (lambda student: student.f([len]),
                   "a builtin_function_or_method" + NOT_HANDED_OVER),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_a_check_is_told_with_file_check_and_remedy(name):
    code, message = SLIPS[name]
    code.__name__ = "first"
    assert complaint(adam, check(code)) == f"check 'first': {message}"


def test_an_error_in_a_check_is_told():
    slip = check("first")(lambda student: 1 / 0)
    assert complaint(adam, slip) == "check 'first' raised ZeroDivisionError: division by zero"


def test_handles_do_not_cross_checks():
    kept = []

    @check
    def errors(student):
        student.anything(kept[0])

    assert complaint(adam, check("first")(lambda student: kept.append(student["x"])), errors) == (
        "check 'errors': a handle of another check; the steps of a check run by themselves")


@pytest.mark.parametrize(("fn", "message"), [
    (function("f", arguments(x=real_array(("m",))), home="first"),
     "function 'f': size 'm' has no values; give the function sizes={'m': (…)}"),
    (function("f", arguments(y=like("x")), home="first"),
     "function 'f': there is no argument 'x' before the one that is like it"),
    (function("f", arguments(kind=any_of("a", default="a")), home="first"),
     "function 'f': any_of() needs a value that is not the default"),
    (function("f", arguments(x=made(lambda at: {1})), home="first"),
     "function 'f': a set" + NOT_HANDED_OVER),
    (function("f", arguments(x=made(lambda at: at.nothing)), home="first"),
     "function 'f': drawing its arguments raised AttributeError: 'Context' object has no attribute 'nothing'"),
    (function("f", arguments(x=real()), home="first", refuse={"long": lambda legal: {"x": legal["y"]}}),
     "function 'f': drawing its arguments raised KeyError: 'y'"),
    (function("f", arguments(x=real())), "function 'f' is used by no check; name its `home`"),
    (function("f", arguments(x=real()), home="frist"),
     "function 'f': home = 'frist' is no check of exercise.toml; there are first, errors"),
    (function("f", arguments(x=real()), home="first", dtype="x"),
     "function 'f': dtype = 'x' is no check of exercise.toml; there are first, errors"),
    (function("f", arguments(x=real()), home="first", owners={"x": "y"}),
     "function 'f': x = 'y' is no check of exercise.toml; there are first, errors"),
    (function("f", arguments(x=real()), home="first", owners={"z": "errors"}),
     "function 'f': owners: no derived call is about 'z'; there are border, dtype, error, first, float64, "
     "kept, keyword, layout, option, other, repeat, signature"),
], ids=lambda part: part if isinstance(part, str) else "")
def test_a_slip_in_a_function_is_told_with_file_function_and_remedy(fn, message):
    assert complaint(adam, fn, first) == message


def test_a_check_that_is_not_in_the_manifest_is_told():
    slip = check("thrid")(lambda student: None)
    assert complaint(adam, first, slip) == "check 'thrid' is not in exercise.toml; there are first, errors"


def test_a_name_that_is_declared_twice_is_told():
    assert complaint(adam, first, check("first")(lambda student: None)) == (
        "check 'first' is declared twice; rename one")
    assert complaint(adam, first, function("adam", arguments(x=real()), home="first")) == (
        "function 'adam' is declared twice; rename one")


def test_a_check_that_asks_for_nothing_is_told():
    assert complaint(adam, first, checks=("first", "errors", "third")) == (
        "check 'third' asks for nothing; write a function `third` under @check, "
        "or name it as `home` or `errors` of a function")


@pytest.mark.parametrize(("word", "message"), [
    (lambda: fact("p", 1, rtol=1e-3), "fact 'p': rtol and atol are given together or not at all"),
    (lambda: fact("p", 1, form="arrays"), "unknown form 'arrays'"),
    (lambda: function("f", arguments(), returns="arrays"), "unknown form 'arrays'")],
    ids=["half a band", "form of a fact", "form of a function"])
def test_a_slip_in_a_word_is_told_at_once(word, message):
    with pytest.raises(CourseError, match=message):
        word()


def test_the_toy_exercise_uses_every_kind_of_step():
    kinds = {step.topic.kind for step in steps(toy.plan())}
    assert kinds == {"written", "dtype", "signature", "option", "layout", "border", "error", "repeat", "disturb"}
    assert all(isinstance(fn, Function) for fn in [adam])
