"""Sends messages of many frames faster than anybody can read them, and dies while they are being read.

verdict: crashed
points: 0
levels: bubblewrap landlock
"""

import os
import time

from IPython import get_ipython

kernel = get_ipython().kernel


def softmax(z):
    for _ in range(400):
        kernel.iopub_thread.socket.send_multipart([b"x"] * 150)
    time.sleep(0.01)
    os._exit(0)
