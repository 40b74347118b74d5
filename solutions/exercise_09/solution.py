"""Exercise 09: momentum and Nesterov steps. m is the step itself, in all of them."""

import numpy as np


def check_arguments(lr, beta, *arrays):
    """Raise ValueError for everything the task forbids; all functions forbid the same things."""
    if not lr >= 0:
        raise ValueError(f"lr must not be negative, not {lr}")
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be in [0, 1), not {beta}")
    # Without this NumPy would broadcast (3,) against (3, 1) and hand back a (3, 3) without a word.
    if len({np.shape(array) for array in arrays}) != 1:
        raise ValueError("all arrays need the same shape, not " + ", ".join(str(np.shape(a)) for a in arrays))


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    """Return (theta_new, m_new): the old step, slowed down by beta, plus a push downhill."""
    check_arguments(lr, beta, theta, m, grad)
    m_new = beta * m - lr * grad
    return theta + m_new, m_new


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    """Return (theta_new, m_new): the same step, but the slope is measured where the old step is about to lead."""
    check_arguments(lr, beta, theta, m)
    m_new = beta * m - lr * grad_fn(theta + beta * m)
    return theta + m_new, m_new


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    """Return (phi_new, m_new), where phi = theta + beta * m is the look-ahead point and grad the gradient there.

    theta_new + beta * m_new = (phi - beta * m) + m_new + beta * m_new, and m_new - beta * m is -lr * grad.
    """
    check_arguments(lr, beta, phi, m, grad)
    m_new = beta * m - lr * grad
    return phi + beta * m_new - lr * grad, m_new


def terminal_velocity(grad, lr=0.001, beta=0.9):
    """The step under a constant gradient once it no longer changes: m = beta * m - lr * grad, solved for m."""
    check_arguments(lr, beta, grad)
    return -lr * grad / (1 - beta)
