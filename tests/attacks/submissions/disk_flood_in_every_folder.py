"""Writes files of a few megabytes, into every folder that takes them, until the disk is full.

verdict: failed | crashed | out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import tempfile

number = 0
for folder in (".", tempfile.gettempdir(), "/dev/shm", os.path.expanduser("~")):
    try:
        while number < 300:
            number += 1
            with open(f"{folder}/flood-{number}", "wb") as stream:
                for _ in range(6):
                    stream.write(os.urandom(1 << 20))
    except OSError:
        pass


def softmax(z):
    return z
