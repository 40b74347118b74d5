"""Returns objects that raise whatever is asked of them, some of it no `Exception`.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""


class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(name)

    def __instancecheck__(cls, instance):
        raise KeyboardInterrupt


class Thorn(metaclass=Meta):
    def __getattribute__(self, name):
        raise GeneratorExit(name)

    def __repr__(self):
        raise BaseException


class Prickly(dict):
    def items(self):
        raise SystemExit

    def __iter__(self):
        raise KeyboardInterrupt


def softmax(z):
    return object.__new__(Thorn)


def cross_entropy(*args):
    return Prickly(a=1)


def sparse_cross_entropy(*args):
    return [Prickly(a=1), Thorn]


grad_logits = binary_cross_entropy = sparse_cross_entropy
