"""Makes a million empty files.

verdict: failed | crashed | out_of_memory | timed_out
points: 0
levels: bubblewrap landlock
"""

import os
import tempfile

for folder in (tempfile.gettempdir(), "."):
    try:
        for number in range(500_000):
            os.close(os.open(f"{folder}/{number}", os.O_CREAT | os.O_WRONLY))
    except OSError:
        pass


def softmax(z):
    return z
