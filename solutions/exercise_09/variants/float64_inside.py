"""Everything in double precision, cast back at the end; a subclass of ValueError."""

import numpy as np


class StepError(ValueError):
    pass


def _double(lr, beta, *arrays):
    if not (np.isfinite(lr) and lr >= 0 and 0 <= beta < 1):
        raise StepError(f"lr = {lr}, beta = {beta}")
    shapes = {np.asarray(a).shape for a in arrays}
    if len(shapes) > 1:
        raise StepError(f"shapes {shapes}")
    return [np.array(a, dtype=np.float64) for a in arrays]


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    t, v, g = _double(lr, beta, theta, m, grad)
    v *= beta
    v -= lr * g
    t += v
    return t.astype(theta.dtype), v.astype(theta.dtype)


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    t, v = _double(lr, beta, theta, m)
    slope = grad_fn((t + beta * v).astype(theta.dtype))
    v = beta * v - lr * np.asarray(slope, dtype=np.float64)
    return (t + v).astype(theta.dtype), v.astype(theta.dtype)


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    p, v, g = _double(lr, beta, phi, m, grad)
    theta = p - beta * v          # back to the textbook's point,
    v = beta * v - lr * g         # one textbook step from there,
    p = theta + v + beta * v      # and ahead again
    return p.astype(phi.dtype), v.astype(phi.dtype)


def terminal_velocity(grad, lr=0.001, beta=0.9):
    (g,) = _double(lr, beta, grad)
    return np.multiply(g, -lr / (1.0 - beta)).astype(grad.dtype)
