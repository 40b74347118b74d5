"""Planted mistake: PyTorch's convention: m is a sum of gradients, the learning rate comes afterwards."""

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
    m_new = beta * m + grad
    theta_new = theta - lr * m_new
    return theta_new, m_new


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    check(lr, beta, theta, m)
    grad = grad_fn(theta - lr * beta * m)
    m_new = beta * m + grad
    theta_new = theta - lr * m_new
    return theta_new, m_new


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    check(lr, beta, phi, m, grad)
    m_new = beta * m + grad
    phi_new = phi - lr * (beta * m_new + grad)
    return phi_new, m_new


def terminal_velocity(grad, lr=0.001, beta=0.9):
    check(lr, beta, grad)
    return -lr * grad / (1 - beta)
