"""Planted mistake: eps and rho in the other order of parameters."""

import numpy as np


def check(lr, eps, s, *others):
    if lr < 0:
        raise ValueError("lr must not be negative")
    if eps <= 0:
        raise ValueError("eps must be positive")
    for other in others:
        if np.shape(other) != np.shape(s):
            raise ValueError("shapes differ")
    if np.any(s < 0):
        raise ValueError("s must not be negative")


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    check(lr, eps, s, theta, grad)
    s_new = s + grad**2
    theta_new = theta - lr * grad / np.sqrt(s_new + eps)
    return theta_new, s_new


def rmsprop_step(theta, s, grad, lr=0.001, eps=1e-7, rho=0.9):
    check(lr, eps, s, theta, grad)
    if rho < 0 or rho >= 1:
        raise ValueError("rho must be in [0, 1)")
    s_new = rho * s + (1 - rho) * grad**2
    theta_new = theta - lr * grad / np.sqrt(s_new + eps)
    return theta_new, s_new


def effective_lr(s, lr, eps=1e-7):
    check(lr, eps, s)
    return lr / np.sqrt(s + eps)
