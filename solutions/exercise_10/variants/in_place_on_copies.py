"""Works in place with out=, but on copies of its own; lists come back."""

import numpy as np


def _copies(*arrays):
    first = np.shape(arrays[0])
    for array in arrays:
        if np.shape(array) != first:
            raise ValueError(f"{np.shape(array)} is not {first}")
    return [np.array(array, copy=True) for array in arrays]


def _legal(s, lr, eps):
    if lr < 0 or eps <= 0 or np.count_nonzero(np.less(s, 0)):
        raise ValueError("lr >= 0, eps > 0 and s >= 0, please")


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    theta, s, grad = _copies(theta, s, grad)
    _legal(s, lr, eps)
    s += grad * grad
    grad *= lr
    grad /= np.sqrt(s + eps)
    theta -= grad
    return [theta, s]


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    theta, s, grad = _copies(theta, s, grad)
    _legal(s, lr, eps)
    if rho >= 1 or rho < 0:
        raise ValueError("0 <= rho < 1, please")
    s *= rho
    s += (1 - rho) * (grad * grad)
    grad *= lr
    grad /= np.sqrt(s + eps)
    theta -= grad
    return [theta, s]


def effective_lr(s, lr, eps=1e-7):
    (rate,) = _copies(s)
    _legal(rate, lr, eps)
    rate += eps
    np.sqrt(rate, out=rate)
    np.divide(lr, rate, out=rate)
    return rate
