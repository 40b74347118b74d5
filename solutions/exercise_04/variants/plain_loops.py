"""Right answer in plain Python: indices, lists and the math module; results are lists and tuples where they may be."""

import math

import numpy as np


def heaviside(z):
    out = np.zeros(z.shape, dtype="int64")
    for place in np.ndindex(*z.shape):
        if not z[place] < 0:
            out[place] = 1
    return out


def sign(z):
    out = np.zeros(z.shape, dtype="int64")
    for place in np.ndindex(*z.shape):
        if z[place] != 0:
            out[place] = int(math.copysign(1, z[place]))
    return out


def dense(X, W, b, phi):
    n, d = X.shape
    rows, k = W.shape
    if d != rows or np.shape(b) != (k,):
        raise ValueError(f"cannot combine {X.shape}, {W.shape}, {b.shape}")
    scores = [[sum(X[s, i] * W[i, j] for i in range(d)) + b[j] for j in range(k)] for s in range(n)]
    return phi(np.array(scores))


def perceptron_update(W, b, x, y, eta):
    d, k = len(x), len(b)
    if W.ndim != 2 or list(W.shape) != [d, k] or len(y) != k:
        raise ValueError("shapes")
    for target in y:
        if target not in (0, 1):
            raise ValueError(f"target {target}")
    new_W, new_b = W.tolist(), b.tolist()
    for j in range(k):
        score = math.fsum([W[i][j] * x[i] for i in range(d)] + [b[j]])
        guess = 1 if score >= 0 else 0
        if guess == y[j]:
            continue
        step = eta if y[j] == 1 else -eta
        for i in range(d):
            new_W[i][j] += step * x[i]
        new_b[j] += step
    return [new_W, new_b]


def perceptron_fit(X, y, eta=0.1, max_epochs=100):
    X, y = X.tolist(), y.tolist()
    if len(X) != len(y):
        raise ValueError("every sample needs one target")
    if set(y) - {0, 1}:
        raise ValueError("0 and 1 only")
    w, b = [0.0] * len(X[0]), 0.0
    epoch = 0
    while epoch < max_epochs:
        epoch += 1
        clean = True
        for x, target in zip(X, y):
            guess = int(b + sum(wi * xi for wi, xi in zip(w, x)) >= 0)
            if guess != target:
                clean = False
                w = [wi + eta * (target - guess) * xi for wi, xi in zip(w, x)]
                b += eta * (target - guess)
        if clean:
            break
    return w, b, epoch, clean


def decision_line(w, b):
    w0, w1 = w
    if not w1:
        raise ValueError("vertical line")
    return [-float(w0) / float(w1), -float(b) / float(w1)]


def sigma(z):
    return 1 / (1 + math.exp(-z))


def xor_network(X):
    h1, h2, out = [], [], []
    for p, q in X.tolist():
        h1.append(sigma(20 * p + 20 * q - 10))
        h2.append(sigma(30 - 20 * p - 20 * q))
        out.append(sigma(20 * (h1[-1] + h2[-1]) - 30))
    return [h1, h2, out]


def three_layer(x, W1, W2, W3):
    def times(W, v):
        return [sum(a * c for a, c in zip(row, v)) for row in W.tolist()]

    hidden = [max(v, 0) for v in times(W1, x)]
    hidden = [max(v, 0) for v in times(W2, hidden)]
    return times(W3, hidden)
