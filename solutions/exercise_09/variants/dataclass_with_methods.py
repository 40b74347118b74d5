"""A frozen dataclass holds the settings and checks them; methods do the steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class State(NamedTuple):
    point: np.ndarray
    step: np.ndarray


@dataclass(frozen=True)
class Friction:
    lr: float
    beta: float

    def __post_init__(self):
        if self.lr < 0:
            raise ValueError("negative learning rate")
        if not 0 <= self.beta < 1:
            raise ValueError("beta must be in [0, 1)")

    def slowed(self, step: np.ndarray) -> np.ndarray:
        return step * self.beta

    def push(self, grad: np.ndarray) -> np.ndarray:
        return grad * -self.lr

    def roll(self, state: State, grad: np.ndarray) -> State:
        step = self.slowed(state.step) + self.push(grad)
        return State(state.point + step, step)


def _alike(*arrays: np.ndarray) -> None:
    if any(np.shape(a) != np.shape(b) for a, b in zip(arrays, arrays[1:])):
        raise ValueError("shapes differ")


def momentum_step(theta, m, grad, lr=0.001, beta=0.9) -> State:
    friction = Friction(lr, beta)
    _alike(theta, m, grad)
    return friction.roll(State(theta, m), grad)


def nesterov_step(theta, m, grad_fn: Callable[[np.ndarray], np.ndarray], lr=0.001, beta=0.9) -> State:
    friction = Friction(lr, beta)
    _alike(theta, m)
    return friction.roll(State(theta, m), grad_fn(theta + friction.slowed(m)))


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9) -> State:
    friction = Friction(lr, beta)
    _alike(phi, m, grad)
    _, step = friction.roll(State(phi, m), grad)
    return State(phi + (friction.slowed(step) + friction.push(grad)), step)


def terminal_velocity(grad, lr=0.001, beta=0.9):
    friction = Friction(lr, beta)
    return friction.push(grad) / (1 - friction.beta)
