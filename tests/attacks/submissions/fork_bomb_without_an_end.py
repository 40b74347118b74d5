"""Forks as often as it can, and every child does, too.

verdict: timed_out | out_of_memory | crashed | failed
points: 0
levels: bubblewrap landlock
"""

import os

while True:
    try:
        os.fork()
    except OSError:
        pass
