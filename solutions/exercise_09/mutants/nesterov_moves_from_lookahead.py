"""Planted mistake: adds the new step to the look-ahead point, so beta * m counts twice."""

import numpy as np


def check(lr, beta, *arrays):
    if lr < 0:
        raise ValueError("lr must not be negative")
    if beta < 0 or beta >= 1:
        raise ValueError("beta must be in [0, 1)")
    for array in arrays[1:]:
        if np.shape(array) != np.shape(arrays[0]):
            raise ValueError("shapes differ")


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    check(lr, beta, theta, m, grad)
    m_new = beta * m - lr * grad
    theta_new = theta + m_new
    return theta_new, m_new


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    check(lr, beta, theta, m)
    ahead = theta + beta * m
    grad = grad_fn(ahead)
    m_new = beta * m - lr * grad
    theta_new = ahead + m_new
    return theta_new, m_new


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    check(lr, beta, phi, m, grad)
    m_new = beta * m - lr * grad
    phi_new = phi + beta * m_new - lr * grad
    return phi_new, m_new


def terminal_velocity(grad, lr=0.001, beta=0.9):
    check(lr, beta, grad)
    return -lr * grad / (1 - beta)
