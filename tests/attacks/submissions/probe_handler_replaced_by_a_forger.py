"""Takes the probe's place in the kernel and answers its requests itself, every step with the same value.

verdict: failed | crashed
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

kernel = get_ipython().kernel


def forge(stream, ident, parent):
    request = parent["content"]["request"]
    observations = [{"i": step["i"], "ok": {"a": ["<f8", [2], "AAAAAAAA4D8AAAAAAADgPw=="]}, "after": {}, "ms": 0.1, "warned": []}
                    for step in request["steps"]]
    payload = {"check": request["check"], "observations": observations, "done": True}
    kernel.session.send(stream, "probe_payload", {"index": 0, "payload": payload}, parent, ident=ident)
    kernel.session.send(stream, "probe_reply", {"status": "ok", "sent": 1}, parent, ident=ident)


kernel.shell_handlers["probe_request"] = forge
