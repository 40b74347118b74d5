"""Stops the clocks, the alarms and the interrupts that end a call, then works for ever.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

import signal
import time

time.monotonic = time.perf_counter = time.time = lambda: 0.0
real_signal = signal.signal
signal.signal = lambda *args: None
signal.setitimer = signal.alarm = lambda *args: (0.0, 0.0)


def softmax(z):
    for number in (signal.SIGALRM, signal.SIGINT, signal.SIGTERM):
        real_signal(number, signal.SIG_IGN)
    while True:
        pass
