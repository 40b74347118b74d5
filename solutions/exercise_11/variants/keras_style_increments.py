"""Keras's order of operations (increments, corrections folded into the rate), with the paper's eps."""

import numbers

import numpy as np


def _validated(t, beta1, beta2, eps, *arrays):
    if not isinstance(t, numbers.Integral) or isinstance(t, (bool, np.bool_)) or t < 1:
        raise ValueError("t")
    if not (0.0 <= beta1 < 1.0 and 0.0 <= beta2 < 1.0):
        raise ValueError("beta")
    if not eps > 0.0:
        raise ValueError("eps")
    first, *others = (np.asarray(a) for a in arrays)
    if any(a.shape != first.shape for a in others):
        raise ValueError("shape")
    return first, *others


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    theta, m, s, grad = _validated(t, beta1, beta2, eps, theta, m, s, grad)
    root = float(np.sqrt(1 - beta2 ** int(t)))
    alpha = lr * root / (1 - beta1 ** int(t))
    m = m + (grad - m) * (1 - beta1)
    s = s + (np.square(grad) - s) * (1 - beta2)
    # sqrt(s / c) + eps = (sqrt(s) + eps * sqrt(c)) / sqrt(c): the paper's eps seen from Keras's side
    return theta - m * alpha / (np.sqrt(s) + eps * root), m, s


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    theta, m, u, grad = _validated(t, beta1, beta2, eps, theta, m, u, grad)
    m = m + (grad - m) * (1 - beta1)
    u = np.maximum(beta2 * u, np.absolute(grad))
    return theta - (lr * m) / ((1 - beta1 ** int(t)) * (u + eps)), m, u


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    theta, m, s, grad = _validated(t, beta1, beta2, eps, theta, m, s, grad)
    now, ahead = 1 - beta1 ** int(t), 1 - beta1 ** (int(t) + 1)
    root = float(np.sqrt(1 - beta2 ** int(t)))
    m = m + (grad - m) * (1 - beta1)
    s = s + (np.square(grad) - s) * (1 - beta2)
    look_ahead = m * (beta1 / ahead) + grad * ((1 - beta1) / now)
    return theta - look_ahead * (lr * root) / (np.sqrt(s) + eps * root), m, s
