"""exercise_12 against the schedules and the callback of Keras, NumPy's interpolation, and known values."""

import keras
import numpy as np
import pytest

from tests.solutions import load_solution

solution = load_solution("exercise_12")

STEPS = [0, 1, 5, 10, 20, 21, 100, 333]
RNG = np.random.default_rng(12)


def of_keras(schedule, t):
    return float(keras.ops.convert_to_numpy(schedule(t)))


@pytest.mark.parametrize("t", STEPS)
def test_schedules_of_keras(t):  # which compute in float32
    schedules = keras.optimizers.schedules
    power = of_keras(schedules.InverseTimeDecay(0.1, 20, 1.0), t)
    exponential = of_keras(schedules.ExponentialDecay(0.1, 50, 0.1), t)
    piecewise = of_keras(schedules.PiecewiseConstantDecay([5, 20], [0.1, 0.5, 0.02]), t)
    np.testing.assert_allclose(solution.power_lr(t, 0.1, 20), power, rtol=1e-6)
    np.testing.assert_allclose(solution.exponential_lr(t, 0.1, 50), exponential, rtol=3e-6)
    np.testing.assert_allclose(solution.piecewise_lr(t, [5, 20], [0.1, 0.5, 0.02]), piecewise, rtol=1e-6)


class Model:
    """What ReduceLROnPlateau touches in a model."""

    def __init__(self, rate):
        self.optimizer = keras.optimizers.SGD(rate)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # Keras's own
@pytest.mark.parametrize("patience", [1, 2, 3, 5])
def test_plateau_of_keras(patience):
    for _ in range(10):
        losses = np.round(RNG.integers(1, 12, size=25) / 10, 1).tolist()  # with ties
        callback = keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=patience, min_delta=0.0)
        model, rates = Model(0.25), []
        callback.set_model(model)
        callback.on_train_begin()
        for epoch, loss in enumerate(losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            rates.append(float(model.optimizer.learning_rate.value.numpy()))
        np.testing.assert_allclose(solution.performance_lr(losses, 0.25, 0.5, patience), rates, rtol=1e-6)


@pytest.mark.parametrize(("total", "final"), [(100, 10), (101, 10), (31, 0), (12, 11)])
def test_one_cycle_is_a_polyline(total, final):
    end = total - final
    corners, rates = [0, end / 2, end], [0.02, 0.3, 0.02]
    if final:
        corners, rates = [*corners, total], [*rates, 0.02 / 1000]
    found = [solution.one_cycle_lr(t, total, 0.02, 0.3, final) for t in range(total + 1)]
    np.testing.assert_allclose(found, np.interp(np.arange(total + 1), corners, rates), rtol=1e-11)


def test_known_values():
    np.testing.assert_allclose(solution.power_lr(20, 0.3, 20), 0.15)
    np.testing.assert_allclose(solution.power_lr(20, 0.3, 20, c=2), 0.075)
    ratios = [solution.exponential_lr(t + 7, 0.3, 7) / solution.exponential_lr(t, 0.3, 7) for t in range(50)]
    np.testing.assert_allclose(ratios, 0.1, rtol=1e-12)
    assert [solution.piecewise_lr(t, [5, 15], [3.0, 2.0, 1.0]) for t in (0, 5, 6, 15, 16)] == [3.0, 3.0, 2.0, 2.0, 1.0]
    assert solution.performance_lr([3, 1, 2, 1, 2, 0.5], 1.0, 0.5, 2) == [1.0, 1.0, 1.0, 0.5, 0.5, 0.5]
    assert solution.one_cycle_lr(45, 100, 0.02, 0.3, 10) == 0.3


@pytest.mark.parametrize("call", [
    lambda: solution.power_lr(-1, 0.1, 20),
    lambda: solution.exponential_lr(3, 0.1, 0),
    lambda: solution.piecewise_lr(3, [5, 5], [1.0, 2.0, 3.0]),
    lambda: solution.piecewise_lr(3, [5], [1.0]),
    lambda: solution.performance_lr([1.0], 0.1, factor=1.0),
    lambda: solution.performance_lr([1.0], 0.1, patience=0),
    lambda: solution.one_cycle_lr(101, 100, 0.1, 0.2, 10),
    lambda: solution.one_cycle_lr(3, 100, 0.1, 0.2, 100),
])
def test_errors(call):
    with pytest.raises(ValueError):
        call()
