"""Copies first, then masks and augmented assignments; one scale for every kind, as in Keras's VarianceScaling."""

import numpy as np


def fan_avg(fan_in, fan_out):
    for fan in (fan_in, fan_out):
        if fan <= 0:
            raise ValueError("fan")
    return np.add(fan_in, fan_out) / 2.0


def scaling(fan_in, fan_out, kind):
    mean = fan_avg(fan_in, fan_out)
    if kind == "glorot":
        return 1.0, mean
    if kind in ("he", "lecun"):
        return {"he": 2.0, "lecun": 1.0}[kind], fan_in
    raise ValueError("kind")


def init_std(fan_in, fan_out, kind):
    scale, n = scaling(fan_in, fan_out, kind)
    return (scale / n) ** 0.5


def init_limit(fan_in, fan_out, kind):
    scale, n = scaling(fan_in, fan_out, kind)
    return (3.0 * scale / n) ** 0.5


def init_weights(rng, fan_in, fan_out, kind, dist):
    if dist not in {"normal", "uniform"}:
        raise ValueError("dist")
    w = np.empty((max(fan_in, 0), max(fan_out, 0)))
    if dist == "normal":
        rng.standard_normal(out=w)
        w *= init_std(fan_in, fan_out, kind)
    else:
        rng.random(out=w)
        w -= 0.5
        w *= 2 * init_limit(fan_in, fan_out, kind)
    return w


def copies(grads, limit):
    if limit <= 0:
        raise ValueError("limit")
    return [np.array(g, dtype=float) for g in grads]


def clip_by_value(grads, v):
    out = copies(grads, v)
    for g in out:
        g[g > v] = v
        g[g < -v] = -v
    return out


def clip_by_norm(grads, c):
    out = copies(grads, c)
    for g in out:
        norm = (g * g).sum() ** 0.5
        if norm >= c:
            g /= norm
            g *= c
    return out


def clip_by_global_norm(grads, c):
    out = copies(grads, c)
    squares = [np.einsum("i,i->", g.ravel(), g.ravel()) for g in out]
    if sum(squares) > c**2:
        for g in out:
            g *= c / np.sqrt(sum(squares))
    return out


def sigmoid_chain(a, depth):
    if depth < 1:
        raise ValueError("depth")
    logs = 0.0
    for _ in range(depth):
        # log of the slope, added up: log s(a) + log s(-a)
        logs -= np.logaddexp(0, -a) + np.logaddexp(0, a)
        a = np.exp(-np.logaddexp(0, -a))
    return np.exp(logs)
