"""Handles every signal by ignoring it, and waits for ever while it is loaded.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

import signal
import time

for number in signal.valid_signals():
    try:
        signal.signal(number, lambda *args: None)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    time.sleep(1000)
