"""exercise_10 against Keras's Adagrad and RMSprop, SciPy's filter of the same average, and closed forms."""

import keras
import numpy as np
import pytest
import scipy.signal

from tests.solutions import load_solution

solution = load_solution("exercise_10")

RNG = np.random.default_rng(10)
SCALES = np.array([1.0, 30.0, 1e-3, 0.0])  # the third is as small as eps, the last parameter never moves
GRADS = RNG.normal(size=(150, 4)) * SCALES


def walk_of_keras(optimizer, start, dtype):
    variable = keras.Variable(start, dtype=dtype)
    places = []
    for grad in GRADS:
        optimizer.apply([keras.ops.convert_to_tensor(grad.astype(dtype))], [variable])
        places.append(variable.value.numpy())
    return np.array(places)


def walk(step, start, s, dtype, **settings):
    theta, s, places = start.astype(dtype), np.full(4, s, dtype), []
    for grad in GRADS:
        theta, s = step(theta, s, grad.astype(dtype), **settings)
        assert theta.dtype == s.dtype == dtype
        places.append(theta)
    return np.array(places)


# 1/64 and 0.125 are exact in float32, to which Keras rounds its settings.
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-11), ("float32", 2e-5)])
@pytest.mark.parametrize("s", [0.0, 0.125])
def test_adagrad_of_keras(dtype, tolerance, s):
    start = np.array([1.0, -0.5, 2.0, 0.3])
    expected = walk_of_keras(keras.optimizers.Adagrad(1 / 64, initial_accumulator_value=s, epsilon=1e-7), start, dtype)
    places = walk(solution.adagrad_step, start, s, dtype, lr=1 / 64)
    np.testing.assert_allclose(places, expected, rtol=0, atol=tolerance)
    assert np.all(places[:, 3] == start[3].astype(dtype))


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-9), ("float32", 2e-5)])
@pytest.mark.parametrize(("rho", "eps"), [(0.9, 1e-7), (0.5, 1e-3)])
def test_rmsprop_of_keras(dtype, tolerance, rho, eps):
    start = np.array([1.0, -0.5, 2.0, 0.3])
    expected = walk_of_keras(keras.optimizers.RMSprop(1 / 64, rho=rho, epsilon=eps), start, dtype)
    places = walk(solution.rmsprop_step, start, 0.0, dtype, lr=1 / 64, rho=rho, eps=eps)
    np.testing.assert_allclose(places, expected, rtol=0, atol=tolerance)


def test_s_is_a_sum_and_a_filtered_average_of_squares():
    theta, total, average = np.zeros(4), np.zeros(4), np.zeros(4)
    for grad in GRADS:
        _, total = solution.adagrad_step(theta, total, grad)
        _, average = solution.rmsprop_step(theta, average, grad, rho=0.95)
    np.testing.assert_allclose(total, np.sum(GRADS**2, axis=0), rtol=1e-12)
    np.testing.assert_allclose(average, scipy.signal.lfilter([1 - 0.95], [1, -0.95], GRADS**2, axis=0)[-1], rtol=1e-10)


def test_effective_rates():
    np.testing.assert_allclose(solution.effective_lr(np.array([0.0, 1.0, 100.0]), 0.1),
                               [0.1 / np.sqrt(1e-7), 0.1, 0.01], rtol=1e-6)
    s, grad = RNG.uniform(0, 3, size=(2, 3)), RNG.normal(size=(2, 3))
    theta_new, s_new = solution.adagrad_step(np.zeros((2, 3)), s, grad, 0.3, 0.02)
    np.testing.assert_allclose(theta_new, -grad * solution.effective_lr(s_new, 0.3, 0.02), rtol=1e-12)


@pytest.mark.parametrize("size", [3.0, -300.0, 3e4])
def test_first_step_of_adagrad_has_the_length_of_the_rate(size):
    theta, _ = solution.adagrad_step(np.zeros(1), np.zeros(1), np.array([size]), lr=0.01)
    np.testing.assert_allclose(theta, -0.01 * np.sign(size), rtol=1e-7)


def test_one_step_where_the_gradient_is_as_small_as_eps():
    theta, _ = solution.rmsprop_step(np.zeros(1), np.zeros(1), np.array([1e-6]), lr=1.0)
    np.testing.assert_allclose(theta, -1e-6 / np.sqrt(0.1 * 1e-12 + 1e-7), rtol=1e-12)  # -2.40 with eps outside
    assert abs(theta[0]) < 0.0032


@pytest.mark.parametrize("call", [
    lambda: solution.adagrad_step(np.ones(3), np.ones(3), np.ones((3, 1))),
    lambda: solution.rmsprop_step(np.ones(3), np.ones(3), np.ones(3), rho=1.0),
    lambda: solution.adagrad_step(np.ones(3), np.array([1.0, -1e-12, 1.0]), np.ones(3)),
    lambda: solution.effective_lr(np.ones(3), -0.1),
    lambda: solution.effective_lr(np.ones(3), 0.1, eps=0.0),
])
def test_errors(call):
    with pytest.raises(ValueError):
        call()
