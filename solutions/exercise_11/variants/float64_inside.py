"""Everything is computed in float64 and cast back at the end; einsum for g * g, a norm for Adamax."""

import numpy as np


def prepare(t, beta1, beta2, eps, *arrays):
    ok = isinstance(t, (int, np.integer)) and t is not True and t is not False and t >= 1
    ok = ok and all(0 <= beta < 1 for beta in (beta1, beta2)) and eps > 0
    if not ok or len(set(map(np.shape, arrays))) > 1:
        raise ValueError("bad argument")
    return [np.array(a, dtype=np.float64) for a in arrays]  # np.array copies


def back(dtype, *results):
    return tuple(np.asarray(r).astype(dtype) for r in results)


def ema(old, new, beta):
    return np.einsum("k,k...->...", [beta, 1 - beta], np.stack([old, new]))


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    x, first, second, g = prepare(t, beta1, beta2, eps, theta, m, s, grad)
    first = ema(first, g, beta1)
    second = ema(second, np.einsum("...,...->...", g, g), beta2)
    lost = np.exp(t * np.log([beta1, beta2])) if beta1 and beta2 else np.power([beta1, beta2], float(t))
    x -= lr * (first / (1 - lost[0])) / (np.sqrt(second / (1 - lost[1])) + eps)
    return back(theta.dtype, x, first, second)


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    x, first, largest, g = prepare(t, beta1, beta2, eps, theta, m, u, grad)
    first = ema(first, g, beta1)
    largest = np.linalg.norm(np.stack([beta2 * largest, g]), ord=np.inf, axis=0)
    x -= lr / (1 - np.power(beta1, float(t))) * first / (largest + eps)
    return back(theta.dtype, x, first, largest)


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    x, first, second, g = prepare(t, beta1, beta2, eps, theta, m, s, grad)
    first = ema(first, g, beta1)
    second = ema(second, np.einsum("...,...->...", g, g), beta2)
    corrected = [first / (1 - np.power(beta1, t + 1.0)), g / (1 - np.power(beta1, float(t)))]
    x -= lr * ema(*corrected, beta1) / (np.sqrt(second / (1 - np.power(beta2, float(t)))) + eps)
    return back(theta.dtype, x, first, second)
