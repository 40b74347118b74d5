"""Pure Python: every element by itself, from flat lists and back."""

import numpy as np


def _same_shape(first, *others):
    for other in others:
        if list(first.shape) != list(other.shape):
            raise ValueError("The arrays must have the same shape.")


def _hyper(lr, beta):
    if lr < 0.0:
        raise ValueError("lr")
    if beta < 0.0 or beta >= 1.0:
        raise ValueError("beta")


def _back(numbers, like):
    return np.array(numbers, dtype=like.dtype).reshape(like.shape)


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    _same_shape(theta, m, grad)
    _hyper(lr, beta)
    points, steps = [], []
    for place, step, slope in zip(theta.ravel().tolist(), m.ravel().tolist(), grad.ravel().tolist()):
        step = beta * step - lr * slope
        steps.append(step)
        points.append(place + step)
    return _back(points, theta), _back(steps, m)


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    _same_shape(theta, m)
    _hyper(lr, beta)
    ahead = _back([t + beta * v for t, v in zip(theta.ravel().tolist(), m.ravel().tolist())], theta)
    return momentum_step(theta, m, np.asarray(grad_fn(ahead)), lr, beta)


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    _same_shape(phi, m, grad)
    _hyper(lr, beta)
    points, steps = [], []
    for place, step, slope in zip(phi.ravel().tolist(), m.ravel().tolist(), grad.ravel().tolist()):
        # written out: phi + beta (beta m - lr g) - lr g
        points.append(place + beta * beta * step - (1 + beta) * lr * slope)
        steps.append(beta * step - lr * slope)
    return _back(points, phi), _back(steps, m)


def terminal_velocity(grad, lr=0.001, beta=0.9):
    _hyper(lr, beta)
    return _back([-lr * slope / (1 - beta) for slope in grad.ravel().tolist()], grad)
