"""Right answer around a decorator: everything is computed in float64 and rounded once, on the way out."""

from functools import wraps

import numpy as np


def elementwise(function):
    @wraps(function)
    def wrapper(a, *args, **kwargs):
        given = np.asarray(a)
        match given.dtype.kind:
            case "f":
                wanted = given.dtype
            case "i" | "u":
                wanted = np.dtype("float64")
            case other:
                raise ValueError(f"arrays of kind {other!r} are not real numbers")
        with np.errstate(all="ignore"):
            return np.asarray(function(given.astype("float64"), *args, **kwargs)).astype(wanted)
    return wrapper


@elementwise
def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


@elementwise
def tanh(a):
    return 2 / (1 + np.exp(-2 * a)) - 1


@elementwise
def relu(a):
    return (a + np.abs(a)) / 2


@elementwise
def softplus(a):
    return np.logaddexp(0, a)


@elementwise
def leaky_relu(a, alpha=0.3):
    return np.maximum(a, 0) + alpha * np.minimum(a, 0)


@elementwise
def elu(a, alpha=1.0):
    return np.select([a > 0], [a], default=alpha * (np.exp(a) - 1))


@elementwise
def selu(a):
    return 1.0507009873554805 * elu(a, 1.6732632423543772)


@elementwise
def swish(a):
    return a / (1 + np.exp(-a))


@elementwise
def mish(a):
    return a * np.tanh(np.logaddexp(0, a))


@elementwise
def d_sigmoid(a):
    return 1 / (2 + np.exp(a) + np.exp(-a))


@elementwise
def d_tanh(a):
    return 4 / (np.exp(a) + np.exp(-a)) ** 2


@elementwise
def d_relu(a):
    return np.sign(np.maximum(a, 0))


@elementwise
def d_softplus(a):
    return 1 / (1 + np.exp(-a))
