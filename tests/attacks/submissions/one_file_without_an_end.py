"""Writes one file that grows for ever, sparse and full.

verdict: failed | crashed | out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
LOOT = []
try:
    os.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), 1 << 40)
    LOOT.append("sparse")
except OSError:
    pass
try:
    os.posix_fallocate(os.open("full", os.O_CREAT | os.O_RDWR), 0, 1 << 30)
    LOOT.append("full")
except OSError:
    pass
try:
    with open("large", "wb") as stream:
        while True:
            stream.write(bytes(1 << 20))
except OSError:
    pass


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
