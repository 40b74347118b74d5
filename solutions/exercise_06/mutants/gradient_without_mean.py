"""Planted mistake: none of the gradients is divided by the number of elements."""

import numpy as np


def difference(y, p):
    y = np.array(y, dtype=np.float64)
    p = np.array(p, dtype=np.float64)
    if y.shape != p.shape:
        raise ValueError("y and p must have the same shape")
    if y.size == 0:
        raise ValueError("y and p are empty")
    return p - y


def huber_of(e, delta):
    if delta <= 0:
        raise ValueError("delta must be positive")
    inside = 0.5 * e**2
    outside = delta * np.abs(e) - 0.5 * delta**2
    return np.where(np.abs(e) <= delta, inside, outside)


def mae(y, p):
    e = difference(y, p)
    return np.mean(np.abs(e))


def mse(y, p):
    e = difference(y, p)
    return np.mean(e**2)


def huber(y, p, delta=1.0):
    e = difference(y, p)
    return np.mean(huber_of(e, delta))


def d_mae(y, p):
    e = difference(y, p)
    return np.sign(e)


def d_mse(y, p):
    e = difference(y, p)
    return 2 * e


def d_huber(y, p, delta=1.0):
    e = difference(y, p)
    if delta <= 0:
        raise ValueError("delta must be positive")
    return np.where(np.abs(e) <= delta, e, delta * np.sign(e))


def outlier_share(y, p, loss):
    e = difference(y, p)
    if loss == "mae":
        values = np.abs(e)
    elif loss == "mse":
        values = e**2
    elif loss == "huber":
        values = huber_of(e, 1.0)
    else:
        raise ValueError("unknown loss")
    worst = np.argmax(np.abs(e))
    return values.ravel()[worst] / np.sum(values)
