"""Sends replies of its own through the kernel's session while a call of the probe is answered.

verdict: failed | crashed
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

kernel = get_ipython().kernel


def forge(kind, content):
    stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
    kernel.session.send(stream, kind, content, kernel.get_parent("shell"), ident=kernel._shell_parent_ident.get())


def softmax(z):
    forge("probe_reply", {"status": "ok", "sent": 0, "verdict": "passed", "points": 10})
    forge("execute_reply", {"status": "ok", "points": 10, "max_points": 10})
    return z


cross_entropy = sparse_cross_entropy = binary_cross_entropy = lambda *args: softmax(0.0)
