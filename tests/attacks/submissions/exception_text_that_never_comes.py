"""Raises an exception whose text takes for ever to be made, and swallows the interrupts meanwhile.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""


class Slow(Exception):
    def __str__(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass

    __repr__ = __str__


def softmax(z):
    raise Slow
