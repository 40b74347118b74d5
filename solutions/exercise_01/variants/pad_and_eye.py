"""Right answer from ready-made parts: ravel, eye, array_split, pad and divmod."""

import numpy as np


class BadInput(ValueError):
    """What these functions cannot take."""


def require(condition, message):
    if not condition:
        raise BadInput(message)


def flatten_images(x):
    require(np.ndim(x) == 3, "pictures are (n, h, w)")
    return np.stack([picture.ravel() for picture in x])


def scale_pixels(x):
    require(np.array_equal(x, np.clip(x, 0, 255)), "pixels are 0..255")
    return np.multiply(x, np.float32(1 / 255), dtype=np.float32, casting="unsafe")


def one_hot(y, num_classes):
    require(np.issubdtype(y.dtype, np.integer), "labels are integers")
    require(set(y.tolist()) <= set(range(num_classes)), "labels are 0..num_classes-1")
    return np.eye(num_classes, dtype=np.float32)[y]


def split_tail(x, y, fraction):
    require(np.shape(x)[0] == np.shape(y)[0], "one label for every row")
    require(0.0 < fraction < 1.0, "the fraction is between 0 and 1")
    where = [int(np.floor(np.shape(x)[0] * (1.0 - fraction)))]
    (x_train, x_val), (y_train, y_val) = np.split(x, where), np.split(y, where)
    return x_train, y_train, x_val, y_val


def steps_per_epoch(n, batch_size):
    require(n >= 1 and batch_size >= 1, "1 or more")
    full, rest = divmod(n, batch_size)
    return full + (1 if rest else 0)


def augment(x, flip=False, dy=0, dx=0):
    picture = np.flip(x, axis=-1) if flip else x
    _, h, w = x.shape
    border = np.pad(picture, ((0, 0), (h, h), (w, w)))
    return border[:, h - dy:2 * h - dy, w - dx:2 * w - dx].copy()
