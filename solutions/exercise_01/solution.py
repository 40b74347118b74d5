"""Exercise 01: preparing image data."""

import math

import numpy as np


def flatten_images(x):
    """Return every picture as one row: (n, h, w) becomes (n, h * w)."""
    if x.ndim != 3:
        raise ValueError(f"pictures are (n, h, w), not {x.shape}")
    n, h, w = x.shape
    return x.reshape(n, h * w)


def scale_pixels(x):
    """Return x / 255 as float32."""
    if np.any(x < 0) or np.any(x > 255):
        raise ValueError("pixels are 0 to 255")
    # 255, not the largest pixel at hand: all batches need one scale.
    return (x / 255).astype(np.float32)


def one_hot(y, num_classes):
    """Return a row for every label, 1 at the label and 0 elsewhere."""
    if y.dtype.kind not in "iu":  # bool has a kind of its own
        raise ValueError(f"labels are integers, not {y.dtype}")
    if np.any(y < 0) or np.any(y >= num_classes):  # NumPy would take -1 for the last class
        raise ValueError(f"labels are 0 to {num_classes - 1}")
    rows = np.zeros((len(y), num_classes), dtype=np.float32)
    rows[np.arange(len(y)), y] = 1
    return rows


def split_tail(x, y, fraction):
    """Return (x_train, y_train, x_val, y_val) as fit(validation_split=fraction) would split."""
    if len(x) != len(y):
        raise ValueError(f"{len(x)} samples but {len(y)} labels")
    if not 0 < fraction < 1:
        raise ValueError(f"the fraction lies between 0 and 1, not {fraction}")
    k = math.floor(len(x) * (1 - fraction))  # the training part is rounded down
    return x[:k], y[:k], x[k:], y[k:]


def steps_per_epoch(n, batch_size):
    """Return the number of batches of n samples; the last one may be smaller."""
    if n < 1 or batch_size < 1:
        raise ValueError("there is at least one sample, and one in a batch")
    return math.ceil(n / batch_size)


def augment(x, flip=False, dy=0, dx=0):
    """Return the pictures mirrored left-right if asked, then moved dy rows down and dx columns right."""
    if flip:
        x = x[:, :, ::-1]
    _, h, w = x.shape
    moved = np.zeros_like(x)  # what is not covered stays 0
    moved[:, max(dy, 0):h + min(dy, 0), max(dx, 0):w + min(dx, 0)] = (
        x[:, max(-dy, 0):h - max(dy, 0), max(-dx, 0):w - max(dx, 0)])
    return moved
