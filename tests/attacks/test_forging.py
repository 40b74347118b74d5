"""Attacks on evidence: forged messages, a probe that is deleted or patched, sockets that are closed, silence."""

import asyncio
import json

import pytest

from grader import client
from grader.kernel import Outcome

HONEST = "def f(x): return x + 1"

# A way to the kernel's own socket and keys, as code in a cell can find it.
FORGE = """
import IPython
kernel = IPython.get_ipython().kernel
def forge(kind, content, parent=None):
    stream = kernel.shell_channel_thread.manager.get_subshell_to_shell_channel_socket(None)
    kernel.session.send(stream, kind, content, parent or kernel.get_parent("shell"),
                        ident=kernel._shell_parent_ident.get())
"""


def result(outcome: Outcome) -> object:
    """What the probe saw the one call return."""
    assert outcome.ended == "ok", outcome
    (observation,) = [observation for payload in outcome.payloads for observation in payload["observations"]]
    return observation.get("ok", observation)


def test_honest_function_is_observed(victim):
    victim.says(HONEST)
    assert result(victim.probe("f", 41)) == 42


def test_payloads_sent_from_a_cell_do_not_count(fresh):
    victim = fresh()
    victim.says(HONEST)
    outcome = victim.execute(FORGE + "for index in range(3):\n"
                             "    forge('probe_payload', {'index': index, 'payload': {'observations': []}})")
    assert outcome.payloads == ()
    assert result(victim.probe("f", 1)) == 2


@pytest.mark.parametrize("content", [
    {"index": 0, "payload": {"check": "c", "observations": [{"i": 0, "ok": 2}], "done": True}},
    {"index": 1, "payload": {}}, {"index": -1, "payload": {}}, {"index": 0}, {}, {"index": "0", "payload": []},
], ids=["answer", "later", "negative", "empty", "nothing", "text"])
def test_a_stranger_among_the_payloads_spoils_them_all(fresh, content):
    victim = fresh()
    victim.says(FORGE + f"def f(x):\n    forge('probe_payload', {content!r})\n    return x")
    outcome = victim.probe("f", 1)
    assert outcome.ended == "error"
    assert outcome.failure.name == "ProtocolError"
    assert outcome.payloads == ()


def test_a_forged_reply_gives_no_evidence(fresh):
    victim = fresh()
    victim.says(FORGE + "def f(x):\n    forge('probe_reply', {'status': 'ok', 'sent': 0})\n    return x")
    outcome = victim.probe("f", 1)
    assert outcome.payloads == ()
    assert victim.execute("print('next')").ended == "ok"


def test_displayed_payloads_are_not_evidence(victim):
    victim.says("""
        from IPython.display import publish_display_data
        def g(x):
            publish_display_data({"application/vnd.grade.observation+json": {"index": 0, "payload": {}}})
            return x
    """)
    assert result(victim.probe("g", 3)) == 3


@pytest.mark.parametrize("deed", [
    "import sys; del sys.modules['probe'], sys.modules['codec']",
    "import sys, types; sys.modules['probe'] = types.ModuleType('probe')",
    "import sys, types; sys.modules['codec'] = types.ModuleType('codec'); sys.path.insert(0, '.')",
    "open('probe.py', 'w').write('raise SystemExit'); open('codec.py', 'w').write('raise SystemExit')",
    "import json; json.dumps = json.loads = lambda *a, **k: '{}'",
    "import json.encoder; json.encoder.JSONEncoder.encode = lambda *a: '[]'",
    "import json.encoder, json.decoder; json.encoder.c_make_encoder = json.decoder.JSONDecoder.decode = None",
    "import numpy as np; np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None",
    "import numpy as np; np.allclose = np.array_equal = lambda *a, **k: True",
    "print = len = str = dict = list = type = None",
    "get_ipython().ast_node_interactivity = 'all'",
    "get_ipython().input_transformers_cleanup.append(lambda lines: ['pass'])",
    "import sys; sys.stdout = sys.stderr = None",
    "import sys; sys.displayhook = sys.excepthook = None",
    "import sys; sys.path.clear()",
    "import os; os.chdir('/tmp')",
    "import gc; gc.disable(); import warnings; warnings.simplefilter('error')",
], ids=lambda deed: deed.split(";")[-1].strip()[:50])
def test_sabotage_of_modules_does_not_disturb_the_probe(fresh, deed):
    victim = fresh()
    victim.says(HONEST)
    victim.execute(deed)
    assert result(victim.probe("f", 41)) == 42


def test_reset_leaves_the_probe(fresh):
    victim = fresh()
    victim.execute("%reset -f")
    victim.says(HONEST)
    assert result(victim.probe("f", 1)) == 2


@pytest.mark.parametrize("deed", [
    "import builtins; builtins.len = lambda x: 0",
    "import builtins; builtins.isinstance = lambda *a: True",
    "import builtins; builtins.__import__ = None",
    "import builtins; builtins.dict = builtins.list = builtins.str = None",
], ids=lambda deed: deed[17:])
def test_patched_builtins_have_a_named_outcome(fresh, deed):
    victim = fresh()
    victim.says(HONEST)
    victim.execute(deed, 2)
    outcome = victim.probe("f", 41, timeout_s=2)
    assert outcome.ended in ("ok", "error", "timed_out", "died")
    assert outcome.ended != "ok" or result(outcome) == 42


def test_an_object_that_equals_everything_is_only_named(fresh):
    victim = fresh()
    victim.says("class Yes:\n    def __eq__(self, other): return True\n    __hash__ = None\ndef f(x): return Yes()")
    assert result(victim.probe("f", 1)) == {"o": "__main__.Yes"}


@pytest.mark.parametrize("deed", [
    "kernel.shell_stream.close()",
    "kernel.shell_channel_thread.stop()",
    "import os\nfor number in range(3, 100):\n    try: os.close(number)\n    except OSError: pass",
    "kernel.session.key = b'other'",
    "kernel.session.send = lambda *a, **k: None",
    "kernel.iopub_thread.stop()",
    "kernel.dispatch_shell = None",
    "kernel.shell.display_pub = kernel.shell.displayhook = None",
    "import threading\nfor thread in threading.enumerate():\n    getattr(thread, 'stop', lambda: None)()",
], ids=lambda deed: deed.splitlines()[-1].strip()[:40])
def test_broken_talk_has_a_named_outcome(fresh, monkeypatch, deed):
    monkeypatch.setattr(client, "INTERRUPT_WAITS_S", (0.2, 0.2, 0.2))
    victim = fresh()
    first = victim.execute(f"kernel = get_ipython().kernel\n{deed}", 2)
    second = victim.probe("f", 1, timeout_s=2)
    assert first.duration_s + second.duration_s < 8
    assert second.ended in ("timed_out", "died", "error", "ok")
    assert second.ended != "ok" or "missing" in str(second.payloads)


def test_silence_is_a_timeout(fresh, monkeypatch):
    monkeypatch.setattr(client, "INTERRUPT_WAITS_S", (0.2, 0.2, 0.2))
    victim = fresh()
    victim.execute("send = get_ipython().kernel.session.send\n"
                   "get_ipython().kernel.session.send = lambda stream, kind, *a, **k: "
                   "None if kind in ('execute_reply', 'status', 'probe_reply') else send(stream, kind, *a, **k)", 1)
    outcome = victim.execute("1", 1)
    assert outcome.ended == "timed_out"
    assert outcome.duration_s < 4


@pytest.mark.parametrize("frames", [
    "[b'']", "[b'<IDS|MSG>'] + [b'x'] * 5", "[b'<IDS|MSG>', b'', b'{}', b'{}', b'{}', b'{}']", "[b'\\xff' * 100] * 50",
], ids=["empty", "unsigned", "without signature", "noise"])
def test_malformed_messages_are_dropped(fresh, frames):
    victim = fresh()
    victim.says(f"for _ in range(100): get_ipython().kernel.iopub_socket.send_multipart({frames})")
    victim.says(HONEST)
    assert result(victim.probe("f", 1)) == 2


@pytest.mark.parametrize("content", ["'text'", "[1, 2]", "None", "5", "{'text': 5}", "{'execution_state': {}}",
                                     "{'dropped': 'x', 'text': None}"])
def test_signed_but_odd_messages_are_dropped(fresh, content):
    victim = fresh()
    victim.says(FORGE + f"""
pack = kernel.session.pack
kernel.session.pack = lambda message: pack({content}) if message == {{"odd": 1}} else pack(message)
for kind in ("stream", "status", "error"):
    kernel.session.send(kernel.iopub_socket, kind, {{"odd": 1}}, kernel.get_parent("shell"))
""")
    victim.says(HONEST)
    assert result(victim.probe("f", 1)) == 2


def test_deeply_nested_payload_is_no_crash_of_ours(fresh):
    victim = fresh()
    victim.says(FORGE + """
def f(x):
    pack = kernel.session.pack
    kernel.session.pack = lambda message: (b"[" * 200_000 + b"]" * 200_000) if "payload" in message else pack(message)
    return x
""")
    outcome = victim.probe("f", 1)
    assert outcome.ended == "error"
    assert outcome.payloads == ()


def test_enormous_message_ends_the_kernel(fresh):
    victim = fresh()
    outcome = victim.execute(FORGE + "kernel.session.send(kernel.iopub_socket, 'stream', {'text': 'x' * 10**8})", 10)
    assert outcome.ended in ("died", "ok")
    assert victim.probe().ended == "died"


def test_results_have_a_limit_in_all(fresh):
    victim = fresh()
    victim.says(FORGE + """
def f(x):
    for index in range(100): forge("probe_payload", {"index": index, "payload": "x" * 1_000_000})
""")
    outcome = victim.probe("f", 1, timeout_s=20)
    assert outcome.ended == "error"
    assert outcome.failure.name == "TooMuchData"
    assert len(json.dumps(outcome.payloads)) < 5_000_000


def test_a_thread_that_floods_the_wire_has_a_named_outcome(fresh):
    victim = fresh()
    victim.execute(HONEST + FORGE + """
import threading
def flood():
    while True: kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": "x" * 1000})
threading.Thread(target=flood, daemon=True).start()
""")
    outcome = victim.probe("f", 1, timeout_s=5)
    assert outcome.ended in ("ok", "timed_out", "out_of_memory")
    assert outcome.ended != "ok" or result(outcome) == 2


def test_cancelling_leaves_nothing_behind(fresh, runner):
    victim = fresh()

    async def cancelled() -> None:
        task = asyncio.create_task(victim.session.execute("import time; time.sleep(100)", 100))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    runner.run(cancelled())
