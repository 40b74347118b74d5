"""Returns values far too large to send: arrays, lists, texts, integers, nests.

verdict: failed | crashed | out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""

import numpy as np


def softmax(z):
    return np.zeros(5_000_000)


def cross_entropy(*args):
    return [0.0] * 1_000_000


def sparse_cross_entropy(*args):
    return "x" * 50_000_000


def binary_cross_entropy(*args):
    return 1 << 100_000_000


def cross_entropy_from_logits(*args):
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest


def grad_logits(*args):
    return {number: str(number) for number in range(300_000)}
