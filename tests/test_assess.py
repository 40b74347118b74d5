"""What a student reads of a check: verdict, one sentence why, hint, the smallest failing call."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.assess import MAX_CALL, MAX_MISMATCHES, assess, format_number, is_untouched, render, render_call
from grader.inside.codec import FilePath, Laid, Opaque
from grader.observation import CheckEvidence, Evidence, Frame, Late, Missing, NotRun, Observation, Raised, Returned
from grader.plan import FunctionPlan, Reference, Step, Topic
from grader.spec import Text
from grader.verdict import ENDED_EARLY, Verdict, overall_verdict, total_points
from tests import toy
from tests.strategies import evidence_for, few, some, values


def with_outcome(check_id, outcome, *, only=None):
    """The reference's evidence, but this outcome at every step of a check (or at one of them)."""
    whole = toy.reference()
    seen = {step: Observation(outcome, item.after) if only in (None, step) else item
            for step, item in whole.of(check_id).observations.items()}
    return Evidence({**whole.checks, check_id: CheckEvidence(seen)})


# --- verdicts and points ---------------------------------------------------------------------------------------------

def test_a_check_is_all_or_nothing():
    results = toy.grade(toy.MUTANTS["ddof_ignored"])
    assert {name: result.points for name, result in results.items()} == toy.POINTS | {"spreading": 0.0}
    assert {name: result.max_points for name, result in results.items()} == toy.POINTS


def test_a_passed_check_has_nothing_to_say():
    result = toy.grade(toy.SOLUTION)["scaling"]
    assert result.verdict is Verdict.PASSED
    assert {result.rationale, result.hint, result.diagnosis, result.counterexample} == {None}
    assert result.mismatches == ()


@pytest.mark.parametrize(("outcome", "verdict"), [
    (Returned(0.0), Verdict.FAILED), (Raised(("builtins.KeyError",), ""), Verdict.FAILED),
    (Missing("f"), Verdict.FAILED),
    (NotRun(), Verdict.FAILED), (Late(), Verdict.TIMED_OUT),
    (Raised(("builtins.MemoryError",), ""), Verdict.OUT_OF_MEMORY)])
def test_the_verdict_follows_from_the_outcome(outcome, verdict):
    assert toy.assessed(with_outcome("counting", outcome))["counting"].verdict is verdict


@pytest.mark.parametrize("ended", ENDED_EARLY)
def test_a_check_that_broke_off_says_how(ended):
    seen = Evidence({**toy.reference().checks, "counting": CheckEvidence({}, ended)})
    for lang in ("ko", "en"):
        result = toy.assessed(seen, lang=lang)["counting"]
        assert result.verdict is ended and result.points == 0 and result.rationale


def test_a_check_waits_for_the_one_that_it_needs():
    results = toy.grade(toy.MUTANTS["adds_two"])
    assert (results["twice"].verdict, results["twice"].points) == (Verdict.SKIPPED, 0.0)
    assert "scaling check" in results["twice"].rationale
    assert results["twice"].diagnosis is None


def test_a_check_that_passes_does_not_wait():
    source = toy.SOLUTION + "\nright = scale\ndef scale(x, factor=2.0): return right(x, factor) + (x.shape == (2, 3))\n"
    results = toy.grade(source)
    assert results["scaling"].verdict is Verdict.FAILED and results["twice"].verdict is Verdict.PASSED


def test_a_check_that_broke_off_does_not_wait():
    seen = Evidence({**toy.evidence(toy.MUTANTS["adds_two"]).checks, "twice": CheckEvidence({}, Verdict.CRASHED)})
    assert toy.assessed(seen)["twice"].verdict is Verdict.CRASHED


def test_points_add_up_exactly():
    results = tuple(replace(result, points=0.1) for result in toy.grade(toy.SOLUTION).values())
    assert total_points(results) == 0.8


def test_the_whole_verdict_is_full_points_or_how_it_ended_or_failed():
    passed, failed = toy.grade(toy.SOLUTION), toy.grade(toy.MUTANTS["ddof_ignored"])
    late = toy.assessed(with_outcome("counting", Late()))
    assert overall_verdict(tuple(passed.values()), None) is Verdict.PASSED
    assert overall_verdict(tuple(passed.values()), Verdict.CRASHED) is Verdict.PASSED
    assert overall_verdict(tuple(failed.values()), None) is Verdict.FAILED
    assert overall_verdict(tuple(failed.values()), Verdict.CRASHED) is Verdict.CRASHED
    assert overall_verdict(tuple(late.values()), None) is Verdict.TIMED_OUT
    assert overall_verdict((), None) is Verdict.FAILED


# --- one sentence why ------------------------------------------------------------------------------------------------

ERROR = Raised(("mine.Oops", "builtins.Exception"), "no luck", (Frame("numpy.py", 3, "x"), Frame("a.py", 7, "f(x)")))
SENTENCES = {
    "value": (Returned(0), ["total"]), "late": (Late(), ["total"]), "missing": (Missing("total"), ["total"]),
    "raised": (ERROR, ["total", "Oops", "no luck", "7", "f(x)"]),
    "raised nowhere": (replace(ERROR, frames=()), ["Oops: no luck"]),
    "not started": (Raised(("builtins.NotImplementedError",), ""), ["total"]), "not run": (NotRun(), ["total"]),
    "None": (Returned(None), ["total", "None"]), "kind": (Returned("abc"), ["total", "abc"]),
    "shape": (Returned(np.zeros(3)), ["total", "(3,)"]), "type": (Returned(79410.0), ["total"])}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("name", SENTENCES)
def test_every_failure_has_a_sentence_with_what_it_is_about(name, lang):
    outcome, parts = SENTENCES[name]
    sentence = toy.assessed(with_outcome("counting", outcome, only=0), lang=lang)["counting"].rationale
    assert all(part in sentence for part in parts), sentence
    assert "{" not in sentence


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_sentences_of_errors_dtypes_and_changed_arguments(lang):
    assert "ValueError" in toy.grade(toy.MUTANTS["accepts_anything"], lang=lang)["bad_input"].rationale
    wrong = toy.grade(toy.planted(('raise ValueError("factor', 'raise TypeError("factor')),
                      lang=lang)["bad_input"].rationale
    assert "ValueError" in wrong and "TypeError" in wrong
    dtype = toy.grade(toy.MUTANTS["always_float64"], lang=lang)["dtype_kept"].rationale
    assert "float64" in dtype and "float32" in dtype
    assert "x" in toy.grade(toy.MUTANTS["works_in_place"], lang=lang)["inputs_kept"].rationale


def test_the_gravest_failure_is_told():
    results = toy.grade(toy.planted(("    return x * factor + 1",
                                     "    if x.ndim == 2: raise KeyError('a')\n    return x")))
    assert "KeyError" in results["scaling"].rationale


# --- hints and diagnoses ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lang", "message", "hint"), [("ko", "ddof_ignored 실수", "ddof_ignored 도움말"),
                                                       ("en", "ddof_ignored mistake", "ddof_ignored help")])
def test_a_planted_mistake_brings_its_message_and_its_hint(lang, message, hint):
    result = toy.grade(toy.MUTANTS["ddof_ignored"], lang=lang)["spreading"]
    assert (result.diagnosis.id, result.diagnosis.message, result.hint) == ("ddof_ignored", message, hint)


def test_without_a_diagnosis_the_check_gives_its_own_hint():
    result = toy.grade(toy.planted(("float(mean)", "float(mean ** 3)")))["spreading"]
    assert (result.diagnosis, result.hint) == (None, "spreading hint")


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(("change", "check"), [
    (("return x * factor + 1", "return -(x * factor + 1)"), "scaling"), (("factor + 1", "factor"), "scaling"),
    (("return x * factor + 1", "return (x * factor + 1) / 2"), "scaling"),
    (("np.asarray(x)", "np.asarray(x, dtype='f4')"), "dtype_kept"),
    (("return x * factor + 1", "return (x * factor + 1).T"), "scaling"),
    (("return x * factor + 1", "return (x * factor + 1).ravel()"), "scaling")])
def test_a_general_cause_has_a_message_in_both_languages_and_the_hint_of_the_check(change, check, lang):
    result = toy.grade(toy.planted(change), lang=lang)[check]
    assert result.diagnosis.message and "{" not in result.diagnosis.message
    assert result.hint.startswith(check)


def test_a_mutant_without_a_text_gives_no_diagnosis():
    spec = replace(toy.exercise().spec, mistakes=())
    seen = toy.evidence(toy.MUTANTS["bias_forgotten"])
    results = assess(spec, toy.plan(), seen, toy.judged(seen), toy.mutants(), "en")
    assert {result.diagnosis for result in results} == {None}


# --- the smallest failing call ---------------------------------------------------------------------------------------

def test_the_smallest_failing_call_is_shown():
    shown = toy.grade(toy.planted(("(left + 1)", "(left + 2)")))["counting"].counterexample
    assert shown.call == "total(sizes=[784, 100, 10])"
    assert shown.actual == str(786 * 100 + 102 * 10) and shown.expected == str(785 * 100 + 101 * 10)


def test_of_failing_calls_the_one_with_the_least_to_read_is_shown():
    result = toy.grade(toy.MUTANTS["adds_two"])["scaling"]
    assert result.counterexample.call.startswith("scale(x=[") and result.counterexample.call.count(",") <= 1
    assert [mismatch.path for mismatch in result.mismatches] == ["result[0]"]


def test_a_demanded_error_is_shown_by_its_name():
    shown = toy.grade(toy.MUTANTS["accepts_anything"])["bad_input"].counterexample
    assert shown.expected == "ValueError" and shown.actual != "ValueError"


def test_a_failing_keyword_call_is_shown_with_its_keywords():
    shown = toy.grade(toy.MUTANTS["wrong_name"])["names"].counterexample
    assert "factor=" in shown.call and "TypeError" in shown.actual


def test_only_so_many_mismatches_are_kept():
    seen = with_outcome("scaling", Returned(np.arange(6.0).reshape(2, 3) + 100))
    assert 1 <= len(toy.assessed(seen)["scaling"].mismatches) <= MAX_MISMATCHES


# --- nothing filled in -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("source", [toy.STARTER, "", "def scale(*a, **k): ...\nspread = total = scale",
                                    "def scale(*a, **k): return ...\nspread = total = scale"])
def test_a_starter_is_untouched(source):
    assert is_untouched(toy.judged(toy.evidence(source)))


@pytest.mark.parametrize("source",
                         [toy.SOLUTION, toy.STARTER + "\ndef total(sizes): return 0", "def scale(x): return x",
                                    "def scale(*a, **k): raise ValueError\nspread = total = scale"])
def test_what_someone_wrote_is_not_untouched(source):
    assert not is_untouched(toy.judged(toy.evidence(source)))


# --- values and calls as text ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("value", "text"), [
    (0.1, "0.1"), (1.0, "1.0"), (1234567.0, "1.23457e+06"), (100000.0, "100000.0"), (math.nan, "nan"),
    (-math.inf, "-inf"), (3, "3"),
    (True, "True"), (None, "None"), ("text", "text"), (np.float64(0.5), "0.5"), (np.float32(0.5), "float32(0.5)"),
    (np.int64(3), "3"), (np.int32(3), "int32(3)"), (np.bool_(True), "True"), (1 + 2j, "(1+2j)"), (np.array(2.0), "2.0"),
    ([0.1, 2], "[0.1, 2]"), ((1.0,), "(1.0,)"), ({"a": 1.0}, "{'a': 1.0}"), (np.array([0.1, 2.0]), "[0.1, 2.0]"),
    (np.array([1, 2], "f4"), "float32([1.0, 2.0])"), (np.array([[True]]), "bool([[True]])"), (np.array(["a"]), "['a']"),
    (np.zeros((9, 9)), "array(9, 9) float64"), (Opaque("keras.Model"), "Model"),
    ([np.float64(0.5), np.float32(2)], "[0.5, float32(2.0)]"), (FilePath("a.keras"), "a.keras"),
    ([FilePath("a.keras")], "['a.keras']"), (list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, ...]")],
    ids=lambda value: repr(value)[:30])
def test_a_value_is_short_text(value, text):
    assert render(value, 80) == text


@some
@given(values, st.integers(5, 60))
def test_every_value_has_a_text_of_limited_length(value, limit):
    assert len(render(value, limit)) <= limit


def test_long_values_are_cut_visibly():
    assert render("a" * 100, 10) == "a" * 9 + "…"


@pytest.mark.parametrize(("number", "text"),
                         [(0.0, "0.0"), (-0.0, "-0.0"), (5e-324, "4.94066e-324"), (1 / 3, "0.333333"), (-2.0, "-2.0")])
def test_a_float_never_looks_like_an_int(number, text):
    assert format_number(number) == text


def step(do="call", name="f", args=(), kwargs=None, on=None):
    return Step(1, do, name, args, kwargs or {}, on, Topic("written", ""), "numbers")


FUNCTIONS = {"f": FunctionPlan("f", ("x", "rate"), "c", "c", "c", "c", {})}


@pytest.mark.parametrize(("asked", "text"), [
    (step(args=(1.0, 0.5)), "f(x=1.0, rate=0.5)"), (step(args=(1.0,), kwargs={"rate": 2}), "f(x=1.0, rate=2)"),
    (step(args=(1, 2, 3)), "f(x=1, rate=2, 3)"), (step(name="g", args=(1,), kwargs={"k": 2}), "g(1, k=2)"),
    (step(name="g"), "g()"),
    (step("get", "y_test"), "y_test"),
    (step("observer", "keras_observers.layers", (Reference(0, ()),)), "layers([1.0, 2.0])"),
    (step("method", "predict", (Reference(0, (1,)),)), "predict(2.0)"),
    (step(args=([Reference(0, (0,)), 3],)), "f(x=[1.0, 3])"),
    (step(args=(Reference(5, ()),)), "f(x=…)"), (step(args=(Laid(np.array([1.0]), "F"),)), "f(x=[1.0] (F))")],
    ids=lambda part: part if isinstance(part, str) else "")
def test_a_call_is_shown_as_a_student_would_type_it(asked, text):
    seen = Evidence({"c": CheckEvidence({0: Observation(Returned(np.array([1.0, 2.0])))})})
    assert render_call(asked, FUNCTIONS, seen, "c") == text


def test_a_long_call_is_cut():
    text = render_call(step(name="g", args=("a" * 70,) * 9), FUNCTIONS, Evidence({}), "c")
    assert len(text) <= MAX_CALL and text.endswith("…)")


# --- whatever came ---------------------------------------------------------------------------------------------------

@few
@given(evidence_for(toy.plan(), st.sampled_from((None, *ENDED_EARLY))), st.sampled_from(["ko", "en"]))
def test_whatever_came_every_failed_check_has_a_sentence_and_a_hint(seen, lang):
    for result in toy.assessed(seen, lang=lang).values():
        assert result.verdict is not Verdict.PASSED and result.points == 0
        assert result.rationale
        assert result.hint or result.verdict is Verdict.SKIPPED
        assert "\n" not in json.dumps(result.rationale)


def test_texts_come_in_the_language_that_was_asked_for():
    assert Text("글", "text").to("ko") == "글" and Text("글", "text").to("en") == "text"
    assert toy.grade(toy.SOLUTION, lang="ko")["scaling"].title == "scaling 검사"
