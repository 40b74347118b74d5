"""Right answer in plain Python: nested loops, NumPy only for what goes in and out."""

import numpy as np


def flatten_images(x):
    if len(x.shape) != 3:
        raise ValueError("three axes, please")
    n, h, w = x.shape
    out = np.empty((n, h * w), dtype=x.dtype)
    for i in range(n):
        for r in range(h):
            for c in range(w):
                out[i, r * w + c] = x[i, r, c]
    return out


def scale_pixels(x):
    out = np.zeros(x.shape, dtype="float32")
    for place in np.ndindex(x.shape):
        pixel = float(x[place])
        if not 0 <= pixel <= 255:
            raise ValueError(f"pixel {pixel}")
        out[place] = pixel / 255
    return out


def one_hot(y, num_classes):
    table = []
    for label in y:
        if not isinstance(label, np.integer):
            raise ValueError(f"{label!r} is no integer")
        if int(label) not in range(num_classes):
            raise ValueError(f"no class {label}")
        table.append([1.0 if k == label else 0.0 for k in range(num_classes)])
    return np.array(table, dtype="float32")


def split_tail(x, y, fraction):
    if len(x) != len(y) or fraction <= 0 or fraction >= 1:
        raise ValueError("cannot split this")
    n_train = 0
    while n_train + 1 <= len(x) * (1 - fraction):
        n_train += 1
    return [x[:n_train], y[:n_train], x[n_train:], y[n_train:]]


def steps_per_epoch(n, batch_size):
    if min(n, batch_size) < 1:
        raise ValueError("1 is the least")
    steps = 0
    while n > 0:
        n -= batch_size
        steps += 1
    return steps


def augment(x, flip=False, dy=0, dx=0):
    n, h, w = x.shape
    out = np.zeros(x.shape, dtype=x.dtype)
    for r in range(h):
        for c in range(w):
            if 0 <= r + dy < h and 0 <= c + dx < w:
                out[:, r + dy, c + dx] = x[:, r, w - 1 - c if flip else c]
    return out
