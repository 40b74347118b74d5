"""Starting processes, in bubblewrap or as they are, and holding on to them."""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import bubblewrap
from grader.errors import SandboxError
from grader.sandbox import Policy


def inside_code() -> dict[str, bytes]:
    """The modules that run in the sandbox, by file name."""
    folder = Path(__file__).parent / "inside"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"}


def spawn(argv: Sequence[str], environment: Mapping[str, str], output: int,
          descriptors: Sequence[int]) -> "subprocess.Popen[bytes]":
    """Start a process that has nothing of ours but these open files; raises `SandboxError`.

    The starting thread must outlive it: Linux kills it with the thread (`--die-with-parent`).
    """
    try:
        return subprocess.Popen(argv, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                pass_fds=descriptors, start_new_session=True, cwd="/")
    except OSError as error:
        raise SandboxError(f"the kernel could not be started: {error}") from error


def in_bubblewrap(policy: Policy, argv: Sequence[str], handed_over: contextlib.ExitStack, *, info: int | None = None,
                  nests: bool = False) -> tuple[list[str], list[int]]:
    """The command line that runs another one in the sandbox, and the descriptors that it needs open."""
    def hand_over(content: bytes) -> int:
        descriptor: int = handed_over.enter_context(as_file(content)).fileno()
        return descriptor

    found = bubblewrap.find_bubblewrap()
    if found is None:
        raise SandboxError(f"`bwrap` was not found; {bubblewrap.INSTALL}")
    data = [hand_over(file.content) for file in bubblewrap.data_files(policy)]
    bwrap, *options = bubblewrap.bubblewrap_argv(policy, bwrap=found, data=data, info=info, nests=nests)
    # in a file: the sandbox can read the command line of its first process
    arguments = hand_over(b"\0".join(os.fsencode(word) for word in options) + b"\0")
    return ([bwrap, "--args", str(arguments), "--", *argv],
            [*data, arguments, *([info] if info is not None else [])])


def as_file(content: bytes) -> Any:
    """An open nameless file that holds `content`, at its beginning."""
    stream = tempfile.TemporaryFile(prefix="grade-")  # noqa: SIM115 - its user closes it
    stream.write(content)
    stream.flush()
    stream.seek(0)
    return stream


class Pid:
    """A process that, where Linux has pidfds, cannot be mistaken for a later one of the same number."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:  # a descriptor that becomes readable when the process ends
            self.descriptor = os.pidfd_open(pid)
        except (AttributeError, OSError):
            self.descriptor = -1

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            if self.descriptor >= 0:
                signal.pidfd_send_signal(self.descriptor, number)
            else:
                os.kill(self.pid, number)

    def wait_gone(self, timeout: float) -> None:
        if self.descriptor >= 0:
            poller = select.poll()
            poller.register(self.descriptor, select.POLLIN)
            poller.poll(timeout * 1000)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
