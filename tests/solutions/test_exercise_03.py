"""exercise_03 against Keras's losses, TensorFlow's gradients, SciPy and scikit-learn."""

import keras
import numpy as np
import pytest
import scipy.special
import sklearn.metrics
import tensorflow as tf
from sklearn.preprocessing import LabelBinarizer

from tests.solutions import load_solution

solution = load_solution("exercise_03")
RNG = np.random.default_rng(3)
BANDS = {"float64": {"rtol": 1e-9, "atol": 1e-12}, "float32": {"rtol": 1e-5, "atol": 1e-6}}
HUGE = np.array([[1000.0, 1000.0, -1000.0], [1e4, 0.0, 0.0], [-1e4, -1e4, -1e4 + 1], [-745.0, 0.0, 745.0]])


@pytest.fixture(params=[1e-7, 1e-9, 0.003])
def eps(request):
    """An epsilon, set in Keras as well for as long as the test runs."""
    before = keras.config.epsilon()
    keras.config.set_epsilon(request.param)
    yield request.param
    keras.config.set_epsilon(before)


def scores(m, K, dtype="float64"):
    return RNG.normal(scale=3, size=(m, K)).astype(dtype), RNG.integers(0, K, m)


def rows(m, K):
    """Labels, and probabilities of every kind: ordinary, certainly wrong, certainly right."""
    y, p = RNG.integers(0, K, m), RNG.dirichlet(np.ones(K), m)
    p[0], p[-1] = np.eye(K)[(y[0] + 1) % K], np.eye(K)[y[-1]]
    return y, p


@pytest.mark.parametrize("dtype", BANDS)
@pytest.mark.parametrize("shape", [(5, 10), (1, 4), (7,), (1,), (3, 1)])
def test_softmax(shape, dtype):
    z = RNG.normal(scale=3, size=shape).astype(dtype)
    p = solution.softmax(z)
    assert p.dtype == dtype
    np.testing.assert_allclose(p, scipy.special.softmax(z.astype("float64"), axis=-1), **BANDS[dtype])
    if shape[-1] > 1:  # Keras warns of a single class
        np.testing.assert_allclose(p, keras.ops.softmax(z), **BANDS[dtype])


@pytest.mark.parametrize("dtype", BANDS)
def test_softmax_of_huge_scores(dtype):
    expected = [[0.5, 0.5, 0], [1, 0, 0], [*2 * [1 / (2 + np.e)], np.e / (2 + np.e)], [0, 0, 1]]
    np.testing.assert_allclose(solution.softmax(HUGE.astype(dtype)), expected, **BANDS[dtype])
    np.testing.assert_allclose(scipy.special.softmax(HUGE, axis=-1), expected, **BANDS[dtype])


def test_softmax_of_integers():
    z = np.array([[3, -1, 0], [2, 2, 5]])
    assert solution.softmax(z).dtype == "float64"
    np.testing.assert_allclose(solution.softmax(z), scipy.special.softmax(z.astype("float64"), axis=-1), rtol=1e-12)


@pytest.mark.parametrize(("m", "K"), [(2, 3), (6, 10)])
def test_losses_from_probabilities_are_kerass(m, K, eps):
    y, p = rows(m, K)
    onehot = np.eye(K)[y]
    expected = np.mean(keras.losses.categorical_crossentropy(onehot, p))
    np.testing.assert_allclose(solution.cross_entropy(onehot, p, eps), expected, rtol=1e-9)
    np.testing.assert_allclose(solution.sparse_cross_entropy(y, p, eps), expected, rtol=1e-9)
    # Keras's sparse loss divides the clipped row by its sum once more, which differs in rows of exact zeros and ones.
    sums = np.clip(p, eps, 1 - eps).sum(axis=1)
    sparse = np.mean(keras.losses.sparse_categorical_crossentropy(y, p) - np.log(sums))
    np.testing.assert_allclose(solution.sparse_cross_entropy(y, p, eps), sparse, rtol=1e-9)


@pytest.mark.parametrize("y", [[0] * 6, [1] * 6, [1, 0, 0, 1, 1, 0]])
def test_binary_loss_is_kerass(y, eps):
    y = np.array(y)
    for p in (RNG.uniform(0.01, 0.99, 6), np.array([0, 0, 1, 1, 0.5, 1e-5])):
        expected = float(keras.losses.binary_crossentropy(y, p))
        np.testing.assert_allclose(solution.binary_cross_entropy(y, p, eps), expected, rtol=1e-9)


def test_default_eps_is_that_of_keras():
    one, zero = np.eye(3)[[1]], np.eye(3)[[2]]
    assert solution.cross_entropy(one, zero) == pytest.approx(16.118096, abs=1e-6)
    assert solution.sparse_cross_entropy([1], zero) == pytest.approx(16.118096, abs=1e-6)
    assert solution.binary_cross_entropy([1], [0.0]) == pytest.approx(16.118096, abs=1e-6)
    assert -np.log(keras.config.epsilon()) == pytest.approx(16.118096, abs=1e-6)


@pytest.mark.parametrize("dtype", BANDS)
def test_losses_are_scikit_learns(dtype):
    y, p = RNG.integers(0, 4, 50), RNG.dirichlet(np.ones(4), 50).astype(dtype)
    exact = p.astype("float64")
    expected = sklearn.metrics.log_loss(y, exact / exact.sum(axis=1, keepdims=True), labels=range(4))
    np.testing.assert_allclose(solution.cross_entropy(np.eye(4)[y], p), expected, rtol=1e-6)
    np.testing.assert_allclose(solution.sparse_cross_entropy(y, p), expected, rtol=1e-6)
    expected = sklearn.metrics.log_loss(y == 0, exact[:, 0])
    np.testing.assert_allclose(solution.binary_cross_entropy((y == 0).astype(int), p[:, 0]), expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", BANDS)
@pytest.mark.parametrize(("m", "K"), [(5, 4), (1, 3), (20, 10)])
def test_loss_and_gradient_from_scores_are_tensorflows(m, K, dtype):
    z, y = scores(m, K, dtype)
    z[0] += 30
    variable = tf.Variable(z)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, variable, from_logits=True))
    np.testing.assert_allclose(solution.cross_entropy_from_logits(y, z), loss, **BANDS[dtype])
    np.testing.assert_allclose(solution.grad_logits(y, z), tape.gradient(loss, variable), **BANDS[dtype])


@pytest.mark.parametrize("y", [[2, 0, 1, 2], [0, 1, 2, 0], [1, 0, 2, 2]])
def test_huge_scores_cost_what_scipy_says(y):
    y = np.array(y)
    expected = -np.mean(scipy.special.log_softmax(HUGE, axis=1)[np.arange(4), y])
    np.testing.assert_allclose(solution.cross_entropy_from_logits(y, HUGE), expected, rtol=1e-12)
    expected = (scipy.special.softmax(HUGE, axis=1) - np.eye(3)[y]) / 4
    np.testing.assert_allclose(solution.grad_logits(y, HUGE), expected, rtol=1e-7, atol=1e-10)
    assert solution.cross_entropy_from_logits([2], HUGE[:1]) == pytest.approx(2000 + np.log(2))


@pytest.mark.parametrize("dtype", BANDS)
@pytest.mark.parametrize("K", [2, 3, 10])
def test_jacobian_is_tensorflows(K, dtype):
    p = RNG.dirichlet(np.ones(K)).astype(dtype)
    z = tf.Variable(np.log(p))  # softmax of the logarithms gives p back
    with tf.GradientTape(persistent=True) as tape:
        again = tf.nn.softmax(z)
    expected = tape.jacobian(again, z, experimental_use_pfor=False)
    np.testing.assert_allclose(solution.softmax_jacobian(p), expected, **BANDS[dtype])


def test_classes_of_the_lecture():
    p = np.array([[0, 0, 0, 0, 0, 0.01, 0, 0.03, 0, 0.96],
                  [0, 0, 0.99, 0, 0.01, 0, 0, 0, 0, 0],
                  [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]])
    names = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
    assert solution.predict_classes(p).tolist() == [9, 2, 1]
    assert solution.predict_classes(p, names).tolist() == ["Ankle boot", "Pullover", "Trouser"]


def test_classes_are_those_of_scikit_learn_and_keras():
    names = ["ant", "bee", "cat", "dog"]
    p = np.vstack([RNG.dirichlet(np.ones(4), 30), [[0.3, 0.2, 0.2, 0.3], [0.1, 0.4, 0.4, 0.1]]])  # the first of ties
    assert solution.predict_classes(p, names).tolist() == LabelBinarizer().fit(names).inverse_transform(p).tolist()
    assert np.all(keras.metrics.sparse_categorical_accuracy(solution.predict_classes(p), p))


@pytest.mark.parametrize("call", [
    lambda: solution.softmax(np.zeros((2, 2, 2))),
    lambda: solution.softmax(np.float64(1)),
    lambda: solution.cross_entropy(np.eye(3), np.full((3, 4), 0.25)),
    lambda: solution.cross_entropy(np.array([0, 1]), np.array([0.5, 0.5])),
    lambda: solution.sparse_cross_entropy(np.array([0, 1, 1]), np.full((2, 2), 0.5)),
    lambda: solution.binary_cross_entropy(np.array([[0, 1]]), np.array([[0.5, 0.5]])),
    lambda: solution.binary_cross_entropy(np.array([0]), np.array([0.5, 0.5])),
    lambda: solution.cross_entropy_from_logits(np.array([2, -1]), np.zeros((2, 3))),
    lambda: solution.grad_logits(np.array([0, 3]), np.zeros((2, 3))),
    lambda: solution.softmax_jacobian(np.eye(2)),
    lambda: solution.predict_classes(np.array([0.2, 0.8])),
    lambda: solution.sparse_cross_entropy(np.array([[0], [1]]), np.full((2, 3), 1 / 3)),
])
def test_errors(call):
    with pytest.raises(ValueError):
        call()
