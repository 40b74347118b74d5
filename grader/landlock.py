"""The level for hosts that forbid user namespaces: a policy as Landlock rules, and whether this Linux has them.

Landlock (https://docs.kernel.org/userspace-api/landlock.html) closes every file but those under the rules, for a
process and all it starts; newer versions close TCP ports, and signals and abstract sockets to the outside. What it
leaves open (other sockets, other processes' priorities, modes and times of the user's own files) the stricter filter
of `grader.seccomp` forbids.
"""

import ctypes
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path

from grader.sandbox import SYSTEM_FILES, SYSTEM_FOLDERS, Policy

CREATE_RULESET, VERSION_FLAG = 444, 1
OLDEST_AS_ROOT, OLDEST = 3, 6  # truncating is closed since 3; as one's own user, signals must be, too: since 6
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
PROC_FILES = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version", "/proc/loadavg", "/proc/uptime",
              "/proc/filesystems", "/proc/self", "/proc/sys/kernel/osrelease", "/proc/sys/vm/overcommit_memory")
SHARED_MEMORY = "/dev/shm"


class Right(IntFlag):
    """Access rights of Landlock (`linux/landlock.h`)."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


READ = Right.EXECUTE | Right.READ_FILE | Right.READ_DIR
USE = Right.READ_FILE | Right.WRITE_FILE | Right.TRUNCATE
SHARE = USE | Right.READ_DIR | Right.MAKE_REG | Right.REMOVE_FILE
OWN = ~(Right.MAKE_CHAR | Right.MAKE_BLOCK | Right.IOCTL_DEV)
NEWEST_OF_VERSION = {1: Right.MAKE_SYM, 2: Right.REFER, 3: Right.TRUNCATE, 4: Right.TRUNCATE}  # later: all of them
TCP_BIND_AND_CONNECT = ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


@dataclass(frozen=True)
class Rule:
    """A file or folder with all that lies below, and what may be done there."""

    path: str
    rights: Right


def ruleset(version: int) -> dict[str, int]:
    """What a ruleset of this version closes, and the size of its description in bytes."""
    newest = NEWEST_OF_VERSION.get(version, Right.IOCTL_DEV)
    return {"files": 2 * int(newest) - 1, "network": TCP_BIND_AND_CONNECT if version >= 4 else 0,
            "scopes": ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
            "size": 24 if version >= 6 else 16 if version >= 4 else 8}


def rules(policy: Policy, code: Path, private: Sequence[Path], *, shared_memory: bool) -> list[Rule]:
    """What is open: the policy's folders, our code, the private folders, a few devices and parts of /proc.

    `shared_memory`: POSIX semaphores, which `multiprocessing` takes, lie in a folder of the whole host.
    """
    found = [Rule(str(path), READ) for path in (*SYSTEM_FILES, *PROC_FILES, code)]
    for folder in (*map(Path, SYSTEM_FOLDERS), *policy.read_only):
        found += _readable(folder, policy.hidden)
    found += [Rule(device, USE) for device in DEVICES]
    found += [Rule(str(folder), OWN) for folder in private]
    return found + ([Rule(SHARED_MEMORY, SHARE)] if shared_memory else [])


def _readable(folder: Path, hidden: Sequence[Path]) -> Iterator[Rule]:
    """A folder without the hidden ones in it: these can still be listed, nothing in them can be read."""
    within = [place for place in hidden if place.is_relative_to(folder)]
    if folder in within:
        return
    if not within:
        yield Rule(str(folder), READ)
        return
    yield Rule(str(folder), Right.READ_DIR)
    for entry in os.scandir(folder):
        if not entry.is_symlink():  # a rule would follow it to wherever it leads
            yield from _readable(folder / entry.name, within)


def landlock_version() -> int:
    """The version of Landlock that this Linux offers; 0 without it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG)))
