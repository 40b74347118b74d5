"""Everything in float64 with einsum, cast back at the end."""

import numpy as np


def prepared(matrix, vectors, eps, momentum=0):
    if np.ndim(matrix) != 2 or {np.shape(v) for v in vectors} != {matrix.shape[1:]}:
        raise ValueError("(m, d) and vectors (d,)")
    if np.sign(vectors[-1]).min(initial=0) < 0 or np.any([eps <= 0, momentum < 0, momentum > 1]):
        raise ValueError("variance, eps or momentum")
    return [np.float64(a) for a in (matrix, *vectors)]


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    dtype = x.dtype
    x, gamma, beta, *moving = prepared(x, [gamma, beta, moving_mean, moving_var], eps, momentum)
    m = len(x)
    if m == 0:
        raise ValueError("no samples")
    mu = np.einsum("ij->j", x) / m
    z = x - mu
    var = np.einsum("ij,ij->j", z, z) / m
    y = np.einsum("j,ij,j->ij", gamma, z, 1 / np.sqrt(var + eps)) + beta
    new = np.einsum("k,kij->ij", [momentum, 1 - momentum], [moving, [mu, var]])
    return y.astype(dtype), new[0].astype(dtype), new[1].astype(dtype)


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    dtype = x.dtype
    x, gamma, beta, mean, var = prepared(x, [gamma, beta, moving_mean, moving_var], eps)
    if x.shape[0] == 0:
        raise ValueError("no samples")
    return (np.einsum("j,ij,j->ij", gamma, x - mean, 1 / np.sqrt(var + eps)) + beta).astype(dtype)


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    dtype = W.dtype
    W, b, gamma, beta, mean, var = prepared(W, [b, gamma, beta, moving_mean, moving_var], eps)
    s = gamma / np.sqrt(var + eps)
    return np.einsum("ij,j->ij", W, s).astype(dtype), (s * b - s * mean + beta).astype(dtype)
