"""Closes every descriptor of the process.

verdict: crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import os

os.closerange(3, 4096)
