"""Planted mistake: epochs are counted from 0."""

import numpy as np


def heaviside(z):
    return np.where(z >= 0, 1, 0)


def sign(z):
    return np.where(z > 0, 1, np.where(z < 0, -1, 0))


def dense(X, W, b, phi):
    if X.shape[1] != W.shape[0] or b.shape != (W.shape[1],):
        raise ValueError("shapes do not fit")
    return phi(X @ W + b)


def perceptron_update(W, b, x, y, eta):
    if W.shape != (len(x), len(b)) or len(y) != len(b):
        raise ValueError("shapes do not fit")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("targets must be 0 or 1")
    y_hat = np.where(x @ W + b >= 0, 1, 0)
    error = y - y_hat
    return W + eta * np.outer(x, error), b + eta * error


def perceptron_fit(X, y, eta=0.1, max_epochs=100):
    if len(X) != len(y):
        raise ValueError("lengths differ")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("targets must be 0 or 1")
    W, b = np.zeros((X.shape[1], 1)), np.zeros(1)
    for epoch in range(1, max_epochs + 1):
        errors = 0
        for x, target in zip(X, y):
            y_hat = 1 if (x @ W + b)[0] >= 0 else 0
            if y_hat != target:
                errors += 1
            W, b = perceptron_update(W, b, x, np.array([target]), eta)
        if errors == 0:
            return W[:, 0], b[0], epoch - 1, True
    return W[:, 0], b[0], max_epochs, False


def decision_line(w, b):
    if w[1] == 0:
        raise ValueError("vertical")
    return -w[0] / w[1], -b / w[1]


def xor_network(X):
    X = X.astype(float)
    h1 = 1 / (1 + np.exp(-(20 * X[:, 0] + 20 * X[:, 1] - 10)))
    h2 = 1 / (1 + np.exp(-(-20 * X[:, 0] - 20 * X[:, 1] + 30)))
    out = 1 / (1 + np.exp(-(20 * h1 + 20 * h2 - 30)))
    return h1, h2, out


def three_layer(x, W1, W2, W3):
    h1 = np.maximum(W1 @ x, 0)
    h2 = np.maximum(W2 @ h1, 0)
    return W3 @ h2
