"""Starts a daemon and ends the kernel at once, so that nobody is left to be its parent.

verdict: crashed
points: 0
levels: bubblewrap landlock
"""

import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1)
    os._exit(0)
time.sleep(0.1)
os._exit(0)
