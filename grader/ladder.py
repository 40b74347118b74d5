"""The levels of isolation, best first: which of them this machine offers, found by trying, and which to take."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from grader.bubblewrap import INSTALL, bubblewrap_trouble, find_bubblewrap, namespace_remedy
from grader.errors import SandboxError
from grader.landlock import OLDEST, OLDEST_AS_ROOT, landlock_version
from grader.sandbox import Level
from grader.seccomp import MACHINES


@dataclass(frozen=True)
class Finding:
    """Whether a level works on this machine; if not, why, and what to do."""

    level: Level
    usable: bool
    reason: str = ""
    remedy: str = ""


def available_levels() -> tuple[Finding, ...]:
    """What every level can do here."""
    return tuple(examine_level(level) for level in Level)


def examine_level(level: Level) -> Finding:
    """Whether a level can be had here."""
    if level is not Level.NONE and sys.platform != "linux":
        return Finding(level, usable=False, reason=f"needs Linux, this is {sys.platform}",
                       remedy="grade in a Linux machine, container or virtual machine")
    return EXAMINERS[level]()


def _examine_bubblewrap() -> Finding:
    bwrap = find_bubblewrap()
    if bwrap is None:
        return Finding(Level.BUBBLEWRAP, usable=False, reason="`bwrap` was not found", remedy=INSTALL)
    trouble = bubblewrap_trouble(bwrap)
    if trouble:
        return Finding(Level.BUBBLEWRAP, usable=False, reason=trouble, remedy=namespace_remedy())
    return Finding(Level.BUBBLEWRAP, usable=True, reason=str(bwrap))


def _examine_landlock() -> Finding:
    as_root = os.geteuid() == 0
    version, oldest = landlock_version(), OLDEST_AS_ROOT if as_root else OLDEST
    if os.uname().machine not in MACHINES:
        return Finding(Level.LANDLOCK, usable=False, reason=f"no filter of system calls for {os.uname().machine}",
                       remedy="use bubblewrap")
    if version == 0:
        return Finding(Level.LANDLOCK, usable=False, reason="this Linux has no Landlock, or it is off",
                       remedy="needs Linux 6.2 with `landlock` in its list of security modules (`lsm=landlock,...`)")
    if version < oldest:
        return Finding(Level.LANDLOCK, usable=False, reason=f"Landlock version {version} is too old, needs {oldest}",
                       remedy="use bubblewrap, or Linux 6.12; as root Linux 6.2 is enough")
    return Finding(Level.LANDLOCK, usable=True, reason=f"Landlock version {version}"
                   + (", as a user of its own" if as_root else ""))


def _examine_none() -> Finding:
    return Finding(Level.NONE, usable=True, reason="no isolation, for your own work only: runs with "
                   + ("a user of its own" if os.geteuid() == 0 else "your own rights"))


EXAMINERS: dict[Level, Callable[[], Finding]] = {
    Level.BUBBLEWRAP: _examine_bubblewrap, Level.LANDLOCK: _examine_landlock, Level.NONE: _examine_none}


def choose_level(wanted: str) -> Level:
    """The level of a name, or for `auto` the strictest that works here; raises `SandboxError` if it cannot be had.

    Only where no isolation exists at all (not Linux) does `auto` mean none.
    """
    if wanted == "auto" and sys.platform != "linux":
        return Level.NONE
    failures = []
    for level in (Level.BUBBLEWRAP, Level.LANDLOCK) if wanted == "auto" else (Level(wanted),):
        found = examine_level(level)
        if found.usable:
            return level
        failures.append(f"sandbox {level}: {found.reason}; {found.remedy}")
    raise SandboxError(" · ".join(failures) + " (or, for your own work only, --sandbox none)")
