"""A dataclass holds the state, methods change it; an exception class of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


class BadStepError(ValueError):
    """Something about the step is not allowed."""


@dataclass(frozen=True)
class Decay:
    """An exponential average with its bias correction."""

    beta: float

    def __post_init__(self):
        if not 0 <= self.beta < 1:
            raise BadStepError(f"beta = {self.beta}")

    def mix(self, old: np.ndarray, new: np.ndarray) -> np.ndarray:
        return self.beta * old + (1 - self.beta) * new

    def weight(self, t: int) -> float:
        return 1 - self.beta**t


@dataclass(frozen=True)
class Step:
    theta: np.ndarray
    first: np.ndarray
    second: np.ndarray
    grad: np.ndarray
    t: int
    lr: float
    decay1: Decay
    decay2: Decay
    eps: float

    def __post_init__(self):
        if isinstance(self.t, bool) or not isinstance(self.t, (int, np.integer)) or self.t < 1:
            raise BadStepError(f"t = {self.t}")
        if self.eps <= 0:
            raise BadStepError(f"eps = {self.eps}")
        if not np.shape(self.theta) == np.shape(self.first) == np.shape(self.second) == np.shape(self.grad):
            raise BadStepError("shapes")

    def with_moments(self) -> Step:
        return replace(
            self,
            first=self.decay1.mix(self.first, self.grad),
            second=self.decay2.mix(self.second, self.grad**2),
        )

    def with_norm(self) -> Step:
        larger = np.where(
            self.decay2.beta * self.second > abs(self.grad), self.decay2.beta * self.second, abs(self.grad)
        )
        return replace(self, first=self.decay1.mix(self.first, self.grad), second=larger)

    def move(self, direction: np.ndarray, scale: np.ndarray):
        return self.theta - self.lr * direction / (scale + self.eps), self.first, self.second

    def scale(self) -> np.ndarray:
        return (self.second / self.decay2.weight(self.t)) ** 0.5


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    step = Step(theta, m, s, grad, t, lr, Decay(beta1), Decay(beta2), eps).with_moments()
    return step.move(step.first / step.decay1.weight(t), step.scale())


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    step = Step(theta, m, u, grad, t, lr, Decay(beta1), Decay(beta2), eps).with_norm()
    return step.move(step.first / step.decay1.weight(t), step.second)


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    step = Step(theta, m, s, grad, t, lr, Decay(beta1), Decay(beta2), eps).with_moments()
    ahead = Decay(beta1).mix(step.first / step.decay1.weight(t + 1), grad / step.decay1.weight(t))
    return step.move(ahead, step.scale())
