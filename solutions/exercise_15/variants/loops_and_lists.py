"""Plain Python: one number after the other."""

import math

import numpy as np


def dropout(x, rate, rng, training):
    if rate < 0.0 or rate >= 1.0:
        raise ValueError("rate")
    out = np.empty_like(x)
    for index in np.ndindex(x.shape):
        dropped = training and rng.random() < rate
        out[index] = 0.0 if dropped else x[index] / (1.0 - rate) if training else x[index]
    return out


def numbers(W):
    return [w for row in W.tolist() for w in row]


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    if min(l1, l2) < 0:
        raise ValueError("strength")
    total = 0.0
    for w in numbers(W):
        total += l1 * abs(w) + l2 * w * w
    return total


def slope(w, l1, l2):
    if w == 0:
        return 0.0
    return math.copysign(l1, w) + 2 * l2 * w


def l1_l2_grad(W, l1=0.0, l2=0.0):
    if min(l1, l2) < 0:
        raise ValueError("strength")
    return [[slope(w, l1, l2) for w in row] for row in W.tolist()]


def total_loss(data_loss, layers, l2):
    if l2 < 0:
        raise ValueError("strength")
    for layer in layers:
        data_loss += math.fsum(l2 * w**2 for w in numbers(layer[0]))
    return data_loss


def max_norm(W, r):
    if r <= 0:
        raise ValueError("r")
    columns = []
    for column in W.T.tolist():
        length = math.sqrt(sum(w * w for w in column))
        columns.append([w * r / length for w in column] if length > r else column)
    return np.array(columns).T
