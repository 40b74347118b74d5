"""How much memory and disk a kernel and all its children use, read from outside."""

import contextlib
import os
import signal
import stat
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from grader.inside.confinement import descendants
from grader.sandbox import PRIVATE_FOLDERS

KIBIBYTE = 1024
BLOCK = 512  # what `st_blocks` counts
INODE_BYTES = 1024  # an empty file in memory costs about this much
MAX_FILES = 20_000
MAX_PATH = 2000  # deeper than that, nobody can look
SCAN_SHARE = 0.05  # of the time may go into looking for files


class Meter(Protocol):
    """Measures a tree of processes. `peak_data` is the largest data segment of one of them."""

    peak_data: int

    def memory_bytes(self, limit: int) -> int:
        """Memory in use; exact where it matters, that is above `limit`."""

    def disk_is_over(self, limit: int) -> bool:
        """Whether a private folder holds more than it may, where no size of its own forbids that."""

    def kill_descendants(self) -> None:
        """Kill the processes that nothing else ends for us."""

    def close(self) -> None: ...


def namespace_or_tree_meter(pid: int, guard: int) -> Meter:
    """For a sandbox in namespaces: by its own /proc; from outside where that is closed."""
    with contextlib.suppress(OSError):
        return NamespaceMeter(pid)
    return TreeMeter(guard, ())


class NamespaceMeter:
    """Reads the sandbox's own /proc, which lists exactly its processes, and the fill of its private folders."""

    def __init__(self, pid: int) -> None:
        self.peak_data = 0
        self._opened = contextlib.ExitStack()
        try:
            self._proc = self._open(f"/proc/{pid}/root/proc")
            with os.scandir(self._proc):
                pass
            self._folders = [self._open(f"/proc/{pid}/root{path}", os.O_PATH) for path in PRIVATE_FOLDERS]
        except OSError:
            self._opened.close()
            raise

    def _open(self, path: str, flags: int = os.O_RDONLY) -> int:
        descriptor = os.open(path, flags | os.O_DIRECTORY | os.O_CLOEXEC)
        self._opened.callback(os.close, descriptor)
        return descriptor

    def memory_bytes(self, limit: int) -> int:
        in_files = sum(self._fill(folder) for folder in self._folders)
        used, self.peak_data = _memory_of(self._proc, self._pids(), in_files, limit, self.peak_data)
        return used

    def _pids(self) -> list[str]:
        try:
            with os.scandir(self._proc) as entries:
                return [entry.name for entry in entries if entry.name.isdigit()]
        except OSError:
            return []

    def _fill(self, folder: int) -> int:
        fill = os.fstatvfs(folder)
        return (fill.f_blocks - fill.f_bfree) * fill.f_frsize + (fill.f_files - fill.f_ffree) * INODE_BYTES

    def disk_is_over(self, limit: int) -> bool:
        return False  # the folders have a size

    def kill_descendants(self) -> None:
        """Nothing to do: the pid namespace ends with its first process."""

    def close(self) -> None:
        self._opened.close()


class TreeMeter:
    """Walks the descendants of the guard, which none of them can leave, and the private folders."""

    def __init__(self, guard: int, folders: Sequence[Path]) -> None:
        self.peak_data = 0
        self._guard = guard
        self._folders = folders
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._next_scan = 0.0

    def memory_bytes(self, limit: int) -> int:
        pids = [str(pid) for pid in descendants(self._guard)]
        used, self.peak_data = _memory_of(self._proc, pids, 0, limit, self.peak_data)
        return used

    def disk_is_over(self, limit: int) -> bool:
        started = time.monotonic()
        if started < self._next_scan:
            return False
        over = any(_folder_is_over(folder, limit) for folder in self._folders) or self._deleted_bytes() > limit
        self._next_scan = time.monotonic() + (time.monotonic() - started) / SCAN_SHARE
        return over

    def _deleted_bytes(self) -> int:
        """What lies in files that have no name any more but are still open."""
        found: dict[tuple[int, int], int] = {}
        for pid in descendants(self._guard):
            with contextlib.suppress(OSError):
                for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        seen = descriptor.stat()
                        if stat.S_ISREG(seen.st_mode) and seen.st_nlink == 0:
                            found[seen.st_dev, seen.st_ino] = seen.st_blocks * BLOCK
        return sum(found.values())

    def kill_descendants(self) -> None:
        """Nothing to do: the guard does it, whatever ends the kernel."""

    def close(self) -> None:
        os.close(self._proc)


class PortableMeter:
    """Where there is no /proc (macOS): the tree of processes as psutil sees it; remembers every one it has seen."""

    def __init__(self, pid: int) -> None:
        import psutil

        self.peak_data = 0
        self._psutil = psutil
        self._root = psutil.Process(pid)
        self._seen: set[psutil.Process] = set()

    def memory_bytes(self, limit: int) -> int:
        return sum(self._of(process) for process in self._tree())

    def _tree(self) -> "list[object]":
        try:
            children = self._root.children(recursive=True)
        except self._psutil.Error:
            children = []
        self._seen.update(children)
        return [self._root, *children]

    def _of(self, process: object) -> int:
        try:
            return int(process.memory_info().rss)  # type: ignore[attr-defined]
        except self._psutil.Error:
            return 0

    def disk_is_over(self, limit: int) -> bool:
        return False  # not watched

    def kill_descendants(self) -> None:
        for _ in range(5):
            self._tree()
            running = [process for process in self._seen if process.is_running()]
            if not running:
                return
            for process in running:
                with contextlib.suppress(self._psutil.Error):
                    process.send_signal(signal.SIGKILL)

    def close(self) -> None:
        self._seen.clear()


def _memory_of(proc: int, pids: Iterable[str], in_files: int, limit: int, peak_data: int) -> tuple[int, int]:
    """Memory of these processes and of files that lie in memory, and the largest data segment so far."""
    pids, quick = list(pids), in_files
    for pid in pids:
        sizes = _sizes(proc, pid, "status")
        quick += sum(sizes.get(name, 0) for name in (b"RssAnon:", b"RssShmem:", b"VmSwap:"))
        peak_data = max(peak_data, sizes.get(b"VmData:", 0))
    if quick <= limit:
        return quick, peak_data
    # What a fork shares with its parent was counted for both: divide it among them.
    parts = [_sizes(proc, pid, "smaps_rollup") for pid in pids]
    if not any(b"Pss_Anon:" in sizes for sizes in parts):
        return quick, peak_data  # an old Linux cannot tell
    private = sum(sizes.get(b"Pss_Anon:", 0) + sizes.get(b"SwapPss:", 0) for sizes in parts)
    shared = sum(sizes.get(b"Pss_Shmem:", 0) for sizes in parts)
    return private + max(shared, in_files), peak_data


def _sizes(proc: int, pid: str, file: str) -> dict[bytes, int]:
    """The lines `name: number kB` of a file of a process, in bytes."""
    def opener(path: str, flags: int) -> int:
        return os.open(path, flags, dir_fd=proc)

    try:
        with open(f"{pid}/{file}", "rb", opener=opener) as stream:
            lines = [line.split() for line in stream]
    except OSError:
        return {}
    return {line[0]: int(line[1]) * KIBIBYTE for line in lines if len(line) == 3 and line[2] == b"kB"}


def _folder_is_over(folder: Path, limit: int) -> bool:
    """Whether a folder holds more bytes, more files or deeper folders than it may."""
    used = files = 0
    unseen = [str(folder)]
    while unseen:
        try:
            with os.scandir(unseen.pop()) as entries:
                for entry in entries:
                    files += 1
                    with contextlib.suppress(OSError):
                        used += entry.stat(follow_symlinks=False).st_blocks * BLOCK
                        if entry.is_dir(follow_symlinks=False):
                            unseen.append(entry.path)
                    if used > limit or files > MAX_FILES or len(entry.path) > MAX_PATH:
                        return True
        except OSError:
            continue
    return False
