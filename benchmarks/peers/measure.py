"""What a command costs: wall-clock time, processor time of every process it started, memory of its kernels."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
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
    before, started = children_cpu(), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=activated(command[0]), capture_output=True, text=True,
                          check=False)
    wall_s = time.perf_counter() - started
    _require_success(command, done.returncode, done.stdout + done.stderr)
    reap()
    return Cost(wall_s, children_cpu() - before)


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
