"""Right answer with Python's own numbers: loops over samples and features, losses as a list of floats."""

import math

import numpy as np


def gradient_descent(grad, theta0, lr, n_steps):
    points = [[float(value) for value in theta0]]
    while len(points) <= n_steps:
        slope = grad(np.array(points[-1]))
        points.append([old - lr * float(g) for old, g in zip(points[-1], slope)])
    return np.array(points)


def lr_outcome(curvature, lr):
    if curvature <= 0:
        raise ValueError("curvature <= 0")
    if lr <= 0:
        raise ValueError("lr <= 0")
    if math.isclose(lr, 2 / curvature, rel_tol=1e-12):
        return "oscillates"
    if lr > 2 / curvature:
        return "diverges"
    return "converges"


def critical_point(H):
    rows = [[float(value) for value in row] for row in H]
    d = len(rows)
    for i in range(d):
        if len(rows[i]) != d:
            raise ValueError("not square")
    for i in range(d):
        for j in range(i):
            if abs(rows[i][j] - rows[j][i]) > 1e-8:
                raise ValueError("not symmetric")
    up = down = flat = 0
    for value in np.linalg.eigh(np.array(rows))[0]:
        if value > 1e-9:
            up += 1
        elif value < -1e-9:
            down += 1
        else:
            flat += 1
    if up and down:
        return "saddle"
    if flat:
        return "degenerate"
    return "minimum" if up else "maximum"


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    if X.ndim != 2 or y.ndim != 1 or w.ndim != 1:
        raise ValueError("axes")
    n, d = X.shape
    if n == 0 or len(y) != n or len(w) != d:
        raise ValueError("sizes")
    if lr <= 0 or batch_size < 1:
        raise ValueError("lr or batch_size")
    rows, targets, weights, bias = X.tolist(), y.tolist(), w.tolist(), float(b)
    losses = []
    for _ in range(epochs):
        squares = 0.0
        k = 0
        while k < n:
            end = min(k + batch_size, n)
            slopes, slope = [0.0] * d, 0.0
            for row, target in zip(rows[k:end], targets[k:end]):
                e = sum(a * c for a, c in zip(row, weights)) + bias - target
                squares += e * e
                slope += 2 * e / (end - k)
                for j in range(d):
                    slopes[j] += 2 * e * row[j] / (end - k)
            weights = [c - lr * s for c, s in zip(weights, slopes)]
            bias -= lr * slope
            k = end
        losses.append(squares / n)
    return weights, bias, losses


def predict(X, w, b):
    return [sum(float(a) * float(c) for a, c in zip(row, w)) + b for row in X]
