"""exercise_13 against Keras's initialisers and optimizers, tf.clip_by_*, GradientTape, scipy and printed values."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from tests.solutions import load_solution

solution = load_solution("exercise_13")
RNG = np.random.default_rng(13)
FANS = [(784, 300), (8, 31), (1, 1), (100, 10), (10, 100)]
UNIFORM = {"glorot": keras.initializers.GlorotUniform, "he": keras.initializers.HeUniform,
           "lecun": keras.initializers.LecunUniform}
NORMAL = {"glorot": keras.initializers.GlorotNormal, "he": keras.initializers.HeNormal,
          "lecun": keras.initializers.LecunNormal}


def gradients():
    return [RNG.normal(size=(3, 2)) * 3, RNG.normal(size=4) * 0.1, np.zeros(2), RNG.normal(size=(1, 2, 2))]


def numpy_of(tensors):
    return [np.asarray(tensor) for tensor in tensors]


def assert_same(actual, expected, rtol=1e-9):
    for left, right in zip(actual, expected, strict=True):
        np.testing.assert_allclose(left, right, rtol=rtol, atol=1e-12)


def test_values_of_the_lecture():
    assert solution.fan_avg(784, 300) == 542.0
    assert solution.init_limit(784, 300, "glorot") == pytest.approx((6 / 1084) ** 0.5, rel=1e-12)
    assert round(solution.init_limit(784, 300, "glorot"), 4) == 0.0744


@pytest.mark.parametrize("kind", UNIFORM)
def test_uniform_limits_and_normal_deviations_are_kerass(kind):
    shape = (400, 200)
    uniform = np.asarray(UNIFORM[kind](seed=1)(shape))
    limit = solution.init_limit(*shape, kind)
    assert 0.999 * limit < np.abs(uniform).max() <= limit * (1 + 1e-6)
    normal = np.asarray(NORMAL[kind](seed=1)(shape))
    assert normal.std() == pytest.approx(solution.init_std(*shape, kind), rel=0.0125)  # 5 sigma of 80000 draws


@pytest.mark.parametrize("kind", UNIFORM)
@pytest.mark.parametrize("fans", FANS)
def test_both_versions_have_one_variance(kind, fans):
    limit = solution.init_limit(*fans, kind)
    assert stats.uniform(-limit, 2 * limit).std() == pytest.approx(solution.init_std(*fans, kind), rel=1e-12)


@pytest.mark.parametrize("kind", UNIFORM)
def test_weights_are_drawn_from_their_distribution(kind):
    sigma, limit = solution.init_std(200, 100, kind), solution.init_limit(200, 100, kind)
    for dist, frozen in (("normal", stats.norm(0, sigma)), ("uniform", stats.uniform(-limit, 2 * limit))):
        drawn = solution.init_weights(np.random.default_rng(5), 200, 100, kind, dist)
        assert drawn.shape == (200, 100) and drawn.dtype == np.float64
        assert stats.kstest(drawn.ravel(), frozen.cdf).pvalue > 1e-4


def test_clipping_by_value_and_norm_is_tensorflows():
    grads = gradients()
    assert_same(solution.clip_by_value(grads, 0.5), numpy_of(tf.clip_by_value(g, -0.5, 0.5) for g in grads))
    assert_same(solution.clip_by_norm(grads, 1.3), numpy_of(tf.clip_by_norm(g, 1.3) for g in grads))


@pytest.mark.parametrize("c", [0.5, 4.0, 100.0])
def test_clipping_by_global_norm_is_tensorflows(c):
    grads = gradients()
    clipped, norm = tf.clip_by_global_norm([tf.constant(g) for g in grads], c)
    assert_same(solution.clip_by_global_norm(grads, c), numpy_of(clipped))
    together = np.concatenate([g.ravel() for g in solution.clip_by_global_norm(grads, c)])
    assert np.linalg.norm(together) == pytest.approx(min(c, float(norm)), rel=1e-12)


@pytest.mark.parametrize(("setting", "clip"), [("clipvalue", solution.clip_by_value), ("clipnorm", solution.clip_by_norm),
                                               ("global_clipnorm", solution.clip_by_global_norm)])
def test_an_sgd_step_of_keras_subtracts_the_clipped_gradient(setting, clip):
    grads = gradients()
    variables = [keras.Variable(np.zeros(g.shape), dtype="float64") for g in grads]
    optimizer = keras.optimizers.SGD(learning_rate=1.0, **{setting: 0.75})
    optimizer.apply([tf.constant(g) for g in grads], variables)
    assert_same([-np.asarray(variable) for variable in variables], clip(grads, 0.75), rtol=1e-6)


@pytest.mark.parametrize("a", [0.0, 2.0, -3.0, 8.5])
@pytest.mark.parametrize("depth", [1, 2, 10])
def test_slope_of_the_chain_is_that_of_the_tape(a, depth):
    x = tf.constant(a, dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = x
        for _ in range(depth):
            y = tf.sigmoid(y)
    slope = solution.sigmoid_chain(a, depth)
    assert slope == pytest.approx(float(tape.gradient(y, x)), rel=1e-9)
    assert slope <= 0.25**depth
