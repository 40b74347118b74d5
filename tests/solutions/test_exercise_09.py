"""exercise_09 against Keras's SGD, SciPy's filter of the same recursion, and closed forms."""

import keras
import numpy as np
import pytest
import scipy.signal

from tests.solutions import load_solution

solution = load_solution("exercise_09")

STEEPNESS = np.array([1.0, 25.0, 4.0])
RNG = np.random.default_rng(9)


def slope(point):
    return STEEPNESS * point + np.sin(point)


def walk_of_keras(start, n_steps, dtype, **settings):
    optimizer = keras.optimizers.SGD(**settings)
    variable = keras.Variable(start, dtype=dtype)
    places = []
    for _ in range(n_steps):
        here = variable.value.numpy()
        optimizer.apply([keras.ops.convert_to_tensor(slope(here).astype(dtype))], [variable])
        places.append(variable.value.numpy())
    return np.array(places)


# 0.875 and 1/64 are exact in float32, to which Keras rounds its settings; 0.9 and 0.02 are not.
@pytest.mark.parametrize(("dtype", "lr", "beta", "tolerance"),
                         [("float64", 1 / 64, 0.875, 1e-12), ("float64", 0.02, 0.9, 1e-5), ("float32", 0.02, 0.9, 1e-5)])
@pytest.mark.parametrize(("step", "nesterov"), [("momentum_step", False), ("nesterov_step_keras", True)])
def test_sgd_of_keras(step, nesterov, dtype, lr, beta, tolerance):
    start = np.array([1.0, -0.5, 2.0], dtype)
    places, point, m = [], start, np.zeros_like(start)
    for _ in range(60):
        point, m = getattr(solution, step)(point, m, slope(point).astype(dtype), lr, beta)
        assert point.dtype == m.dtype == dtype
        places.append(point)
    expected = walk_of_keras(start, 60, dtype, learning_rate=lr, momentum=beta, nesterov=nesterov)
    np.testing.assert_allclose(places, expected, rtol=0, atol=tolerance)


def test_both_forms_of_nesterov_are_one_path():
    theta, m = RNG.normal(size=3), RNG.normal(size=3)
    phi, n = theta + 0.8 * m, m
    for _ in range(50):
        theta, m = solution.nesterov_step(theta, m, slope, 0.02, 0.8)
        phi, n = solution.nesterov_step_keras(phi, n, slope(phi), 0.02, 0.8)
        np.testing.assert_allclose(phi, theta + 0.8 * m, rtol=1e-12, atol=1e-14)


def test_m_is_a_first_order_filter_of_the_gradients():
    grads = RNG.normal(size=(200, 4))
    theta, m, steps = np.zeros(4), np.zeros(4), []
    for grad in grads:
        theta, m = solution.momentum_step(theta, m, grad, 0.1, 0.95)
        steps.append(m)
    np.testing.assert_allclose(steps, scipy.signal.lfilter([-0.1], [1, -0.95], grads, axis=0), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(theta, np.sum(steps, axis=0), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.999])
def test_terminal_velocity_is_where_the_filter_settles(beta):
    grad = RNG.normal(size=(2, 3))
    settled = scipy.signal.lfilter([-0.1], [1, -beta], np.ones(40_000))[-1]
    np.testing.assert_allclose(solution.terminal_velocity(grad, 0.1, beta), settled * grad, rtol=1e-9)


def test_known_values():
    one = np.ones(1)
    phi, m = solution.nesterov_step_keras(one, 0 * one, 2 * one, lr=0.1, beta=0.9)
    np.testing.assert_allclose([phi[0], m[0]], [0.62, -0.2], rtol=1e-12)
    np.testing.assert_allclose(solution.terminal_velocity(one, 0.1, 0.9), -1.0)  # ten steps of gradient descent
    theta, m = solution.momentum_step(one, 0.5 * one, 0 * one)  # coasting
    np.testing.assert_allclose([theta[0], m[0]], [1.45, 0.45])


@pytest.mark.parametrize("call", [
    lambda: solution.momentum_step(np.ones(3), np.ones(3), np.ones((3, 1))),
    lambda: solution.nesterov_step(np.ones((2, 3)), np.ones((3, 2)), slope),
    lambda: solution.nesterov_step_keras(np.ones(3), np.ones(1), np.ones(3)),
    lambda: solution.terminal_velocity(np.ones(3), beta=1.0),
    lambda: solution.terminal_velocity(np.ones(3), lr=-0.1),
])
def test_errors(call):
    with pytest.raises(ValueError):
        call()
