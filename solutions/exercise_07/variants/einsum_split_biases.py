"""Right answer that keeps weights and biases apart and sums with einsum."""

import numpy as np
from scipy.special import expit


class WrongShape(ValueError):
    pass


def split(W1, w2):
    return W1[:, :-1], W1[:, -1], w2[:-1], w2[-1]


def forward(X, W1, w2):
    if X.ndim != 2 or W1.shape[1:] != (X.shape[1] + 1,):
        raise WrongShape(f"{X.shape} {W1.shape}")
    if w2.ndim != 1 or w2.size != len(W1) + 1:
        raise WrongShape(f"{W1.shape} {w2.shape}")
    A, a, v, c = split(W1, w2)
    Z = expit(np.einsum("nd,pd->np", X, A) + a)
    return np.einsum("np,p->n", Z, v) + c, Z


def loss_and_grads(X, y, W1, w2):
    yhat, Z = forward(X, W1, w2)
    if y.ndim != 1 or len(y) != len(X):
        raise WrongShape(f"{y.shape}")
    residual = (yhat - y) / len(y)
    slope = np.einsum("n,p,np->np", residual, w2[:-1], Z - Z**2)
    dA = np.einsum("np,nd->pd", slope, X)
    dW1 = np.concatenate([dA, slope.sum(axis=0)[:, None]], axis=1)
    dw2 = np.append(np.einsum("n,np->p", residual, Z), residual.sum())
    return float(((yhat - y) ** 2).sum() / (2 * len(y))), dW1, dw2


def train_step(X, y, W1, w2, eta):
    _, *gradients = loss_and_grads(X, y, W1, w2)
    return tuple(old - eta * gradient for old, gradient in zip((W1, w2), gradients))


def numerical_grad(f, w, h=1e-6):
    steps = h * np.eye(w.size).reshape(w.size, *w.shape)
    slopes = [(f(w + step) - f(w - step)) / (2 * h) for step in steps]
    return np.array(slopes).reshape(w.shape)
