"""Exercise 13: the size of initial weights, three ways to clip gradients, and why a chain of sigmoids fades."""

import math

import numpy as np


def check_fans(fan_in, fan_out):
    if fan_in < 1 or fan_out < 1:
        raise ValueError(f"a layer has at least one input and one output, not {fan_in} and {fan_out}")


def check_limit(limit):
    if not limit > 0:
        raise ValueError(f"the limit must be positive, not {limit}")


def fan_avg(fan_in, fan_out):
    """The average of the two fans."""
    check_fans(fan_in, fan_out)
    return (fan_in + fan_out) / 2


def variance(fan_in, fan_out, kind):
    """sigma^2 of the initial weights."""
    check_fans(fan_in, fan_out)
    if kind == "glorot":
        return 1 / fan_avg(fan_in, fan_out)
    if kind == "he":
        return 2 / fan_in
    if kind == "lecun":
        return 1 / fan_in
    raise ValueError(f"kind is 'glorot', 'he' or 'lecun', not {kind!r}")


def init_std(fan_in, fan_out, kind):
    """Standard deviation of the normal version."""
    return math.sqrt(variance(fan_in, fan_out, kind))


def init_limit(fan_in, fan_out, kind):
    """The r of the uniform version on [-r, r]: its variance is r^2 / 3."""
    return math.sqrt(3 * variance(fan_in, fan_out, kind))


def init_weights(rng, fan_in, fan_out, kind, dist):
    """Weights (fan_in, fan_out), drawn from `rng` and from nothing else."""
    shape = (fan_in, fan_out)
    if dist == "normal":
        return rng.normal(0, init_std(fan_in, fan_out, kind), shape)
    if dist == "uniform":
        limit = init_limit(fan_in, fan_out, kind)
        return rng.uniform(-limit, limit, shape)
    raise ValueError(f"dist is 'normal' or 'uniform', not {dist!r}")


def clip_by_value(grads, v):
    """Every element into [-v, v]. This may change the direction."""
    check_limit(v)
    return [np.clip(grad, -v, v) for grad in grads]


def shrunk(grad, norm, c):
    """`grad` scaled so that `norm` becomes c, if it is larger. Clipping never enlarges, and never divides by 0."""
    return grad * (c / norm) if norm > c else grad.copy()


def clip_by_norm(grads, c):
    """Each array by itself to an L2 norm of at most c."""
    check_limit(c)
    return [shrunk(grad, np.linalg.norm(grad), c) for grad in grads]


def clip_by_global_norm(grads, c):
    """All arrays together: one norm, one factor, so the direction of the whole gradient is kept."""
    check_limit(c)
    norm = math.sqrt(sum(np.sum(np.square(grad)) for grad in grads))
    return [shrunk(grad, norm, c) for grad in grads]


def sigmoid_chain(a, depth):
    """Derivative of sigmoid(sigmoid(... a ...)), `depth` times, at a."""
    if depth < 1:
        raise ValueError(f"depth must be at least 1, not {depth}")
    slope, value = 1.0, a
    for _ in range(depth):
        value = 1 / (1 + math.exp(-value))  # the next sigmoid is fed what this one gives
        slope *= value * (1 - value)        # chain rule; each factor is at most 1/4
    return slope
