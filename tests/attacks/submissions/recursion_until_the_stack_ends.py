"""Recurses without a limit until the stack of the process ends.

verdict: crashed
points: 0
levels: bubblewrap landlock
"""

import sys

sys.setrecursionlimit(10**9)


class Endless:
    def __repr__(self):
        return repr([self])

    def __getattr__(self, name):
        return getattr(self, name + "x")


repr(Endless())
