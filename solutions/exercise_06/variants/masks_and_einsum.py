"""Right answer with boolean masks, inner products and arrays of its own that are worked on in place."""

import numpy as np


def residual(y, p):
    out = np.array(p, dtype="float64", ndmin=1, order="C")
    target = np.array(y, dtype="float64", ndmin=1)
    if np.any(out.shape != target.shape) or len(out.shape) != len(target.shape):
        raise ValueError("shapes")
    if out.size < 1:
        raise ValueError("empty")
    out -= target
    return out


def per_element(e, loss, delta):
    out = np.abs(e)
    if loss == "mse":
        out *= out
    elif loss == "huber":
        far = out > delta
        out[~far] = out[~far] ** 2 / 2
        out[far] = delta * (out[far] - delta / 2)
    return out


def mae(y, p):
    e = residual(y, p)
    return np.linalg.norm(e.ravel(), 1) / e.size


def mse(y, p):
    e = residual(y, p).ravel()
    return np.einsum("i,i->", e, e) / len(e)


def huber(y, p, delta=1.0):
    if not 0 < delta:
        raise ValueError("delta must be above 0")
    return per_element(residual(y, p), "huber", delta).mean()


def d_mae(y, p):
    e = residual(y, p)
    e[e > 0] = 1
    e[e < 0] = -1
    e /= e.size
    return e


def d_mse(y, p):
    e = residual(y, p)
    return e * (2 / e.size)


def d_huber(y, p, delta=1.0):
    if not 0 < delta:
        raise ValueError("delta must be above 0")
    e = residual(y, p)
    e[e > delta] = delta
    e[e < -delta] = -delta
    return e / e.size


def outlier_share(y, p, loss):
    if loss != "mae" and loss != "mse" and loss != "huber":
        raise ValueError("loss must be mae, mse or huber")
    e = residual(y, p)
    largest = np.sort(per_element(e, loss, 1.0), axis=None)[-1]
    return largest / per_element(e, loss, 1.0).sum()
