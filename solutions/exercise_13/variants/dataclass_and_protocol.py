"""An initialiser is a frozen dataclass; errors are a class of their own; postponed annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


class OutOfRange(ValueError):
    pass


@dataclass(frozen=True)
class Fans:
    fan_in: int
    fan_out: int

    def __post_init__(self) -> None:
        if self.fan_in < 1 or self.fan_out < 1:
            raise OutOfRange(self)

    @property
    def average(self) -> float:
        return (self.fan_in + self.fan_out) / 2

    def variance(self, kind: str) -> float:
        known: dict[str, Callable[[], float]] = {
            "glorot": lambda: 1 / self.average, "he": lambda: 2 / self.fan_in, "lecun": lambda: 1 / self.fan_in}
        try:
            return known[kind]()
        except KeyError:
            raise OutOfRange(kind) from None


def fan_avg(fan_in, fan_out):
    return Fans(fan_in, fan_out).average


def init_std(fan_in, fan_out, kind):
    return np.float64(Fans(fan_in, fan_out).variance(kind)) ** 0.5


def init_limit(fan_in, fan_out, kind):
    return np.asarray(3 * Fans(fan_in, fan_out).variance(kind)) ** 0.5


def init_weights(rng, fan_in, fan_out, kind, dist):
    sigma = Fans(fan_in, fan_out).variance(kind) ** 0.5
    unit = {"normal": rng.standard_normal, "uniform": lambda size: (rng.random(size) - 0.5) * 12**0.5}
    if dist not in unit:
        raise OutOfRange(dist)
    return sigma * unit[dist]((fan_in, fan_out))


@dataclass(frozen=True)
class Limit:
    value: float

    def __post_init__(self) -> None:
        if self.value <= 0:
            raise OutOfRange(self)

    def factor(self, *grads: np.ndarray) -> float:
        norm = np.sqrt(sum((np.vdot(g, g) for g in grads), 0.0))
        return 1.0 if norm <= self.value else self.value / norm


def clip_by_value(grads: Sequence[np.ndarray], v: float):
    bound = Limit(v).value
    return [np.where(np.abs(g) > bound, np.sign(g) * bound, g) for g in grads]


def clip_by_norm(grads: Sequence[np.ndarray], c: float):
    limit = Limit(c)
    return [g * limit.factor(g) for g in grads]


def clip_by_global_norm(grads: Sequence[np.ndarray], c: float):
    factor = Limit(c).factor(*grads)
    return [factor * g for g in grads]


def sigmoid_chain(a: float, depth: int):
    if depth < 1:
        raise OutOfRange(depth)
    product, here = 1.0, np.float64(a)
    for _ in range(depth):
        # sigmoid'(x) = 1 / (2 + e^x + e^-x)
        product /= 2 + np.exp(here) + np.exp(-here)
        here = np.tanh(here / 2) / 2 + 0.5
    return product
