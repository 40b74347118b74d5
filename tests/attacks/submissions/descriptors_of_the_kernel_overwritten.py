"""Puts a device that swallows everything in place of every descriptor of the process.

verdict: crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import os

null = os.open("/dev/null", os.O_RDWR)
for number in range(256):
    if number != null:
        try:
            os.fstat(number)
            os.dup2(null, number)
        except OSError:
            pass
