"""Domains of arguments: what they draw is legal and generic, what they refuse is illegal, borders lie inside."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.domains import (
    REQUIRED,
    Context,
    any_of,
    integer,
    labels,
    like,
    made,
    one_hot,
    probabilities,
    real,
    real_array,
    reals,
)
from grader.errors import CourseError
from tests.strategies import some

numbers = st.floats(-1e6, 1e6).map(lambda number: float(f"{number:.3g}"))
seeds = st.integers(0, 2**31)


def context(seed=0, **options):
    return Context(np.random.default_rng(seed), **({"dims": {"m": 4, "K": 3}} | options))


def values(cases):
    return [value for _, value in cases]


# --- numbers ---------------------------------------------------------------------------------------------------------

def is_legal(domain, value):
    return ((domain.low is None or value >= domain.low) and (domain.high is None or value <= domain.high)
            and (getattr(domain, "above", None) is None or value > domain.above)
            and (getattr(domain, "below", None) is None or value < domain.below))


@st.composite
def real_domains(draw):
    floor, width = draw(numbers), draw(st.floats(0.01, 1e4))
    bounds = {}
    if draw(st.booleans()):
        bounds[draw(st.sampled_from(["low", "above"]))] = floor
    if draw(st.booleans()):
        bounds[draw(st.sampled_from(["high", "below"]))] = floor + width
    domain = real(**bounds, refuse=True)
    default = draw(st.one_of(st.none(), st.just(REQUIRED), numbers,
                             st.floats(0, 1).map(lambda part: floor + part * width)))
    assume(default in (None, REQUIRED) or is_legal(domain, default))
    return real(**bounds, default=default, refuse=True)


@some
@given(real_domains(), seeds)
def test_a_real_number_is_drawn_from_its_range(domain, seed):
    value = domain.draw(context(seed))
    assert isinstance(value, float) and math.isfinite(value)
    assert is_legal(domain, value)


@some
@given(real_domains())
def test_borders_of_real_numbers_are_legal_and_refused_ones_are_not(domain):
    assert all(is_legal(domain, value) and isinstance(value, float) for value in values(domain.borders(context())))
    assert not any(is_legal(domain, value) for value in values(domain.refused(context())))


@pytest.mark.parametrize("default", [1e-7, 0.9, 1.0, 100.0, -2.0])
def test_a_real_number_is_drawn_off_its_default(default):
    draws = [real(default=default).draw(context(seed)) for seed in range(50)]
    assert all(abs(draw - default) > 0.1 * abs(default) for draw in draws)
    assert len(set(draws)) > 10


def test_both_sides_of_every_bound_are_tried():
    domain = real(above=0, below=1, refuse=True, also_refused=["a"])
    assert values(domain.refused(context())) == [0, -0.5, 1, 1.5, "a"]
    assert values(domain.borders(context())) == [1e-6, 0.999]
    closed = real(low=0, high=1, refuse=True)
    assert values(closed.refused(context())) == [-0.1, 1.1]
    assert values(closed.borders(context())) == [0, 1]


def test_only_what_the_task_refuses_is_refused():
    for domain in (real(low=0, high=1), integer(low=0, high=1), labels(("m",)), like("x")):
        assert domain.refused(context(drawn={"x": np.zeros(3)})) == domain.borders(context()) == []


def test_a_typical_range_wins():
    assert all(5 <= real(low=0, typical=(5, 6)).draw(context(seed)) <= 6 for seed in range(20))
    assert {integer(low=1, typical=(5, 6)).draw(context(seed)) for seed in range(20)} == {5, 6}


@some
@given(st.one_of(st.none(), st.integers(-50, 50)), st.one_of(st.none(), st.integers(0, 40)),
       st.one_of(st.none(), st.integers(-60, 60)), seeds)
def test_an_integer_is_drawn_from_its_range_and_off_its_default(low, width, default, seed):
    high = None if width is None else (low or 0) + width + 1
    domain = integer(low=low, high=high, default=REQUIRED if default is None else default, refuse=True)
    value = domain.draw(context(seed))
    assert type(value) is int and is_legal(domain, value) and value != default
    assert all(is_legal(domain, border) for border in values(domain.borders(context())))
    assert not any(is_legal(domain, refused) for refused in values(domain.refused(context())))


def test_integers_refuse_and_accept_what_the_author_adds():
    domain = integer(low=1, refuse=True, also_refused=[2.0, True], also_legal=[np.int64(3)])
    assert values(domain.refused(context())) == [0, -1, 2.0, True]
    assert values(domain.borders(context())) == [np.int64(3), 1]


def test_every_case_says_what_it_is():
    domain = integer(low=1, refuse=True, also_refused=[2.0, True])
    assert [label for label, _ in domain.refused(context())] == ["0", "-1", "2.0", "True"]


# --- choices ---------------------------------------------------------------------------------------------------------

def test_one_of_some_values_is_drawn_off_the_default():
    domain = any_of("a", "b", "c", default="b", refuse=["zzz"])
    assert {domain.draw(context(seed)) for seed in range(30)} == {"a", "c"}
    assert domain.refused(context()) == [("'zzz'", "zzz")]


def test_a_choice_without_a_choice_is_the_authors_mistake():
    with pytest.raises(CourseError, match="needs a value that is not the default"):
        any_of("a", default="a").draw(context())


def test_anything_can_be_made():
    domain = made(lambda at: [at.size("m")] * 2, refuse={"empty": lambda at: []}, accept={"one": lambda at: [1]})
    assert domain.draw(context()) == [4, 4]
    assert domain.refused(context()) == [("empty", [])]
    assert domain.borders(context()) == [("one", [1])]


# --- arrays ----------------------------------------------------------------------------------------------------------

@some
@given(st.lists(st.integers(0, 4), max_size=3).map(tuple), st.sampled_from([1e-3, 1.0, 300.0]),
       st.one_of(st.none(), numbers), seeds)
def test_real_numbers_of_an_array_are_generic(shape, scale, low, seed):
    drawn = reals(np.random.default_rng(seed), shape, scale=scale, low=low)
    assert drawn.shape == shape and drawn.dtype == np.float64
    assert np.all(np.isfinite(drawn)) and np.all(drawn != 0)
    assert low is None or np.all(drawn >= low)


def test_real_numbers_have_both_signs_and_few_digits():
    drawn = reals(np.random.default_rng(0), (500,))
    assert 200 < np.count_nonzero(drawn > 0) < 300
    assert all(float(f"{value:.4g}") == value for value in drawn)
    assert np.count_nonzero(drawn == np.round(drawn)) < 10


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_array_has_the_shape_and_the_dtype_that_is_asked_for(dtype):
    domain = real_array(("m", "K"), (5,), ())
    assert [domain.draw(context(dtype=dtype, shape=k)).shape for k in range(4)] == [(4, 3), (5,), (), (4, 3)]
    assert domain.draw(context(dtype=dtype)).dtype == dtype
    assert domain.shape_count == 3 and domain.dtypes == ("float64", "float32")


def test_refused_shapes_are_tried():
    domain = real_array(("m",), refuse_shapes=[(), ("m", 2)])
    assert [value.shape for value in values(domain.refused(context()))] == [(), (4, 2)]


def test_an_array_like_another_has_its_shape_and_dtype_and_other_numbers():
    other = np.ones((2, 3), "f4")
    drawn = like("x", low=0).draw(context(drawn={"x": other}))
    assert drawn.shape == (2, 3) and drawn.dtype == np.float32 and np.all(drawn > 0) and not np.any(drawn == 1)


@pytest.mark.parametrize("shape", [(), (1,), (5,), (3, 4), (1, 4), (2, 2)])
def test_every_other_shape_is_refused_for_an_array_like_another(shape):
    cases = values(like("x", refuse=True).refused(context(drawn={"x": np.zeros(shape)})))
    assert len(cases) >= 2
    assert shape not in [case.shape for case in cases]
    assert any(case.ndim == len(shape) + 1 for case in cases)


def test_labels_are_classes_and_the_nearest_others_are_refused():
    domain = labels(("m",), refuse=True)
    assert set(np.concatenate([domain.draw(context(seed)) for seed in range(30)])) == {0, 1, 2}
    assert [int(case[-1]) for case in values(domain.refused(context()))] == [-1, 3]
    assert [int(case[-1]) for case in values(domain.borders(context()))] == [0, 2]
    assert domain.draw(context()).dtype.kind == "i"


def test_rows_of_probabilities_sum_to_one_and_none_dominates():
    drawn = probabilities(("m", "K"), dtypes=["float32"]).draw(context(dtype="float32"))
    assert drawn.shape == (4, 3) and drawn.dtype == np.float32
    assert np.allclose(drawn.sum(axis=1), 1) and np.all(drawn > 0) and np.all(drawn < 1)


def test_one_hot_rows_hold_a_single_one():
    drawn = one_hot(("m", "K")).draw(context())
    assert drawn.shape == (4, 3) and np.all(drawn.sum(axis=1) == 1) and set(np.unique(drawn)) == {0.0, 1.0}


@pytest.mark.parametrize("domain", [real_array(("n",)), labels(("m",), classes="n"), one_hot(("m", "n"))])
def test_a_size_without_values_is_the_authors_mistake(domain):
    with pytest.raises(CourseError, match=r"size 'n' has no values; give the function sizes=\{'n': \(…\)\}"):
        domain.draw(context())


def test_likeness_to_no_earlier_argument_is_the_authors_mistake():
    with pytest.raises(CourseError, match="no argument 'x' before"):
        like("x").draw(context())


@some
@given(seeds)
def test_equal_seeds_draw_equal_values(seed):
    for domain in (real(), integer(low=0), any_of(1, 2, 3), real_array((3,)), labels(("m",)), probabilities(("K",))):
        assert np.array_equal(domain.draw(context(seed)), domain.draw(context(seed)))
