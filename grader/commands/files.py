"""Writing a file at once or not at all."""

import contextlib
import os
import secrets
import shutil
import sys
from pathlib import Path

from grader.errors import UsageError

STANDARD_OUTPUT = Path("-")


def write_file(target: Path | None, content: bytes) -> None:
    """Put `content` in the place of a file; None and `-` are standard output. Raises `UsageError`.

    Whoever reads the file meanwhile sees the old or the new one, and where writing fails the old one is still there.
    """
    if target is None or target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        place = Path(os.path.realpath(target))
        if place.exists() and not place.is_file():
            place.write_bytes(content)  # a device or a pipe: there is nothing to replace
        else:
            _replace(place, content)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error


def _replace(place: Path, content: bytes) -> None:
    temporary = place.with_name(f".grade-{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if place.exists():
            shutil.copymode(place, temporary)
        temporary.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def read_file(path: Path) -> bytes:
    """A file's bytes; raises `UsageError`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
