"""Right answer as some libraries have it: beyond a threshold the limit itself, in between the plain formula."""

import numpy as np


def floats(a):
    a = np.asarray(a)
    if a.dtype in (np.float32, np.float64):
        return a
    if not np.can_cast(a.dtype, np.float64) and a.dtype.kind not in "iu" or a.dtype == bool:
        raise ValueError("not real")
    return np.array(a, dtype=np.float64)


def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(floats(a), -80, 80)))


def tanh(a):
    power = np.exp(-2 * np.abs(floats(a)))
    return np.sign(floats(a)) * (1 - power) / (1 + power)


def relu(a):
    a = floats(a)
    return a * (a > 0)


def softplus(a):
    a = floats(a)
    return np.where(a > 40, a, np.log1p(np.exp(np.minimum(a, 40))))


def leaky_relu(a, alpha=0.3):
    a = floats(a)
    return a * np.where(a < 0, alpha, 1).astype(a.dtype)


def elu(a, alpha=1.0):
    a = floats(a)
    return np.where(a < 0, alpha * np.expm1(np.clip(a, -80, 0)), a)


def selu(a):
    a = floats(a)
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return np.where(a < 0, scale * alpha * np.expm1(np.clip(a, -80, 0)), scale * a)


def swish(a):
    return floats(a) * sigmoid(a)


def mish(a):
    return floats(a) * tanh(softplus(a))


def d_sigmoid(a):
    return sigmoid(a) - sigmoid(a) ** 2


def d_tanh(a):
    return 1 / np.cosh(np.clip(floats(a), -40, 40)) ** 2


def d_relu(a):
    return np.ceil(np.clip(floats(a), 0, 1))


def d_softplus(a):
    return sigmoid(a)
