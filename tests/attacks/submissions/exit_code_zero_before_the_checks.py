"""Ends the process with success, so that nobody can say it failed.

verdict: crashed
points: 0
levels: bubblewrap landlock
"""

import os
import sys

print("10 / 10 passed")
sys.stdout.flush()
os._exit(0)
