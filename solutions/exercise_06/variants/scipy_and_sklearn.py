"""Right answer with the libraries' own losses."""

import numpy as np
from scipy.special import huber as scipy_huber
from sklearn.metrics import mean_absolute_error, mean_squared_error


def both(y, p):
    y = np.asarray(y, dtype=float)
    p = np.asarray(p, dtype=float)
    if y.shape != p.shape:
        raise ValueError("y.shape != p.shape")
    if 0 in y.shape:
        raise ValueError("empty")
    return y, p


def check_delta(delta):
    if delta <= 0:
        raise ValueError("delta <= 0")


def mae(y, p):
    y, p = both(y, p)
    return mean_absolute_error(y.ravel(), p.ravel())


def mse(y, p):
    y, p = both(y, p)
    return mean_squared_error(y.ravel(), p.ravel())


def huber(y, p, delta=1.0):
    check_delta(delta)
    y, p = both(y, p)
    return np.average(scipy_huber(delta, p - y))


def d_mae(y, p):
    y, p = both(y, p)
    return np.heaviside(p - y, 0.5) * 2 / y.size - 1 / y.size


def d_mse(y, p):
    y, p = both(y, p)
    return np.multiply(np.subtract(p, y), 2.0 / np.prod(y.shape))


def d_huber(y, p, delta=1.0):
    check_delta(delta)
    y, p = both(y, p)
    return (p - y).clip(min=-delta, max=delta) / y.size


def outlier_share(y, p, loss):
    if loss not in ("mae", "mse", "huber"):
        raise ValueError(loss)
    y, p = both(y, p)
    distance = np.abs(y - p).ravel()
    terms = {"mae": distance, "mse": distance**2, "huber": scipy_huber(1.0, distance)}[loss]
    return terms.max() / terms.sum()
