"""Keras's order of operations: rsqrt first, and the step scaled afterwards; checks by exceptions of NumPy."""

import numpy as np


def _shapes_agree(*arrays):
    try:
        np.stack(arrays)
    except ValueError as error:
        raise ValueError("all input arrays must have the same shape") from error


def _rsqrt(s, lr, eps):
    if min(lr, 0) < 0 or max(eps, 0) == 0:
        raise ValueError("lr must be >= 0 and eps > 0")
    if not np.all(s >= 0):
        raise ValueError("s must be >= 0")
    return 1 / np.sqrt(np.add(s, eps))


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    _shapes_agree(theta, s, grad)
    _rsqrt(s, lr, eps)
    accumulator = np.add(s, np.power(grad, 2))
    return np.subtract(theta, lr * grad * _rsqrt(accumulator, lr, eps)), accumulator


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    _shapes_agree(theta, s, grad)
    _rsqrt(s, lr, eps)
    if rho not in (0, 0.0) and not 0 < rho < 1:
        raise ValueError("rho")
    velocity = rho * s + (1 - rho) * np.square(grad)
    increment = lr * grad * _rsqrt(velocity, lr, eps)
    return np.subtract(theta, increment), velocity


def effective_lr(s, lr, eps=1e-7):
    return lr * _rsqrt(s, lr, eps)
