"""Archives of any bytes: files within the limits, under plain relative paths, or a problem with one line."""

import sys
from pathlib import Path

if __name__ == "__main__":  # before anything of the grader is imported, so that atheris can follow it
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.fuzz.engine import fuzz

    fuzz("archive")

import tempfile

from grader.archive import ArchiveLimits, read_archive
from grader.messages import say
from grader.submission import Problem

MEBIBYTE = 2**20
LIMITS = ArchiveLimits(archive_mb=1, total_mb=2, file_mb=1, members=50)
FOLDER = tempfile.TemporaryDirectory()


def target(data: bytes) -> None:
    path = Path(FOLDER.name) / "any.zip"
    path.write_bytes(data)
    found = read_archive(path, limits=LIMITS)
    if isinstance(found, Problem):
        assert all(say(f"unreadable.{found.kind}", lang, **found.values) for lang in ("ko", "en"))
        return
    assert sum(map(len, found.files.values())) <= LIMITS.total_mb * MEBIBYTE
    for name in found.files:
        assert not name.is_absolute() and ".." not in name.parts and name.name and "\\" not in str(name)
    for reason in found.left_out.values():
        assert all(say(f"unreadable.member.{reason}", lang) for lang in ("ko", "en"))
