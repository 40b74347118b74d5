"""Right answer with loops over samples, units and inputs, as the formulas are printed."""

import math

import numpy as np


def sizes(X, W1, w2):
    if len(X.shape) != 2:
        raise ValueError("X is not (n, d)")
    n, d = X.shape
    if len(W1.shape) != 2 or W1.shape[1] != d + 1:
        raise ValueError("W1 is not (p, d+1)")
    p = W1.shape[0]
    if w2.shape != (p + 1,):
        raise ValueError("w2 is not (p+1,)")
    return n, d, p


def forward(X, W1, w2):
    n, d, p = sizes(X, W1, w2)
    yhat, Z = np.empty(n), np.empty((n, p))
    for k in range(n):
        for j in range(p):
            h = W1[j, d]
            for i in range(d):
                h += W1[j, i] * X[k, i]
            Z[k, j] = 1.0 / (1.0 + math.exp(-h))
        yhat[k] = w2[p] + sum(w2[j] * Z[k, j] for j in range(p))
    return yhat, Z


def loss_and_grads(X, y, W1, w2):
    n, d, p = sizes(X, W1, w2)
    if y.shape != (n,):
        raise ValueError("y is not (n,)")
    yhat, Z = forward(X, W1, w2)
    loss = 0.0
    dW1, dw2 = np.zeros((p, d + 1)), np.zeros(p + 1)
    for k in range(n):
        loss += 0.5 * (y[k] - yhat[k]) ** 2 / n
        r = (yhat[k] - y[k]) / n
        xt = [*X[k], 1.0]
        for j in range(p):
            z = Z[k, j]
            dw2[j] += r * z
            for i in range(d + 1):
                dW1[j, i] += r * w2[j] * z * (1 - z) * xt[i]
        dw2[p] += r
    return loss, dW1, dw2


def train_step(X, y, W1, w2, eta):
    loss, dW1, dw2 = loss_and_grads(X, y, W1, w2)
    return np.array([[W1[j, i] - eta * dW1[j, i] for i in range(W1.shape[1])] for j in range(W1.shape[0])]), \
        np.array([a - eta * b for a, b in zip(w2, dw2)])


def numerical_grad(f, w, h=1e-6):
    flat = [float(value) for value in w.flatten()]
    slopes = []
    for k in range(len(flat)):
        up = flat[:k] + [flat[k] + h] + flat[k + 1:]
        down = flat[:k] + [flat[k] - h] + flat[k + 1:]
        slopes.append((f(np.reshape(up, w.shape)) - f(np.reshape(down, w.shape))) / (2 * h))
    return np.array(slopes).reshape(w.shape)
