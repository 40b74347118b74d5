"""Augmented assignments on copies, stacked moving statistics; lists of checks."""

import numpy as np


def problems(matrix, vectors, moving_var, eps, momentum=0.0):
    yield matrix.ndim != 2, "matrix"
    for v in vectors:
        yield v.ndim != 1, "vector"
        yield v.size != matrix.shape[-1], "size"
    yield (moving_var.astype(float) < 0).sum() > 0, "variance"
    yield eps <= 0, "eps"
    yield not (momentum >= 0 and momentum <= 1), "momentum"


def insist(*args, **kwargs):
    for wrong, why in problems(*args, **kwargs):
        if wrong:
            raise ValueError(why)


def standardise(x, mean, var, gamma, beta, eps):
    y = np.array(x)
    y -= mean
    y /= np.sqrt(var + eps)
    y *= gamma
    y += beta
    return y


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    insist(x, [gamma, beta, moving_mean, moving_var], moving_var, eps, momentum=momentum)
    if x.size == 0:
        raise ValueError("empty")
    batch = np.stack([x.sum(axis=0) / x.shape[0], x.var(axis=0, ddof=0)])
    moving = np.stack([moving_mean, moving_var])
    moving *= momentum
    moving += (1 - momentum) * batch
    return standardise(x, *batch, gamma, beta, eps), moving[0], moving[1]


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    insist(x, [gamma, beta, moving_mean, moving_var], moving_var, eps)
    if x.size == 0:
        raise ValueError("empty")
    return standardise(x, moving_mean, moving_var, gamma, beta, eps)


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    insist(W, [b, gamma, beta, moving_mean, moving_var], moving_var, eps)
    root = np.sqrt(moving_var + eps)
    # The bias is one more input that is always 1, so it can be scaled together with the weights.
    extended = np.vstack([W, b - moving_mean])
    extended *= gamma
    extended /= root
    return extended[:-1], extended[-1] + beta
