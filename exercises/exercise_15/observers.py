"""Runs exercise_15's dropout with generators of its own, inside the kernel; judges nothing.

The submission gets copies, so that a changed argument shows where arguments are looked at, and nowhere else.
"""

import numpy as np


def generator(seed):
    """A generator of its own, to be handed to the submission."""
    return np.random.default_rng(seed)


def dropped(dropout, x, rate, rng, training):
    """What dropout makes of a copy of x."""
    return dropout(np.array(x), rate, rng, training)


def dropped_by_keyword(dropout, x, rate, rng, training):
    return dropout(training=training, rng=rng, rate=rate, x=np.array(x))


def dropped_many_times(dropout, x, rate, rng, times):
    """What dropout in training makes of x, so many times with one generator."""
    return np.stack([np.array(dropout(np.array(x), rate, rng, True)) for _ in range(times)])


def seed_numpy_random(seed):
    """Where a submission that seeds it anew will hardly put it; and its state."""
    np.random.seed(seed)
    return state_of_numpy_random()


def state_of_numpy_random():
    """The state of the generator that np.random.seed seeds."""
    _, keys, position, *_ = np.random.get_state()
    return np.append(keys, position)
