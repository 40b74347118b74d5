"""A process that has imported what kernels need and forks one at every request: it costs a hundredth of a start.

It runs nothing of any submission, and has no secret: what a fork inherits is code and imported modules. Started as
a program with one file descriptor: the socket on which `grader.zygote` asks. A request is a byte and the open files
of one kernel: where to write errors, configuration (see `launcher`), where to report, and the sockets to listen on.
"""

import array
import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

PR_SET_PDEATHSIG = 1
MAX_DESCRIPTORS = 16
KERNEL_MODULES = ("ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.zmqshell", "IPython.core.completerlib",
                  "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic",
                  "tornado.platform.asyncio", "tornado.queues", "unicodedata")
PROBE_MODULES = ("confinement", "locks", "codec", "probe")

Json = dict[str, Any]


def main() -> None:
    """Import, then fork until the grader closes its end of the socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    if sys.platform == "linux":
        die_with_parent()
    import launcher  # type: ignore[import-not-found, unused-ignore]

    with launcher.without_unused_modules():
        for name in KERNEL_MODULES:
            importlib.import_module(name)
    for name in (*PROBE_MODULES, *sys.argv[2:]):
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, lambda number, frame: reap())
    gc.collect()
    gc.freeze()  # what was imported is never looked at again: its memory stays shared
    parent = os.getpid()
    while True:
        descriptors = receive(control)
        if not descriptors:
            return
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            config = configure(descriptors, parent)
            forget_common_past()
            del sys.modules["launcher"]
            launcher.launch(config)
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def die_with_parent() -> None:
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def receive(control: socket.socket) -> list[int]:
    """The descriptors of the next request; none when the grader is gone."""
    size = array.array("i").itemsize
    data, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(MAX_DESCRIPTORS * size))
    descriptors = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[:len(content) - len(content) % size])
    return list(descriptors) if data else []


def configure(descriptors: list[int], parent: int) -> Json:
    """The kernel's configuration, with its own descriptors and environment."""
    stderr, request, status, *listeners = descriptors
    with os.fdopen(request, "rb") as stream:
        config: Json = json.load(stream)
    os.dup2(stderr, 1)
    os.dup2(stderr, 2)
    os.close(stderr)
    config["status_fd"] = status
    config["listeners"] = dict(zip(config["listeners"], listeners, strict=True))
    if config["guard"] is not None:
        config["guard"]["parent"] = parent
    os.environ.clear()
    os.environ.update(config["environment"])
    return config


def forget_common_past() -> None:
    """Random numbers and Keras's folder are a process's own, not what they were at the import."""
    import random

    random.seed()
    settings = sys.modules.get("keras.src.backend.config")
    if settings is not None:
        settings._KERAS_DIR = os.path.expanduser("~/.keras")  # type: ignore[attr-defined, unused-ignore]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    context = sys.modules.get("tensorflow.python.eager.context")
    if context is not None:
        context.context()._rng = random.Random()


def reap() -> None:
    """Take leave of the forks that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    main()
