"""exercise_20's training, run once, against scikit-learn on the same arrays and a forward pass in NumPy."""

import keras
import numpy as np
import pytest
import scipy.special
import scipy.stats
import sklearn.datasets
import sklearn.metrics
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression

from tests.conftest import ROOT
from tests.solutions import load_solution

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
BAND = {"rtol": 1e-3, "atol": 1e-4}


@pytest.fixture(scope="module")
def solution(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exercise_20")
    (folder / "data").symlink_to(ROOT / "exercises" / "exercise_20" / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield load_solution("exercise_20")


def flat(x):
    return x.reshape(len(x), -1)


def forward(x, model):
    """The probabilities without dropout, in float64."""
    W1, b1, W2, b2 = (w.astype("float64") for w in model.get_weights())
    return scipy.special.softmax(np.maximum(flat(x) @ W1 + b1, 0) @ W2 + b2, axis=1)


def test_parts_are_scikit_learns_digits(solution):
    digits = sklearn.datasets.load_digits()
    order = np.random.default_rng(20).permutation(1797)
    parts = [order[:1000], order[1000:1400], order[1400:]]
    for name, part in zip(["train", "val", "test"], parts, strict=True):
        x, y = getattr(solution, f"x_{name}"), getattr(solution, f"y_{name}")
        assert x.dtype == "float32"
        np.testing.assert_array_equal(x, digits.images[part] / 16)
        np.testing.assert_array_equal(y, digits.target[part])


def test_model_is_as_described(solution):
    model = solution.model
    assert [type(layer).__name__ for layer in model.layers] == ["Flatten", "Dense", "Dropout", "Dense"]
    assert model.count_params() == (64 * 64 + 64) + (64 * 10 + 10)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.01)
    dropped = keras.ops.convert_to_numpy(model.layers[2](np.ones((500, 64)), training=True)) == 0
    assert scipy.stats.binomtest(int(dropped.sum()), dropped.size, 0.3).pvalue > 1e-6


def test_history_is_that_of_early_stopping(solution):
    val_loss = solution.history.history["val_loss"]
    best = int(np.argmin(val_loss))
    assert solution.n_epochs == len(val_loss) <= 40
    assert solution.best_epoch == best == solution.early_stopping_cb.best_epoch
    if solution.stopped_epoch:
        assert solution.stopped_epoch == solution.n_epochs - 1 == best + 3
    else:
        assert solution.n_epochs == 40
        assert best > 36
    lowest = np.minimum.accumulate(val_loss)
    assert np.all(lowest[3:-1] < lowest[:-4])
    assert int(solution.model.optimizer.iterations) == 32 * solution.n_epochs  # 1000 images in batches of 32


def test_restored_weights_have_the_best_validation_loss(solution):
    p = forward(solution.x_val, solution.model)
    history, best = solution.history.history, solution.best_epoch
    np.testing.assert_allclose(sklearn.metrics.log_loss(solution.y_val, p), min(history["val_loss"]), **BAND)
    accuracy = sklearn.metrics.accuracy_score(solution.y_val, p.argmax(axis=1))
    assert accuracy == pytest.approx(history["val_accuracy"][best], abs=1.5 / 400)


def test_test_results_are_scikit_learns(solution):
    p, y = forward(solution.x_test, solution.model), solution.y_test
    assert solution.y_proba.shape == (397, 10)
    np.testing.assert_allclose(solution.y_proba, p, rtol=0, atol=1e-4)
    np.testing.assert_allclose(solution.test_loss, sklearn.metrics.log_loss(y, p), **BAND)
    np.testing.assert_array_equal(solution.y_pred, solution.y_proba.argmax(axis=1))
    accuracy = sklearn.metrics.accuracy_score(y, solution.y_pred)
    assert solution.test_acc == pytest.approx(accuracy, abs=1.5 / 397)
    assert len(solution.wrong) == sklearn.metrics.zero_one_loss(y, solution.y_pred, normalize=False)
    assert solution.wrong.tolist() == [k for k in range(397) if solution.y_pred[k] != y[k]]


def test_network_is_not_behind_a_linear_model(solution):
    linear = LogisticRegression(max_iter=500).fit(flat(solution.x_train), solution.y_train)
    assert solution.test_acc > linear.score(flat(solution.x_test), solution.y_test) - 0.01


def test_reloaded_model_is_the_restored_one(solution):
    for again, weight in zip(solution.reloaded.get_weights(), solution.model.get_weights(), strict=True):
        np.testing.assert_array_equal(again, weight)
    predicted = forward(solution.x_test, solution.reloaded).argmax(axis=1)
    accuracy = sklearn.metrics.accuracy_score(solution.y_test, predicted)
    assert solution.reloaded_acc == pytest.approx(accuracy, abs=1.5 / 397)


CHANCE = np.log(10)


def test_chance_is_what_guessing_costs():
    y = np.arange(10)
    guesses = DummyClassifier(strategy="uniform").fit(flat(y), y).predict_proba(flat(y))
    assert pytest.approx(sklearn.metrics.log_loss(y, guesses)) == CHANCE


@pytest.mark.parametrize(("loss", "val_loss", "settings", "verdict"), [
    ([2.0, 1.0, 0.5], [2.1, 1.1, 0.7], {}, "good"),
    ([2.0, 1.0, 0.5], [2.1, 1.1, 1.2], {}, "good"),
    ([2.0, 1.0, 0.5], [2.1, 1.1, 1.22], {}, "overfit"),
    ([2.0, 1.0, 0.5], [2.1, 1.1, 1.22], {"gap": 0.2}, "good"),
    ([2.0, 1.0, 1.01], [2.1, 1.1, 1.5], {}, "good"),
    ([2.4, 2.3, 1.85], [2.4, 2.3, 2.2], {}, "underfit"),
    ([2.4, 2.3, 1.83], [2.4, 2.3, 2.2], {}, "good"),
    ([2.4, 2.3, 1.83], [2.4, 2.3, 2.2], {"chance": 2.2}, "underfit"),
    ([1.0, 1.5, 2.01], [1.0, 1.5, 2.0], {}, "diverged"),
    ([1.0, 1.5, 2.0], [1.0, 1.5, 2.0], {}, "underfit"),
    ([1.0, 0.5, np.nan], [1.0, 0.6, 0.7], {}, "diverged"),
    ([1.0, 0.5, np.inf], [1.0, 0.6, 0.7], {}, "diverged"),
])
def test_verdicts_by_the_table(solution, loss, val_loss, settings, verdict):
    assert solution.diagnose(loss, val_loss, **({"chance": CHANCE} | settings)) == verdict


def test_verdict_is_that_of_the_history(solution):
    loss, val_loss = (np.array(solution.history.history[name]) for name in ("loss", "val_loss"))
    learnt = loss[-1] < 0.8 * CHANCE
    parted = val_loss[-1] > 1.1 * val_loss.min() and loss[-1] < loss[val_loss.argmin()]
    assert learnt
    assert solution.verdict == ("overfit" if parted else "good")
