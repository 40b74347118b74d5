"""Planted mistake: the bias stays what it was."""

import numpy as np


def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=float)
    rows = [theta.copy()]
    for _ in range(n_steps):
        theta = theta - lr * grad(theta)
        rows.append(theta)
    return np.array(rows)


def lr_outcome(curvature, lr):
    if curvature <= 0 or lr <= 0:
        raise ValueError("curvature and lr must be positive")
    factor = abs(1 - lr * curvature)
    if abs(factor - 1) < 1e-11 and lr * curvature > 1:
        return "oscillates"
    if factor > 1:
        return "diverges"
    return "converges"


def critical_point(H):
    if H.ndim != 2 or H.shape[0] != H.shape[1]:
        raise ValueError("H must be square")
    if not np.allclose(H, H.T, rtol=0, atol=1e-8):
        raise ValueError("H must be symmetric")
    values = np.linalg.eigvalsh(H)
    positive = np.any(values > 1e-9)
    negative = np.any(values < -1e-9)
    zero = np.any(np.abs(values) <= 1e-9)
    if positive and negative:
        return "saddle"
    if zero:
        return "degenerate"
    if positive:
        return "minimum"
    return "maximum"


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    n = X.shape[0]
    if n == 0 or y.shape != (n,):
        raise ValueError("X and y do not fit")
    if w.shape != (X.shape[1],):
        raise ValueError("X and w do not fit")
    if lr <= 0:
        raise ValueError("lr must be positive")
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    w = w.copy()
    losses = []
    for epoch in range(epochs):
        total = 0.0
        for start in range(0, n, batch_size):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            m = len(yb)
            error = Xb @ w + b - yb
            total += np.sum(error**2)
            grad_w = 2 / m * Xb.T @ error
            w = w - lr * grad_w
        losses.append(total / n)
    return w, b, losses


def predict(X, w, b):
    return X @ w + b
