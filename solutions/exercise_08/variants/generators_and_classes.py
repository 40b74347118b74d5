"""Right answer with generators, a small model class and scipy's eigenvalues."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import scipy.linalg


def iterates(grad: Callable, theta: np.ndarray, lr: float) -> Iterator[np.ndarray]:
    while True:
        yield theta
        theta = theta + (-lr) * grad(theta)


def gradient_descent(grad, theta0, lr, n_steps):
    start = np.array(list(theta0), dtype=float)
    return np.vstack(list(islice(iterates(grad, start, lr), n_steps + 1)))


def lr_outcome(curvature, lr):
    if not (curvature > 0 and lr > 0):
        raise ValueError("positive, please")
    ratio = abs(1 - curvature * lr)  # |theta| grows by this in every step
    if curvature * lr > 1 and abs(ratio - 1) < 1e-10:
        return "oscillates"
    return "converges" if ratio < 1 else "diverges"


def critical_point(H):
    (rows, columns) = H.shape
    if rows != columns or not scipy.linalg.issymmetric(H, atol=1e-8, rtol=0):
        raise ValueError("a Hessian is square and symmetric")
    low, *_, high = (*(values := scipy.linalg.eigh(H, eigvals_only=True)), values[-1])
    if low < -1e-9 and high > 1e-9:
        return "saddle"
    if np.abs(values).min() <= 1e-9:
        return "degenerate"
    return "minimum" if low > 0 else "maximum"


@dataclass
class Line:
    w: np.ndarray
    b: float
    losses: list[float] = field(default_factory=list)

    def errors(self, X, y):
        return predict(X, self.w, self.b) - y

    def step(self, X, y, lr) -> float:
        e = self.errors(X, y)
        self.w, self.b = self.w - lr * 2 * np.mean(e[:, None] * X, axis=0), self.b - lr * 2 * e.mean()
        return float(np.sum(np.square(e)))


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    if np.ndim(X) != 2 or np.shape(y) != (len(X),) or np.shape(w) != (X.shape[1],):
        raise ValueError("shapes")
    if len(X) < 1 or lr <= 0 or batch_size < 1:
        raise ValueError("nothing to do")
    line = Line(w, b)
    for _ in range(epochs):
        line.losses.append(sum(line.step(X[k:k + batch_size], y[k:k + batch_size], lr)
                               for k in range(0, len(X), batch_size)) / len(X))
    return line.w, line.b, tuple(line.losses)


def predict(X, w, b):
    return np.add(np.dot(X, w), b)
