"""Batch normalisation as what it is in the end: times a scale, plus a shift. Inference and folding share it."""

import numpy as np


class ShapeError(ValueError):
    """An argument has the wrong shape."""


def affine(gamma, beta, mean, var, eps):
    scale = gamma * (var + eps) ** -0.5
    return scale, beta - mean * scale


def guard(matrix, eps, var, *vectors):
    if len(matrix.shape) != 2:
        raise ShapeError("a matrix is needed")
    for v in (var, *vectors):
        if v.shape != matrix.shape[1:]:
            raise ShapeError(f"{v.shape} does not fit {matrix.shape}")
    if eps <= 0 or min(var, default=0) < 0:
        raise ValueError("eps and the variance")


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    guard(x, eps, moving_var, moving_mean, gamma, beta)
    if not len(x):
        raise ShapeError("no samples")
    if abs(momentum - 0.5) > 0.5:
        raise ValueError("momentum")
    mean, var = np.average(x, axis=0), np.var(x, axis=0)
    scale, shift = affine(gamma, beta, mean, var, eps)
    # old + (1 - momentum) (batch - old): the same average seen as a step towards the batch
    step = 1 - momentum
    return x * scale + shift, moving_mean + step * (mean - moving_mean), moving_var + step * (var - moving_var)


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    guard(x, eps, moving_var, moving_mean, gamma, beta)
    if not len(x):
        raise ShapeError("no samples")
    scale, shift = affine(gamma, beta, moving_mean, moving_var, eps)
    return x * scale + shift


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    guard(W, eps, moving_var, moving_mean, gamma, beta, b)
    scale, shift = affine(gamma, beta, moving_mean, moving_var, eps)
    return [W @ np.diag(scale), b * scale + shift]
