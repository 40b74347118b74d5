"""One mask for all samples."""

import numpy as np


def dropout(x, rate, rng, training):
    if rate < 0 or rate >= 1:
        raise ValueError("rate must be in [0, 1)")
    if not training:
        return x
    mask = rng.random(x.shape[-1:]) >= rate
    return (x * mask / (1 - rate)).astype(x.dtype)


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    if l1 < 0 or l2 < 0:
        raise ValueError("l1 and l2 must not be negative")
    return l1 * np.sum(np.abs(W)) + l2 * np.sum(W ** 2)


def l1_l2_grad(W, l1=0.0, l2=0.0):
    if l1 < 0 or l2 < 0:
        raise ValueError("l1 and l2 must not be negative")
    return l1 * np.sign(W) + 2 * l2 * W


def total_loss(data_loss, layers, l2):
    if l2 < 0:
        raise ValueError("l2 must not be negative")
    loss = data_loss
    for kernel, bias in layers:
        loss = loss + l2 * np.sum(kernel ** 2)
    return loss


def max_norm(W, r):
    if r <= 0:
        raise ValueError("r must be positive")
    W = W.copy()
    for j in range(W.shape[1]):
        norm = np.sqrt(np.sum(W[:, j] ** 2))
        if norm > r:
            W[:, j] = W[:, j] * r / norm
    return W
