"""Reports the end of its work at once and goes on working, to slip out of the time limit.

verdict: timed_out | failed | crashed
points: 0
levels: bubblewrap landlock
"""

import time

from IPython import get_ipython

kernel = get_ipython().kernel
kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, kernel.get_parent("shell"))
stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
kernel.session.send(stream, "probe_reply", {"status": "ok", "sent": 0}, kernel.get_parent("shell"),
                    ident=kernel._shell_parent_ident.get())
while True:
    try:
        time.sleep(100)
    except KeyboardInterrupt:
        pass
