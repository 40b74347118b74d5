"""What a random search of exercise_16 needs and leaves behind. Runs inside the kernel; judges nothing."""

import math
import random

import numpy as np


class Scorer:
    """A score function that writes down what it was asked and what it answered."""

    def __init__(self, coarse):
        self.coarse = coarse
        self.calls = []

    def __call__(self, params):
        total = sum(math.sin(3 * k + _number(params[name])) for k, name in enumerate(sorted(params), start=1))
        score = float(total > 0) if self.coarse else total - 1.5
        self.calls.append((dict(params), score))
        return score


def _number(value):
    return float(len(value)) if isinstance(value, str) else 7 * math.log(value + 1)


def scorer(coarse):
    """Scores of both signs; `coarse` ones are 0 or 1, so that many are equal."""
    return Scorer(coarse)


def calls_of(score_fn):
    """Parameters and score of every call, in order."""
    return score_fn.calls


def samples(score_fn, names):
    """The values that every name had, call by call."""
    return {name: np.array([params[name] for params, _ in score_fn.calls]) for name in names}


def generator(seed):
    return np.random.default_rng(seed)


def global_generators():
    """Where the generators stand that everybody shares."""
    _, keys, position, *_ = np.random.get_state()
    return {"numpy": [int(keys[0]), int(position)], "random": random.getstate()[1][-1]}
