"""A warm start for kernels: a process that has imported what they need and forks one at every request.

Each fork makes its own namespaces, user and limits (`inside/confinement.py`), so that kernels of one zygote are as far
apart as those of separate starts. See `inside/zygote.py` for what runs in it.
"""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from grader import sandbox
from grader.errors import SandboxError
from grader.sandbox import Level
from grader.spawn import in_bubblewrap, inside_code, spawn
from grader.spec import Limits

CLOSE_WAIT_S = 5.0
MAX_SAID = 500


class Zygote:
    """One such process, started at the first request and again should it have died. Safe to use from many threads."""

    def __init__(self, *, level: Level, modules: Sequence[str], hidden: Sequence[Path] = (),
                 datasets: Sequence[Path] = (), limits: Limits | None = None) -> None:
        self.level = level
        self.limits = limits or Limits()
        self.modules = tuple(modules)
        self.hidden = tuple(hidden)
        self.datasets = tuple(datasets)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._has_forked = False
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the rest

    def start(self) -> None:
        """Start importing, if that has not been done; requests may come at once."""
        with self._lock:
            self._ensure()

    def fork(self, descriptors: Sequence[int]) -> None:
        """Have a kernel forked that is given these open files; raises `SandboxError`."""
        with self._lock:
            for _ in range(2):
                control = self._ensure()
                with contextlib.suppress(OSError):
                    socket.send_fds(control, [b"k"], list(descriptors))
                    self._has_forked = True
                    return
                self._end()
        raise SandboxError(f"the kernels' parent process died: {self.last_words()}; `grade doctor` tells more")

    def last_words(self) -> str:
        """What it complained of last; nothing if it never did."""
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:MAX_SAID] if lines else ""

    def close(self) -> None:
        """End it, with all the kernels that it forked."""
        with self._lock:
            self._end()
            self._said.close()

    def _ensure(self) -> socket.socket:
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._control is not None:
            return self._control
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with contextlib.ExitStack() as handed_over:
            handed_over.enter_context(theirs)
            policy = sandbox.make_policy(limits=self.limits, code=inside_code(), files={}, hidden=self.hidden,
                                         datasets=self.datasets)
            folder = sandbox.GRADER_FOLDER if self.level is Level.BUBBLEWRAP else Path(__file__).parent / "inside"
            argv = [sys.executable, f"{folder}/zygote.py", str(theirs.fileno()), *self.modules]
            environment: Mapping[str, str] = {}  # which bwrap sets
            passed: list[int] = []
            if self.level is Level.BUBBLEWRAP:
                argv, passed = in_bubblewrap(policy, argv, handed_over, nests=True)
            else:  # of the host's folders, none is a home for what libraries leave there when they are imported
                environment = sandbox.kernel_environment(
                    Path(os.devnull), Path(sys.prefix), threads=self.limits.threads,
                    shared_memory=sandbox.opens_shared_memory(self.level, policy))
            self._process = spawn(argv, environment, self._said.fileno(), [theirs.fileno(), *passed])
        return self._control

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            if not self._has_forked:
                self._process.kill()  # it would first import all that nobody needs any more
            try:
                self._process.wait(CLOSE_WAIT_S if self._process.poll() is None else 0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = self._control = None
        self._has_forked = False
