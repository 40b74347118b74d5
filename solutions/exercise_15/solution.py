"""Exercise 15: dropout, L1/L2 penalties and max-norm, as Keras has them."""

import numpy as np


def check_strengths(*strengths):
    for strength in strengths:
        if strength < 0:
            raise ValueError(f"a penalty's strength is not negative, unlike {strength}")


def dropout(x, rate, rng, training):
    """In training every element is 0 with probability `rate`, and the others are enlarged to make up for it."""
    if not 0 <= rate < 1:
        raise ValueError(f"rate must be in [0, 1), not {rate}")
    if not training:
        return x.copy()
    keep = rng.random(x.shape) >= rate  # one decision for every element of every sample
    # Enlarged by 1 / (1 - rate) the mean stays as it was, so nothing is left to correct at inference.
    return np.where(keep, x / (1 - rate), np.zeros_like(x))


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    """What Keras adds to the loss for a kernel: sums, no means and no 1/2."""
    check_strengths(l1, l2)
    return l1 * np.sum(np.abs(W)) + l2 * np.sum(np.square(W))


def l1_l2_grad(W, l1=0.0, l2=0.0):
    """The penalty's gradient. |w| has a corner at 0; sign(0) = 0 lets a weight rest there."""
    check_strengths(l1, l2)
    return l1 * np.sign(W) + l2 * 2 * W


def total_loss(data_loss, layers, l2):
    """The data's loss plus the penalties of all kernels; biases go free, as with kernel_regularizer."""
    check_strengths(l2)
    return data_loss + sum(l1_l2_penalty(kernel, l2=l2) for kernel, _ in layers)


def max_norm(W, r):
    """Columns, each a neuron's incoming weights, that are longer than r are shortened to r."""
    if not r > 0:
        raise ValueError(f"r must be positive, not {r}")
    norms = np.linalg.norm(W, axis=0)
    # max(norm, r) is never 0, and makes the factor 1 for columns that are short enough.
    return W * (r / np.maximum(norms, r))
