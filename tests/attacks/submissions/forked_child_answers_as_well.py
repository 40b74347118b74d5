"""Forks inside a call, so that two processes answer for one on the same sockets.

verdict: failed | crashed | timed_out | out_of_memory
points: 0
levels: bubblewrap landlock
"""

import os


def softmax(z):
    os.fork()
    return z
