"""A frozen dataclass is the layer; postponed annotations; an error class of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


class BatchNormError(ValueError):
    pass


@dataclass(frozen=True)
class BatchNorm:
    gamma: np.ndarray
    beta: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    eps: float

    def __post_init__(self) -> None:
        if self.eps <= 0:
            raise BatchNormError("eps")
        if np.ndim(self.gamma) != 1:
            raise BatchNormError("gamma")
        if not np.shape(self.gamma) == np.shape(self.beta) == np.shape(self.mean) == np.shape(self.var):
            raise BatchNormError("shapes")
        if (self.var < 0).any():
            raise BatchNormError("variance")

    def fits(self, matrix: np.ndarray) -> None:
        if matrix.ndim != 2 or matrix.shape[1] != self.gamma.shape[0]:
            raise BatchNormError(f"shape {matrix.shape}")

    def __call__(self, x: np.ndarray) -> np.ndarray:
        self.fits(x)
        if x.shape[0] == 0:
            raise BatchNormError("empty batch")
        standardised = np.divide(np.subtract(x, self.mean), np.sqrt(np.add(self.var, self.eps)))
        return np.add(np.multiply(standardised, self.gamma), self.beta)

    def after(self, x: np.ndarray) -> BatchNorm:
        self.fits(x)
        if x.shape[0] == 0:
            raise BatchNormError("empty batch")
        return BatchNorm(self.gamma, self.beta, np.mean(x, 0), np.std(x, 0) ** 2, self.eps)


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    layer = BatchNorm(gamma, beta, moving_mean, moving_var, eps)
    if momentum > 1 or momentum < 0:
        raise BatchNormError("momentum")
    now = layer.after(x)

    def blend(old: np.ndarray, new: np.ndarray) -> np.ndarray:
        return momentum * old + (1.0 - momentum) * new

    return now(x), blend(layer.mean, now.mean), blend(layer.var, now.var)


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    return BatchNorm(gamma, beta, moving_mean, moving_var, eps)(x)


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    layer = BatchNorm(gamma, beta, moving_mean, moving_var, eps)
    layer.fits(W)
    if b.shape != gamma.shape:
        raise BatchNormError("b")
    # What the layer makes of b is the new bias; along each input it only stretches.
    return W * (gamma / np.sqrt(moving_var + eps)), layer(b[np.newaxis])[0]
