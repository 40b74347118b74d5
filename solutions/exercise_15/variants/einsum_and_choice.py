"""einsum for every sum, the mask from rng.choice, float64 inside."""

import numpy as np


def dropout(x, rate, rng, training):
    if not (rate >= 0 and rate < 1):
        raise ValueError(rate)
    if not training or rate == 0:
        return np.array(x)
    factors = rng.choice([0.0, 1 / (1 - rate)], size=x.shape, p=[rate, 1 - rate])
    return np.multiply(x, factors).astype(x.dtype)


def checked(W, *strengths):
    if any(s < 0 for s in strengths):
        raise ValueError(strengths)
    return np.asarray(W, dtype=np.float64)


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    W = checked(W, l1, l2)
    return np.einsum("ij,ij->", np.sign(W) * l1, W) + np.einsum(",ij,ij->", l2, W, W)


def l1_l2_grad(W, l1=0.0, l2=0.0):
    W = checked(W, l1, l2)
    return np.einsum("k,kij->ij", [l1, 2 * l2], [np.sign(W), W])


def total_loss(data_loss, layers, l2):
    kernels = [checked(kernel, l2) for kernel, *_ in layers]
    joined = np.concatenate([kernel.ravel() for kernel in kernels])
    return data_loss + l2 * np.einsum("i,i->", joined, joined)


def max_norm(W, r):
    if r <= 0:
        raise ValueError(r)
    W = checked(W)
    squares = np.einsum("ij,ij->j", W, W)
    factors = np.ones_like(squares)
    factors[squares > r**2] = r / np.sqrt(squares[squares > r**2])
    return np.einsum("ij,j->ij", W, factors)
