"""exercise_16 against the EarlyStopping of Keras, SciPy's distribution, scikit-learn's search, and the lectures' numbers."""

import keras
import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.model_selection import RandomizedSearchCV

from tests.solutions import load_solution

solution = load_solution("exercise_16")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


class UntrainedModel:
    """What EarlyStopping touches; its only weight is the number of the epoch."""

    def __init__(self):
        self.stop_training = False
        self.weights = [-1]

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def what_keras_does(val_losses, patience, min_delta, restore):
    callback = keras.callbacks.EarlyStopping("val_loss", min_delta=min_delta, patience=patience, mode="min",
                                             restore_best_weights=restore)
    model = UntrainedModel()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, val_loss in enumerate(val_losses):
        model.weights = [epoch]
        callback.on_epoch_end(epoch, {"val_loss": val_loss})
        if model.stop_training:
            break
    callback.on_train_end()
    return {"epochs_run": epoch + 1, "stopped_epoch": callback.stopped_epoch, "restored_epoch": model.weights[0]}


def test_early_stopping_of_keras_on_random_curves():
    rng = np.random.default_rng(16)
    for _ in range(1000):
        val_losses = (0.25 * rng.integers(1, 13, rng.integers(1, 17))).tolist()
        settings = int(rng.integers(0, 6)), float(rng.choice([0, 0.15, 0.25])), bool(rng.integers(2))
        result = solution.simulate_early_stopping(val_losses, *settings)
        best = result.pop("best_epoch")
        assert result == what_keras_does(val_losses, *settings), (val_losses, settings)
        if settings[2]:
            assert best == result["restored_epoch"]


@pytest.mark.parametrize(("best", "stopped", "epochs"), [(5, 7, 12), (12, 14, 20)])
def test_lectures_000_and_002_with_patience_2(best, stopped, epochs):
    val_losses = [1.0 - 0.01 * epoch if epoch <= best else 1.5 for epoch in range(epochs)]
    assert solution.best_epoch(val_losses) == best
    assert solution.simulate_early_stopping(val_losses, 2) == {
        "epochs_run": stopped + 1, "stopped_epoch": stopped, "best_epoch": best, "restored_epoch": best}


def test_best_epoch_is_argmin():
    rng = np.random.default_rng(1)
    for _ in range(100):
        curve = rng.integers(0, 5, rng.integers(1, 9)).tolist()
        assert solution.best_epoch(curve) == np.argmin(curve)


def test_guessing_is_underfitting_and_a_perfect_fit_is_good():
    chance = float(keras.losses.sparse_categorical_crossentropy(np.array([3]), np.full((1, 10), 0.1))[0])
    assert solution.diagnose([chance] * 5, [chance] * 5, chance) == "underfit"
    assert solution.diagnose([chance, 0.5, 0.1], [chance, 0.6, 0.2], chance) == "good"


def test_samples_are_those_of_scipy_loguniform():
    space = {"rate": ("loguniform", 3e-4, 3e-2), "n_hidden": [0, 1, 2, 3]}
    found = solution.random_search(lambda params: params["rate"], space, 4000, np.random.default_rng(3))
    rates = [params["rate"] for params, _ in found["trials"]]
    assert stats.kstest(rates, stats.reciprocal(3e-4, 3e-2).cdf).pvalue > 1e-4
    counts = np.bincount([params["n_hidden"] for params, _ in found["trials"]])
    assert stats.chisquare(counts).pvalue > 1e-4
    assert found["best_score"] == found["best_params"]["rate"] == min(rates)


def test_score_that_scikit_learn_shows():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(40, 3))
    y = x @ [1.0, -2.0, 0.5] + rng.normal(size=40)
    search = RandomizedSearchCV(Ridge(), {"alpha": [0.1]}, n_iter=1, cv=4, scoring="neg_mean_squared_error").fit(x, y)
    folds = np.array_split(np.arange(40), 4)
    losses = []
    for fold in folds:
        rest = np.setdiff1d(np.arange(40), fold)
        losses.append(np.mean((Ridge(0.1).fit(x[rest], y[rest]).predict(x[fold]) - y[fold]) ** 2))
    assert search.best_score_ == pytest.approx(solution.sklearn_score(np.mean(losses)), rel=1e-9)
    assert solution.sklearn_score(0.3243) == -0.3243


@pytest.mark.parametrize("call", [
    lambda: solution.best_epoch([]), lambda: solution.simulate_early_stopping([], 1),
    lambda: solution.simulate_early_stopping([1.0], -1), lambda: solution.diagnose([1.0], [1.0, 2.0], 1.0),
    lambda: solution.remedy("tired"), lambda: solution.random_search(len, {"a": [1]}, 0, None),
    lambda: solution.random_search(len, {"a": ("loguniform", 0, 1)}, 1, None),
    lambda: solution.random_search(len, {"a": ("loguniform", 2, 2)}, 1, None)])
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError):
        call()
