"""Small frozen dataclasses with postponed annotations; legal errors of other classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.linalg import LinAlgError


@dataclass(frozen=True)
class Dropout:
    rate: float

    def __post_init__(self) -> None:
        if self.rate < 0 or 1 <= self.rate:
            raise ValueError(self)

    def __call__(self, x: np.ndarray, rng: np.random.Generator, training: bool) -> np.ndarray:
        out = np.array(x, copy=True)
        if training:
            fallen = rng.uniform(size=out.shape) < self.rate
            out /= out.dtype.type(1 - self.rate)
            out[fallen] = 0
        return out


@dataclass(frozen=True)
class L1L2:
    l1: float
    l2: float

    def __post_init__(self) -> None:
        if np.minimum(self.l1, self.l2) < 0:
            raise LinAlgError("negative")

    def value(self, W: np.ndarray) -> float:
        return self.l1 * np.linalg.norm(W.ravel(), 1) + self.l2 * np.linalg.norm(W) ** 2

    def gradient(self, W: np.ndarray) -> np.ndarray:
        unit = np.divide(W, np.abs(W), out=np.zeros_like(W), where=W != 0)
        return self.l1 * unit + 2 * self.l2 * W


def dropout(x, rate, rng, training):
    return Dropout(rate)(x, rng, training)


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    return L1L2(l1, l2).value(W)


def l1_l2_grad(W, l1=0.0, l2=0.0):
    return L1L2(l1, l2).gradient(W)


def total_loss(data_loss, layers, l2):
    penalty = L1L2(0.0, l2)
    return np.asarray(data_loss + np.sum([penalty.value(kernel) for kernel, _bias in layers]))


def max_norm(W, r):
    if r <= 0:
        raise LinAlgError("r")
    long = np.linalg.norm(W, axis=0) > r
    out = W.copy()
    out[:, long] *= r / np.linalg.norm(W[:, long], axis=0)
    return out
