"""Returns lists, dictionaries and generators that never end, and one that holds itself.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import itertools

ITSELF = []
ITSELF.append(ITSELF)


class Endless(list):
    def __iter__(self):
        return itertools.count()


class EndlessPairs(dict):
    def items(self):
        return ((number, number) for number in itertools.count())


def softmax(z):
    return Endless([1])


def cross_entropy(*args):
    return EndlessPairs(a=1)


def sparse_cross_entropy(*args):
    return itertools.count()


def binary_cross_entropy(*args):
    while True:
        ITSELF.append(ITSELF)
        return ITSELF


def grad_logits(*args):
    return (number for number in itertools.count())
