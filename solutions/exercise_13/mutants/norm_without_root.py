"""The sum of squares is taken for the norm."""

import numpy as np


def sigma2(fan_in, fan_out, kind):
    if fan_in < 1 or fan_out < 1:
        raise ValueError("fans must be >= 1")
    if kind == "glorot":
        return 1 / fan_avg(fan_in, fan_out)
    elif kind == "he":
        return 2 / fan_in
    elif kind == "lecun":
        return 1 / fan_in
    else:
        raise ValueError("unknown kind")


def fan_avg(fan_in, fan_out):
    if fan_in < 1 or fan_out < 1:
        raise ValueError("fans must be >= 1")
    return (fan_in + fan_out) / 2


def init_std(fan_in, fan_out, kind):
    return np.sqrt(sigma2(fan_in, fan_out, kind))


def init_limit(fan_in, fan_out, kind):
    return np.sqrt(3 * sigma2(fan_in, fan_out, kind))


def init_weights(rng, fan_in, fan_out, kind, dist):
    if dist == "normal":
        std = init_std(fan_in, fan_out, kind)
        return rng.normal(0.0, std, size=(fan_in, fan_out))
    elif dist == "uniform":
        r = init_limit(fan_in, fan_out, kind)
        return rng.uniform(-r, r, size=(fan_in, fan_out))
    else:
        raise ValueError("unknown dist")


def clip_by_value(grads, v):
    if v <= 0:
        raise ValueError("v must be positive")
    clipped = []
    for g in grads:
        clipped.append(np.clip(g, -v, v))
    return clipped


def clip_by_norm(grads, c):
    if c <= 0:
        raise ValueError("c must be positive")
    clipped = []
    for g in grads:
        norm = np.sum(g ** 2)
        if norm > c:
            g = g * c / norm
        clipped.append(g)
    return clipped


def clip_by_global_norm(grads, c):
    if c <= 0:
        raise ValueError("c must be positive")
    total = 0.0
    for g in grads:
        total = total + np.sum(g ** 2)
    norm = total
    clipped = []
    for g in grads:
        if norm > c:
            g = g * c / norm
        clipped.append(g)
    return clipped


def sigmoid_chain(a, depth):
    if depth < 1:
        raise ValueError("depth must be >= 1")
    grad = 1.0
    for _ in range(depth):
        s = 1 / (1 + np.exp(-a))
        grad = grad * s * (1 - s)
        a = s
    return grad
