"""The three rules are built from small functions; the results come as a list."""

from functools import reduce

import numpy as np


def guarded(rule):
    def step(theta, m, s, grad, t, lr, beta1, beta2, eps):
        if not np.issubdtype(type(t), np.integer) or t <= 0:
            raise ValueError(f"t = {t!r}")
        if min(beta1, beta2) < 0 or max(beta1, beta2) >= 1 or eps <= 0:
            raise ValueError("hyper-parameters")
        reduce(same_shape, (m.shape, s.shape, grad.shape), theta.shape)
        direction, scale, m, s = rule(m, s, grad, beta1, beta2, int(t))
        return [theta - lr * np.true_divide(direction, scale + eps), m, s]

    return step


def same_shape(first, second):
    if first != second:
        raise ValueError(f"{first} != {second}")
    return first


def average(beta):
    return lambda old, new: beta * old + (1 - beta) * new


@guarded
def adam(m, s, g, beta1, beta2, t):
    m, s = average(beta1)(m, g), average(beta2)(s, g * g)
    return m / (1 - beta1**t), np.sqrt(s / (1 - beta2**t)), m, s


@guarded
def adamax(m, u, g, beta1, beta2, t):
    m, u = average(beta1)(m, g), np.fmax(beta2 * u, np.abs(g))
    return m / (1 - beta1**t), u, m, u


@guarded
def nadam(m, s, g, beta1, beta2, t):
    m, s = average(beta1)(m, g), average(beta2)(s, g * g)
    ahead = average(beta1)(m / (1 - beta1 ** (t + 1)), g / (1 - beta1**t))
    return ahead, np.sqrt(s / (1 - beta2**t)), m, s


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    return adam(theta, m, s, grad, t, lr, beta1, beta2, eps)


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    return adamax(theta, m, u, grad, t, lr, beta1, beta2, eps)


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    return nadam(theta, m, s, grad, t, lr, beta1, beta2, eps)
