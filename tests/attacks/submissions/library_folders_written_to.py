"""Writes into the folders of Python, of its packages and of the system, and into those that Python starts from.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os
import site
import sys
import sysconfig

import numpy

PLACES = {}  # attack:places
LOOT = []
folders = {os.path.dirname(numpy.__file__), *site.getsitepackages(), *sysconfig.get_paths().values(), sys.prefix, sys.base_prefix,
           os.path.dirname(sys.executable), "/usr/lib", "/usr/local/lib", "/etc", "/etc/cron.d", "/root", "/", "/grader", "/run",
           "/dev", "/proc/sys/kernel", "/sys/kernel", "/boot", "/opt", "/srv", "/var/lib", "/var/spool/cron", "/lib"}
for folder in sorted(folders):
    for name in ("sitecustomize.py", "usercustomize.py", f"{PLACES['mark']}.pth", PLACES["mark"]):
        for attempt in (lambda: open(os.path.join(folder, name), "w"), lambda: os.mkdir(os.path.join(folder, name)),
                        lambda: os.symlink("/etc/passwd", os.path.join(folder, name)), lambda: os.mkfifo(os.path.join(folder, name))):
            try:
                attempt()
                LOOT.append(folder)
            except OSError:
                pass
for path in (numpy.__file__, sys.executable, os.__file__, "/etc/passwd", "/etc/ld.so.preload", "/proc/sys/kernel/core_pattern"):
    try:
        open(path, "r+b")
        LOOT.append(path)
    except OSError:
        pass


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
