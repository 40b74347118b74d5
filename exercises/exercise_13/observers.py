"""Generators for exercise_13, and what they leave behind. Runs inside the kernel; judges nothing."""

import numpy as np


def generator(seed):
    """A generator of its own, to be handed to the submission."""
    return np.random.default_rng(seed)


def many_weights(init_weights, seed, times, *arguments):
    """`times` small sets of weights, one after the other from one generator."""
    rng = np.random.default_rng(seed)
    return np.stack([np.asarray(init_weights(rng, *arguments)) for _ in range(times)])


def seed_numpy_random(seed):
    """Where a submission that seeds it anew will hardly put it; and its state."""
    np.random.seed(seed)
    return state_of_numpy_random()


def state_of_numpy_random():
    """The state of the generator that np.random.seed seeds."""
    _, keys, position, *_ = np.random.get_state()
    return np.append(keys, position)
