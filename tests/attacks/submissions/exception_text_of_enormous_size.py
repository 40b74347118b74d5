"""Raises exceptions whose text, class name and chain of causes are huge.

verdict: failed | crashed | out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""


def softmax(z):
    raise ValueError("x" * 50_000_000)


def cross_entropy(*args):
    raise type("E" * 5_000_000, (Exception,), {})("\n" * 1_000_000)


def sparse_cross_entropy(*args):
    error = None
    for _ in range(10_000):
        error, cause = RuntimeError("y" * 100), error
        error.__cause__ = cause
    raise error


def binary_cross_entropy(*args):
    raise ExceptionGroup("many", [ValueError(number) for number in range(100_000)])


def grad_logits(*args):
    def deeper(depth):
        if depth == 0:
            raise KeyError("deep" * 1000)
        deeper(depth - 1)

    deeper(900)
