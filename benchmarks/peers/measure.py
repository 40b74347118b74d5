"""What a command costs: wall-clock time, processor time of every process it started, memory of its kernels."""

import contextlib
import ctypes
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from peers.environments import activated

PR_SET_CHILD_SUBREAPER = 36
MEBIBYTE = 1 << 20
SAMPLE_S = 0.1


@dataclass(frozen=True)
class Cost:
    """Seconds of one command."""

    wall_s: float
    cpu_s: float


def adopt_orphans() -> None:
    """Let processes whose parent ended become this process's children, so that their time is counted too."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end."""
    with account() as meter:
        started = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=activated(command[0]), capture_output=True, text=True,
                              check=False, preexec_fn=meter.join)
        wall_s = time.perf_counter() - started
        _require_success(command, done.returncode, done.stdout + done.stderr)
        reap()
        return Cost(wall_s, meter.seconds())


class Meter:
    """Processor seconds of the processes that joined and of all that they started, as a cgroup counts them."""

    def __init__(self, group: Path, usage: Path) -> None:
        self._group = group
        self._usage = usage

    def join(self) -> None:
        """Have this process counted; also between fork and exec."""
        (self._group / "cgroup.procs").write_text(str(os.getpid()))

    def seconds(self) -> float:
        text = self._usage.read_text()
        found = re.search(r"^usage_usec (\d+)", text)
        return int(found[1]) / 1e6 if found else int(text) / 1e9


class Waited:
    """The same where there is no cgroup to be had: only processes that somebody waited for are counted.

    Those that end with their pid namespace are not: what sandboxes started is missing.
    """

    def __init__(self) -> None:
        self._before = children_cpu()

    def join(self) -> None:
        """All children are counted anyway."""

    def seconds(self) -> float:
        return children_cpu() - self._before


@contextlib.contextmanager
def account() -> Iterator[Meter | Waited]:
    """Counts processor time from here on; needs root and cgroups, of either version, to count all of it."""
    for root, usage in ((Path("/sys/fs/cgroup"), "cpu.stat"), (Path("/sys/fs/cgroup/cpuacct"), "cpuacct.usage")):
        group = root / f"benchmark-{os.getpid()}"
        try:
            group.mkdir()
        except OSError:
            continue
        if not (group / "cgroup.procs").exists() or not (group / usage).exists():
            group.rmdir()
            continue
        try:
            yield Meter(group, group / usage)
        finally:
            reap()
            group.rmdir()
        return
    yield Waited()


def peak_memory(commands: Sequence[Sequence[str]], folder: Path, mark: str) -> float:
    """Megabytes (PSS) of all kernels at their peak, while the commands run side by side.

    Kernels are processes with `mark` in their command line; without a mark, all that a command started.
    """
    running = [subprocess.Popen(command, cwd=folder, env=activated(command[0]), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL) for command in commands]
    graders = {process.pid for process in running}
    peak = 0.0
    while any(process.poll() is None for process in running):
        kernels = [process.pid for process in psutil.Process().children(recursive=True)
                   if process.pid not in graders and mark in _command_line(process)]
        peak = max(peak, sum(map(_pss, kernels)))
        time.sleep(SAMPLE_S)
    for command, process in zip(commands, running, strict=True):
        _require_success(command, process.returncode, "")
    reap()
    return peak


def _command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _pss(pid: int) -> float:
    """Proportional set size: memory shared between processes is shared out among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0.0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")) / MEBIBYTE


def children_cpu() -> float:
    """Processor seconds of all processes that this one started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def reap() -> None:
    """Wait for orphans that a command left; they are expected to be at their end."""
    deadline = time.monotonic() + 10
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            if time.monotonic() > deadline:
                print(f"still running: {psutil.Process().children(recursive=True)}", file=sys.stderr)
                return
            time.sleep(0.01)


def _require_success(command: Sequence[str], code: int, output: str) -> None:
    if code:
        raise SystemExit(f"{' '.join(command)}\nended with {code}:\n{output[-4000:]}")
