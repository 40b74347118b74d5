"""Archives of submissions, read in memory: nothing is written to disk, nothing is followed, nothing is believed.

A zip file says most things twice, and readers differ in which copy they believe. So a file that is ambiguous or strange
is left out under a named reason, and an archive that could cost more than it may is not read at all.
"""

import contextlib
import datetime
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from grader.errors import UsageError
from grader.submission import MAX_MB, MEBIBYTE, Problem, Submission, kind_of, open_regular, parse_submission
from grader.text import decode_text

NESTED = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".egg", ".alz")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others take as much memory as the archive says
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF_8 = 0x800
LOCAL_HEADER = struct.Struct("<4s22xHH")
END_BYTES = 2**17  # the end of an archive, with the longest comment
ENTRY_BYTES = 512  # what a member may take in the list of members
MAX_NAME = 1000


@dataclass(frozen=True)
class ArchiveLimits:
    """How much an archive may hold: mebibytes, counts, and into how many times its size a file may unpack."""

    archive_mb: int = 512
    total_mb: int = 512
    file_mb: int = MAX_MB
    members: int = 10_000
    ratio: int = 200
    ratio_from_mb: int = 1  # below that, no ratio does harm


@dataclass(frozen=True)
class Archive:
    """The files of an archive by path, and why others were left out (message keys `unreadable.member.<reason>`).

    `times` are those that the archive says, in local time and without a zone.
    """

    files: Mapping[PurePosixPath, bytes]
    left_out: Mapping[PurePosixPath, str] = field(default_factory=dict)
    times: Mapping[PurePosixPath, datetime.datetime] = field(default_factory=dict, compare=False)


def read_archive(path: Path, *, limits: ArchiveLimits | None = None,
                 wanted: Callable[[PurePosixPath], bool] = lambda path: True) -> Archive | Problem:
    """The wanted files of a zip archive; raises `UsageError` only if the archive cannot be opened at all."""
    limits = limits or ArchiveLimits()
    file = open_regular(path, limits.archive_mb)
    if isinstance(file, Problem):
        return file
    with file:
        try:
            bounded = _BoundedFile(file, END_BYTES + limits.members * ENTRY_BYTES)
            with zipfile.ZipFile(bounded) as archive:
                return _read(archive, file, limits, wanted)
        except Exception:  # whatever zipfile trips over is in the archive
            return Problem("no_archive")


def submission_in_archive(path: Path, exercise_id: str) -> Submission:
    """The submission in an archive, at its top or in one folder there, taken as from a folder."""
    names = (f"{exercise_id}.ipynb", f"{exercise_id}.py")
    archive = read_archive(path, wanted=lambda member: member.name in names and len(member.parts) <= 2)
    if isinstance(archive, Problem):
        return Submission(path, "module", "", problem=archive)
    folders = {member.parent for member in (*archive.files, *archive.left_out)}
    if not folders:
        raise UsageError(f"{path}: holds neither {exercise_id}.ipynb nor {exercise_id}.py, at its top or in a folder")
    top = PurePosixPath()
    if top not in folders and len(folders) > 1:
        raise UsageError(f"{path}: holds {exercise_id} in {len(folders)} folders; hand in one of them")
    folder = top if top in folders else folders.pop()
    for member in (folder / name for name in names):
        if member in archive.files:
            return parse_submission(path / member, kind_of(member), archive.files[member])
        if member in archive.left_out:
            break
    return Submission(path / member, kind_of(member), "", problem=Problem(f"member.{archive.left_out[member]}"))


class _BoundedFile:
    """A file that hands out at most so many bytes at a time, whatever the archive says of its own size."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable
        self._file, self._most = file, most

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise zipfile.BadZipFile("a list of members that is too long")
        return self._file.read(size if size >= 0 else self._most)


def _read(archive: zipfile.ZipFile, file: IO[bytes], limits: ArchiveLimits,
          wanted: Callable[[PurePosixPath], bool]) -> Archive | Problem:
    if len(archive.infolist()) > limits.members:
        return Problem("archive_too_many", {"count": len(archive.infolist()), "limit": limits.members})
    if _has_overlaps(archive, file):
        return Problem("archive_bomb")
    members = [(name, _path(name), info) for info in archive.infolist() if not (name := _name(info)).endswith("/")]
    members = [member for member in members if not _is_litter(member[1]) and wanted(member[1])]
    counts = Counter(path for _, path, _ in members)
    room = limits.total_mb * MEBIBYTE
    files: dict[PurePosixPath, bytes] = {}
    left_out: dict[PurePosixPath, str] = {}
    times: dict[PurePosixPath, datetime.datetime] = {}
    for name, path, info in members:
        with contextlib.suppress(ValueError):
            times[path] = datetime.datetime(*info.date_time)
        reason = "twice" if counts[path] > 1 else _refused(name, info, limits)
        if reason is None:
            room -= info.file_size
            if room < 0:
                return Problem("archive_too_large", {"limit": limits.total_mb})
            content = _content(archive, info)
            if content is not None:
                files[path] = content
                continue
            reason = "broken"
        left_out[path] = reason
    return Archive(files, left_out, times)


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 if it says or is so, else in the code page of Korean Windows, else of old PCs."""
    name = info.orig_filename
    if not info.flag_bits & UTF_8:
        name, _ = decode_text(name.encode("cp437")) or (name, "cp437")
    return unicodedata.normalize("NFC", name)


def _path(name: str) -> PurePosixPath:
    return PurePosixPath(name.replace("\\", "/"))


def _is_litter(path: PurePosixPath) -> bool:
    """Whether a file is one of those that systems and editors add by themselves."""
    return ".." not in path.parts and any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def _refused(name: str, info: zipfile.ZipInfo, limits: ArchiveLimits) -> str | None:
    """Why a member is not read, if it is not."""
    if "\\" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "path"
    if not _path(name).name or len(name) > MAX_NAME or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        return "name"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "link"
    if info.flag_bits & ENCRYPTED:
        return "encrypted"
    if info.compress_type not in METHODS:
        return "method"
    if name.lower().endswith(NESTED):
        return "nested"
    if info.file_size > limits.file_mb * MEBIBYTE:
        return "too_large"
    if info.file_size > max(limits.ratio_from_mb * MEBIBYTE, limits.ratio * info.compress_size):
        return "bomb"
    return None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | None:
    """A member's bytes, if they are as many as announced and have the announced checksum."""
    try:
        with archive.open(info) as member:
            content = member.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, ValueError):
        return None
    return content if len(content) == info.file_size else None


def _has_overlaps(archive: zipfile.ZipFile, file: IO[bytes]) -> bool:
    """Whether members share bytes: then every byte of a small archive can unpack many times."""
    spans = sorted(_spans(archive, file))
    starts = [start for start, _ in spans[1:]] + [archive.start_dir]
    return any(end > start for (_, end), start in zip(spans, starts, strict=False))


def _spans(archive: zipfile.ZipFile, file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Where each member begins and ends."""
    for info in archive.infolist():
        file.seek(info.header_offset)
        _, name_bytes, extra_bytes = LOCAL_HEADER.unpack(file.read(LOCAL_HEADER.size))
        yield info.header_offset, file.tell() + name_bytes + extra_bytes + info.compress_size
