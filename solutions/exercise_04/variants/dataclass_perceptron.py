"""Right answer with objects: a layer of threshold units is a dataclass that learns on copies of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit


@dataclass
class Layer:
    W: np.ndarray
    b: np.ndarray
    phi: Callable[[np.ndarray], np.ndarray]

    def __post_init__(self) -> None:
        if self.W.ndim != 2 or self.b.shape != self.W.shape[1:]:
            raise ValueError(f"W {self.W.shape}, b {self.b.shape}")

    def __call__(self, X: np.ndarray) -> np.ndarray:
        return self.phi(np.dot(X, self.W) + self.b)

    def learn(self, x: np.ndarray, y: np.ndarray, eta: float) -> bool:
        """One step; True if there was an error."""
        error = y - self(x)
        self.W = self.W + eta * x[:, None] * error[None, :]
        self.b = self.b + eta * error
        return bool(error.any())


def as_targets(y) -> np.ndarray:
    if not all(int(t) in (0, 1) for t in y):
        raise ValueError("targets must be 0 or 1")
    return np.asarray(y).astype(int)


def heaviside(z):
    return 1 - np.signbit(z + 0.0).astype(np.int64)


def sign(z):
    return np.sign(z).astype("int64")


def dense(X, W, b, phi):
    return Layer(W, b, phi)(X)


def perceptron_update(W, b, x, y, eta):
    layer = Layer(W.copy(), b.copy(), heaviside)
    if len(x) != len(W) or np.shape(y) != np.shape(b):
        raise ValueError("x or y does not fit")
    layer.learn(x, as_targets(y), eta)
    return layer.W, layer.b


def perceptron_fit(X, y, eta=0.1, max_epochs=100):
    if np.shape(X)[0] != np.shape(y)[0]:
        raise ValueError("X and y differ in length")
    unit, targets = Layer(np.zeros((np.shape(X)[1], 1)), np.zeros(1), heaviside), as_targets(y)
    converged, epochs = False, 0
    while not converged and epochs < max_epochs:
        errors = [unit.learn(x, targets[[k]], eta) for k, x in enumerate(X)]
        converged, epochs = not any(errors), epochs + 1
    return unit.W.ravel(), unit.b.item(), epochs, converged


@dataclass(frozen=True)
class Line:
    slope: float
    intercept: float

    @classmethod
    def where_zero(cls, w, b) -> Line:
        if np.equal(w[1], 0.0):
            raise ValueError("this line has no slope")
        return cls(-w[0] / w[1], -b / w[1])


def decision_line(w, b):
    line = Line.where_zero(w, b)
    return line.slope, line.intercept


def xor_network(X):
    hidden = Layer(np.array([[20.0, -20.0], [20.0, -20.0]]), np.array([-10.0, 30.0]), expit)
    output = Layer(np.array([[20.0], [20.0]]), np.array([-30.0]), expit)
    H = hidden(X)
    return (*H.T, output(H).squeeze(axis=1))


def three_layer(x, W1, W2, W3):
    def relu(z):
        return z * (z > 0)

    return W3.dot(relu(W2.dot(relu(W1.dot(x)))))
