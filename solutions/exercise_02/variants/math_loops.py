"""Right answer in plain Python: a function of one number each, carried over an array by one loop."""

import math

import numpy as np

LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def each(f, a):
    array = np.asarray(a)
    if array.dtype.kind not in ("i", "u", "f"):
        raise ValueError("numbers, please: integers or floats")
    dtype = array.dtype if array.dtype.kind == "f" else float
    results = [f(x) for x in array.astype(float).ravel().tolist()]
    return np.array(results, dtype=dtype).reshape(array.shape)


def one_sigmoid(x):
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


def one_softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def one_elu(x, alpha):
    return x if x > 0 else alpha * math.expm1(x)


def sigmoid(a):
    return each(one_sigmoid, a)


def tanh(a):
    return each(math.tanh, a)


def relu(a):
    return each(lambda x: x if x > 0 else 0.0, a)


def softplus(a):
    return each(one_softplus, a)


def leaky_relu(a, alpha=0.3):
    return each(lambda x: x if x > 0 else alpha * x, a)


def elu(a, alpha=1.0):
    return each(lambda x: one_elu(x, alpha), a)


def selu(a):
    return each(lambda x: LAMBDA * one_elu(x, ALPHA), a)


def swish(a):
    return each(lambda x: x * one_sigmoid(x), a)


def mish(a):
    return each(lambda x: x * math.tanh(one_softplus(x)), a)


def d_sigmoid(a):
    return each(lambda x: one_sigmoid(x) * one_sigmoid(-x), a)


def d_tanh(a):
    return each(lambda x: 0.0 if abs(x) > 350 else 1.0 / math.cosh(x) ** 2, a)


def d_relu(a):
    return each(lambda x: float(x > 0), a)


def d_softplus(a):
    return each(one_sigmoid, a)
