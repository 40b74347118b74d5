"""Stops the kernel's threads and its event loop, and takes its handlers away.

verdict: crashed | timed_out | failed
points: 0
levels: bubblewrap landlock
"""

import asyncio
import threading

from IPython import get_ipython

kernel = get_ipython().kernel
kernel.shell_handlers.clear()
kernel.dispatch_shell = None
for thread in threading.enumerate():
    getattr(thread, "stop", lambda: None)()
asyncio.get_event_loop_policy().get_event_loop().stop()
