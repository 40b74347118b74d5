"""Planted mistake: the result is float64."""

import numpy as np


def flatten_images(x):
    if x.ndim != 3:
        raise ValueError("need (n, h, w)")
    return x.reshape(x.shape[0], -1)


def scale_pixels(x):
    if x.min() < 0 or x.max() > 255:
        raise ValueError("pixels must be 0..255")
    return x / 255.0


def one_hot(y, num_classes):
    if y.dtype.kind not in "iu":
        raise ValueError("labels must be integers")
    if y.min() < 0 or y.max() >= num_classes:
        raise ValueError("label out of range")
    out = np.zeros((len(y), num_classes), dtype=np.float32)
    for i, label in enumerate(y):
        out[i, label] = 1
    return out


def split_tail(x, y, fraction):
    if len(x) != len(y):
        raise ValueError("lengths differ")
    if not 0 < fraction < 1:
        raise ValueError("fraction must be in (0, 1)")
    k = int(len(x) * (1 - fraction))
    return x[:k], y[:k], x[k:], y[k:]


def steps_per_epoch(n, batch_size):
    if n < 1 or batch_size < 1:
        raise ValueError("must be positive")
    return (n + batch_size - 1) // batch_size


def augment(x, flip=False, dy=0, dx=0):
    n, h, w = x.shape
    if flip:
        x = x[:, :, ::-1]
    out = np.zeros_like(x)
    for r in range(h):
        for c in range(w):
            if 0 <= r - dy < h and 0 <= c - dx < w:
                out[:, r, c] = x[:, r - dy, c - dx]
    return out
