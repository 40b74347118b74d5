"""How much memory a kernel and all its children use, read from outside."""

import contextlib
import os
import signal
from typing import Protocol

from grader.sandbox import PRIVATE_FOLDERS

KIBIBYTE = 1024
INODE_BYTES = 1024  # an empty file in memory costs about this much


class MemoryMeter(Protocol):
    """Measures a tree of processes. `peak_data` is the largest data segment of one of them."""

    peak_data: int

    def used_bytes(self, limit: int) -> int:
        """Memory in use; exact where it matters, that is above `limit`."""

    def kill_descendants(self) -> None:
        """Kill the processes that no namespace ends for us."""

    def close(self) -> None: ...


def make_meter(pid: int, *, isolated: bool) -> MemoryMeter:
    """The best meter for this process: by its own /proc where it has one."""
    if isolated:
        with contextlib.suppress(OSError):
            return NamespaceMeter(pid)
    return TreeMeter(pid)


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

    def used_bytes(self, limit: int) -> int:
        quick = in_files = sum(self._fill(folder) for folder in self._folders)
        for pid in self._pids():
            sizes = self._sizes(pid, "status")
            quick += sum(sizes.get(name, 0) for name in (b"RssAnon:", b"RssShmem:", b"VmSwap:"))
            self.peak_data = max(self.peak_data, sizes.get(b"VmData:", 0))
        if quick <= limit:
            return quick
        # What a fork shares with its parent was counted for both: divide it among them.
        parts = [self._sizes(pid, "smaps_rollup") for pid in self._pids()]
        if not any(b"Pss_Anon:" in sizes for sizes in parts):
            return quick  # an old Linux cannot tell
        private = sum(sizes.get(b"Pss_Anon:", 0) + sizes.get(b"SwapPss:", 0) for sizes in parts)
        shared = sum(sizes.get(b"Pss_Shmem:", 0) for sizes in parts)
        return private + max(shared, in_files)

    def _pids(self) -> list[str]:
        try:
            with os.scandir(self._proc) as entries:
                return [entry.name for entry in entries if entry.name.isdigit()]
        except OSError:
            return []

    def _sizes(self, pid: str, file: str) -> dict[bytes, int]:
        """The lines `name: number kB` of a file of a process, in bytes."""
        try:
            with open(f"{pid}/{file}", "rb", opener=self._opener) as stream:
                lines = [line.split() for line in stream]
        except OSError:
            return {}
        return {line[0]: int(line[1]) * KIBIBYTE for line in lines if len(line) == 3 and line[2] == b"kB"}

    def _opener(self, path: str, flags: int) -> int:
        return os.open(path, flags, dir_fd=self._proc)

    def _fill(self, folder: int) -> int:
        fill = os.fstatvfs(folder)
        return (fill.f_blocks - fill.f_bfree) * fill.f_frsize + (fill.f_files - fill.f_ffree) * INODE_BYTES

    def kill_descendants(self) -> None:
        """Nothing to do: the pid namespace ends with its first process."""

    def close(self) -> None:
        self._opened.close()


class TreeMeter:
    """Walks the process tree from outside; remembers every process it has seen."""

    def __init__(self, pid: int) -> None:
        import psutil

        self.peak_data = 0
        self._psutil = psutil
        self._root = psutil.Process(pid)
        self._seen: set[psutil.Process] = set()

    def used_bytes(self, limit: int) -> int:
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
            memory = process.memory_info()  # type: ignore[attr-defined]
        except self._psutil.Error:
            return 0
        return max(int(memory.rss) - int(getattr(memory, "shared", 0)), 0)

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
