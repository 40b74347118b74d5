"""Plain Python numbers and loops; results as nested lists where that is allowed."""

import math

import numpy as np


def fan_avg(fan_in, fan_out):
    if min(fan_in, fan_out) < 1:
        raise ValueError("fans")
    return 0.5 * fan_in + 0.5 * fan_out


def init_std(fan_in, fan_out, kind):
    average = fan_avg(fan_in, fan_out)
    if kind not in ("glorot", "he", "lecun"):
        raise ValueError(kind)
    if kind == "glorot":
        return average**-0.5
    return math.sqrt((2 if kind == "he" else 1) / fan_in)


def init_limit(fan_in, fan_out, kind):
    return math.sqrt(3) * init_std(fan_in, fan_out, kind)


def init_weights(rng, fan_in, fan_out, kind, dist):
    rows = []
    for _ in range(fan_in):
        row = []
        for _ in range(fan_out):
            if dist == "normal":
                row.append(init_std(fan_in, fan_out, kind) * rng.standard_normal())
            elif dist == "uniform":
                row.append(init_limit(fan_in, fan_out, kind) * (2 * rng.random() - 1))
            else:
                raise ValueError(dist)
        rows.append(row)
    if not rows or not rows[0]:
        raise ValueError("fans")
    return np.array(rows)


def positive(limit):
    if limit <= 0:
        raise ValueError("limit")
    return limit


def clip_by_value(grads, v):
    v = positive(v)
    return [np.reshape([max(-v, min(v, x)) for x in g.ravel().tolist()], g.shape) for g in grads]


def length(numbers):
    return math.hypot(*numbers)


def clip_by_norm(grads, c):
    c = positive(c)
    return [(np.array(g) / max(1.0, length(g.ravel().tolist()) / c)).tolist() for g in grads]


def clip_by_global_norm(grads, c):
    c = positive(c)
    factor = max(1.0, length([x for g in grads for x in g.ravel().tolist()]) / c)
    return tuple(g / factor for g in grads)


def sigmoid_chain(a, depth):
    if depth < 1:
        raise ValueError("depth")
    s = 1 / (1 + math.exp(-a))
    inner = s * (1 - s)
    return inner if depth == 1 else sigmoid_chain(s, depth - 1) * inner
