"""exercise_06's solution against Keras's losses, TensorFlow's gradients, SciPy and scikit-learn."""

import keras
import numpy as np
import pytest
import scipy.special
import sklearn.metrics
import tensorflow as tf

from tests.solutions import load_solution

solution = load_solution("exercise_06")
SHAPES = [(1,), (7,), (7, 1), (4, 3)]
DELTAS = [0.4, 1.0, 2.3]


def pair(shape):
    rng = np.random.default_rng(len(shape) + shape[0])
    return rng.normal(size=shape), rng.normal(size=shape) * 2


@pytest.mark.parametrize("shape", SHAPES)
def test_losses_are_those_of_the_libraries(shape):
    y, p = pair(shape)
    flat = y.ravel(), p.ravel()
    np.testing.assert_allclose(solution.mae(y, p), sklearn.metrics.mean_absolute_error(*flat), rtol=1e-12)
    np.testing.assert_allclose(solution.mse(y, p), sklearn.metrics.mean_squared_error(*flat), rtol=1e-12)
    for delta in DELTAS:
        np.testing.assert_allclose(solution.huber(y, p, delta), scipy.special.huber(delta, p - y).mean(), rtol=1e-12)


@pytest.mark.parametrize("shape", [(7, 1), (4, 3)])
def test_losses_are_those_that_keras_reports(shape):
    y, p = pair(shape)
    for ours, theirs in [(solution.mae, keras.losses.MeanAbsoluteError()), (solution.mse, keras.losses.MeanSquaredError()),
                         (solution.huber, keras.losses.Huber())]:
        np.testing.assert_allclose(ours(y, p), float(theirs(y, p)), rtol=1e-6)
    for delta in DELTAS:
        np.testing.assert_allclose(solution.huber(y, p, delta), float(keras.losses.Huber(delta=delta)(y, p)), rtol=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_gradients_are_those_of_tensorflow(shape):
    y, p = pair(shape)
    p[0] = y[0]  # where the error is 0, TensorFlow takes 0 for the slope of |e| too

    def gradient(loss):
        variable = tf.Variable(p)
        with tf.GradientTape() as tape:
            value = loss(variable - y)
        return tape.gradient(value, variable).numpy()

    def huber(e, delta):
        near = tf.minimum(tf.abs(e), tf.constant(delta, e.dtype))
        return tf.reduce_mean(near * (tf.abs(e) - near / 2))

    np.testing.assert_allclose(solution.d_mae(y, p), gradient(lambda e: tf.reduce_mean(tf.abs(e))), rtol=1e-12)
    np.testing.assert_allclose(solution.d_mse(y, p), gradient(lambda e: tf.reduce_mean(e**2)), rtol=1e-12)
    for delta in DELTAS:
        np.testing.assert_allclose(solution.d_huber(y, p, delta), gradient(lambda e, d=delta: huber(e, d)),
                                   rtol=1e-12, atol=1e-15)


def test_shares_by_hand():
    y, p = np.zeros(4), np.array([1.0, -1.0, 2.0, -4.0])
    assert solution.outlier_share(y, p, "mae") == pytest.approx(4 / 8)
    assert solution.outlier_share(y, p, "mse") == pytest.approx(16 / 22)
    assert solution.outlier_share(y, p, "huber") == pytest.approx(3.5 / 6)


def test_unsigned_integers_do_not_wrap():
    y, p = np.array([5, 200], dtype="uint8"), np.array([3, 250], dtype="uint8")
    assert solution.mae(y, p) == 26
    assert solution.mse(y, p) == (4 + 2500) / 2


@pytest.mark.parametrize("name", ["mae", "mse", "huber", "d_mae", "d_mse", "d_huber"])
def test_shapes_that_numpy_would_broadcast_are_refused(name):
    with pytest.raises(ValueError, match="shape"):
        getattr(solution, name)(np.zeros(3), np.zeros((3, 1)))
