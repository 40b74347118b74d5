"""Plain Python: feature by feature with lists and math, arrays only at the end."""

import math

import numpy as np


def columns(x):
    if x.ndim != 2 or x.shape[0] < 1:
        raise ValueError("a batch has rows and columns")
    return [[row[j] for row in x.tolist()] for j in range(x.shape[1])]


def numbers(d, arrays, eps):
    for a in arrays:
        if a.ndim != 1 or len(a) != d:
            raise ValueError("one number for every feature")
    if any(v < 0 for v in arrays[-1].tolist()):
        raise ValueError("negative variance")
    if not eps > 0:
        raise ValueError("eps")
    return [a.tolist() for a in arrays]


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    cols = columns(x)
    g, b, old_means, old_vars = numbers(len(cols), [gamma, beta, moving_mean, moving_var], eps)
    if momentum < 0.0 or momentum > 1.0:
        raise ValueError("momentum")
    out, means, variances = [], [], []
    for j, col in enumerate(cols):
        mu = math.fsum(col) / len(col)
        var = sum((v - mu) ** 2 for v in col) / len(col)
        out.append([g[j] * (v - mu) / math.sqrt(var + eps) + b[j] for v in col])
        means.append(momentum * old_means[j] + (1 - momentum) * mu)
        variances.append(momentum * old_vars[j] + (1 - momentum) * var)
    return np.array(out, dtype=x.dtype).T, np.array(means, dtype=x.dtype), np.array(variances, dtype=x.dtype)


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    cols = columns(x)
    g, b, means, variances = numbers(len(cols), [gamma, beta, moving_mean, moving_var], eps)
    rows = [[g[j] * (v - means[j]) / math.sqrt(variances[j] + eps) + b[j] for j, v in enumerate(row)]
            for row in x.tolist()]
    return np.array(rows, dtype=x.dtype)


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    if W.ndim != 2:
        raise ValueError("W is a matrix")
    b_, g, shift, means, variances = numbers(W.shape[1], [b, gamma, beta, moving_mean, moving_var], eps)
    W2, b2 = np.empty_like(W), np.empty_like(b)
    for j in range(W.shape[1]):
        s = g[j] / math.sqrt(variances[j] + eps)
        for i in range(W.shape[0]):
            W2[i, j] = W[i, j] * s
        b2[j] = (b_[j] - means[j]) * s + shift[j]
    return W2, b2
