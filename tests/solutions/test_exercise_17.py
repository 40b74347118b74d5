"""exercise_17 against scikit-learn, SciPy's distributions, TensorFlow's gradients and forward passes in NumPy."""

import keras
import numpy as np
import pytest
import scipy.special
import scipy.stats
import sklearn.metrics
import tensorflow as tf
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import normalize

from tests.conftest import ROOT
from tests.solutions import load_solution

solution = load_solution("exercise_17")
BAND = {"rtol": 1e-4, "atol": 1e-5}
RNG = np.random.default_rng(17)


def elu(a):
    return np.where(a > 0, a, np.expm1(np.minimum(a, 0)))


def selu(a):
    return 1.0507009873554805 * np.where(a > 0, a, 1.6732632423543772 * np.expm1(np.minimum(a, 0)))


def given_weights(model):
    """Weights and biases of the size that a forward pass keeps, set and returned layer by layer."""
    model.set_weights([RNG.normal(scale=1 / np.sqrt(w.shape[0]), size=w.shape) for w in model.get_weights()])
    weights = [w.astype("float64") for w in model.get_weights()]
    return list(zip(weights[::2], weights[1::2], strict=True))


def forward(x, weights, activations):
    x = x.reshape(len(x), -1)
    for (W, b), activation in zip(weights, activations, strict=True):
        x = activation(x @ W + b)
    return x


def relu(a):
    return np.maximum(a, 0)


def softmax(a):
    return scipy.special.softmax(a, axis=1)


def images(m):
    return RNG.uniform(size=(m, 28, 28)), RNG.integers(0, 10, m)


def kinds(model):
    return [type(layer).__name__ for layer in model.layers]


@pytest.fixture(scope="module")
def points():
    with np.load(ROOT / "exercises" / "exercise_17" / "data" / "regression.npz") as data:
        return data["x_train"], data["y_train"]


@pytest.mark.parametrize(("given", "rate"), [({}, 0.01), ({"learning_rate": 0.04}, 0.04)])
def test_linear_model_goes_the_way_of_scikit_learns(points, given, rate):
    """One point at a time, in order, from zero: SGDRegressor halves the squared error, hence twice the rate."""
    x, y = points
    model = solution.build_linear(**given)
    model.set_weights([np.zeros((1, 1)), np.zeros(1)])
    model.fit(x, y, batch_size=1, shuffle=False, verbose=0)
    theirs = SGDRegressor(penalty=None, learning_rate="constant", eta0=2 * rate, shuffle=False)
    theirs.partial_fit(x, y.ravel())
    w, b, yhat = solution.line(model, x)
    np.testing.assert_allclose([w, b], [theirs.coef_[0], theirs.intercept_[0]], **BAND)
    np.testing.assert_allclose(yhat.ravel(), theirs.predict(x), **BAND)


def test_linear_model_measures_as_scikit_learn_does(points):
    x, y = points
    model = solution.build_linear()
    assert model.count_params() == 2
    model.set_weights([np.array([[20.0]]), np.array([5.0])])
    measured = model.evaluate(x, y, verbose=0, return_dict=True)
    mse = sklearn.metrics.mean_squared_error(y, 20 * x + 5)
    expected = {"loss": mse, "mse": mse, "mae": sklearn.metrics.mean_absolute_error(y, 20 * x + 5)}
    assert measured == pytest.approx(expected, rel=1e-4)


def test_trained_line_is_the_least_squares_line(points):
    x, y = points
    model = solution.build_linear(0.3)
    model.fit(x, y, batch_size=len(x), epochs=20, verbose=0)
    exact = LinearRegression().fit(x, y)
    w, b, yhat = solution.line(model, x)
    np.testing.assert_allclose([w, b], [exact.coef_.item(), exact.intercept_.item()], rtol=1e-3)
    np.testing.assert_allclose(yhat, model.predict(x, verbose=0), **BAND)
    assert isinstance(w, float)
    assert isinstance(b, float)


@pytest.mark.parametrize("X", [np.array([[-2.0], [0.5], [3.0]]), np.array([[-2], [0], [7]])])
def test_line_is_a_polynomial(X):
    model = solution.build_linear()
    model.set_weights([np.array([[1.5]]), np.array([-0.25])])
    w, b, yhat = solution.line(model, X)
    assert (w, b) == (1.5, -0.25)
    np.testing.assert_allclose(yhat, np.polyval([1.5, -0.25], X), rtol=1e-12)


def test_image_model_is_scikit_learns_perceptron():
    x, y = images(20)
    model = solution.model_fn()
    assert model.count_params() == 79_510
    assert not model.compiled
    weights = given_weights(model)
    theirs = MLPClassifier((100,), activation="relu").partial_fit(x.reshape(20, -1), y, classes=range(10))
    theirs.coefs_, theirs.intercepts_ = map(list, zip(*weights, strict=True))
    np.testing.assert_allclose(model.predict(x, verbose=0), theirs.predict_proba(x.reshape(20, -1)), **BAND)


@pytest.mark.parametrize(("layer", "activations", "params"), [
    (lambda: keras.layers.Dense(17, activation="tanh"), [np.tanh], 79_510 - 1_010 + 1_717 + 180),
    (lambda: keras.layers.Dropout(0.3), [], 79_510),
])
def test_another_layer_comes_before_the_output(layer, activations, params):
    x, _ = images(5)
    model = solution.model_fn(layer())
    assert model.count_params() == params
    expected = forward(x, given_weights(model), [relu, *activations, softmax])
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, **BAND)


def test_dropout_model_predicts_and_measures():
    x, y = images(97)
    model = solution.build_dropout_model()
    assert model.count_params() == 266_610
    assert kinds(model) == ["Flatten", "Dropout", "Dense", "Dropout", "Dense", "Dropout", "Dense"]
    p = forward(x, given_weights(model), [elu, elu, softmax])
    np.testing.assert_allclose(model.predict(x, verbose=0), p, **BAND)
    measured = model.evaluate(x, y, verbose=0, return_dict=True)
    expected = {"loss": sklearn.metrics.log_loss(y, p, labels=range(10)),
                "accuracy": sklearn.metrics.accuracy_score(y, p.argmax(axis=1))}
    assert measured == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("given", "rate"), [({}, 0.01), ({"learning_rate": 0.2}, 0.2)])
def test_dropout_model_learns_by_tensorflows_gradients(given, rate):
    x, y = images(8)
    model = solution.build_dropout_model(rate=0.0, **given)
    weights = [tf.Variable(w) for w in model.get_weights()]
    for _ in range(2):
        model.train_on_batch(x, y)
        with tf.GradientTape() as tape:
            a = tf.constant(x.reshape(8, -1), "float32")
            for W, b in zip(weights[:-2:2], weights[1:-2:2], strict=True):
                a = tf.nn.elu(a @ W + b)
            scores = a @ weights[-2] + weights[-1]
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, scores))
        for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
            weight.assign_sub(rate * gradient)
    for ours, theirs in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_allclose(ours, theirs, **BAND)


@pytest.mark.parametrize(("given", "rate"), [({}, 0.2), ({"rate": 0.35}, 0.35)])
def test_dropout_is_binomial(given, rate):
    keras.utils.set_random_seed(17)
    model = solution.build_dropout_model(**given)
    layers = [layer for layer in model.layers if isinstance(layer, keras.layers.Dropout)]
    assert len(layers) == 3
    for layer in layers:
        dropped = keras.ops.convert_to_numpy(layer(np.ones((200, 50)), training=True))
        np.testing.assert_allclose(dropped[dropped != 0], 1 / (1 - rate), rtol=1e-6)
        assert scipy.stats.binomtest(int(np.sum(dropped == 0)), dropped.size, rate).pvalue > 1e-4


def as_drawn(kernel, scale):
    """How well a kernel agrees with a normal distribution of this variance, cut off at two standard deviations."""
    cut = scipy.stats.truncnorm(-2, 2)
    sigma = np.sqrt(scale / kernel.shape[0]) / cut.std()
    return scipy.stats.kstest(kernel.ravel() / sigma, cut.cdf).pvalue


def test_hidden_layers_start_as_he_says():
    keras.utils.set_random_seed(17)
    first, _, second, *_ = solution.build_dropout_model().get_weights()
    assert as_drawn(first, 2) > 1e-4
    assert as_drawn(second, 2) > 1e-4


@pytest.fixture
def regularised():
    keras.utils.set_random_seed(17)
    layers = solution.regularised_layers()
    assert all(not layer.get_weights() for layer in layers)
    for layer in layers:
        layer.build((None, 60))
    return layers


@pytest.mark.parametrize(("place", "scale", "activation"), [(0, 2, elu), (1, 2, elu), (2, 1, selu)])
def test_regularised_layers_compute_and_start(regularised, place, scale, activation):
    layer = regularised[place]
    kernel, bias = layer.get_weights()
    assert kernel.shape == (60, 100)
    assert as_drawn(kernel, scale) > 1e-4
    x = RNG.normal(size=(7, 60))
    np.testing.assert_allclose(layer(x), forward(x, [(kernel, bias)], [activation]), **BAND)


def test_penalties(regularised):
    W = RNG.normal(size=(60, 100))
    l1, l2 = np.linalg.norm(W.ravel(), 1), np.linalg.norm(W) ** 2
    for layer, penalty in zip(regularised, [0.01 * l2, 0.01 * l1 + 0.02 * l2, 0], strict=True):
        layer.set_weights([W, np.ones(100)])
        assert float(sum(layer.losses)) == pytest.approx(penalty, rel=1e-5)


def test_long_columns_are_normalised(regularised):
    """As scikit-learn does it, but only those whose norm is above 1."""
    W = normalize(RNG.normal(size=(60, 100)), axis=0) * RNG.uniform(0.1, 3, 100)
    limited = regularised[2].kernel.constraint(W)
    np.testing.assert_allclose(limited, np.where(np.linalg.norm(W, axis=0) > 1, normalize(W, axis=0), W), **BAND)
    assert regularised[0].kernel.constraint is None
    assert regularised[1].kernel.constraint is None


def mean_log_loss_of_labels(y, p):
    return np.mean([sklearn.metrics.log_loss(t, q, labels=[0, 1]) for t, q in zip(y.T, p.T, strict=True)])


def log_loss_of_classes(y, p):
    exact = p / p.sum(axis=1, keepdims=True)  # the sums of float32 are not close enough to 1 for scikit-learn
    return sklearn.metrics.log_loss(y if y.ndim == 1 else y.argmax(axis=1), exact, labels=range(p.shape[1]))


def identity(a):
    return a


NUMBERS, LABELS, CLASSES = RNG.normal(scale=2, size=(9, 4)), RNG.integers(0, 2, (9, 4)), RNG.integers(0, 4, 9)


@pytest.mark.parametrize(("task", "y", "activation", "loss"), [
    ("regression", NUMBERS, identity, sklearn.metrics.mean_squared_error),
    ("robust_regression", NUMBERS, identity, lambda y, p: scipy.special.huber(1, p - y).mean()),
    ("positive_regression", abs(NUMBERS), lambda a: np.logaddexp(0, a), sklearn.metrics.mean_squared_error),
    ("bounded_regression", scipy.special.expit(NUMBERS), scipy.special.expit, sklearn.metrics.mean_squared_error),
    ("binary", LABELS[:, :1], scipy.special.expit, mean_log_loss_of_labels),
    ("multilabel", LABELS, scipy.special.expit, mean_log_loss_of_labels),
    ("multiclass", CLASSES, softmax, log_loss_of_classes),
    ("multiclass_onehot", np.eye(4)[CLASSES], softmax, log_loss_of_classes),
])
def test_heads(task, y, activation, loss):
    built = solution.head(task, 4)
    layer = keras.layers.Dense(built["units"], activation=built["activation"])
    x = RNG.normal(size=(9, 6))
    p = keras.ops.convert_to_numpy(layer(x))
    assert p.shape == (9, 1 if task == "binary" else 4)
    np.testing.assert_allclose(p, activation(x @ layer.get_weights()[0]), **BAND)
    theirs = np.mean(keras.losses.get(built["loss"])(y.astype("float32"), p))
    assert theirs == pytest.approx(loss(y, p.astype("float64")), rel=1e-4)


def test_head_of_one_and_of_no_known_task():
    assert solution.head("regression")["units"] == 1
    with pytest.raises(ValueError):
        solution.head("clustering")


@pytest.mark.parametrize("build", [solution.build_linear, solution.model_fn, solution.build_dropout_model])
def test_every_model_has_weights_of_its_own(build):
    first, second = build(), build()
    before = second.get_weights()
    first.set_weights([np.full(w.shape, 7.0) for w in before])
    for weight, again in zip(before, second.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, again)
