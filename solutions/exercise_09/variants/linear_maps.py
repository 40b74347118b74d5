"""Every step as one small matrix applied to the stacked arrays (theta, m, grad), with einsum."""

import numpy as np


def _check(lr, beta, arrays):
    if lr < 0 or not 0 <= beta < 1:
        raise ValueError("lr >= 0 and 0 <= beta < 1, please")
    try:
        np.stack(arrays)
    except ValueError as error:
        raise ValueError("shapes differ") from error


def _apply(rows, arrays):
    arrays = np.stack(arrays)
    matrix = np.array(rows, dtype=arrays.dtype)
    return tuple(np.einsum("ij,j...->i...", matrix, arrays))


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    _check(lr, beta, [theta, m, grad])
    return _apply([[1, beta, -lr], [0, beta, -lr]], [theta, m, grad])


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    _check(lr, beta, [theta, m])
    (ahead,) = _apply([[1, beta]], [theta, m])
    return momentum_step(theta, m, grad_fn(ahead), lr=lr, beta=beta)


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    _check(lr, beta, [phi, m, grad])
    return _apply([[1, beta**2, -lr * (1 + beta)], [0, beta, -lr]], [phi, m, grad])


def terminal_velocity(grad, lr=0.001, beta=0.9):
    _check(lr, beta, [grad])
    # the fixed point of m -> beta m - lr g
    return np.true_divide(grad * lr, beta - 1)
