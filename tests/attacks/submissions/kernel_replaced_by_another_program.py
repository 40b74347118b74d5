"""Replaces the kernel, in its own process, by a program that writes praise on every descriptor.

verdict: crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import sys

for number in range(3, 256):
    try:
        os.set_inheritable(number, True)
    except OSError:
        pass
PROGRAM = """
import os, time
for number in range(256):
    try: os.write(number, b'{"status": "ok", "points": 10}')
    except OSError: pass
time.sleep(1000)
"""
os.execv(sys.executable, [sys.executable, "-c", PROGRAM])
