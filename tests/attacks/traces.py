"""Finds what a sandbox has left running, whatever became of the parents of its processes."""

import os
from collections.abc import Collection

import psutil

from grader.process import KernelProcess
from grader.sandbox import UIDS, Level


class Traces:
    """What tells the processes of one sandbox from all others: a pid namespace or a user of its own, or descent.

    `before` are the descendants of this process that were there when the sandbox was not.
    """

    def __init__(self, process: KernelProcess, before: Collection[psutil.Process]) -> None:
        assert process.kernel_pid is not None
        self.namespace = _namespace(process.kernel_pid)
        self._held = os.open(f"/proc/{process.kernel_pid}/ns/pid", os.O_RDONLY)  # else its number could be another's
        self.user = _user(psutil.Process(process.kernel_pid))
        self.before = before
        self.family = psutil.Process() if process.level is Level.LANDLOCK and self.user not in UIDS else None

    def __del__(self) -> None:
        os.close(self._held)

    def left_running(self) -> list[str]:
        """The processes that still exist; a zombie is but an entry in a table."""
        own = _namespace(os.getpid())
        family = [child for child in self.family.children(recursive=True)
                  if child not in self.before and not keeps_warm(child)] if self.family is not None else []
        return [f"{process.pid} {process.name()}" for process in psutil.process_iter() if _runs(process) and (
            process in family or (self.namespace != own and _namespace(process.pid) == self.namespace)
            or (self.user in UIDS and _user(process) == self.user))]


def keeps_warm(process: psutil.Process) -> bool:
    """Whether it is ours, there before the sandbox and after it: its forks look the same, but are its children."""
    try:
        return process.ppid() == os.getpid() and any(word.endswith("/zygote.py") for word in process.cmdline())
    except psutil.Error:
        return False


def _namespace(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return "unknown"


def _user(process: psutil.Process) -> int:
    try:
        return int(process.uids().real)
    except psutil.Error:
        return -1


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
