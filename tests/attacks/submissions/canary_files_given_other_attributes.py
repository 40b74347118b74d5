"""Changes mode, owner, times and attributes of files of whoever grades, by name and by descriptor.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os

PLACES = {}  # attack:places
LOOT = []
home, temporary, course, cache, *others = PLACES["folders"]
for path in (*PLACES["files"], home, course, cache):
    for attempt in (lambda: os.chmod(path, 0o777), lambda: os.chown(path, os.getuid(), os.getgid()), lambda: os.utime(path, (0, 0)),
                    lambda: os.utime(path), lambda: os.setxattr(path, "user.canary", b"x"), lambda: os.lchown(path, -1, os.getgid()),
                    lambda: os.chmod(f"/proc/self/fd/{os.open(path, os.O_PATH)}", 0o777),
                    lambda: os.fchmod(os.open(path, os.O_RDONLY), 0o777),
                    lambda: os.removexattr(path, "user.canary")):
        try:
            attempt()
            LOOT.append(path)
        except OSError:
            pass


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
