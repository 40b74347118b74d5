"""exercise_08's solution against Keras's SGD, least squares, SciPy and closed forms."""

import keras
import numpy as np
import pytest
import scipy.linalg

from tests.conftest import ROOT
from tests.solutions import load_solution

solution = load_solution("exercise_08")
DATA = np.load(ROOT / "exercises/exercise_08/data/regression.npz")


def test_path_on_a_quadratic_is_a_matrix_power():
    A, start = np.diag([1.0, 25.0]), np.array([-2.0, 1.0])
    path = solution.gradient_descent(lambda theta: A @ theta, start, 0.03, 50)
    shrink = np.eye(2) - 0.03 * A
    np.testing.assert_allclose(path, [np.linalg.matrix_power(shrink, k) @ start for k in range(51)], rtol=1e-9, atol=1e-300)


def test_steps_are_those_of_keras_sgd():
    variable = keras.Variable([1.5, -0.5], dtype="float64")
    optimizer, visited = keras.optimizers.SGD(learning_rate=0.0625), [variable.numpy().copy()]
    for _ in range(10):
        optimizer.apply([4 * variable**3 - 4 * variable + 0.5], [variable])
        visited.append(variable.numpy().copy())
    path = solution.gradient_descent(lambda x: 4 * x**3 - 4 * x + 0.5, [1.5, -0.5], 0.0625, 10)
    np.testing.assert_allclose(path, visited, rtol=1e-12)


def test_two_valleys_and_a_saddle():
    ends = [solution.gradient_descent(lambda x: 4 * x**3 - 4 * x + 0.5, [start], 0.05, 200)[-1, 0] for start in (1.0, -1.0)]
    roots = np.sort(np.roots([4, 0, -4, 0.5]))
    np.testing.assert_allclose(ends, [roots[2], roots[0]], rtol=1e-9)
    saddle = np.array([2.0, -2.0])
    assert not solution.gradient_descent(lambda x: saddle * x, [0.0, 0.0], 0.1, 50).any()
    assert abs(solution.gradient_descent(lambda x: saddle * x, [1.0, 1e-8], 0.1, 50)[-1, 1]) > 5e-5


@pytest.mark.parametrize("curvature", [0.5, 1.0, 2.0, 3.7])
@pytest.mark.parametrize(("factor", "outcome"), [(0.3, "converges"), (0.99, "converges"), (1.0, "oscillates"),
                                                 (1.01, "diverges"), (3.0, "diverges")])
def test_outcome_is_what_happens(curvature, factor, outcome):
    lr = factor * 2 / curvature
    distance = np.abs(solution.gradient_descent(lambda theta: curvature * theta, [1.0], lr, 200)[-1, 0])
    happened = "oscillates" if abs(distance - 1) < 1e-9 else "converges" if distance < 1 else "diverges"
    assert solution.lr_outcome(curvature, lr) == outcome == happened


def test_definiteness_is_that_of_scipy():
    rng = np.random.default_rng(0)
    for _ in range(50):
        A = rng.normal(size=(3, 3))
        for H, kind in [(A @ A.T, "minimum"), (-A @ A.T, "maximum")]:
            scipy.linalg.cholesky(H if kind == "minimum" else -H)  # raises unless positive definite
            assert solution.critical_point(H) == kind
    assert solution.critical_point(np.array([[0.0, 1], [1, 0]])) == "saddle"
    assert solution.critical_point(np.ones((2, 2))) == "degenerate"
    assert solution.critical_point(np.diag([1.0, 0, -1])) == "saddle"
    with pytest.raises(ValueError, match="symmetric"):
        solution.critical_point(np.array([[1.0, 2], [3, 4]]))


@pytest.mark.parametrize("rows", [160, 70])
def test_training_is_that_of_keras(rows):
    X, y, epochs = DATA["x_train"][:rows], DATA["y_train"][:rows, 0], 5
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.set_weights([np.array([[0.5]]), np.array([0.0])])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.01), loss="mean_squared_error")
    history = model.fit(X, y, batch_size=32, epochs=epochs, shuffle=False, verbose=0).history["loss"]
    w, b, losses = solution.sgd_linear(X, y, np.array([0.5]), 0.0, epochs=epochs)
    kernel, bias = model.get_weights()
    np.testing.assert_allclose([w[0], b], [kernel[0, 0], bias[0]], rtol=1e-5)
    np.testing.assert_allclose(losses, history, rtol=1e-5)
    np.testing.assert_allclose(solution.predict(X, w, b), model(X).numpy()[:, 0], rtol=1e-4, atol=1e-4)


def test_training_ends_at_least_squares():
    X, y = DATA["x_train"], DATA["y_train"][:, 0]
    A = np.column_stack([X, np.ones(len(X))])
    best, *_ = np.linalg.lstsq(A, y, rcond=None)
    w, b, _ = solution.sgd_linear(X, y, np.array([0.5]), 0.0)
    assert 22.5 < w[0] < 23.3
    assert np.mean((A @ best - y) ** 2) == pytest.approx(20.5997, abs=1e-4)
    assert np.mean((solution.predict(X, w, b) - y) ** 2) < 21
    w, b, _ = solution.sgd_linear(X, y, w, b, lr=0.1, batch_size=160, epochs=400)
    np.testing.assert_allclose([*w, b], best, rtol=1e-9)
