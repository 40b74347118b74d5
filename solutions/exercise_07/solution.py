"""Exercise 07: backpropagation by hand in a network with one hidden layer."""

import numpy as np


def sigmoid(h):
    return 1 / (1 + np.exp(-h))


def with_ones(A):
    """Append the constant 1 to every row: its weight is the bias."""
    return np.hstack([A, np.ones((len(A), 1))])


def forward(X, W1, w2):
    """Return (yhat (n,), Z (n, p)) for X (n, d), W1 (p, d+1), w2 (p+1,)."""
    if X.ndim != 2 or W1.ndim != 2 or W1.shape[1] != X.shape[1] + 1 or w2.shape != (len(W1) + 1,):
        raise ValueError(f"X {X.shape}, W1 {W1.shape} and w2 {w2.shape} do not fit")
    Z = sigmoid(with_ones(X) @ W1.T)  # row i of W1 holds the weights of hidden unit i
    return with_ones(Z) @ w2, Z


def loss_and_grads(X, y, W1, w2):
    """Return (loss, dW1, dw2): the mean of 0.5 (y - yhat)^2 and its gradients."""
    yhat, Z = forward(X, W1, w2)
    # NumPy would broadcast y of shape (n, 1) against yhat to (n, n) in silence.
    if y.shape != yhat.shape:
        raise ValueError(f"y must have shape {yhat.shape}, not {y.shape}")
    n = len(y)
    r = yhat - y  # derivative of 0.5 (y - yhat)^2 with respect to yhat: the inner minus turns the sign
    dw2 = with_ones(Z).T @ r / n
    # Back through the output weights (the bias unit has nothing below it) and through the sigmoid, z' = z (1 - z).
    back = np.outer(r, w2[:-1]) * Z * (1 - Z)
    dW1 = back.T @ with_ones(X) / n
    return np.mean(0.5 * r**2), dW1, dw2


def train_step(X, y, W1, w2, eta):
    """Return the new (W1, w2) after one step downhill; both gradients belong to the old weights."""
    _, dW1, dw2 = loss_and_grads(X, y, W1, w2)
    return W1 - eta * dW1, w2 - eta * dw2


def numerical_grad(f, w, h=1e-6):
    """Gradient of the scalar function f at the array w by central differences."""
    grad = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        above, below = w.copy(), w.copy()  # f may look at the whole array, and w itself must stay
        above[place] += h
        below[place] -= h
        grad[place] = (f(above) - f(below)) / (2 * h)
    return grad
