"""Betas rounded to float32, as Keras rounds them: right within the tolerance."""

import numpy as np


def check(arrays, t, beta1, beta2, eps):
    shapes = [np.shape(a) for a in arrays]
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("shapes differ")
    if isinstance(t, bool) or not isinstance(t, (int, np.integer)) or t < 1:
        raise ValueError("t must be an integer >= 1")
    if not 0 <= beta1 < 1 or not 0 <= beta2 < 1:
        raise ValueError("betas must be in [0, 1)")
    if eps <= 0:
        raise ValueError("eps must be positive")


def as_keras(beta):
    return float(np.float32(beta))


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check([theta, m, s, grad], t, beta1, beta2, eps)
    t, beta1, beta2 = int(t), as_keras(beta1), as_keras(beta2)
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad * grad
    m_hat = m / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return theta, m, s


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check([theta, m, u, grad], t, beta1, beta2, eps)
    t, beta1, beta2 = int(t), as_keras(beta1), as_keras(beta2)
    m = beta1 * m + (1 - beta1) * grad
    u = np.maximum(beta2 * u, np.abs(grad))
    m_hat = m / (1 - beta1**t)
    theta = theta - lr * m_hat / (u + eps)
    return theta, m, u


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check([theta, m, s, grad], t, beta1, beta2, eps)
    t, beta1, beta2 = int(t), as_keras(beta1), as_keras(beta2)
    m = beta1 * m + (1 - beta1) * grad
    s = beta2 * s + (1 - beta2) * grad * grad
    m_hat = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * grad / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    theta = theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return theta, m, s
