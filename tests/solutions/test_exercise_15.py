"""exercise_15 against Keras's Dropout, regularisers and MaxNorm, GradientTape, and scipy's binomial."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from tests.solutions import load_solution

solution = load_solution("exercise_15")
RNG = np.random.default_rng(15)
STRENGTHS = [(0.0, 0.01), (0.02, 0.0), (0.3, 0.07), (0.0, 0.0)]


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.85])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_survivors_are_kerass(rate, dtype):
    x = RNG.normal(size=(60, 50)).astype(dtype)
    ours = solution.dropout(x, rate, np.random.default_rng(1), True)
    theirs = np.asarray(keras.layers.Dropout(rate, dtype=dtype, seed=1)(x, training=True))
    assert ours.dtype == theirs.dtype == dtype
    both = (ours != 0) & (theirs != 0)
    assert both.any()
    np.testing.assert_allclose(ours[both], theirs[both], rtol=1e-6)


def test_inference_and_rate_zero_are_the_identity_as_in_keras():
    x = RNG.normal(size=(5, 4)).astype("float32")
    np.testing.assert_array_equal(np.asarray(keras.layers.Dropout(0.4)(x, training=False)), x)
    np.testing.assert_array_equal(solution.dropout(x, 0.4, np.random.default_rng(1), False), x)
    np.testing.assert_array_equal(solution.dropout(x, 0.0, np.random.default_rng(1), True), x)


@pytest.mark.parametrize("rate", [0.3, 0.6])
def test_numbers_of_zeros_are_binomial(rate):
    rng, x = np.random.default_rng(7), np.ones((4, 5))
    counts = [int((solution.dropout(x, rate, rng, True) == 0).sum()) for _ in range(2000)]
    cells = np.array([counts.count(k) for k in range(21)], dtype=float)
    expected = 2000 * stats.binom(20, rate).pmf(np.arange(21))
    usual = expected > 5
    observed = np.append(cells[usual], cells[~usual].sum())
    assert stats.chisquare(observed, np.append(expected[usual], expected[~usual].sum())).pvalue > 1e-4


def test_mean_is_kept():
    x = np.ones(200_000)
    y = solution.dropout(x, 0.3, np.random.default_rng(3), True)
    assert y.mean() == pytest.approx(1.0, abs=5 * (0.3 / 0.7 / x.size) ** 0.5)
    assert solution.dropout(np.float64(2.0), 0.0, np.random.default_rng(3), True).shape == ()


@pytest.mark.parametrize(("l1", "l2"), STRENGTHS)
def test_penalty_and_gradient_are_kerass(l1, l2):
    W = RNG.normal(size=(6, 3))
    W[0, 0] = 0.0
    variable = tf.Variable(W)
    with tf.GradientTape() as tape:
        penalty = keras.regularizers.L1L2(l1, l2)(variable)
    slope = tape.gradient(penalty, variable)
    assert solution.l1_l2_penalty(W, l1, l2) == pytest.approx(float(penalty), rel=1e-6)
    np.testing.assert_allclose(solution.l1_l2_grad(W, l1, l2), np.zeros(W.shape) if slope is None else np.asarray(slope),
                               rtol=1e-6, atol=1e-12)


def test_penalties_by_hand():
    assert solution.l1_l2_penalty(np.array([[3.0, -4.0]]), l1=1.0) == 7.0
    assert solution.l1_l2_penalty(np.array([[2.0]]), l2=0.01) == pytest.approx(0.04, rel=1e-12)
    assert solution.l1_l2_penalty(np.ones((2, 2))) == 0.0


def test_total_loss_is_the_one_that_keras_reports():
    model = keras.Sequential([keras.layers.Input((4,))] + [
        keras.layers.Dense(units, kernel_regularizer=keras.regularizers.L2(0.05)) for units in (3, 5, 1)])
    model.set_weights([RNG.normal(size=weight.shape) for weight in model.get_weights()])
    model.compile(loss="mse", run_eagerly=True)
    x, y = RNG.normal(size=(8, 4)), RNG.normal(size=(8, 1))
    data_loss = float(np.mean((np.asarray(model(x)) - y) ** 2))
    weights = model.get_weights()
    ours = solution.total_loss(data_loss, list(zip(weights[::2], weights[1::2], strict=True)), 0.05)
    assert ours == pytest.approx(model.evaluate(x, y, verbose=0), rel=1e-5)


@pytest.mark.parametrize("r", [0.5, 1.3, 4.0])
def test_max_norm_is_kerass(r):
    W = RNG.normal(size=(5, 7)).astype("float32")
    W[:, 2] = 0.0
    np.testing.assert_allclose(solution.max_norm(W, r), np.asarray(keras.constraints.MaxNorm(r, axis=0)(W)), rtol=1e-5, atol=1e-7)


def test_max_norm_only_shrinks_and_once():
    W = RNG.normal(size=(4, 30))
    once = solution.max_norm(W, 1.5)
    before, after = np.linalg.norm(W, axis=0), np.linalg.norm(once, axis=0)
    np.testing.assert_allclose(after, np.minimum(before, 1.5), rtol=1e-12)
    np.testing.assert_allclose(solution.max_norm(once, 1.5), once, rtol=1e-12)
