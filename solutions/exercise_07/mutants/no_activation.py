"""Planted mistake: the hidden layer has no activation."""

import numpy as np


def sigmoid(h):
    return 1 / (1 + np.exp(-h))


def add_bias(A):
    return np.column_stack([A, np.ones(A.shape[0])])


def check(X, W1, w2):
    if X.ndim != 2:
        raise ValueError("X must be (n, d)")
    if W1.ndim != 2 or W1.shape[1] != X.shape[1] + 1:
        raise ValueError("W1 must be (p, d+1)")
    if w2.shape != (W1.shape[0] + 1,):
        raise ValueError("w2 must be (p+1,)")


def check_y(X, y):
    if y.shape != (X.shape[0],):
        raise ValueError("y must be (n,)")


def forward(X, W1, w2):
    check(X, W1, w2)
    Xt = add_bias(X)
    H = Xt @ W1.T
    Z = H
    Zt = add_bias(Z)
    yhat = Zt @ w2
    return yhat, Z


def loss_and_grads(X, y, W1, w2):
    check(X, W1, w2)
    check_y(X, y)
    n = X.shape[0]
    yhat, Z = forward(X, W1, w2)
    Xt = add_bias(X)
    Zt = add_bias(Z)
    loss = np.mean(0.5 * (y - yhat) ** 2)
    r = yhat - y
    dw2 = Zt.T @ r / n
    dZ = r[:, None] * w2[:-1]
    dH = dZ
    dW1 = dH.T @ Xt / n
    return loss, dW1, dw2


def train_step(X, y, W1, w2, eta):
    loss, dW1, dw2 = loss_and_grads(X, y, W1, w2)
    W1_new = W1 - eta * dW1
    w2_new = w2 - eta * dw2
    return W1_new, w2_new


def numerical_grad(f, w, h=1e-6):
    grad = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        w_plus = w.copy()
        w_minus = w.copy()
        w_plus[i] += h
        w_minus[i] -= h
        grad[i] = (f(w_plus) - f(w_minus)) / (2 * h)
    return grad
