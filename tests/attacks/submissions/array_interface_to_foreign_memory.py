"""Returns objects that say their data lie at an address that is not theirs.

verdict: failed | crashed
points: 0
levels: bubblewrap landlock
"""


class Foreign:
    def __init__(self, address, size):
        self.__array_interface__ = {"shape": (size,), "typestr": "|u1", "data": (address, False), "version": 3}

    def __array__(self, *args, **kwargs):
        raise TypeError("no")


def softmax(z):
    return Foreign(0xFFFFFFFFFF000000, 8)


def cross_entropy(*args):
    import numpy as np

    return np.asarray(Foreign(8, 1 << 40))


sparse_cross_entropy = binary_cross_entropy = cross_entropy
