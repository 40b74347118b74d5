"""exercise_14 against Keras's BatchNormalization and Dense, and scikit-learn's scaler."""

import keras
import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from tests.solutions import load_solution

solution = load_solution("exercise_14")
RNG = np.random.default_rng(14)
TIGHT = {"rtol": 1e-9, "atol": 1e-10}


def parameters(d, dtype="float64"):
    """gamma, beta, moving_mean, moving_var: the order in which Keras keeps its weights, too."""
    return [values.astype(dtype) for values in (RNG.normal(1, 0.5, d), RNG.normal(size=d), RNG.normal(size=d),
                                                 RNG.uniform(0.2, 3.0, d))]


def keras_layer(weights, dtype, **settings):
    layer = keras.layers.BatchNormalization(dtype=dtype, **settings)
    layer.build((None, len(weights[0])))
    layer.set_weights(weights)
    return layer


@pytest.mark.parametrize("momentum", [0.99, 0.9, 0.25])
@pytest.mark.parametrize("eps", [1e-3, 0.2])
@pytest.mark.parametrize(("dtype", "band"), [("float64", {"rtol": 1e-6, "atol": 1e-7}),
                                             ("float32", {"rtol": 1e-4, "atol": 1e-4})])
def test_training_is_kerass(dtype, band, eps, momentum):
    x, weights = RNG.normal(3.0, 2.0, (64, 5)).astype(dtype), parameters(5, dtype)
    layer = keras_layer(weights, dtype, momentum=momentum, epsilon=eps)
    expected = keras.ops.convert_to_numpy(layer(x, training=True))
    y, mean, var = solution.bn_train(x, *weights, momentum=momentum, eps=eps)
    np.testing.assert_allclose(y, expected, **band)
    np.testing.assert_allclose(mean, layer.get_weights()[2], **band)
    np.testing.assert_allclose(var, layer.get_weights()[3], **band)


def test_fifty_updates_are_kerass():
    weights = parameters(3)
    layer, (gamma, beta, mean, var) = keras_layer(weights, "float64"), weights
    for _ in range(50):
        x = RNG.normal(5.0, 2.0, (16, 3))
        layer(x, training=True)
        _, mean, var = solution.bn_train(x, gamma, beta, mean, var)
    np.testing.assert_allclose(mean, layer.get_weights()[2], rtol=1e-6)
    np.testing.assert_allclose(var, layer.get_weights()[3], rtol=1e-6)


@pytest.mark.parametrize("rows", [1, 7])
def test_inference_is_kerass(rows):
    x, weights = RNG.normal(size=(rows, 4)), parameters(4)
    layer = keras_layer(weights, "float64")
    np.testing.assert_allclose(solution.bn_infer(x, *weights), keras.ops.convert_to_numpy(layer(x, training=False)),
                               rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("k", "d"), [(3, 5), (7, 4), (4, 4)])
def test_folding_replaces_two_layers_of_keras(k, d):
    W, b, weights = RNG.normal(size=(k, d)), RNG.normal(size=d), parameters(d)
    dense = keras.layers.Dense(d, dtype="float64")
    dense.build((None, k))
    dense.set_weights([W, b])
    x = RNG.normal(size=(20, k))
    expected = keras.ops.convert_to_numpy(keras_layer(weights, "float64")(dense(x), training=False))
    dense.set_weights(solution.fold_bn(W, b, *weights))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(dense(x)), expected, rtol=1e-7, atol=1e-9)


def test_statistics_are_those_of_scikit_learn():
    x = RNG.normal(100.0, 5.0, (64, 4))
    scaler = StandardScaler().fit(x)
    y, mean, var = solution.bn_train(x, np.ones(4), np.zeros(4), np.zeros(4), np.ones(4), momentum=0.0, eps=1e-15)
    np.testing.assert_allclose(mean, scaler.mean_, **TIGHT)
    np.testing.assert_allclose(var, scaler.var_, **TIGHT)
    np.testing.assert_allclose(y, scaler.transform(x), **TIGHT)


def test_closed_forms():
    one, zero = np.ones(2), np.zeros(2)
    y, mean, var = solution.bn_train(np.array([[1.0, 5.0], [3.0, 5.0]]), 2 * one, one, zero, one, momentum=0.5, eps=3.0)
    np.testing.assert_allclose(y, [[0.0, 1.0], [2.0, 1.0]], **TIGHT)  # variance 1, so the root is 2
    np.testing.assert_allclose(mean, [1.0, 2.5], **TIGHT)
    np.testing.assert_allclose(var, [1.0, 0.5], **TIGHT)
    beta = np.array([0.3, -0.7])
    np.testing.assert_array_equal(solution.bn_train(np.array([[9.0, -4.0]]), one, beta, zero, one)[0], [beta])


def test_moving_statistics_converge_with_ratio_momentum():
    x = RNG.normal(2.0, 3.0, (32, 2))
    mean, var = np.array([10.0, -10.0]), np.array([50.0, 0.0])
    start = mean - x.mean(axis=0)
    for _ in range(20):
        _, mean, var = solution.bn_train(x, np.ones(2), np.zeros(2), mean, var, momentum=0.7)
    np.testing.assert_allclose(mean - x.mean(axis=0), start * 0.7**20, rtol=1e-9)


def test_variance_keeps_its_digits_far_from_zero():
    x = (1000 + RNG.normal(size=(64, 6))).astype("float32")
    y = solution.bn_train(x, *(values.astype("float32") for values in (np.ones(6), np.zeros(6), np.zeros(6), np.ones(6))))[0]
    exact = x.astype("float64")
    np.testing.assert_allclose(y, (exact - exact.mean(axis=0)) / np.sqrt(exact.var(axis=0) + 1e-3), atol=5e-3)
