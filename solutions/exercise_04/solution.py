"""Exercise 04: threshold units, the perceptron rule, and XOR."""

import numpy as np


def heaviside(z):
    """Return 1 where z >= 0, else 0."""
    return (z >= 0).astype(np.int64)


def sign(z):
    """Return -1, 0 or 1."""
    return np.sign(z).astype(np.int64)


def dense(X, W, b, phi):
    """Return phi(X W + b): a row of X is a sample, a column of W is a unit."""
    if X.shape[1] != W.shape[0] or b.shape != (W.shape[1],):  # b of shape (1,) would broadcast
        raise ValueError(f"X {X.shape}, W {W.shape} and b {b.shape} do not fit")
    return phi(X @ W + b)


def check_targets(y):
    if not np.isin(y, (0, 1)).all():
        raise ValueError("targets are 0 or 1")


def perceptron_update(W, b, x, y, eta):
    """Return the new (W, b) after one sample x with targets y."""
    if W.shape != (len(x), len(b)) or len(y) != len(b):
        raise ValueError(f"W {W.shape} wants {W.shape[:1]} inputs and {W.shape[1:]} targets and biases")
    check_targets(y)
    error = y - heaviside(x @ W + b)  # 0 where the unit is right: then nothing changes
    # Weight ij belongs to input i and unit j. The bias is the weight of an input that is always 1.
    return W + eta * np.outer(x, error), b + eta * error


def perceptron_fit(X, y, eta=0.1, max_epochs=100):
    """Train one unit until it makes no error in a whole epoch. Return (w, b, epochs, converged)."""
    if len(X) != len(y):
        raise ValueError(f"{len(X)} samples but {len(y)} targets")
    check_targets(y)
    W, b = np.zeros((X.shape[1], 1)), np.zeros(1)
    for epoch in range(1, max_epochs + 1):
        errors = 0
        for x, target in zip(X, y, strict=True):
            errors += int(heaviside(x @ W + b)[0] != target)
            W, b = perceptron_update(W, b, x, np.array([target]), eta)
        # Not "the weights are as before": on XOR the updates of an epoch cancel.
        if errors == 0:
            return W[:, 0], b[0], epoch, True
    return W[:, 0], b[0], max_epochs, False


def decision_line(w, b):
    """Return slope and intercept of the line w0 x0 + w1 x1 + b = 0."""
    if w[1] == 0:
        raise ValueError("w[1] is 0: the line is vertical")
    return -w[0] / w[1], -b / w[1]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def xor_network(X):
    """Return (h1, h2, out): out is the AND of h1 (OR) and h2 (NAND)."""
    x0, x1 = X.astype(np.float64).T  # bool and uint8 cannot hold -20
    h1 = sigmoid(20 * x0 + 20 * x1 - 10)
    h2 = sigmoid(-20 * x0 - 20 * x1 + 30)
    return h1, h2, sigmoid(20 * h1 + 20 * h2 - 30)


def three_layer(x, W1, W2, W3):
    """Return W3 max(W2 max(W1 x, 0), 0); the last layer has no activation."""
    h1 = np.maximum(W1 @ x, 0)
    h2 = np.maximum(W2 @ h1, 0)
    return W3 @ h2
