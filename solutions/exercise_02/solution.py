"""Exercise 02: activation functions and their derivatives."""

import numpy as np

SELU_LAMBDA = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def as_real(a):
    """Return `a` as a float array: float dtypes stay, integers become float64, everything else raises."""
    a = np.asarray(a)
    if a.dtype.kind not in "iuf":
        raise ValueError(f"real numbers only, not {a.dtype}")
    # Integers first of all: -a wraps around in uint8, and np.exp of int8 is a float16.
    return a if a.dtype.kind == "f" else a.astype(np.float64)


def sigmoid(a):
    """Return 1 / (1 + e^-a)."""
    a = as_real(a)
    e = np.exp(-np.abs(a))  # between 0 and 1 for every a: nothing can overflow
    return np.where(a >= 0, 1, e) / (1 + e)


def tanh(a):
    """Return the hyperbolic tangent; NumPy's own does not divide inf by inf."""
    return np.tanh(as_real(a))


def relu(a):
    """Return max(0, a)."""
    return np.maximum(as_real(a), 0)


def softplus(a):
    """Return log(1 + e^a), from log(1 + e^a) = max(a, 0) + log(1 + e^-|a|)."""
    a = as_real(a)
    # log1p keeps the digits of a tiny e^-|a| that 1 + e^-|a| would round away.
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def leaky_relu(a, alpha=0.3):
    """Return a where it is positive, alpha * a elsewhere."""
    a = as_real(a)
    return np.where(a > 0, a, alpha * a)


def elu(a, alpha=1.0):
    """Return a where it is positive, alpha * (e^a - 1) elsewhere."""
    a = as_real(a)
    # np.where computes both branches everywhere, so the second must not see large positive a.
    return np.where(a > 0, a, alpha * np.expm1(np.minimum(a, 0)))


def selu(a):
    """Return lambda * elu(a, alpha) with the two constants of self-normalising networks."""
    return SELU_LAMBDA * elu(a, SELU_ALPHA)


def swish(a):
    """Return a * sigmoid(a)."""
    return as_real(a) * sigmoid(a)


def mish(a):
    """Return a * tanh(softplus(a))."""
    return as_real(a) * np.tanh(softplus(a))


def d_sigmoid(a):
    """Return the slope of the sigmoid at a."""
    s = sigmoid(a)
    return s * (1 - s)


def d_tanh(a):
    """Return the slope of tanh at a."""
    return 1 - tanh(a) ** 2


def d_relu(a):
    """Return the slope of relu at a: 1 for positive a, else 0 (at 0 by convention)."""
    a = as_real(a)
    return (a > 0).astype(a.dtype)


def d_softplus(a):
    """Return the slope of softplus at a, which is the sigmoid."""
    return sigmoid(a)
