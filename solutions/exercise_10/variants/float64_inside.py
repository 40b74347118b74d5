"""Everything in double precision, cast back at the end; hypot instead of squares; a subclass of ValueError."""

import numpy as np


class StepError(ValueError):
    pass


def _double(lr, eps, *arrays):
    if lr < 0.0 or not eps > 0.0:
        raise StepError("lr or eps")
    arrays = [np.asarray(a, dtype=np.float64) for a in arrays]
    if any(a.shape != arrays[0].shape for a in arrays):
        raise StepError("shapes")
    return arrays


def _not_negative(s):
    if s.size and s.min() < 0:
        raise StepError("s")
    return s


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    t, total, g = _double(lr, eps, theta, s, grad)
    root = np.hypot(np.sqrt(_not_negative(total) + eps), g)
    return (t - lr * (g / root)).astype(theta.dtype), (total + np.square(g)).astype(s.dtype)


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    t, total, g = _double(lr, eps, theta, s, grad)
    if rho < 0 or rho >= 1:
        raise StepError("rho")
    total = np.average([_not_negative(total), g**2], axis=0, weights=[rho, 1 - rho])
    return (t - lr * g * (total + eps) ** -0.5).astype(theta.dtype), total.astype(s.dtype)


def effective_lr(s, lr, eps=1e-7):
    (total,) = _double(lr, eps, s)
    return (lr * np.reciprocal(np.sqrt(_not_negative(total) + eps))).astype(s.dtype)
