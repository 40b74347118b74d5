"""Plain Python: one number after the other with math, and arrays only at the end."""

import math

import numpy as np


def scalars(*arrays):
    shape = arrays[0].shape
    if [a for a in arrays if a.shape != shape]:
        raise ValueError("different shapes")
    return zip(*(a.ravel().tolist() for a in arrays), strict=True)


def packed(rows, like):
    rows = list(rows)
    return tuple(np.array([row[i] for row in rows], dtype=like.dtype).reshape(like.shape) for i in range(3))


def validate(t, beta1, beta2, eps):
    if type(t) is bool or not isinstance(t, (int, np.integer)):
        raise ValueError("t is not an integer")
    if t < 1:
        raise ValueError("t starts at 1")
    if beta1 < 0 or beta1 >= 1:
        raise ValueError("beta1")
    if beta2 < 0 or beta2 >= 1:
        raise ValueError("beta2")
    if eps <= 0:
        raise ValueError("eps")


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    validate(t, beta1, beta2, eps)
    rows = []
    for x, m_i, s_i, g in scalars(theta, m, s, grad):
        m_i = beta1 * m_i + (1 - beta1) * g
        s_i = beta2 * s_i + (1 - beta2) * g**2
        m_hat = m_i / (1 - beta1**t)
        s_hat = s_i / (1 - beta2**t)
        rows.append((x - lr * m_hat / (math.sqrt(s_hat) + eps), m_i, s_i))
    return packed(rows, theta)


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    validate(t, beta1, beta2, eps)
    rows = []
    for x, m_i, u_i, g in scalars(theta, m, u, grad):
        m_i = beta1 * m_i + (1 - beta1) * g
        u_i = max(beta2 * u_i, abs(g))
        rows.append((x - lr / (1 - beta1**t) * m_i / (u_i + eps), m_i, u_i))
    return packed(rows, theta)


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    validate(t, beta1, beta2, eps)
    rows = []
    for x, m_i, s_i, g in scalars(theta, m, s, grad):
        m_i = beta1 * m_i + (1 - beta1) * g
        s_i = beta2 * s_i + (1 - beta2) * g**2
        m_hat = beta1 * m_i / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        s_hat = s_i / (1 - beta2**t)
        rows.append((x - lr * m_hat / (math.sqrt(s_hat) + eps), m_i, s_i))
    return packed(rows, theta)
