"""Right answer that lets SciPy do the computing: expit, log_expit, expm1."""

import numpy as np
from scipy.special import expit, expm1, log_expit


class NotReal(ValueError):
    """Complex, bool and text have no business here."""


def real(a):
    array = np.asarray(a)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(float)
    if not np.issubdtype(array.dtype, np.floating):
        raise NotReal(str(array.dtype))
    return array


def sigmoid(a):
    return expit(real(a))


def tanh(a):
    return np.tanh(real(a))


def relu(a):
    return np.clip(real(a), 0, None)


def softplus(a):
    return -log_expit(-real(a))


def leaky_relu(a, alpha=0.3):
    a = real(a)
    return np.maximum(a, alpha * a)  # the same as the case distinction as long as alpha is below 1


def elu(a, alpha=1.0):
    a = real(a)
    return np.maximum(a, 0) + alpha * expm1(np.minimum(a, 0))


def selu(a):
    return 1.0507009873554805 * elu(a, alpha=1.6732632423543772)


def swish(a):
    return real(a) * expit(real(a))


def mish(a):
    return real(a) * np.tanh(softplus(a))


def d_sigmoid(a):
    return expit(real(a)) * expit(-real(a))


def d_tanh(a):
    return 4 * d_sigmoid(2 * real(a))


def d_relu(a):
    a = real(a)
    return np.heaviside(a, np.zeros_like(a))


def d_softplus(a):
    return expit(real(a))
