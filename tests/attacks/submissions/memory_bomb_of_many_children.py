"""Fills memory from many children, each of which stays below the limit.

verdict: out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import time

for _ in range(12):
    if os.fork() == 0:
        held = bytearray(100_000_000)
        time.sleep(1000)
time.sleep(1000)
