"""exercise_04 against Keras layers, scikit-learn's Perceptron, and the printed values of the lectures."""

import keras
import numpy as np
import pytest
from sklearn.linear_model import Perceptron

from tests.conftest import ROOT
from tests.solutions import load_solution

ours = load_solution("exercise_04")

RNG = np.random.default_rng(4)
GATE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
IRIS = np.load(ROOT / "exercises/exercise_04/data/iris_petal.npz")


def keras_dense(W, b, activation):
    layer = keras.layers.Dense(W.shape[1], activation=activation, dtype="float64")
    layer.build((None, W.shape[0]))
    layer.set_weights([W, b])
    return layer


@pytest.mark.parametrize(("n", "d", "k"), [(1, 3, 2), (5, 2, 3), (4, 4, 4), (1, 1, 1)])
def test_dense_is_that_of_keras(n, d, k):
    X, W, b = RNG.normal(size=(n, d)), RNG.normal(size=(d, k)), RNG.normal(size=k)
    np.testing.assert_allclose(ours.dense(X, W, b, np.tanh), np.asarray(keras_dense(W, b, "tanh")(X)), rtol=1e-9)


def test_step_functions_are_those_of_numpy():
    z = np.array([-2, -1e-300, -0.0, 0, 1e-300, 3])
    for name, expected in (("heaviside", np.heaviside(z, 1)), ("sign", np.sign(z))):
        result = getattr(ours, name)(z)
        assert result.dtype == np.int64
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("labels", [[0, 1, 1, 1], [0, 0, 0, 1], [1, 1, 1, 0]])
@pytest.mark.parametrize("eta", [0.5, 1.0])
def test_gates_are_learned_as_by_scikit_learn(labels, eta):
    w, b, epochs, converged = ours.perceptron_fit(GATE, np.array(labels), eta)
    assert converged
    np.testing.assert_array_equal(ours.heaviside(GATE @ w + b), labels)
    # scikit-learn takes a score of 0 for class 0, so it may walk another way; both end with a line that divides
    theirs = Perceptron(shuffle=False, eta0=eta, tol=None, max_iter=epochs + 5).fit(GATE, labels)
    np.testing.assert_array_equal(theirs.predict(GATE), labels)


def test_one_epoch_is_that_of_scikit_learn():
    """From the same start, away from scores of 0, scikit-learn takes the same steps."""
    X, y = RNG.normal(size=(30, 3)), RNG.integers(0, 2, 30)
    start = RNG.normal(size=4)
    theirs = Perceptron(shuffle=False, eta0=0.3, tol=None, max_iter=1)
    theirs.fit(X, y, coef_init=start[np.newaxis, :3].copy(), intercept_init=start[3:].copy())  # it writes into them
    W, b = start[:3, np.newaxis], start[3:]
    for x, target in zip(X, y, strict=True):
        W, b = ours.perceptron_update(W, b, x, np.array([target]), 0.3)
    np.testing.assert_allclose(W[:, 0], theirs.coef_[0], rtol=1e-9)
    np.testing.assert_allclose(b, theirs.intercept_, rtol=1e-9)


def test_iris_converges_in_three_epochs_and_predicts_what_the_lecture_prints():
    w, b, epochs, converged = ours.perceptron_fit(IRIS["X"], IRIS["y"])
    assert (epochs, converged) == (3, True)
    np.testing.assert_allclose([*w, b], [-0.06, -0.08, 0.2], atol=1e-9)
    assert ours.heaviside(np.array([[2, 0.5]]) @ w + b).tolist() == [1]
    slope, intercept = ours.decision_line(w, b)
    np.testing.assert_allclose([slope, intercept], [-0.75, 2.5], rtol=1e-6)


def test_xor_is_never_learned_by_one_unit():
    for max_epochs in (1, 7, 50):
        assert ours.perceptron_fit(GATE, np.array([0, 1, 1, 0]), 1.0, max_epochs)[2:] == (max_epochs, False)


def test_points_of_the_line_have_a_score_of_zero():
    for _ in range(20):
        w, b, x0 = RNG.normal(size=2), RNG.normal(), RNG.normal()
        slope, intercept = ours.decision_line(w, b)
        assert w[0] * x0 + w[1] * (slope * x0 + intercept) + b == pytest.approx(0, abs=1e-12)


def test_xor_network_is_two_keras_layers():
    X = np.array([[0, 0], [1, 1], [0, 1], [1, 0]])
    hidden = keras_dense(np.array([[20.0, -20], [20, -20]]), np.array([-10.0, 30]), "sigmoid")(X)
    out = keras_dense(np.array([[20.0], [20]]), np.array([-30.0]), "sigmoid")(hidden)
    np.testing.assert_allclose(np.stack(ours.xor_network(X), axis=1), np.hstack([hidden, out]), rtol=1e-9)
    # the twelve entries of lecture 001, up to 0.0001
    np.testing.assert_allclose(ours.xor_network(X), [[0, 1, 1, 1], [1, 0, 1, 1], [0, 0, 1, 1]], atol=1e-4)


def test_three_layer_is_three_keras_layers_of_transposed_matrices():
    x, W1, W2, W3 = RNG.normal(size=3), RNG.normal(size=(5, 3)), RNG.normal(size=(4, 5)), RNG.normal(size=(2, 4))
    model = [keras_dense(W.T, np.zeros(len(W)), act) for W, act in ((W1, "relu"), (W2, "relu"), (W3, None))]
    value = x[np.newaxis]
    for layer in model:
        value = layer(value)
    np.testing.assert_allclose(ours.three_layer(x, W1, W2, W3), np.asarray(value)[0], rtol=1e-9)
