"""Lists the folders of whoever grades, and what lies beside them, for names that tell of solutions.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import glob
import os
import subprocess

PLACES = {}  # attack:places
LOOT = set()
WORDS = ("canary", "solution", "mutants", "course.toml", "attacks-", "pytest", "id_ed25519", "exercise_03", "gradebook")
for folder in PLACES["folders"]:
    while folder != "/":
        found = []
        try:
            found = os.listdir(folder)
        except OSError:
            pass
        found += glob.glob(f"{folder}/*") + glob.glob(f"{folder}/*/*")
        found += subprocess.run(["ls", "-a", folder], capture_output=True, text=True).stdout.split()
        LOOT.update(name for name in found if any(word in name for word in WORDS))
        folder = os.path.dirname(folder)
for pid in (1, os.getppid(), *PLACES["pids"]):
    try:
        LOOT.update(os.listdir(f"/proc/{pid}/root/home"))
        LOOT.update(os.listdir(f"/proc/{pid}/cwd"))
    except OSError:
        pass


def softmax(z):
    raise RuntimeError(f"loot: {sorted(LOOT - {'student'})}")
