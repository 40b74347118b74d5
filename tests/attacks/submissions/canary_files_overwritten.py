"""Writes to files of whoever grades: overwrites, appends, truncates, renames, removes and puts others in their place.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os
import shutil
import subprocess

PLACES = {}  # attack:places
LOOT = []
with open("mine", "w") as stream:
    stream.write("mine")
for path in PLACES["files"]:
    for attempt in (lambda: open(path, "r+b").write(b"x"), lambda: os.open(path, os.O_WRONLY | os.O_APPEND), lambda: os.truncate(path, 0),
                    lambda: os.unlink(path), lambda: os.rename(path, "stolen"),
                    lambda: os.replace(path, path + ".old"), lambda: shutil.rmtree(os.path.dirname(path)),
                    lambda: os.close(os.open(path, os.O_WRONLY | os.O_TRUNC)),
                    lambda: subprocess.run(["rm", "-f", path], check=True, capture_output=True) and os.path.exists(path) or 1 / 0):
        try:
            attempt()
            LOOT.append(path)
        except (OSError, ArithmeticError, subprocess.CalledProcessError):
            pass
    try:
        os.rename("mine", path)  # where the sandbox has a folder of this name, it is another one
    except OSError:
        pass


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
