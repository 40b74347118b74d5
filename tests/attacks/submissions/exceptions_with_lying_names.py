"""Raises exceptions that bear the names of others, to earn the points for refused arguments or another verdict.

verdict: failed | out_of_memory
points: 0
levels: bubblewrap landlock
"""


class Meta(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True


def lying(name, base=Exception):
    return Meta(name, (base,), {"__module__": "builtins", "__qualname__": name})


def softmax(*args):
    raise lying("MemoryError")("passed")


def cross_entropy(*args, **kwargs):
    raise lying("ValueError")("refused")


def sparse_cross_entropy(*args, **kwargs):
    raise lying("TimeoutError", BaseException)


def binary_cross_entropy(*args, **kwargs):
    raise lying("CallTimedOut", BaseException)


def grad_logits(*args, **kwargs):
    raise lying("NothingToUse")


def softmax_jacobian(*args, **kwargs):
    raise lying("KernelDied")
