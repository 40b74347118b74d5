"""Fills memory with arrays until there is none left.

verdict: out_of_memory
points: 0
levels: bubblewrap landlock
"""

import numpy as np

HELD = []
while True:
    HELD.append(np.ones(2_000_000))
