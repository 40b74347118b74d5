"""exercise_19 against formulas by SciPy's filter and pandas' weighted averages, Keras's own callbacks, and a real fit.

Most callbacks are told losses made for the purpose, by Keras's CallbackList as in `fit`. The model's only weight is the
number of the epoch, so that a weight tells which epoch it is from.
"""

import math
import time
from datetime import datetime
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import pytest
import scipy.signal

from tests.solutions import load_solution

solution = load_solution("exercise_19")
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
RNG = np.random.default_rng(19)
LECTURE_000 = [0.52, 0.44, 0.40, 0.37, 0.36, 0.34, 0.35, 0.36, 0.39, 0.41, 0.33, 0.42]
LECTURE_002 = [0.53, 0.42, 0.39, 0.40, 0.37, 0.36, 0.345, 0.35, 0.335, 0.33, 0.34, 0.325, 0.315, 0.32, 0.33, 0.34, 0.31]
CURVES = [LECTURE_000, LECTURE_002, [0.7] * 8, [0.4, 0.45, 0.47, 0.5], [0.5, 0.498, 0.496, 0.494],
          *(RNG.permutation(np.linspace(0.3, 0.9, 15)).tolist() for _ in range(4))]


def filtered(beta, values, rate):
    """value = beta * value + rate * (the new one), from 0."""
    return scipy.signal.lfilter([rate], [1, -beta], values, axis=0)


def averaged(beta, values):
    """The average of all values so far with weights 1, beta, beta^2, ...: a moment after its correction."""
    return pd.DataFrame(values).ewm(alpha=1 - beta).mean().to_numpy()


def adam(g, t):
    # Keras adds epsilon to the root before the correction, which is a larger epsilon after it.
    return -0.001 * averaged(0.9, g) / (np.sqrt(averaged(0.999, g**2)) + 1e-7 / np.sqrt(1 - 0.999**t))


def adamax(g, t):
    largest = [np.max(0.999 ** np.arange(k, -1, -1)[:, np.newaxis] * np.abs(g[:k + 1]), axis=0) for k in range(len(g))]
    return -0.001 * averaged(0.9, g) / (np.array(largest) + 1e-7)


def nadam(g, t):
    now, later = (0.9 * (1 - 0.5 * 0.96 ** (t + k)) for k in (0, 1))
    product = np.cumprod(now, axis=0)
    m_hat = later * filtered(0.9, g, 0.1) / (1 - product * later) + (1 - now) * g / (1 - product)
    return -0.001 * m_hat / (np.sqrt(averaged(0.999, g**2)) + 1e-7)


STEPS = {
    "momentum": lambda g, t: filtered(0.9, g, -0.001),
    "nesterov": lambda g, t: 0.9 * filtered(0.9, g, -0.001) - 0.001 * g,
    "adagrad": lambda g, t: -0.001 * g / np.sqrt(0.1 + np.cumsum(g**2, axis=0) + 1e-7),
    "rmsprop": lambda g, t: -0.001 * g / np.sqrt(filtered(0.9, g**2, 0.1) + 1e-7),
    "adam": adam,
    "adamax": adamax,
    "nadam": nadam,
    "clipvalue": lambda g, t: -0.01 * np.clip(g, -1, 1),
    "clipnorm": lambda g, t: -0.01 * g / np.maximum(np.linalg.norm(g, axis=1, keepdims=True), 1),
}


@pytest.mark.parametrize("name", STEPS)
def test_optimizers_step_by_formula(name):
    """Two variables: `clipnorm` shortens each by itself."""
    optimizer, grads = solution.make_optimizer(name), [RNG.normal(size=(25, 4)) * [0.01, 0.5, 1, 2] for _ in range(2)]
    variables = [keras.Variable(np.zeros(4), dtype="float64") for _ in grads]
    places = []
    for pair in zip(*grads, strict=True):
        optimizer.apply([keras.ops.convert_to_tensor(grad) for grad in pair], variables)
        places.append([variable.value.numpy() for variable in variables])
    t = np.arange(1, 26)[:, np.newaxis]
    for k, g in enumerate(grads):
        expected = np.cumsum(STEPS[name](g, t), axis=0)
        np.testing.assert_allclose(np.array(places)[:, k], expected, rtol=5e-5, atol=2e-7)


@pytest.mark.parametrize("name", STEPS)
def test_every_optimizer_is_new(name):
    assert solution.make_optimizer(name) is not solution.make_optimizer(name)


def test_unknown_optimizer():
    with pytest.raises(ValueError):
        solution.make_optimizer("sgd")


@pytest.fixture(scope="module")
def model():
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer="sgd", loss="mse")
    return model


@pytest.fixture
def run(model):
    """Tell callbacks these losses, epoch by epoch (None: no validation), and give back the history."""
    def run(val_losses, *callbacks, rate=0.01):
        history = keras.callbacks.History()
        told = keras.callbacks.CallbackList([*callbacks, history], model=model)
        model.optimizer.learning_rate, model.stop_training = rate, False
        told.on_train_begin()
        for epoch, val_loss in enumerate(val_losses):
            told.on_epoch_begin(epoch)
            model.set_weights([np.full((1, 1), epoch)])
            told.on_epoch_end(epoch, {"loss": -epoch} if val_loss is None else {"loss": -epoch, "val_loss": val_loss})
            if model.stop_training:
                break
        told.on_train_end()
        return history.history

    return run


def epoch_of(model):
    return int(model.get_weights()[0].item())


@pytest.mark.parametrize(("val_losses", "patience", "stopped", "best"), [
    (LECTURE_000, 2, 7, 5), (LECTURE_002, 2, 14, 12), (LECTURE_000, 4, 9, 5), (LECTURE_000, 5, 0, 10),
    ([0.7] * 8, 3, 3, 0), ([0.4, 0.45, 0.47, 0.5], 1, 1, 0), ([0.5, 0.498, 0.496, 0.494], 1, 0, 3),
    ([0.9, 0.5, 0.51, 0.5], 3, 0, 1),
])
def test_early_stopping_as_counted_by_hand(run, model, val_losses, patience, stopped, best):
    callback = solution.make_early_stopping(patience)
    history = run(val_losses, callback)
    assert callback.stopped_epoch == stopped
    assert len(history["val_loss"]) == (stopped + 1 if stopped else len(val_losses))
    assert epoch_of(model) == best


@pytest.mark.parametrize("val_losses", CURVES)
@pytest.mark.parametrize("patience", [None, 1, 3])
def test_early_stopping_is_a_rolling_minimum(run, model, val_losses, patience):
    """Training ends where the last `patience` losses hold none below all that came before; 2 is the default."""
    callback = solution.make_early_stopping() if patience is None else solution.make_early_stopping(patience)
    window, losses = patience or 2, pd.Series(val_losses)
    stale = losses.rolling(window).min() >= losses.cummin().shift(window)
    epochs = int(stale.idxmax()) + 1 if stale.any() else len(losses)
    assert run(val_losses, callback)["val_loss"] == val_losses[:epochs]
    assert epoch_of(model) == int(losses[:epochs].idxmin())


@pytest.mark.parametrize("val_losses", CURVES)
def test_checkpoint_holds_the_first_minimum(run, tmp_path, val_losses):
    path = tmp_path / "best.keras"
    run(val_losses, solution.make_checkpoint(str(path)))
    assert epoch_of(keras.models.load_model(path)) == int(np.argmin(val_losses))
    assert [file.name for file in tmp_path.iterdir()] == ["best.keras"]


@pytest.mark.parametrize("val_losses", CURVES)
def test_best_epoch_is_what_keras_and_numpy_say(run, val_losses):
    ours, theirs = solution.BestEpoch(), keras.callbacks.EarlyStopping(monitor="val_loss", patience=100)
    run(val_losses, ours, theirs)
    assert ours.best_epoch == theirs.best_epoch == int(np.argmin(val_losses))
    assert ours.best_value == pytest.approx(theirs.best, rel=1e-6) == pytest.approx(min(val_losses), rel=1e-6)


def test_best_epoch_passes_over_epochs_without_validation(run):
    callback = solution.BestEpoch()
    assert (callback.best_epoch, callback.best_value) == (-1, math.inf)
    run([None, 0.8, None, 0.6, 0.9], callback)
    assert (callback.best_epoch, callback.best_value) == (3, 0.6)
    run([0.9, 0.85, 0.95], callback)  # the second training forgets the first
    assert (callback.best_epoch, callback.best_value) == (1, 0.85)
    run([None], callback)
    assert (callback.best_epoch, callback.best_value) == (-1, math.inf)


@pytest.mark.parametrize(("lr0", "s"), [(0.01, 20), (0.3, 7)])
def test_scheduler_is_kerass_exponential_decay(run, lr0, s):
    schedule = keras.optimizers.schedules.ExponentialDecay(lr0, decay_steps=s, decay_rate=0.1)
    rates = run([0.5] * 25, solution.exponential_scheduler(lr0, s))["learning_rate"]
    np.testing.assert_allclose(rates, [float(schedule(epoch)) for epoch in range(25)], rtol=1e-5)


@pytest.mark.parametrize(("val_losses", "halvings"), [
    ([0.7] * 14, [0] * 6 + [1] * 5 + [2] * 3),
    ([0.9 - 0.002 * epoch for epoch in range(12)], [0] * 12),
    ([0.6, 0.7, 0.7, 0.7, 0.7, 0.5, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7], [0] * 11 + [1]),
])
def test_plateau_halves_after_five_stale_epochs(run, val_losses, halvings):
    rates = run(val_losses, solution.plateau(), rate=0.04)["learning_rate"]
    np.testing.assert_allclose(rates, 0.04 * 0.5 ** np.array(halvings), rtol=1e-5)


def test_all_together_in_a_fit(model, tmp_path):
    """The one weight w grows from 0 to 5 while the validation data want 2: their loss falls, then rises."""
    x, path, best = np.ones((8, 1)), tmp_path / "best.keras", solution.BestEpoch()
    model.set_weights([np.zeros((1, 1))])
    model.optimizer.learning_rate = 0.1
    callbacks = [solution.make_early_stopping(3), solution.make_checkpoint(str(path)), best,
                 solution.exponential_scheduler(0.1, 50)]
    history = model.fit(x, 5 * x, batch_size=8, epochs=12, validation_data=(x, 2 * x), callbacks=callbacks,
                        verbose=0).history
    rates = 0.1 * 0.1 ** (np.arange(5) / 50)
    w = 5 - 5 * np.cumprod(1 - 2 * rates)
    np.testing.assert_allclose(history["val_loss"], (w - 2) ** 2, rtol=1e-4)
    assert best.best_epoch == int(np.argmin((w - 2) ** 2)) == 1
    for kept in (model, keras.models.load_model(path)):
        assert kept.get_weights()[0].item() == pytest.approx(w[1], rel=1e-5)


def test_run_folder_of_the_lecture():
    now = time.strptime("2021-02-18 03:57:36", "%Y-%m-%d %H:%M:%S")
    assert Path(solution.get_run_logdir("my_logs", now)) == Path("my_logs/run_2021_02_18-03_57_36")


@pytest.mark.parametrize("moment", [datetime(2000, 1, 2, 3, 4, 5), datetime(2039, 12, 31, 23, 59, 58)])
def test_run_folder_can_be_read_back(tmp_path, moment):
    folder = Path(solution.get_run_logdir(str(tmp_path), moment.timetuple()))
    assert folder.parent == tmp_path
    assert datetime.strptime(folder.name, "run_%Y_%m_%d-%H_%M_%S") == moment
    assert not folder.exists()
