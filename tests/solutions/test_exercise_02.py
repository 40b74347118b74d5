"""exercise_02 against Keras, TensorFlow's automatic derivatives, and SciPy."""

import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf

from tests.solutions import load_solution

ours = load_solution("exercise_02")

GRID = np.concatenate([np.arange(-120, 121) / 20, [-1000, -745, -100, -50, -30, 30, 50, 100, 745, 1000]])
ACTIVATIONS = {
    "sigmoid": keras.ops.sigmoid, "tanh": keras.ops.tanh, "relu": keras.ops.relu, "softplus": keras.ops.softplus,
    "leaky_relu": keras.layers.LeakyReLU(dtype="float64"), "elu": keras.ops.elu, "selu": keras.ops.selu,
    "swish": keras.ops.silu, "mish": tf.function(lambda a: a * tf.tanh(tf.math.softplus(a)))}
BANDS = {"float64": {"rtol": 1e-9, "atol": 1e-12}, "float32": {"rtol": 1e-5, "atol": 1e-6}}
LEAKY = {"rtol": 1e-7, "atol": 0}  # TensorFlow rounds the slope to float32


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_is_that_of_keras(name):
    band = LEAKY if name == "leaky_relu" else BANDS["float64"]
    np.testing.assert_allclose(getattr(ours, name)(GRID), np.asarray(ACTIVATIONS[name](tf.constant(GRID))), **band)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "softplus"])
@pytest.mark.parametrize("dtype", BANDS)
def test_derivative_is_that_of_the_gradient_tape(name, dtype):
    a = tf.constant(GRID.astype(dtype))
    with tf.GradientTape() as tape:
        tape.watch(a)
        value = ACTIVATIONS[name](a)
    slope = getattr(ours, f"d_{name}")(GRID.astype(dtype))
    assert slope.dtype == dtype
    np.testing.assert_allclose(slope, tape.gradient(value, a).numpy(), **BANDS[dtype])


@pytest.mark.parametrize("alpha", [0.05, 0.3, 0.7])
def test_alpha_of_leaky_relu_is_negative_slope_of_keras(alpha):
    layer = keras.layers.LeakyReLU(negative_slope=alpha, dtype="float64")
    np.testing.assert_allclose(ours.leaky_relu(GRID, alpha), np.asarray(layer(GRID)), **LEAKY)


@pytest.mark.parametrize("alpha", [0.4, 1.0, 2.25])
def test_alpha_of_elu_is_that_of_keras(alpha):
    np.testing.assert_allclose(ours.elu(GRID, alpha), np.asarray(keras.ops.elu(tf.constant(GRID), alpha)), rtol=1e-9)


def test_tail_of_softplus_keeps_its_digits():
    a = -np.arange(0.0, 701, 25)
    np.testing.assert_allclose(ours.softplus(a), -scipy.special.log_expit(-a), rtol=1e-12)
    assert ours.softplus(np.array(-30.0)) == pytest.approx(9.3576e-14, rel=1e-5)


def test_lecture_tables_with_one_misprint_in_relu():
    table = np.array([[-1, 3, 2], [0, 2, -3], [-1, -4, 1]])
    assert ours.relu(table).tolist() == [[0, 3, 2], [0, 2, 0], [0, 0, 1]]  # the lecture prints 4 in the last cell
    np.testing.assert_allclose(ours.tanh(table), [[-0.762, 0.995, 0.964], [0, 0.964, -0.995], [-0.762, -0.999, 0.762]],
                               atol=5e-4)


def test_lecture_formula_of_the_slope_of_tanh():
    a = GRID[np.abs(GRID) < 100]
    np.testing.assert_allclose(ours.d_tanh(a), 4 / (np.exp(a) + np.exp(-a)) ** 2, **BANDS["float64"])
