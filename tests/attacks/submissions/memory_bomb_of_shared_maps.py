"""Fills memory with shared maps that count for no process alone.

verdict: out_of_memory | crashed
points: 0
levels: bubblewrap landlock
"""

import mmap

HELD = []
while True:
    HELD.append(mmap.mmap(-1, 50_000_000))
    HELD[-1].write(b"x" * 50_000_000)
