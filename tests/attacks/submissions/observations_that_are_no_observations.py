"""Takes the probe's place and sends odd data: wrong types, huge numbers, deep nests, lies about shapes and bytes.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

kernel = get_ipython().kernel
DEEP = 0
for _ in range(200):
    DEEP = {"l": [DEEP]}
ODD = [
    None, 5, [], "ok", {}, {"ok": 1, "err": {}}, {"ok": DEEP}, {"ok": {"a": ["<f8", [2**40, 2**40], ""]}},
    {"ok": {"a": ["O", [1], "AAAAAAAAAAA="]}}, {"ok": {"a": ["<f8", [-1], "AAAAAAAA8D8="]}}, {"ok": {"__reduce__": []}},
    {"ok": {"s": ["<U9", "////////"]}}, {"ok": 2**4000}, {"ok": {"f": "1e999"}}, {"err": {"kinds": 5}},
    {"err": {"kinds": ["builtins.ValueError"] * 10**5, "message": "x" * 10**5, "frames": [["\x1b[2J", -1, "<b>"]] * 1000}},
    {"ok": {"d": [[{"l": []}, 1]]}}, {"ok": 0.5, "ms": "soon", "after": {"z": DEEP}}, {"ok": {"c": [{"f": "nan"}, "x"]}},
    {"late": True, "ok": 0.5}, {"ok": {"a": ["<M8[s]", [1], "AAAAAAAA8D8="]}}, {"ok": {"p": 5}},
]


def forge(stream, ident, parent):
    request = parent["content"]["request"]
    observations = [odd | {"i": step} if isinstance(odd, dict) else odd for step in range(-1, 60) for odd in ODD[step % 5::5]]
    for index, payload in enumerate([{"check": request["check"], "observations": observations}, 5, None, {"check": []}]):
        kernel.session.send(stream, "probe_payload", {"index": index, "payload": payload}, parent, ident=ident)
    kernel.session.send(stream, "probe_reply", {"status": "ok", "sent": 4}, parent, ident=ident)


kernel.shell_handlers["probe_request"] = forge
