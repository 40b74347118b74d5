"""Attacks on what keeps kernels warm: nothing of a kernel reaches its parent, a neighbour, or the one after it.

Kernels of one zygote: the first does its worst, then another must find the same as one that was started cold.
`test_attacks.py` runs every whole submission warm as well as cold.
"""

import contextlib
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.errors import SandboxError
from grader.zygote import Zygote
from tests.attacks.conftest import Victim
from tests.attacks.traces import keeps_warm

only_warm = pytest.mark.parametrize("zygote", ["warm"], indirect=True)

STATE = """
    import gc, json, os, random, re, sys, threading
    import numpy as np
    def kind(name):
        try: return re.sub(r"\\d+", "N", os.readlink(f"/proc/self/fd/{name}"))
        except OSError: return ""
    status = [line.split() for line in open("/proc/self/status")]
    print(json.dumps({
        "environment": dict(os.environ), "path": sys.path, "argv": sys.argv, "flags": list(sys.flags),
        "directory": os.getcwd(), "home": sorted(os.listdir(os.environ["HOME"])), "work": os.listdir("."),
        "temporary": os.listdir(os.environ.get("TMPDIR", "/tmp")), "umask": os.umask(0o022), "groups": os.getgroups(),
        "hash": hash("seed"), "main": sorted(name for name in vars(sys.modules["__main__"]) if name[0] != "_"),
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "collector": [gc.isenabled(), gc.get_threshold()], "recursion": sys.getrecursionlimit(),
        "builtins": sorted(vars(__builtins__)), "finders": [repr(type(finder)) for finder in sys.meta_path],
        "settings": [np.get_printoptions(), np.geterr(), sys.getswitchinterval()],
        "rights": [words for words in status if words[0].startswith(("SigB", "SigI", "SigC", "Cap", "NoNew", "Seccomp"))],
        "descriptors": sorted(link for link in map(kind, os.listdir("/proc/self/fd")) if not link.startswith("/proc")),
        "shared": [line for line in open("/proc/self/maps") if line.split()[1][1] == "w" and line.split()[1][3] == "s"],
        "sum": [float(np.sum([1.0, 2.0])), json.dumps([1]), len("four")],
    }, default=str))
"""
WORST = """
    import builtins, gc, importlib, json, os, random, signal, sys, threading, time, types
    import numpy as np
    np.sum = lambda *args, **kwargs: 7
    json.dumps = lambda *args, **kwargs: '"poisoned"'
    np.random.seed(0); random.seed(0)
    np.seterr(all="raise"); np.set_printoptions(precision=1)
    builtins.len = lambda thing: 0
    os.environ["POISON"] = "1"; sys.path.insert(0, "/tmp"); sys.argv.append("poison")
    sys.setrecursionlimit(500); sys.setswitchinterval(1.0); gc.disable()
    for folder in (".", os.environ["HOME"], os.environ.get("TMPDIR", "/tmp"), "/tmp", "/dev/shm", os.path.dirname(np.__file__)):
        try: open(folder + "/numpy.py", "w").write("raise SystemExit")
        except OSError: pass
    for name, module in list(sys.modules.items()):
        if name.startswith("numpy"):
            for key, value in list(vars(module).items()):
                if isinstance(value, types.FunctionType):
                    try: value.__code__ = (lambda *args, **kwargs: 7).__code__
                    except ValueError: pass
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
"""
ANCESTORS = """
    import os, signal
    ancestors, pid = [], os.getpid()
    while pid > 1:
        try: pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        except OSError: pid = os.getppid() if not ancestors else 0
        ancestors += [pid] if pid else []
    ancestors = ancestors or [os.getppid()]
"""


def state(victim: Victim) -> dict[str, Any]:
    """What a kernel finds around it, without what is each one's own: the names of folders and its user."""
    told = victim.says(STATE).replace(str(victim.session.process.folder), "FOLDER")
    return dict(json.loads(told))


@pytest.fixture
def cold_state(runner, level) -> dict[str, Any]:
    victim = Victim(runner, level=level)
    try:
        return state(victim)
    finally:
        victim.close()


def parents(zygote: Zygote) -> list[psutil.Process]:
    """What keeps kernels warm, and what is around it."""
    return [process for child in psutil.Process().children() if keeps_warm(child)
            for process in (child, *child.children(recursive=True)) if process.status() != psutil.STATUS_ZOMBIE]


@only_warm
def test_warm_kernel_finds_what_a_cold_one_finds(fresh, cold_state):
    found = state(fresh())
    assert cold_state["shared"] == []
    assert cold_state["sum"] == [3.0, "[1]", 4]
    assert found == cold_state


@only_warm
def test_nothing_of_a_kernel_reaches_the_one_beside_it_or_after_it(fresh, cold_state):
    worst, beside = fresh(), fresh()
    worst.execute(WORST, 2)
    assert state(beside) == cold_state
    assert state(fresh()) == cold_state


@only_warm
def test_random_numbers_of_kernels_differ_and_are_not_foreseen(fresh):
    draw = """
        import os, random, secrets, tempfile, uuid
        import numpy as np
        print(random.random(), np.random.random(), np.random.default_rng().random(), uuid.uuid4(), secrets.token_hex(),
              os.path.basename(tempfile.mktemp()))
    """
    first, second, third = (fresh().says(draw).split() for _ in range(3))
    for numbers in zip(first, second, third, strict=True):
        assert len(set(numbers)) == 3, numbers


def test_keras_starts_as_in_a_process_of_its_own(runner, level):
    draw = """
        import random
        import keras, tensorflow as tf
        print(keras.layers.Dense(1).name, keras.backend.backend(), keras.config.floatx(), tf.executing_eagerly(),
              tf.config.threading.get_intra_op_parallelism_threads(), len(tf.config.list_physical_devices()))
        print(tf.random.uniform([1]).numpy(), keras.random.uniform([1]).numpy(),
              keras.initializers.GlorotUniform()([1, 1]).numpy())
    """
    said = []
    zygote = Zygote(level=level, modules=["numpy", "tensorflow", "keras"])
    for parent in (None, zygote, zygote):
        victim = Victim(runner, level=level, zygote=parent)
        said.append(victim.says(draw, 60).splitlines())
        victim.close()
    zygote.close()
    assert said[0][0] == said[1][0] == said[2][0]
    assert len({lines[1] for lines in said}) == 3


@only_warm
def test_parents_cannot_be_signalled(fresh, zygote):
    fresh().close()  # now it stands, and nothing below it
    before = parents(zygote)
    fresh().execute(ANCESTORS + """
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        for pid in {os.getppid(), *ancestors, 1}:
            for target, send in ((pid, os.kill), (os.getpgid(os.getppid()), os.killpg)):
                try:
                    if target > 0 and (send is os.kill or target != os.getpgrp()): send(target, number)
                except OSError: pass
    """)
    assert [process for process in before if process.is_running() and process.status() != psutil.STATUS_STOPPED] == before
    assert fresh().says("print('here')") == "here\n"


@only_warm
def test_parents_cannot_be_read_traced_or_opened(fresh):
    assert fresh().says(ANCESTORS + """
    import ctypes
    libc = ctypes.CDLL(None)
    got = []
    for pid in {os.getppid(), *ancestors, 1} - {0, os.getpid()}:
        for name in ("mem", "maps", "environ", "fd/0", "fd/3", "fdinfo/3", "root/etc", "cwd", "syscall", "auxv"):
            try:
                path = f"/proc/{pid}/{name}"
                got.append(os.listdir(path) if name in ("root/etc", "cwd") else open(path, "rb").read(1))
            except OSError: pass
        if libc.ptrace(16, pid, 0, 0) == 0: got.append("attached")
        try: got.append(os.pidfd_open(pid) and libc.syscall(438, os.pidfd_open(pid), 3, 0) >= 0 and "taken")
        except OSError: pass
    print([item for item in got if item])
    """) == "[]\n"


@only_warm
def test_no_descriptor_leads_to_the_zygote(fresh):
    """Requests to it go over one socket, which only the grader and the zygote hold."""
    assert fresh().says("""
        import os, socket, stat
        asked = []
        for number in map(int, os.listdir("/proc/self/fd")):
            try:
                if not stat.S_ISSOCK(os.fstat(number).st_mode): continue
                end = socket.socket(fileno=os.dup(number))
                end.setblocking(False)
                if end.type & 15 == socket.SOCK_SEQPACKET:
                    asked.append(number)
                    socket.send_fds(end, [b"k"], [0, 0, 0])
            except OSError: pass
        print(asked)
    """) == "[]\n"


@only_warm
def test_environment_and_arguments_of_parents_tell_nothing(fresh):
    said = fresh().says("""
        import os
        for pid in {1, *range(os.getppid() - 5, os.getpid() + 5)}:
            for name in ("cmdline", "environ"):
                try: print(open(f"/proc/{pid}/{name}", "rb").read())
                except OSError: pass
    """)
    for told in (str(Path(__file__).resolve().parent.parent), "--bind", "--args", os.environ.get("CANARY", "CANARY=")):
        assert told not in said.replace(str(Path(__file__).resolve().parent.parent / "grader" / "inside"), "")


@only_warm
def test_zygote_that_dies_is_replaced_and_its_kernels_are_gone(fresh, zygote, level):
    victim = fresh()
    before = parents(zygote)
    for process in before:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(before, timeout=5)
    deadline = time.monotonic() + 5
    while victim.session.alive and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not victim.session.alive
    assert fresh().says("print('here')") == "here\n"


def test_zygote_that_cannot_start_is_told_in_one_line(runner, level):
    zygote = Zygote(level=level, modules=["no_such_module"])
    with pytest.raises(SandboxError, match=r"^the kernel.*no_such_module"):
        Victim(runner, level=level, zygote=zygote)
    zygote.close()


def test_kernel_whose_parent_was_closed_leaves_nothing(runner, level):
    zygote = Zygote(level=level, modules=["numpy"])
    victim = Victim(runner, level=level, zygote=zygote)
    zygote.close()
    victim.close()
    assert victim.left_running() == []
    assert not victim.session.process.folder.exists()
