"""exercise_18 against closed forms in NumPy, lecture 001's printed numbers, and what `fit` and `predict` of Keras do."""

import keras
import numpy as np
import pytest

from tests.solutions import load_solution

solution = load_solution("exercise_18")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
RNG = np.random.default_rng(18)


def relu(x):
    return np.maximum(x, 0)


def given_weights(model):
    weights = [RNG.normal(0, 0.5, weight.shape) for weight in model.get_weights()]
    model.set_weights(weights)
    return weights


@pytest.fixture
def trained():
    """A model after two epochs of one batch, with a layer that has weights which are not trained."""
    model = normalised()
    model.fit(RNG.normal(size=(6, 3)), RNG.normal(size=(6, 1)), epochs=2, verbose=0)
    return model


def normalised():
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.BatchNormalization(), keras.layers.Dense(1)])
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.1, momentum=0.9))
    return model


def test_parameters_printed_in_lecture_001():
    assert solution.build_wide_deep().count_params() == 1239
    assert solution.build_model(3, 74).count_params() == 11841


@pytest.mark.parametrize(("n_features", "n_hidden"), [(8, 30), (5, 7)])
def test_wide_and_deep_is_its_formula(n_features, n_hidden):
    model = solution.build_wide_deep(n_features, n_hidden)
    w1, b1, w2, b2, w3, b3 = given_weights(model)
    x = RNG.normal(size=(6, n_features))
    deep = relu(relu(x @ w1 + b1) @ w2 + b2)
    np.testing.assert_allclose(model(x), np.hstack([x, deep]) @ w3 + b3, rtol=1e-4, atol=1e-5)


def test_without_hidden_layers_it_is_linear():
    model = solution.build_model(0, input_shape=(5,))
    w, b = given_weights(model)
    x = RNG.normal(size=(6, 5))
    np.testing.assert_allclose(model(x), x @ w + b, rtol=1e-4, atol=1e-5)


def test_one_epoch_of_fit_is_a_step_of_gradient_descent():
    model = solution.build_model(0, learning_rate=0.02)
    w, b = given_weights(model)
    x, y = RNG.normal(size=(16, 8)), RNG.normal(size=(16, 1))
    error = x @ w + b - y
    loss = model.fit(x, y, epochs=1, verbose=0).history["loss"][0]
    assert loss == pytest.approx(np.mean(error**2), rel=1e-5)
    np.testing.assert_allclose(model.get_weights()[0], w - 0.02 * 2 * x.T @ error / 16, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("n_hidden", "n_neurons"), [(-1, 30), (1, 0), (0, 0)])
def test_impossible_sizes_are_refused(n_hidden, n_neurons):
    with pytest.raises(ValueError):
        solution.build_model(n_hidden, n_neurons)


def test_first_dense_is_found_behind_other_layers(trained):
    kernel, bias = solution.first_dense(trained)
    assert (kernel.shape, bias.shape) == ((3, 1), (1,))


def test_files_begin_with_the_signatures_of_zip_and_hdf5(trained, tmp_path):
    model_path, weights_path = solution.save_both(trained, tmp_path / "new")
    with open(model_path, "rb") as model, open(weights_path, "rb") as weights:
        assert (model.read(4), weights.read(8)) == (b"PK\x03\x04", b"\x89HDF\r\n\x1a\n")


def test_restored_model_predicts_and_trains_on_as_if_nothing_had_happened(trained, tmp_path):
    restored = solution.restore(solution.save_both(trained, tmp_path)[0])
    x, y = RNG.normal(size=(4, 3)), RNG.normal(size=(4, 1))
    assert int(restored.optimizer.iterations) == 2
    np.testing.assert_allclose(restored.predict(x, verbose=0), trained.predict(x, verbose=0), rtol=1e-6, atol=1e-7)
    for model in (trained, restored):
        model.fit(x, y, verbose=0)
    for left, right in zip(trained.get_weights(), restored.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-6, atol=1e-7)


def test_rebuilt_model_has_all_weights(trained, tmp_path):
    rebuilt = solution.rebuild(normalised, solution.save_both(trained, tmp_path)[1])
    for left, right in zip(trained.get_weights(), rebuilt.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
