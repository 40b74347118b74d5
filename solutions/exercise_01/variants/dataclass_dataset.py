"""Right answer with objects: a data set is a dataclass whose methods return new data sets."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np


@dataclass(frozen=True)
class DataSet:
    x: np.ndarray
    y: np.ndarray

    def __post_init__(self) -> None:
        if self.x.shape[0] != self.y.shape[0]:
            raise ValueError("x and y differ in length")

    def __len__(self) -> int:
        return self.x.shape[0]

    def rows(self, which: slice) -> DataSet:
        return DataSet(self.x[which], self.y[which])


@dataclass(frozen=True)
class Move:
    """How far pictures move along one axis of some size."""

    size: int
    by: int

    @property
    def kept(self) -> slice:
        return slice(0, self.size - self.by) if self.by >= 0 else slice(-self.by, self.size)

    @property
    def place(self) -> slice:
        return slice(self.by, self.size) if self.by >= 0 else slice(0, self.size + self.by)


def flatten_images(x):
    try:
        n, h, w = x.shape
    except ValueError as error:
        raise ValueError("not a stack of pictures") from error
    return np.ascontiguousarray(x).reshape((n, w * h))


def scale_pixels(x):
    as_float = np.asarray(x, dtype=np.float64)
    if (as_float.min(), as_float.max()) != tuple(np.clip((as_float.min(), as_float.max()), 0, 255)):
        raise ValueError("not a picture of bytes")
    return np.array(as_float / 255, dtype=np.float32)


def one_hot(y, num_classes):
    if y.dtype.kind in "fbcOUS":
        raise ValueError("class numbers are integers")
    table = np.arange(num_classes) == y[:, np.newaxis].astype(np.int64)
    if not np.all(table.any(axis=1)):
        raise ValueError("a label is none of the classes")
    return table.astype(np.float32)


def split_tail(x, y, fraction):
    data = DataSet(x, y)
    if not (fraction > 0 and fraction < 1):
        raise ValueError("0 < fraction < 1")
    cut = floor(len(data) * (1 - fraction))
    train, val = data.rows(slice(None, cut)), data.rows(slice(cut, None))
    return train.x, train.y, val.x, val.y


def steps_per_epoch(n, batch_size):
    if n <= 0 or batch_size <= 0:
        raise ValueError("both are at least 1")
    return -(-n // batch_size)


def augment(x, flip=False, dy=0, dx=0):
    down, right = Move(x.shape[1], dy), Move(x.shape[2], dx)
    source = np.flip(x, 2) if flip else x
    target = np.zeros(x.shape, x.dtype)
    target[:, down.place, right.place] = source[:, down.kept, right.kept]
    return target
