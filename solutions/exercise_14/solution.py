"""Exercise 14: batch normalisation in training, in inference, and folded into the Dense layer before it."""

import numpy as np


def check_eps(eps):
    if not eps > 0:
        raise ValueError(f"eps must be positive, not {eps}")


def check_vectors(d, **vectors):
    """Every vector has one entry a feature; NumPy would broadcast (1,) or a number in silence."""
    for name, vector in vectors.items():
        if np.shape(vector) != (d,):
            raise ValueError(f"{name} needs the shape ({d},), not {np.shape(vector)}")


def check_batch(x):
    if np.ndim(x) != 2 or len(x) == 0:
        raise ValueError(f"x needs the shape (m, d) with m >= 1, not {np.shape(x)}")


def check_variance(moving_var):
    if np.any(moving_var < 0):
        raise ValueError("a variance is never negative")


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Return (y, new_mean, new_var): the batch normalised by its own statistics, and the moving statistics after it."""
    check_batch(x)
    check_vectors(x.shape[1], gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    check_variance(moving_var)
    check_eps(eps)
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum must be in [0, 1], not {momentum}")

    # One mean and one variance a feature. Centring first keeps the digits that E[x^2] - E[x]^2 would lose.
    mean = x.mean(axis=0)
    centred = x - mean
    var = (centred**2).mean(axis=0)
    y = gamma * centred / np.sqrt(var + eps) + beta

    # The moving statistics are for inference; they move slowly, because a single batch is a noisy witness.
    new_mean = momentum * moving_mean + (1 - momentum) * mean
    new_var = momentum * moving_var + (1 - momentum) * var
    return y, new_mean, new_var


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Return y by the moving statistics: a sample's output does not depend on its neighbours in the batch."""
    check_batch(x)
    check_vectors(x.shape[1], gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    check_variance(moving_var)
    check_eps(eps)
    return gamma * (x - moving_mean) / np.sqrt(moving_var + eps) + beta


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Return (W2, b2), the one Dense layer that does what Dense (W, b) and batch normalisation do together."""
    if np.ndim(W) != 2:
        raise ValueError(f"W needs the shape (k, d), not {np.shape(W)}")
    check_vectors(W.shape[1], b=b, gamma=gamma, beta=beta, moving_mean=moving_mean, moving_var=moving_var)
    check_variance(moving_var)
    check_eps(eps)

    # In inference the layer is only "times scale, plus shift" for each neuron, and a neuron is a column of W.
    scale = gamma / np.sqrt(moving_var + eps)
    return W * scale, (b - moving_mean) * scale + beta
