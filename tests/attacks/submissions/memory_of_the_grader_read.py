"""Reads the memory of other processes: by /proc, by ptrace, by calls that copy between processes, by a stolen descriptor.

verdict: failed
points: 0
levels: bubblewrap landlock
shows: loot: []
"""

import ctypes
import os

PLACES = {}  # attack:places
LOOT = set()
libc = ctypes.CDLL(None, use_errno=True)
buffer = ctypes.create_string_buffer(64)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


for pid in {1, 2, os.getppid(), *PLACES["pids"]} - {os.getpid()}:
    for file in ("mem", "maps", "environ", "syscall", "stack", "pagemap", "auxv"):
        try:
            with open(f"/proc/{pid}/{file}", "rb") as stream:
                if stream.read(1):
                    LOOT.add((pid, file))
        except OSError:
            pass
    if pid in PLACES["pids"] or pid == 1:
        if libc.ptrace(16, pid, 0, 0) == 0 or libc.ptrace(0x4206, pid, 0, 0) == 0:
            LOOT.add((pid, "traced"))
        vector = Vector(ctypes.addressof(buffer), 64)
        if libc.process_vm_readv(pid, ctypes.byref(vector), 1, ctypes.byref(vector), 1, 0) > 0:
            LOOT.add((pid, "copied"))
        for number in (0, 1, 2, PLACES["descriptor"]):
            try:
                if libc.syscall(438, os.pidfd_open(pid), number, 0) >= 0:
                    LOOT.add((pid, "descriptor", number))
            except OSError:
                pass
    if libc.syscall(312, os.getpid(), pid, 0, 0, 0) >= 0:
        LOOT.add((pid, "compared"))
LOOT = sorted(item for item in map(str, LOOT) if not item.startswith("(1,") or os.getpid() != 2)


def softmax(z):
    raise RuntimeError(f"loot: {LOOT}")
