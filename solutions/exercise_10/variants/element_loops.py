"""Pure Python with math.sqrt: every element by itself, from flat lists and back."""

import math

import numpy as np


def _check(lr, eps, s, others=()):
    if lr < 0:
        raise ValueError("lr")
    if eps <= 0:
        raise ValueError("eps")
    for other in others:
        if other.shape != s.shape:
            raise ValueError("shape")
    for entry in s.ravel().tolist():
        if entry < 0:
            raise ValueError("s")


def _back(numbers, like):
    return np.array(numbers, dtype=like.dtype).reshape(like.shape)


def _move(theta, s_new, grad, lr, eps):
    places = []
    for place, total, slope in zip(theta.ravel().tolist(), s_new, grad.ravel().tolist()):
        places.append(place - lr / math.sqrt(total + eps) * slope)
    return _back(places, theta), _back(s_new, theta)


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    _check(lr, eps, s, [theta, grad])
    s_new = [old + slope * slope for old, slope in zip(s.ravel().tolist(), grad.ravel().tolist())]
    return _move(theta, s_new, grad, lr, eps)


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    _check(lr, eps, s, [theta, grad])
    if not 0 <= rho < 1:
        raise ValueError("rho")
    # old + (1 - rho) * (new - old): the same average, moved towards the new square
    s_new = [old + (1 - rho) * (slope**2 - old) for old, slope in zip(s.ravel().tolist(), grad.ravel().tolist())]
    return _move(theta, s_new, grad, lr, eps)


def effective_lr(s, lr, eps=1e-7):
    _check(lr, eps, s)
    return _back([lr / math.sqrt(entry + eps) for entry in s.ravel().tolist()], s)
