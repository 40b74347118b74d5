"""A dataclass per optimizer, sharing the move; annotations are postponed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Adaptive:
    lr: float
    eps: float

    def __post_init__(self) -> None:
        if self.lr < 0:
            raise ValueError("negative learning rate")
        if self.eps <= 0:
            raise ValueError("eps must be positive")

    def accumulate(self, s: np.ndarray, grad: np.ndarray) -> np.ndarray:
        return s + np.square(grad)

    def rate(self, s: np.ndarray) -> np.ndarray:
        if (s < 0).any():
            raise ValueError("negative s")
        return self.lr / np.sqrt(s + self.eps)

    def step(self, theta: np.ndarray, s: np.ndarray, grad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if not theta.shape == s.shape == grad.shape:
            raise ValueError("shapes")
        self.rate(s)  # refuses a negative s
        s = self.accumulate(s, grad)
        return theta - self.rate(s) * grad, s


@dataclass
class Forgetful(Adaptive):
    rho: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.rho < 1:
            raise ValueError("rho")

    def accumulate(self, s: np.ndarray, grad: np.ndarray) -> np.ndarray:
        return self.rho * s + (1 - self.rho) * np.square(grad)


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    return Adaptive(lr, eps).step(theta, s, grad)


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    return Forgetful(lr, eps, rho).step(theta, s, grad)


def effective_lr(s, lr, eps=1e-7):
    return Adaptive(lr, eps).rate(s)
