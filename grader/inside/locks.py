"""Locks of `multiprocessing` where the sandbox closes shared memory: they live in descriptors that a fork inherits.

What only forked children share needs no name, so an eventfd does. Locks that another program opens by name (`spawn`,
joblib) stay as they are: refused.
"""

import _multiprocessing  # type: ignore[import-not-found]
import os
import select
import threading
import time
from typing import Any

RECURSIVE_MUTEX = 0
NAMES = "/mp-"
REFUSED = _multiprocessing.SemLock


def install() -> None:
    """Let `multiprocessing` take these locks."""
    from multiprocessing import heap

    _multiprocessing.SemLock = ForkedLock
    arena: Any = heap.Arena
    arena._dir_candidates = []  # shared values: in the folder for temporary files


class ForkedLock:
    """What `_multiprocessing.SemLock` offers, on an eventfd that counts as a semaphore."""

    SEM_VALUE_MAX = REFUSED.SEM_VALUE_MAX

    def __new__(cls, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> Any:
        if not (unlink and name.startswith(NAMES)):
            return REFUSED(kind, value, maxvalue, name, unlink)
        return super().__new__(cls)

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind, self.maxvalue, self.name = kind, maxvalue, None  # as of any that is unlinked at once
        self.handle = os.eventfd(value, os.EFD_SEMAPHORE | os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._held, self._owner = 0, 0

    def __del__(self) -> None:
        if hasattr(self, "handle"):
            os.close(self.handle)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        if self.kind == RECURSIVE_MUTEX and self._is_mine():
            self._held += 1
            return True
        deadline = None if timeout is None else time.monotonic() + max(0.0, timeout)
        while True:
            try:
                os.eventfd_read(self.handle)
            except BlockingIOError:
                if not block or not self._wait(deadline):
                    return False
            else:
                self._held += 1
                self._owner = threading.get_ident()
                return True

    def _wait(self, deadline: float | None) -> bool:
        """Whether it is worth another try."""
        poller = select.poll()
        poller.register(self.handle, select.POLLIN)
        return bool(poller.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000))

    def release(self) -> None:
        if self.kind == RECURSIVE_MUTEX:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self.maxvalue == 1 and not self._is_zero():
            raise ValueError("semaphore or lock released too many times")
        self._held -= 1
        os.eventfd_write(self.handle, 1)

    def _get_value(self) -> int:
        raise NotImplementedError  # as on macOS

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._owner == threading.get_ident()

    def _is_zero(self) -> bool:
        poller = select.poll()
        poller.register(self.handle, select.POLLIN)
        return not poller.poll(0)

    def _after_fork(self) -> None:
        self._held = 0

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exc_info: object) -> None:
        self.release()
