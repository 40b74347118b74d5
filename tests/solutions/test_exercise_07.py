"""exercise_07's solution against a Keras model, TensorFlow's gradients and SciPy's numerical ones."""

import keras
import numpy as np
import pytest
import scipy.optimize
import tensorflow as tf

from tests.solutions import load_solution

solution = load_solution("exercise_07")
SIZES = [(1, 3, 4), (6, 3, 4), (5, 1, 1), (8, 2, 3)]


def problem(n, d, p):
    rng = np.random.default_rng(n)
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=(p, d + 1)), rng.normal(size=p + 1)


def keras_model(W1, w2):
    p, inputs = W1.shape
    model = keras.Sequential([keras.layers.Input((inputs - 1,), dtype="float64"),
                              keras.layers.Dense(p, activation="sigmoid", dtype="float64"), keras.layers.Dense(1, dtype="float64")])
    model.set_weights([W1[:, :-1].T, W1[:, -1], w2[:-1, None], w2[-1:]])
    return model


@pytest.mark.parametrize("sizes", SIZES)
def test_network_is_the_one_that_keras_builds(sizes):
    X, y, W1, w2 = problem(*sizes)
    model = keras_model(W1, w2)
    yhat, Z = solution.forward(X, W1, w2)
    np.testing.assert_allclose(yhat, model(X).numpy()[:, 0], rtol=1e-10)
    np.testing.assert_allclose(Z, model.layers[0](X).numpy(), rtol=1e-10)

    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(0.5 * (y - model(X)[:, 0]) ** 2)
    kernel1, bias1, kernel2, bias2 = (g.numpy() for g in tape.gradient(loss, model.trainable_variables))
    ours, dW1, dw2 = solution.loss_and_grads(X, y, W1, w2)
    np.testing.assert_allclose(ours, loss.numpy(), rtol=1e-10)
    np.testing.assert_allclose(dW1, np.column_stack([kernel1.T, bias1]), rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(dw2, np.append(kernel2[:, 0], bias2), rtol=1e-9, atol=1e-13)


def test_gradients_are_those_of_scipy():
    X, y, W1, w2 = problem(6, 3, 4)
    _, dW1, dw2 = solution.loss_and_grads(X, y, W1, w2)
    numeric = scipy.optimize.approx_fprime(W1.ravel(), lambda w: solution.loss_and_grads(X, y, w.reshape(W1.shape), w2)[0], 1e-7)
    np.testing.assert_allclose(dW1.ravel(), numeric, atol=1e-6)
    numeric = scipy.optimize.approx_fprime(w2, lambda w: solution.loss_and_grads(X, y, W1, w)[0], 1e-7)
    np.testing.assert_allclose(dw2, numeric, atol=1e-6)


def test_step_is_that_of_keras_sgd():
    X, y, W1, w2 = problem(8, 2, 3)
    model = keras_model(W1, w2)
    optimizer = keras.optimizers.SGD(learning_rate=0.5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(0.5 * (y - model(X)[:, 0]) ** 2)
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    kernel1, bias1, kernel2, bias2 = model.get_weights()
    new_W1, new_w2 = solution.train_step(X, y, W1, w2, 0.5)
    np.testing.assert_allclose(new_W1, np.column_stack([kernel1.T, bias1]), rtol=1e-9)
    np.testing.assert_allclose(new_w2, np.append(kernel2[:, 0], bias2), rtol=1e-9)


def test_numerical_gradient_in_closed_form():
    w = np.random.default_rng(1).normal(size=(2, 3))
    np.testing.assert_allclose(solution.numerical_grad(lambda v: np.sum(np.sin(v)), w), np.cos(w), rtol=1e-5, atol=1e-7)
    for h in (0.5, 0.1, 1e-3):
        np.testing.assert_allclose(solution.numerical_grad(lambda v: np.sum(v**3), w, h), 3 * w**2 + h**2, rtol=1e-9)
        np.testing.assert_allclose(solution.numerical_grad(lambda v: np.sum(np.sin(v)), w, h), np.cos(w) * np.sin(h) / h, rtol=1e-9)


def test_gradients_agree_with_our_own_numerical_ones():
    X, y, W1, w2 = problem(6, 3, 4)
    _, dW1, dw2 = solution.loss_and_grads(X, y, W1, w2)
    np.testing.assert_allclose(dW1, solution.numerical_grad(lambda w: solution.loss_and_grads(X, y, w, w2)[0], W1), atol=1e-8)
    np.testing.assert_allclose(dw2, solution.numerical_grad(lambda w: solution.loss_and_grads(X, y, W1, w)[0], w2), atol=1e-8)
