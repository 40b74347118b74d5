"""Keras's own formulas, its 1e-7 in max-norm included; the mask is drawn as 0/1 numbers."""

import numpy as np


class StrengthError(ValueError):
    """A strength, rate or radius outside its range."""


def demand(condition):
    if not condition:
        raise StrengthError("outside its range")


def dropout(x, rate, rng, training):
    demand(0.0 <= rate < 1.0)
    if training:
        mask = rng.binomial(1, 1.0 - rate, size=x.shape)
        return np.asarray(x * mask * (1.0 / (1.0 - rate)), dtype=x.dtype)
    return x


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    demand(l1 >= 0 and l2 >= 0)
    return float(l1 * np.abs(W).sum() + l2 * (W * W).sum())


def l1_l2_grad(W, l1=0.0, l2=0.0):
    demand(l1 >= 0 and l2 >= 0)
    return l1 * (1.0 * (W > 0) - 1.0 * (W < 0)) + (l2 + l2) * W


def total_loss(data_loss, layers, l2):
    demand(l2 >= 0)
    kernels, _biases = zip(*layers, strict=True)
    return data_loss + sum(l1_l2_penalty(kernel, 0.0, l2) for kernel in kernels)


def max_norm(W, r):
    demand(r > 0)
    norms = np.sqrt(np.sum(np.square(W), axis=0, keepdims=True))
    return W * (np.clip(norms, 0, r) / (1e-7 + norms))
