"""Changes mode, owner, times and attributes of files of whoever grades, by name and by descriptor.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import os

PLACES = {}  # attack:places
LOOT = []


def look(path):
    try:
        seen = os.stat(path)
        return seen.st_mode, seen.st_uid, seen.st_gid, seen.st_mtime_ns, seen.st_ctime_ns, os.listxattr(path)
    except OSError:
        return None


home, temporary, course, cache, *others = PLACES["folders"]
for path in (*PLACES["files"], home, course, cache):
    for attempt in (lambda: os.chmod(path, 0o777), lambda: os.chown(path, os.getuid(), os.getgid()), lambda: os.utime(path, (0, 0)),
                    lambda: os.utime(path), lambda: os.setxattr(path, "user.canary", b"x"), lambda: os.lchown(path, -1, os.getgid()),
                    lambda: os.chmod(f"/proc/self/fd/{os.open(path, os.O_PATH)}", 0o777),
                    lambda: os.fchmod(os.open(path, os.O_RDONLY), 0o777),
                    lambda: os.removexattr(path, "user.canary")):
        before = look(path)
        try:
            attempt()
        except OSError:
            pass
        if look(path) != before:  # some do nothing and say nothing
            LOOT.append(path)


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
