"""Leaves folders three thousand deep, closed to their owner, with links to files of whoever grades; the answers are right. Without namespaces such a depth is a named death.

verdict: passed | crashed
points: at most 10
levels: bubblewrap landlock
"""

# attack:honest
import os
import tempfile

PLACES = {}  # attack:places
for start in (tempfile.gettempdir(), os.getcwd()):
    os.chdir(start)
    for path in (*PLACES["files"], *PLACES["folders"]):
        os.symlink(path, f"link-{path.replace('/', '-')}")
    os.mkfifo("pipe")
    os.mkdir("closed")
    with open("closed/file", "w") as stream:
        stream.write("x")
    os.chmod("closed", 0)
    os.mkdir("odd-\udcff-\n-\x1b[2J")
for _ in range(3000):
    os.mkdir("deep")
    os.chdir("deep")
os.chmod(".", 0o500)
os.chdir("/")
