"""Schedules as small callable dataclasses; a generator for the epochs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


class Schedule:
    def __call__(self, t: int) -> float:
        if t < 0:
            raise ValueError("steps are counted from 0")
        return self.rate(t)

    def rate(self, t: int) -> float:
        raise NotImplementedError


@dataclass(frozen=True)
class Decay(Schedule):
    lr0: float
    s: float

    def __post_init__(self) -> None:
        if min(self.lr0, self.s) <= 0:
            raise ValueError("lr0 and s must be positive")


@dataclass(frozen=True)
class Power(Decay):
    c: float

    def rate(self, t: int) -> float:
        return self.lr0 * math.exp(-self.c * math.log1p(t / self.s))


@dataclass(frozen=True)
class Exponential(Decay):
    def rate(self, t: int) -> float:
        return self.lr0 * math.pow(10, -t / self.s)


@dataclass(frozen=True)
class Pieces(Schedule):
    boundaries: Sequence[int]
    values: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.boundaries) + 1:
            raise ValueError("lengths")
        if not all(a < b for a, b in zip(self.boundaries, self.boundaries[1:])):
            raise ValueError("order")

    def rate(self, t: int) -> float:
        return next((v for b, v in zip(self.boundaries, self.values) if not t > b), self.values[-1])


@dataclass(frozen=True)
class Line:
    start: float
    end: float
    first: float
    last: float

    def at(self, t: float) -> float:
        share = (t - self.start) / (self.end - self.start)
        return (1 - share) * self.first + share * self.last


@dataclass(frozen=True)
class OneCycle(Schedule):
    total: int
    lr0: float
    lr1: float
    final: int

    def __post_init__(self) -> None:
        if self.lr0 <= 0 or self.final < 0 or self.final >= self.total:
            raise ValueError("one cycle")

    def rate(self, t: int) -> float:
        if t > self.total:
            raise ValueError("after the end")
        end = self.total - self.final
        lines = [Line(0, end / 2, self.lr0, self.lr1), Line(end / 2, end, self.lr1, self.lr0)]
        if self.final:
            lines.append(Line(end, self.total, self.lr0, self.lr0 / 1e3))
        return next(line.at(t) for line in lines if t <= line.end)


def power_lr(t, lr0, s, c=1.0):
    return Power(lr0, s, c)(t)


def exponential_lr(t, lr0, s):
    return Exponential(lr0, s)(t)


def piecewise_lr(t, boundaries, values):
    return Pieces(boundaries, values)(t)


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    return OneCycle(total_steps, lr0, lr1, final_steps)(t)


def _epochs(val_losses, lr, factor, patience) -> Iterator[float]:
    best, left = math.inf, patience
    for loss in val_losses:
        left = patience if loss < best else left - 1
        best = min(best, loss)
        if left == 0:
            lr, left = lr * factor, patience
        yield lr


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    if lr0 <= 0 or patience < 1 or not 0 < factor < 1:
        raise ValueError("performance_lr")
    return list(_epochs(val_losses, lr0, factor, patience))
