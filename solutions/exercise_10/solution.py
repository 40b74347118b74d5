"""Exercise 10: one step of AdaGrad and RMSProp, and the learning rate that each parameter is left with."""

import numpy as np


def check_arguments(lr, eps, s, *others):
    """Raise ValueError for what all functions forbid; `others` need the shape of s."""
    if not lr >= 0:
        raise ValueError(f"lr must not be negative, not {lr}")
    if not eps > 0:
        raise ValueError(f"eps must be positive, not {eps}")
    # Without this NumPy would broadcast (3,) against (3, 1) and hand back a (3, 3) without a word.
    if any(np.shape(other) != np.shape(s) for other in others):
        raise ValueError(f"all arrays need the shape of s, {np.shape(s)}")
    if np.any(s < 0):
        raise ValueError("s sums up squares: no entry can be negative")


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    """Return (theta_new, s_new): s never forgets a square, so the steps only get shorter."""
    check_arguments(lr, eps, s, theta, grad)
    s_new = s + grad * grad
    # eps inside the root: with s = 0 and grad = 0 this is 0 / sqrt(eps), and not 0 / 0.
    return theta - lr * grad / np.sqrt(s_new + eps), s_new


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    """Return (theta_new, s_new): s is an average of squares that forgets, so the steps can grow again."""
    check_arguments(lr, eps, s, theta, grad)
    if not 0 <= rho < 1:
        raise ValueError(f"rho must be in [0, 1), not {rho}")
    s_new = rho * s + (1 - rho) * grad * grad
    return theta - lr * grad / np.sqrt(s_new + eps), s_new


def effective_lr(s, lr, eps=1e-7):
    """What the gradient of each parameter is multiplied with."""
    check_arguments(lr, eps, s)
    return lr / np.sqrt(s + eps)
