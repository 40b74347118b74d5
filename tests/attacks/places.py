"""What lies about on a grader's machine, with a secret in each: files, a process, sockets, a descriptor. Nothing of it
may be read, changed or spoken to; `Places` knows afterwards whether it was.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import ROOT

SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")
SOURCES = ("exercises/exercise_03", "solutions/exercise_03")


class Places:
    """A home, a folder for temporary files, a course, a neighbour and his sockets; everybody may read the files.

    A context manager. Inside it they are those of the grading process: `HOME`, `tempfile`, an environment variable.
    """

    def __init__(self) -> None:
        self.secret = f"canary{secrets.token_hex(12)}"
        self.mark = f"mark{secrets.token_hex(6)}"  # part of the name of all that an attack leaves anywhere
        self.folder = Path(tempfile.mkdtemp(prefix="attacks-"))
        self.home, self.temporary, self.course = (self.folder / name for name in ("home", "tmp", "course"))
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> "Places":
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self.folder)
            self._make_files(stack)
            self._make_sockets(stack)
            self._start_neighbour(stack)
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setenv("HOME", str(self.home))
            patch.setenv("CANARY", self.secret)
            patch.setenv("GRADE_CACHE", stack.enter_context(tempfile.TemporaryDirectory(prefix="cache-")))
            patch.setenv("TMPDIR", str(self.temporary))
            patch.setattr(tempfile, "tempdir", None)
            self.untouched = self._files()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def _make_files(self, stack: contextlib.ExitStack) -> None:
        for source in SOURCES:
            shutil.copytree(ROOT / source, self.course / source)
        shutil.copy(ROOT / "course.toml", self.course)
        self.outside = [Path(folder) / f"{self.secret[:14]}.txt" for folder in SHARED_FOLDERS[1:]]
        self.files = [self.home / ".netrc", self.home / ".ssh" / "id_ed25519", self.temporary / "canary.txt",
                      self.course / "solutions" / "exercise_03" / "canary.txt", *self.outside]
        for path in self.files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.secret)
        for path in self.outside:
            stack.callback(path.unlink)
        for path in (self.folder, *self.folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.temporary.chmod(0o1777)
        self.descriptor = os.open(self.files[0], os.O_RDONLY)
        stack.callback(os.close, self.descriptor)
        os.set_inheritable(self.descriptor, True)

    def _make_sockets(self, stack: contextlib.ExitStack) -> None:
        self.path_socket = str(self.folder / "socket")
        self.abstract_socket = f"\0{self.secret[:14]}"
        self.sockets: list[socket.socket] = []
        for family, kind, address in ((socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
                                      (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
                                      (socket.AF_UNIX, socket.SOCK_STREAM, self.path_socket),
                                      (socket.AF_UNIX, socket.SOCK_STREAM, self.abstract_socket)):
            listener = stack.enter_context(socket.socket(family, kind))
            listener.bind(address)
            listener.setblocking(False)
            if kind == socket.SOCK_STREAM:
                listener.listen(64)
            self.sockets.append(listener)
        os.chmod(self.path_socket, 0o777)

    def _start_neighbour(self, stack: contextlib.ExitStack) -> None:
        """A process of the grading user that holds secrets in its environment and its command line."""
        process = stack.enter_context(subprocess.Popen(  # a name of its own, so that the secret is an argument
            [f"sleep-{self.secret}", "100000"], executable=shutil.which("sleep"), env={"CANARY": self.secret}))
        stack.callback(process.kill)
        self.neighbour = psutil.Process(process.pid)
        while self.neighbour.status() != psutil.STATUS_SLEEPING:
            time.sleep(0.01)
        self._state = self._neighbour_state()

    def told(self, cache: Path) -> dict[str, Any]:
        """All that the attacks are told, so that they need not search."""
        port, datagram_port = (listener.getsockname()[1] for listener in self.sockets[:2])
        return {
            "files": [*map(str, self.files), str(self.course / "solutions" / "exercise_03" / "solution.py")],
            "folders": [*map(str, (self.home, self.temporary, self.course, cache)), *SHARED_FOLDERS],
            "pids": [os.getpid(), self.neighbour.pid], "descriptor": self.descriptor, "mark": self.mark,
            "port": port, "datagram_port": datagram_port, "path_socket": self.path_socket,
            "abstract_socket": self.abstract_socket, "cache": str(cache)}

    # ------------------------------------------------------------ afterwards

    def complaints(self) -> list[str]:
        """What was done to them since the last time."""
        before, self.untouched = self.untouched, self._files()
        return [*self._changes(before, self.untouched), *self._signs()]

    def _changes(self, before: dict[str, tuple[object, ...]], after: dict[str, tuple[object, ...]]) -> Iterator[str]:
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) != after.get(path):
                yield f"{path}: was {before.get(path)}, is {after.get(path)}"

    def _signs(self) -> Iterator[str]:
        if any(self._was_called(listener) for listener in self.sockets):
            yield "a socket was spoken to"
        if self._neighbour_state() != self._state:
            yield f"the neighbour was {self._state}, is {self._neighbour_state()}"
        for folder in SHARED_FOLDERS:
            yield from (f"{folder}/{name} was left" for name in os.listdir(folder) if self.mark in name)

    def _files(self) -> dict[str, tuple[object, ...]]:
        paths = [self.folder, *self.folder.rglob("*"), *self.outside]
        return {str(path): self._facts(path) for path in paths}

    def _facts(self, path: Path) -> tuple[object, ...]:
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        times = () if path == self.temporary else (status.st_mtime_ns, status.st_ctime_ns)  # the grader works there
        return status.st_ino, oct(status.st_mode), status.st_nlink, status.st_uid, status.st_gid, content, times

    def _was_called(self, listener: socket.socket) -> bool:
        try:
            if listener.type == socket.SOCK_DGRAM:
                listener.recv(1)
            else:
                listener.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def _neighbour_state(self) -> dict[str, Any]:
        return self.neighbour.as_dict(["status", "nice", "cpu_affinity", "ionice", "num_threads"]) | {
            "limits": self.neighbour.rlimit(psutil.RLIMIT_NOFILE),
            "oom": Path(f"/proc/{self.neighbour.pid}/oom_score_adj").read_text()}
