"""Answers under other message ids, other sessions, other message types, and twice.

verdict: failed | crashed
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

kernel = get_ipython().kernel
ODD_PARENTS = [{}, {"header": {}}, {"header": {"msg_id": "0" * 32, "session": "other"}}, {"header": {"msg_id": ["x"]}}]


def softmax(z):
    stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
    for parent in [*ODD_PARENTS, kernel.get_parent("shell")]:
        for kind in ("kernel_info_reply", "shutdown_reply", "complete_reply", "input_request", "probe_request"):
            for ident in (b"other", kernel._shell_parent_ident.get()):
                kernel.session.send(stream, kind, {"status": "ok", "restart": True}, parent, ident=ident)
    return z


def cross_entropy(*args):
    softmax(0)
    kernel.session.session = "another session"
    return 0.0
