"""exercise_11 against Keras's optimizers, SciPy's filter and pandas' weighted averages, and closed forms.

Where Keras follows another convention, the test takes it into account: Adam's epsilon joins the uncorrected root
(epsilon-hat), and Nadam warms beta1 up as beta1 (1 - 0.5 * 0.96^t).
"""

import keras
import numpy as np
import pandas as pd
import pytest
import scipy.signal
import tensorflow as tf

from tests.solutions import load_solution

solution = load_solution("exercise_11")
RNG = np.random.default_rng(11)
GRADS = RNG.normal(size=(200, 5)) * [1e-3, 0.1, 1, 30, 0]
START = RNG.normal(size=5)
STEPS = ["adam_step", "adamax_step", "nadam_step"]
SETTINGS = [
    {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-7},
    {"lr": 0.05, "beta1": 0.5, "beta2": 0.9, "eps": 0.1},
    {"lr": 0.3, "beta1": 0.0, "beta2": 0.99, "eps": 1e-3},
]
# Keras rounds rates and betas to float32, so only those that are exact there can be compared to the last digits.
EXACT = {"lr": 1 / 64, "beta1": 0.875, "beta2": 1 - 2**-7, "eps": 1e-7}
BANDS = [("float64", EXACT, {"rtol": 1e-11, "atol": 1e-13}), ("float64", SETTINGS[0], {"rtol": 2e-5, "atol": 2e-6}),
         ("float32", SETTINGS[1], {"rtol": 3e-5, "atol": 1e-6})]


def walk(step, grads, settings=lambda t: {}, start=START):
    """theta, m and s (or u) after every step."""
    state = start.astype(grads.dtype), np.zeros_like(grads[0]), np.zeros_like(grads[0])
    states = []
    for t, grad in enumerate(grads, start=1):
        state = getattr(solution, step)(*state, grad, t, **settings(t))
        assert all(part.dtype == grads.dtype for part in state)
        states.append(state)
    return [np.array(parts) for parts in zip(*states, strict=True)]


def walk_of_keras(name, grads, start=START, steps_before=0, **settings):
    names = {"lr": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "eps": "epsilon"}
    optimizer = getattr(keras.optimizers, name)(**{names[key]: value for key, value in settings.items()})
    variable = keras.Variable(start, dtype=str(grads.dtype))
    optimizer.build([variable])
    optimizer.iterations.assign(steps_before)
    step = tf.function(lambda grad: optimizer.apply([grad], [variable]))
    places = []
    for grad in grads:
        step(tf.constant(grad))
        places.append(variable.value.numpy())
    return np.array(places)


def root_of_correction(beta2, t):
    return float(np.sqrt(1 - beta2**t))


def paper_epsilon(settings):
    """The epsilon which, added to the corrected root, does what Keras's does before the correction."""
    return lambda t: settings | {"eps": settings["eps"] / root_of_correction(settings["beta2"], t)}


@pytest.mark.parametrize(("dtype", "settings", "band"), BANDS)
def test_adam_is_kerass(dtype, settings, band):
    theta, _, _ = walk("adam_step", GRADS.astype(dtype), paper_epsilon(settings))
    np.testing.assert_allclose(theta, walk_of_keras("Adam", GRADS.astype(dtype), **settings), **band)


@pytest.mark.parametrize(("dtype", "settings", "band"), BANDS)
def test_adamax_is_kerass(dtype, settings, band):
    theta, _, _ = walk("adamax_step", GRADS.astype(dtype), lambda t: settings)
    np.testing.assert_allclose(theta, walk_of_keras("Adamax", GRADS.astype(dtype), **settings), **band)


@pytest.mark.parametrize(("dtype", "settings", "band"), BANDS)
def test_nadam_without_beta1_is_kerass(dtype, settings, band):
    settings = settings | {"beta1": 0.0}  # nothing to warm up
    theta, _, _ = walk("nadam_step", GRADS.astype(dtype), lambda t: settings)
    np.testing.assert_allclose(theta, walk_of_keras("Nadam", GRADS.astype(dtype), **settings), **band)


@pytest.mark.parametrize(("dtype", "settings", "band"), BANDS)
def test_nadam_is_kerass_once_beta1_is_warm(dtype, settings, band):
    """After 50,000 steps Keras's beta1 is constant, too, and its product of beta1s still starts at 1.

    Its correction of s is over by then; rate and epsilon that are larger by the root of ours make up for that.
    """
    def ours(t):
        root = root_of_correction(settings["beta2"], t)
        return settings | {"lr": settings["lr"] / root, "eps": settings["eps"] / root}

    theta, _, _ = walk("nadam_step", GRADS.astype(dtype), ours)
    theirs = walk_of_keras("Nadam", GRADS.astype(dtype), steps_before=50_000, **settings)
    np.testing.assert_allclose(theta, theirs, **band)


@pytest.mark.parametrize("t", [1, 10, 100_000])
@pytest.mark.parametrize(("step", "name"), [("adam_step", "Adam"), ("adamax_step", "Adamax")])
def test_a_step_of_any_number_is_kerass(step, name, t):
    grad, zero = GRADS[0], np.zeros(5)
    settings = paper_epsilon(EXACT)(t) if name == "Adam" else EXACT
    theta, _, _ = getattr(solution, step)(START, zero, zero, grad, t, **settings)
    expected = walk_of_keras(name, grad[np.newaxis], steps_before=t - 1, **EXACT)[0]
    np.testing.assert_allclose(theta, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("settings", SETTINGS)
def test_moments_are_first_order_filters(settings):
    b1, b2 = settings["beta1"], settings["beta2"]
    first = scipy.signal.lfilter([1 - b1], [1, -b1], GRADS, axis=0)
    second = scipy.signal.lfilter([1 - b2], [1, -b2], GRADS**2, axis=0)
    for step in ("adam_step", "nadam_step"):
        _, m, s = walk(step, GRADS, lambda t: settings)
        np.testing.assert_allclose(m, first, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(s, second, rtol=1e-9, atol=1e-14)
    _, m, u = walk("adamax_step", GRADS, lambda t: settings)
    np.testing.assert_allclose(m, first, rtol=1e-9, atol=1e-14)
    ages = np.arange(200)[:, np.newaxis] - np.arange(200)
    decay = np.where(ages >= 0, b2 ** np.maximum(ages, 0.0), 0)
    np.testing.assert_allclose(u, np.max(decay[..., np.newaxis] * np.abs(GRADS), axis=1), rtol=1e-9)


@pytest.mark.parametrize("settings", SETTINGS)
def test_corrected_moments_are_weighted_averages(settings):
    """A corrected moment is the average of all gradients so far with weights 1, beta, beta^2, ..."""
    b1, b2, lr, eps = settings["beta1"], settings["beta2"], settings["lr"], settings["eps"]
    m_hat = pd.DataFrame(GRADS).ewm(alpha=1 - b1, adjust=True).mean().to_numpy()
    s_hat = pd.DataFrame(GRADS**2).ewm(alpha=1 - b2, adjust=True).mean().to_numpy()

    theta, _, _ = walk("adam_step", GRADS, lambda t: settings)
    expected = START - lr * np.cumsum(m_hat / (np.sqrt(s_hat) + eps), axis=0)
    np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12)

    theta, _, u = walk("adamax_step", GRADS, lambda t: settings)
    expected = START - lr * np.cumsum(m_hat / (u + eps), axis=0)
    np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12)

    # Nadam's old moment is that average one step later, where the next gradient is taken for 0.
    t = np.arange(1, 201)[:, np.newaxis]
    later = m_hat * b1 * (1 - b1**t) / (1 - b1 ** (t + 1))
    theta, _, _ = walk("nadam_step", GRADS, lambda t: settings)
    expected = START - lr * np.cumsum((later + (1 - b1) * GRADS / (1 - b1**t)) / (np.sqrt(s_hat) + eps), axis=0)
    np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("grad", [1e-6, -1e-6, 3.0, -0.01, 500.0])
def test_first_steps_in_closed_form(grad):
    """The first step is lr g / (|g| + eps); Nadam's is longer by beta1 / (1 + beta1)."""
    g, zero = np.array([grad]), np.zeros(1)
    length = g / (np.abs(g) + 1e-7)
    for step, factor in [("adam_step", 1), ("adamax_step", 1), ("nadam_step", 1 + 0.9 / 1.9)]:
        theta, _, _ = getattr(solution, step)(zero, zero, zero, g, 1, lr=1.0)
        np.testing.assert_allclose(theta, -factor * length, rtol=1e-9)
    hat = walk_of_keras("Adam", g[np.newaxis], start=zero, lr=1.0)[0]
    np.testing.assert_allclose(hat, -g / (np.abs(g) + 1e-7 / np.sqrt(0.001)), rtol=2e-5)


def test_place_of_epsilon_in_numbers():
    """A gradient of 1e-6 with eps = 1e-7: Keras's Adam goes 0.2403, the paper's 0.9091."""
    g, zero = np.array([1e-6]), np.zeros(1)
    assert walk_of_keras("Adam", g[np.newaxis], start=zero, lr=1.0)[0, 0] == pytest.approx(-0.2403, abs=1e-4)
    assert solution.adam_step(zero, zero, zero, g, 1, lr=1.0)[0][0] == pytest.approx(-0.9091, abs=1e-4)


@pytest.mark.parametrize(("step", "name"), [("adam_step", "Adam"), ("adamax_step", "Adamax"), ("nadam_step", "Nadam")])
def test_zero_gradients_move_nothing(step, name):
    grads = np.zeros((3, 5))
    theta, m, s = walk(step, grads)
    np.testing.assert_array_equal(theta, walk_of_keras(name, grads))
    np.testing.assert_array_equal(theta, [START] * 3)
    assert not m.any()
    assert not s.any()


@pytest.mark.parametrize(("step", "name"), [("adam_step", "Adam"), ("adamax_step", "Adamax")])
@pytest.mark.parametrize("shape", [(), (2, 1, 4)])
def test_every_shape_is_kerass(step, name, shape):
    start, grads = RNG.normal(size=shape), RNG.normal(size=(4, *shape))
    theta, _, _ = walk(step, grads, paper_epsilon(EXACT) if name == "Adam" else lambda t: EXACT, start)
    assert theta.shape == (4, *shape)
    np.testing.assert_allclose(theta, walk_of_keras(name, grads, start, **EXACT), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("wrong", [
    {"t": 0}, {"t": 2.0}, {"t": True}, {"beta1": 1.0}, {"beta1": -0.1}, {"beta2": 1.0}, {"eps": 0.0},
    {"grad": np.ones((3, 1))}, {"theta": np.ones(1)}, {"m": np.ones(4)},
])
def test_errors(step, wrong):
    arguments = {"theta": np.ones(3), "m": np.zeros(3), "grad": np.ones(3), "t": 1} | wrong
    accumulated = "u" if step == "adamax_step" else "s"
    with pytest.raises(ValueError):
        getattr(solution, step)(**arguments, **{accumulated: np.zeros(3)})


def test_legal_borders():
    one, zero = np.ones(3), np.zeros(3)
    for step in STEPS:  # without memory a step has the length of the rate
        theta, _, _ = getattr(solution, step)(one, zero, zero, 7 * one, np.int64(3), 0.25, 0.0, 0.0, 1e-300)
        np.testing.assert_allclose(theta, 0.75 * one, rtol=1e-12)
