"""Exercise 06: the regression losses MAE, MSE and Huber, and their gradients."""

import numpy as np


def errors(y, p):
    """Return e = p - y in float64, or raise ValueError where the two do not fit."""
    # First to float64, then subtract: unsigned integers would wrap around below 0.
    y, p = np.asarray(y, dtype=np.float64), np.asarray(p, dtype=np.float64)
    # NumPy would broadcast (n,) against (n, 1) to (n, n) in silence.
    if y.shape != p.shape:
        raise ValueError(f"y and p must have one shape, not {y.shape} and {p.shape}")
    if y.size == 0:
        raise ValueError("there is no mean of nothing")
    return p - y


def huber_terms(e, delta):
    """The Huber loss of every single error."""
    if not delta > 0:
        raise ValueError(f"delta must be positive, not {delta}")
    size = np.abs(e)
    # A parabola in the middle, straight lines outside; both have the same value and slope at |e| = delta.
    return np.where(size <= delta, 0.5 * e**2, delta * size - 0.5 * delta**2)


def mae(y, p):
    """Mean of |p - y| over all elements."""
    return np.mean(np.abs(errors(y, p)))


def mse(y, p):
    """Mean of (p - y)^2 over all elements."""
    return np.mean(errors(y, p) ** 2)


def huber(y, p, delta=1.0):
    """Mean Huber loss over all elements."""
    return np.mean(huber_terms(errors(y, p), delta))


def d_mae(y, p):
    """Derivative of mae with respect to every element of p; 0 where the error is 0."""
    e = errors(y, p)
    return np.sign(e) / e.size


def d_mse(y, p):
    """Derivative of mse with respect to every element of p."""
    e = errors(y, p)
    return 2 * e / e.size


def d_huber(y, p, delta=1.0):
    """Derivative of huber with respect to every element of p: the error, but never beyond +-delta."""
    e = errors(y, p)
    if not delta > 0:
        raise ValueError(f"delta must be positive, not {delta}")
    return np.clip(e, -delta, delta) / e.size


def outlier_share(y, p, loss):
    """The part (0..1) of the total loss that the element with the largest |error| makes up."""
    e = errors(y, p)
    if loss == "mae":
        terms = np.abs(e)
    elif loss == "mse":
        terms = e**2
    elif loss == "huber":
        terms = huber_terms(e, delta=1.0)
    else:
        raise ValueError(f"loss must be 'mae', 'mse' or 'huber', not {loss!r}")
    return terms.flat[np.argmax(np.abs(e))] / np.sum(terms)
