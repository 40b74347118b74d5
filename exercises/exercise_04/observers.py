"""Activations to hand to `dense`. Runs inside the kernel."""

import numpy as np


def heaviside():
    return lambda z: np.where(np.asarray(z) >= 0, 1, 0)


def tanh():
    return np.tanh


def cube():
    """Not bounded, and not the same when applied twice or not at all."""
    return lambda z: z**3
