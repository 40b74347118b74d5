"""Sends messages far larger than any honest one, on both channels.

verdict: crashed | failed | timed_out | out_of_memory
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

kernel = get_ipython().kernel


def softmax(z):
    for _ in range(3):
        kernel.iopub_socket.send_multipart([b"stream", b"<IDS|MSG>", b"x" * 64, b"{}", b"{}", b"{}", bytes(30_000_000)])
    stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
    kernel.session.send(stream, "probe_payload", {"index": 0, "payload": "x" * 30_000_000}, kernel.get_parent("shell"),
                        ident=kernel._shell_parent_ident.get())
    return z
