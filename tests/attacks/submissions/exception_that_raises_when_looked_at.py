"""Raises exceptions whose text, class and traceback raise in turn, or end the program.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""


class Meta(type):
    def mro(cls):
        return [cls, Exception, BaseException, object]

    @property
    def __module__(cls):
        raise SystemExit

    @property
    def __qualname__(cls):
        raise KeyboardInterrupt


class Thorn(Exception, metaclass=Meta):
    def __str__(self):
        raise SystemExit(0)

    def __getattribute__(self, name):
        raise KeyboardInterrupt

    @property
    def __traceback__(self):
        raise GeneratorExit


def softmax(z):
    raise Thorn


def cross_entropy(*args):
    raise SyntaxError("passed", ("exercise_03.py", -1, 10**9, object(), "x", []))


def sparse_cross_entropy(*args):
    raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "\udcff\x00\x1b[2J")


def binary_cross_entropy(*args):
    raise BaseExceptionGroup("x", [SystemExit(), KeyboardInterrupt()])


def grad_logits(*args):
    raise StopIteration(Thorn())
