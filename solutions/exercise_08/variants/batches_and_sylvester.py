"""Right answer with a list of batches, and eigenvalues counted by signs."""

import numpy as np


def gradient_descent(grad, theta0, lr, n_steps):
    theta = np.array(theta0, dtype=np.double)
    history = theta[np.newaxis].copy()
    for step in range(n_steps):
        theta -= np.multiply(lr, grad(theta))
        history = np.append(history, theta[np.newaxis], axis=0)
    return history


def lr_outcome(curvature, lr):
    for value in (curvature, lr):
        if not value > 0:
            raise ValueError(f"{value} is not positive")
    limit = 2.0 / curvature
    if abs(lr - limit) <= 1e-11 * limit:
        return "oscillates"
    return "diverges" if lr > limit else "converges"


def critical_point(H):
    H = np.array(H, dtype=float)
    if H.ndim != 2 or H.shape != H.T.shape:
        raise ValueError("square")
    if np.any(np.abs(H - H.T) > 1e-8):
        raise np.linalg.LinAlgError("symmetric")
    eigenvalues = np.linalg.eigvals((H + H.T) / 2).real
    eigenvalues[np.abs(eigenvalues) <= 1e-9] = 0
    kinds = frozenset(np.sign(eigenvalues).tolist())
    return {frozenset({1.0}): "minimum", frozenset({-1.0}): "maximum", frozenset({1.0, -1.0}): "saddle",
            frozenset({1.0, 0.0, -1.0}): "saddle"}.get(kinds, "degenerate")


def batches_of(X, y, size):
    return [(X[k:k + size], y[k:k + size]) for k in range(0, len(y), size)]


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    if lr <= 0:
        raise ValueError("lr")
    if batch_size < 1:
        raise ValueError("batch_size")
    if X.ndim != 2 or X.size == 0 or y.shape != (X.shape[0],) or w.shape != (X.shape[1],):
        raise ValueError("shapes")
    weights, bias = np.array(w, dtype=float), np.array(float(b))
    losses = []
    for epoch in range(epochs):
        squared = []
        for inputs, targets in batches_of(X, y, batch_size):
            residual = targets - predict(inputs, weights, bias)
            squared.extend(residual**2)
            weights += lr * 2 * np.average(inputs.T * residual, axis=1)
            bias += lr * 2 * np.average(residual)
        losses.append(np.mean(squared))
    return weights, bias, np.array(losses)


def predict(X, w, b):
    return (X * w).sum(axis=1) + b
