"""Defines functions that are objects: their name, text, signature and call are traps.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""


class Trap:
    __name__ = __qualname__ = __doc__ = "\x1b[2J<script>alert(1)</script>" * 1000
    __signature__ = 5

    def __call__(self, *args, **kwargs):
        return self

    def __get__(self, instance, owner):
        raise SystemExit

    def __repr__(self):
        raise SystemExit

    @property
    def __code__(self):
        raise SystemExit

    @property
    def __wrapped__(self):
        return self


softmax = cross_entropy = sparse_cross_entropy = binary_cross_entropy = Trap()
grad_logits = Trap
predict_classes = type("softmax", (), {"__new__": lambda cls, *args: 1 / 0})
