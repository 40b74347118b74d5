"""Planted mistake: no overflow, but 1 + e^-|a| rounds a tiny e^-|a| away."""

import numpy as np


def check(a):
    a = np.asarray(a)
    if a.dtype.kind not in "iuf":
        raise ValueError("a must be real")
    if a.dtype.kind in "iu":
        a = a.astype(np.float64)
    return a


def sigmoid(a):
    a = check(a)
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1 / (1 + e), e / (1 + e))


def tanh(a):
    return np.tanh(check(a))


def relu(a):
    return np.maximum(check(a), 0)


def softplus(a):
    a = check(a)
    return np.maximum(a, 0) + np.log(1 + np.exp(-np.abs(a)))


def leaky_relu(a, alpha=0.3):
    a = check(a)
    return np.where(a > 0, a, alpha * a)


def elu(a, alpha=1.0):
    a = check(a)
    return np.where(a > 0, a, alpha * (np.exp(np.minimum(a, 0)) - 1))


def selu(a):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    a = check(a)
    return scale * np.where(a > 0, a, alpha * (np.exp(np.minimum(a, 0)) - 1))


def swish(a):
    a = check(a)
    e = np.exp(-np.abs(a))
    return a * np.where(a >= 0, 1, e) / (1 + e)


def mish(a):
    a = check(a)
    return a * np.tanh(np.log1p(np.exp(-np.abs(a))) + np.maximum(a, 0))


def d_sigmoid(a):
    e = np.exp(-np.abs(check(a)))
    return e / (1 + e) ** 2


def d_tanh(a):
    return 1 - np.tanh(check(a)) ** 2


def d_relu(a):
    a = check(a)
    return np.where(a > 0, 1, 0).astype(a.dtype)


def d_softplus(a):
    a = check(a)
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)
