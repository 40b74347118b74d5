"""Raises its own limits, soft and hard, in itself and in its children.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os
import resource
import subprocess

LOOT = []
for name in ("RLIMIT_DATA", "RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NPROC", "RLIMIT_NOFILE", "RLIMIT_CORE"):
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        LOOT.append((name, "none"))
    for value in (hard + 1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(kind, (value, value))
            LOOT.append(name)
        except (OSError, ValueError):
            pass
        try:
            resource.prlimit(os.getpid(), kind, (value, value))
            LOOT.append(name)
        except (OSError, ValueError):
            pass
for flag in "cdfnt":
    done = subprocess.run(["sh", "-c", f"ulimit -H{flag} unlimited && ulimit -{flag} unlimited"], capture_output=True)
    if done.returncode == 0:
        LOOT.append(flag)


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
