"""scikit-learn finds the batch statistics."""

import numpy as np
from sklearn.preprocessing import StandardScaler


def validate(a, vectors, eps, var):
    if a.ndim != 2 or 0 in a.shape[:1]:
        raise ValueError("2-d please")
    if not all(v.shape == (a.shape[1],) for v in vectors):
        raise ValueError("vectors of length d please")
    if eps <= 0 or np.any(var < 0):
        raise ValueError("eps > 0 and var >= 0 please")


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    validate(x, [gamma, beta, moving_mean, moving_var], eps, moving_var)
    if not 0.0 <= momentum <= 1.0:
        raise ValueError("momentum")
    scaler = StandardScaler().fit(x)
    mean, var = scaler.mean_, scaler.var_
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y.astype(x.dtype), new_mean.astype(x.dtype), new_var.astype(x.dtype)


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    validate(x, [gamma, beta, moving_mean, moving_var], eps, moving_var)
    return gamma * ((x - moving_mean) / (moving_var + eps) ** 0.5) + beta


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    validate(W, [b, gamma, beta, moving_mean, moving_var], eps, moving_var)
    # b2 is the output for an input of zeros, and every row of W2 what a step along one input adds to it.
    b2 = bn_infer(b[None, :], gamma, beta, moving_mean, moving_var, eps)[0]
    W2 = bn_infer(W + b, gamma, np.zeros_like(beta), moving_mean, moving_var, eps) - (b2 - beta)
    return W2, b2
