"""Stops its own process, so that it neither works nor ends.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
