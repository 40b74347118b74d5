"""The ladder of comparison: outcome, structure, shape, type and dtype, finiteness, values."""

import itertools
import math
from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.compare import MAX_MISMATCHES, compare_arguments, compare_outcomes, compare_values, is_number
from grader.inside.codec import FilePath, Opaque, decode, encode
from grader.observation import Late, Missing, NotRun, Observation, Raised, Returned
from grader.plan import FORMS
from grader.spec import Band, Tolerance
from tests.conftest import shown
from tests.strategies import few, outcomes, some, values

USUAL = Tolerance()
F4 = np.float32


def aspects(actual, expected, form="numbers", tolerance=USUAL, **options):
    return [finding.aspect for finding in compare_values(actual, expected, form, tolerance, **options)]


def places(actual, expected, form="numbers", **options):
    found = compare_values(actual, expected, form, USUAL, **options)
    return [(finding.aspect, finding.mismatch.path) for finding in found]


# --- outcomes ------------------------------------------------------------------------------------------------------

VALUE_ERROR = Raised(("builtins.ValueError", "builtins.Exception", "builtins.object"), "no")
OWN_ERROR = Raised(("exercise_03.Mine", "builtins.ValueError", "builtins.Exception"), "")
TYPE_ERROR = Raised(("builtins.TypeError", "builtins.Exception"), "what")


def outcome_aspects(actual, expected):
    return [finding.aspect for finding in compare_outcomes(actual, expected, "numbers", USUAL)]


@pytest.mark.parametrize("actual", [VALUE_ERROR, OWN_ERROR, Raised(VALUE_ERROR.kinds, "another text")])
def test_the_demanded_error_or_a_subclass_of_it_is_right(actual):
    assert outcome_aspects(actual, VALUE_ERROR) == []


@pytest.mark.parametrize(("actual", "aspect"), [
    (TYPE_ERROR, "error"), (Raised(("builtins.Exception",), ""), "error"), (Raised((), ""), "error"),
    (Raised(("exercise_03.ValueError",), ""), "error"), (Returned(None), "error"), (Returned(1.0), "error"),
    (Missing("f"), "missing"), (Late(), "late"), (NotRun(), "notrun")])
def test_anything_but_the_demanded_error_is_told(actual, aspect):
    assert outcome_aspects(actual, VALUE_ERROR) == [aspect]


@pytest.mark.parametrize(("actual", "aspect"), [
    (VALUE_ERROR, "raised"), (Missing("f"), "missing"), (Late(), "late"), (NotRun(), "notrun")])
def test_anything_but_a_value_is_told_where_one_is_expected(actual, aspect):
    assert outcome_aspects(actual, Returned(1.0)) == [aspect]


@some
@given(outcomes, st.sampled_from([Returned(1.0), Returned(np.zeros(2)), Returned([]), Returned("a"), Returned({}),
                                  VALUE_ERROR]))
def test_only_the_kind_of_outcome_that_is_expected_can_be_right(actual, expected):
    if not outcome_aspects(actual, expected):
        assert type(actual) is type(expected)


# --- the ladder, rung by rung --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("actual", "expected"), [
    (None, 1.0), ("1.0", 1.0), (True, 1.0), ([1.0], 1.0), (Opaque("x"), 1.0), ({}, 1.0), (np.array(True), 1.0),
    (np.bool_(True), 1.0), (None, np.zeros(2)), ("ab", np.zeros(2)), ({0: 0.0, 1: 0.0}, np.zeros(2)),
    ([0.0, None], np.zeros(2)), ([[0.0], [0.0, 1.0]], np.zeros((2, 2))), (Opaque("x"), np.zeros(2)),
    (np.array(["a", "b"]), np.zeros(2)), (np.zeros(2), np.array(["a", "b"])), (1, True), (np.ones(1), True),
    ("a", True),
    (3, "3"), (None, "a"), (b"a", "a"), ([], {}), ("a", []), ({}, []), (3, [3]), (np.array(3), [3]), (None, []),
    (1.0, Opaque("model")), (None, Opaque("model"))], ids=shown)
def test_another_kind_of_thing_is_told_and_nothing_more(actual, expected):
    assert aspects(actual, expected) == ["kind"]


@pytest.mark.parametrize(("actual", "expected", "place"), [
    (np.zeros(3), np.zeros(2), "result.shape"), (np.zeros((2, 1)), np.zeros(2), "result.shape"),
    (np.zeros(1), np.float64(0), "result.shape"), (0.0, np.zeros(1), "result.shape"),
    (np.zeros(0), np.zeros((0, 1)), "result.shape"),
    ([[1.0]], np.ones(1), "result.shape"), ([1, 2], [1], "len(result)"), ((), (1,), "len(result)"),
    (np.ones((2, 2)), [[1.0, 1.0]], "len(result)"), ({"a": 1}, {"b": 1}, "result.keys"), ({}, {"b": 1}, "result.keys"),
    ({"a": 1, "b": 1}, {"b": 1}, "result.keys")], ids=shown)
def test_another_shape_is_told_and_values_are_not_compared(actual, expected, place):
    assert places(actual, expected) == [("shape", place)]


@pytest.mark.parametrize(("actual", "expected", "form", "aspect"), [
    (np.zeros(2, "f4"), np.zeros(2), "array", "dtype"), (np.zeros(2, "i8"), np.zeros(2), "array", "dtype"),
    (np.zeros(2, "i4"), np.zeros(2, "i8"), "array", "dtype"), (F4(1), np.float64(1), "array", "dtype"),
    ([0.0, 0.0], np.zeros(2), "array", "type"), ((0.0, 0.0), np.zeros(2), "exact", "type"),
    (1.0, 1, "int", "type"), (np.int64(1), 1, "int", "type"), (np.array(1), 1, "int", "type"),
    (1, 1.0, "float", "type"), (np.array(1.0), 1.0, "float", "type"), (F4(1), 1.0, "float", "type"),
    (1, 1.0, "exact", "type"), (1.0, 1, "exact", "type"), ((1,), [1], "exact", "type"), ([1], (1,), "exact", "type")],
    ids=shown)
def test_another_type_or_dtype_is_told(actual, expected, form, aspect):
    assert aspects(actual, expected, form) == [aspect]


@pytest.mark.parametrize(("actual", "expected", "form"), [
    (np.array([1.0, 5.0], "f4"), np.array([1.0, 2.0]), "array"), ([1.0, 5.0], np.array([1.0, 2.0]), "array"),
    (5.0, 2, "int"), (5, 2.0, "float"), ((1, 5), [1, 2], "exact"), ([1, np.int64(5)], [1, 2], "int")], ids=shown)
def test_a_wrong_type_does_not_hide_a_wrong_value(actual, expected, form):
    assert {"value"} < set(aspects(actual, expected, form))


def test_a_wrong_type_and_a_wrong_shape_are_both_told():
    assert aspects([0.0], np.zeros(2), "array") == ["type", "shape"]
    assert aspects((1,), [1, 2], "exact") == ["type", "shape"]


def test_a_wrong_type_of_the_right_values_is_one_finding():
    assert places([1.0, 2.0], np.array([1.0, 2.0]), "array") == [("type", "type(result)")]


def test_a_wrong_value_is_told_with_its_place_and_its_sizes():
    (finding,) = compare_values([[1.0, 2.0], [3.0, 4.5]], np.array([[1.0, 2.0], [3.0, 4.0]]), "numbers", USUAL)
    wrong = finding.mismatch
    assert (finding.aspect, wrong.path, wrong.actual, wrong.expected) == ("value", "result[1][1]", 4.5, 4.0)
    assert (wrong.abs_error, wrong.rel_error, wrong.rtol, wrong.atol) == (0.5, 0.125, 1e-9, 1e-12)


def test_differences_of_several_kinds_are_all_told():
    actual = {"w": np.array([1.0, 9.0]), "b": [1, 2, 3], "name": "relu", "n": None, "p": (1.0, 7.0)}
    expected = {"w": np.array([1.0, 2.0]), "b": [1, 2], "name": "tanh", "n": 3, "p": (1.0, 8.0)}
    assert places(actual, expected) == [
        ("value", "result['w'][1]"), ("shape", "len(result['b'])"), ("value", "result['name']"),
        ("kind", "result['n']"), ("value", "result['p'][1]")]


def test_the_greatest_differences_come_first_and_there_are_not_too_many():
    found = compare_values(np.arange(50.0), np.zeros(50), "numbers", USUAL)
    assert [finding.mismatch.actual for finding in found] == list(range(49, 49 - MAX_MISMATCHES, -1))


def test_nan_is_a_greater_difference_than_any_other():
    found = compare_values(np.array([1e9, math.nan]), np.zeros(2), "numbers", USUAL)
    assert [finding.mismatch.path for finding in found] == ["result[1]", "result[0]"]


# --- numbers that are not finite, and zeros ------------------------------------------------------------------------

SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf, "0": 0.0, "-0.0": -0.0, "subnormal": 5e-324, "1": 1.0}
ALIKE = [{"nan"}, {"inf"}, {"-inf"}, {"0", "-0.0", "subnormal"}, {"1"}]  # 5e-324 lies within any atol


@pytest.mark.parametrize(("left", "right"), list(itertools.product(SPECIAL, SPECIAL)))
@pytest.mark.parametrize("wrap",
                         [lambda x: x, np.array, lambda x: np.array([2.0, x]), lambda x: [x],
                          lambda x: np.array([x], "f4")],
                         ids=["number", "0-d", "array", "list", "float32"])
def test_special_numbers_agree_with_their_like_only(left, right, wrap):
    right_one = any({left, right} <= group for group in ALIKE)
    assert (not aspects(wrap(SPECIAL[left]), wrap(SPECIAL[right]))) == right_one


@pytest.mark.parametrize(("left", "right"), list(itertools.product(("nan", "inf", "-inf"), SPECIAL)))
def test_no_tolerance_is_wide_enough_for_what_is_not_finite(left, right):
    wide = Tolerance(float64=Band(1e300, 1e300), float32=Band(1e300, 1e300))
    for actual, expected in [(left, right), (right, left)]:
        assert (not aspects(SPECIAL[actual], SPECIAL[expected], tolerance=wide)) == (left == right)


def test_without_an_allowance_only_equal_numbers_agree():
    strict = Tolerance(float64=Band(0.0, 0.0))
    assert aspects(0.0, -0.0, tolerance=strict) == []
    assert aspects(5e-324, 0.0, tolerance=strict) == ["value"]
    assert aspects(math.nan, math.nan, tolerance=strict) == []
    assert aspects(1.0, 1.0, tolerance=strict) == []


def test_complex_numbers_agree_in_both_parts():
    assert aspects(1 + 2j, 1 + 2j) == []
    assert aspects(1 + 2j, 1 + 3j) == ["value"]
    assert aspects(1 + 2j, 1.0) == ["value"]
    assert aspects(1.0, complex(1e308, 1e308)) == ["value"]


# --- whole numbers -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("actual", "expected"), [
    (2**53 + 1, 2**53), (np.int64(2**53 + 1), 2**53), (np.array([2**53 + 1]), np.array([2**53])), (2**70 + 1, 2**70),
    (-(2**63), 2**63), (np.uint8(255), np.int8(-1)), (0, 10**400), (10**400, 10**400 + 1), (10**400, 1.0),
    (10**400, math.inf), (1.0, 10**400), (2**64, 1j)], ids=lambda value: repr(value)[:30])
def test_whole_numbers_differ_by_one_however_large(actual, expected):
    assert aspects(actual, expected) == ["value"]


@pytest.mark.parametrize(("actual", "expected"), [
    (2**70, 2**70), (10**400, 10**400), (2.0**70, 2**70), (2**70, 2.0**70), (2**63, np.uint64(2**63)),
    (np.array([True, False]), np.array([1, 0])), (7.0, 7), (np.array([3.0]), np.array([3]))],
    ids=lambda value: repr(value)[:30])
def test_equal_whole_numbers_agree_however_large_and_however_held(actual, expected):
    assert aspects(actual, expected) == []


# --- who holds the numbers -----------------------------------------------------------------------------------------

SEQUENCES = {"list": [1.0, 2.0], "tuple": (1.0, 2.0), "array": np.array([1.0, 2.0]),
             "scalars": [np.float64(1), np.float64(2)],
             "ints": [1, 2], "float32": np.array([1, 2], "f4")}
SCALARS = {"float": 1.0, "int": 1, "float64": np.float64(1), "float32": F4(1), "int64": np.int64(1),
           "0-d": np.array(1.0)}


@pytest.mark.parametrize(("left", "right"), list(itertools.product(SEQUENCES, SEQUENCES)))
@pytest.mark.parametrize("form", ["numbers", "form", "nothing"])
def test_a_sequence_of_numbers_is_right_in_any_container(left, right, form):
    assert aspects(SEQUENCES[left], SEQUENCES[right], form) == []


@pytest.mark.parametrize(("left", "right"), list(itertools.product(SCALARS, SCALARS)))
@pytest.mark.parametrize("form", ["numbers", "form", "nothing"])
def test_a_number_is_right_in_any_type(left, right, form):
    assert aspects(SCALARS[left], SCALARS[right], form) == []


@pytest.mark.parametrize(("expected", "form", "right"), [
    (SEQUENCES["array"], "array", {"array"}), (SEQUENCES["array"], "exact", {"array"}),
    (SEQUENCES["float32"], "array", {"float32"}),
    (SEQUENCES["list"], "exact", {"list", "scalars"}), (SEQUENCES["tuple"], "exact", {"tuple"}),
    (SEQUENCES["list"], "float", {"list", "tuple", "array", "scalars"}), (SEQUENCES["ints"], "int", {"ints"})],
    ids=shown)
def test_a_form_names_the_containers_that_are_right(expected, form, right):
    assert {name for name, value in SEQUENCES.items() if not aspects(value, expected, form)} == right


@pytest.mark.parametrize(("expected", "form", "right"), [
    (1.0, "float", {"float", "float64"}), (1.0, "exact", {"float", "float64"}), (1, "int", {"int"}),
    (1, "exact", {"int"}),
    (np.float64(1), "array", {"float", "float64", "0-d"}), (F4(1), "array", {"float32"}),
    (np.array(1.0), "array", {"float", "float64", "0-d"})],
                         ids=shown)
def test_a_form_names_the_scalars_that_are_right(expected, form, right):
    assert {name for name, value in SCALARS.items() if not aspects(value, expected, form)} == right


def test_true_is_no_number_and_no_number_is_true():
    for form in set(FORMS) - {"nothing"}:
        assert aspects(True, 1, form) == ["kind"]
        assert aspects(1, True, form) == ["kind"]
    assert aspects(np.bool_(True), True) == aspects(np.array(True), True) == []
    assert aspects(False, True) == ["value"]
    assert not is_number(True) and not is_number(np.bool_(1)) and is_number(np.array(1)) and not is_number(np.ones(1))


@pytest.mark.parametrize(("actual", "expected"), [
    (np.array([1.0, 9.0]), np.array([1.0, 2.0])), ([5], [6]), ("relu", "tanh"), (True, False), (3.5, math.nan),
    (10**400, 1),
    ({"a": 1.0}, {"a": 2.0}), (np.array(["a"]), np.array(["b"]))], ids=lambda value: repr(value)[:20])
def test_the_form_looks_at_structure_only(actual, expected):
    assert aspects(actual, expected, "form") == []


@pytest.mark.parametrize(("actual", "expected"),
                         [(None, 1.0), (np.zeros(3), np.zeros(2)), ([1], [1, 2]), ({}, {"a": 1}), ("a", 1)], ids=shown)
def test_the_form_does_look_at_structure(actual, expected):
    assert aspects(actual, expected, "form")


@some
@given(values, values)
def test_nothing_is_asked_of_a_value_judged_by_nothing(actual, expected):
    assert aspects(actual, expected, "nothing") == []


# --- single precision ----------------------------------------------------------------------------------------------

def test_a_call_in_single_precision_is_judged_by_its_band():
    assert aspects(1 + 5e-6, 1.0) == ["value"]
    assert aspects(1 + 5e-6, 1.0, float32=True) == []
    assert aspects(1 + 5e-5, 1.0, float32=True) == ["value"]


@pytest.mark.parametrize(("actual", "expected"), [
    (np.array([1 + 5e-6], "f4"), np.array([1.0])), (np.array([1 + 5e-6]), np.array([1.0], "f4")), (F4(1 + 5e-6), 1.0),
    (np.array([1 + 5e-6], "c8"), np.array([1.0]))], ids=shown)
def test_single_precision_on_either_side_is_judged_by_its_band(actual, expected):
    assert aspects(actual, expected) == []


def test_the_band_that_was_used_is_told():
    (finding,) = compare_values(F4(2), 1.0, "numbers", USUAL)
    assert (finding.mismatch.rtol, finding.mismatch.atol) == (1e-5, 1e-6)


# --- texts, paths, mappings ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("other", ["best.keras", "./best.keras", "a/../best.keras", ".//best.keras"])
def test_paths_are_equal_when_they_name_the_same_file(other):
    for actual, expected in itertools.permutations([FilePath("best.keras"), FilePath(other)]):
        assert aspects(actual, expected) == []
    assert aspects(FilePath(other), "best.keras") == aspects(other, FilePath("best.keras")) == []


@pytest.mark.parametrize(("actual", "expected"), [
    (FilePath("b/best.keras"), FilePath("best.keras")), ("worst.keras", FilePath("best.keras")),
    (FilePath("worst.keras"), "best.keras"), (None, FilePath("best.keras")), (3, FilePath("a"))], ids=shown)
def test_paths_of_other_files_differ(actual, expected):
    assert aspects(actual, expected) == ["value"]


def test_a_text_is_no_path_unless_one_side_is():
    assert aspects("./a", "a") == ["value"]
    assert aspects(decode(encode(PurePosixPath("./a"))), "a") == []


def test_texts_agree_letter_by_letter():
    assert aspects("가", "가") == aspects(np.array("가"), "가") == []
    assert aspects("relu ", "relu") == ["value"]
    assert places(np.array(["a", "b"]), np.array(["a", "c"])) == [("value", "result[1]")]
    assert aspects(["a", "b"], np.array(["a", "b"])) == []


def test_keys_are_compared_without_their_order():
    assert aspects({"a": 1, "b": 2}, {"b": 2, "a": 1}) == []
    assert aspects({"a": 1, "b": 3}, {"b": 2, "a": 1}) == ["value"]
    assert places({1: 5}, {1: 6}) == [("value", "result[1]")]
    assert places({(1, "a"): 5}, {(1, "a"): 6}) == [("value", "result[(1, 'a')]")]


def test_objects_that_stay_in_the_kernel_are_alike():
    assert aspects(Opaque("mine.Model"), Opaque("keras.Model")) == []


# --- arguments -----------------------------------------------------------------------------------------------------

def test_changed_arguments_are_told_by_name():
    seen = Observation(Returned(None), {"0": np.array([1.0]), "table": {"a": 1}})
    found = compare_arguments(seen, {"0": np.array([2.0]), "table": {"a": 1}})
    assert [(finding.aspect, finding.mismatch.path) for finding in found] == [("unchanged", "0")]


def test_an_argument_is_changed_by_a_sign_of_zero():
    seen = Observation(Returned(None), {"0": np.array([-0.0])})
    assert compare_arguments(seen, {"0": np.array([0.0])})


# --- properties ----------------------------------------------------------------------------------------------------

@some
@given(values, st.sampled_from(FORMS), st.booleans())
def test_every_value_agrees_with_itself(value, form, float32):
    assert compare_values(value, value, form, USUAL, float32=float32) == []


@some
@given(values, values, st.sampled_from(FORMS))
def test_comparing_never_raises(actual, expected, form):
    compare_values(decode(encode(actual)), decode(encode(expected)), form, USUAL)


finite = st.floats(-1e300, 1e300)


@some
@given(hnp.arrays("f8", hnp.array_shapes(max_dims=2, max_side=3), elements=finite), st.data())
def test_one_wrong_element_is_found_where_it_is(expected, data):
    place = data.draw(st.tuples(*(st.integers(0, size - 1) for size in expected.shape)))
    wrong = expected.copy()
    wrong[place] += 1e-6 * abs(wrong[place]) + 1e-6
    found = compare_values(wrong, expected, "numbers", USUAL)
    assert [finding.mismatch.path for finding in found] == ["result" + "".join(f"[{k}]" for k in place)]


@some
@given(finite, finite, st.floats(0, 1), st.floats(0, 1))
def test_the_band_is_the_one_that_the_student_reads(actual, expected, rtol, atol):
    right = aspects(actual, expected, tolerance=Tolerance(float64=Band(rtol, atol))) == []
    assert right == (abs(actual - expected) <= atol + rtol * abs(expected))


@few
@given(values, values)
def test_what_agrees_exactly_agrees_in_every_weaker_form(actual, expected):
    if not aspects(actual, expected, "exact"):
        assert not aspects(actual, expected, "numbers")
    if not aspects(actual, expected, "numbers"):
        assert not aspects(actual, expected, "form")
