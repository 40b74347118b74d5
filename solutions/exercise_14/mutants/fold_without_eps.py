"""No eps in folding."""

import numpy as np


def check(d, vectors, moving_var, eps):
    for v in vectors:
        if v.shape != (d,):
            raise ValueError("shape must be (d,)")
    if (moving_var < 0).any():
        raise ValueError("negative variance")
    if eps <= 0:
        raise ValueError("eps must be positive")


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    if x.ndim != 2 or x.shape[0] == 0:
        raise ValueError("x must be (m, d)")
    check(x.shape[1], [gamma, beta, moving_mean, moving_var], moving_var, eps)
    if momentum < 0 or momentum > 1:
        raise ValueError("momentum must be in [0, 1]")
    mu = np.mean(x, axis=0)
    var = np.mean((x - mu) ** 2, axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mu
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    if x.ndim != 2 or x.shape[0] == 0:
        raise ValueError("x must be (m, d)")
    check(x.shape[1], [gamma, beta, moving_mean, moving_var], moving_var, eps)
    x_hat = (x - moving_mean) / np.sqrt(moving_var + eps)
    return gamma * x_hat + beta


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    if W.ndim != 2:
        raise ValueError("W must be (k, d)")
    check(W.shape[1], [b, gamma, beta, moving_mean, moving_var], moving_var, eps)
    s = gamma / np.sqrt(moving_var)
    return W * s, (b - moving_mean) * s + beta
