"""Archives: what is sound is read, what is strange is left out under a name, what is dangerous is not unpacked at all."""

import stat
import struct
import time
import tracemalloc
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.archive import Archive, ArchiveLimits, read_archive, submission_in_archive
from grader.errors import UsageError
from grader.messages import say
from grader.submission import Problem, locate_submission
from tests.strategies import some

CODE = b"x = 1\n"
SMALL = ArchiveLimits(archive_mb=1, total_mb=2, file_mb=1, members=20, ratio=50, ratio_from_mb=0)


class Member:
    """One member as a hostile hand would write it: every field can be told apart from the truth."""

    def __init__(self, name: str | bytes, data: bytes = CODE, *, method: int = 0, flags: int | None = None,
                 mode: int = stat.S_IFREG | 0o644, size: int | None = None, crc: int | None = None,
                 packed: bytes | None = None, local_name: bytes | None = None, at: int | None = None) -> None:
        self.name = name.encode() if isinstance(name, str) else name
        self.flags = (0x800 if isinstance(name, str) else 0) if flags is None else flags
        if packed is None:
            squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = squeeze.compress(data) + squeeze.flush() if method == zipfile.ZIP_DEFLATED else data
        self.packed, self.method, self.mode, self.at = packed, method, mode, at
        self.size = len(data) if size is None else size
        self.crc = zlib.crc32(data) if crc is None else crc
        self.local_name = self.name if local_name is None else local_name

    def _fields(self) -> bytes:
        return struct.pack("<HHHHLLL", self.flags, self.method, 0, 33, self.crc, len(self.packed), self.size)

    def local(self) -> bytes:
        return (b"PK\3\4\x14\0" + self._fields() + struct.pack("<HH", len(self.local_name), 0) + self.local_name
                + self.packed)

    def listed(self, offset: int) -> bytes:
        return (b"PK\1\2\x14\3\x14\0" + self._fields() + struct.pack(
            "<HHHHHLL", len(self.name), 0, 0, 0, 0, self.mode << 16, offset) + self.name)


def write(path: Path, *members: Member | tuple[str, bytes] | str, comment: bytes = b"", entries: bytes = b"") -> Path:
    """A zip file of these members; `entries` are added to the list of members as they are."""
    body, listed = b"", b""
    members = [Member(*member) if isinstance(member, tuple) else member for member in members]
    for member in [Member(member) if isinstance(member, str) else member for member in members]:
        offset = len(body) if member.at is None else member.at
        listed += member.listed(offset)
        body += member.local() if member.at is None else b""
    listed += entries
    count = min(len(members), 0xFFFF)
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(listed), len(body), len(comment)) + comment
    path.write_bytes(body + listed + end)
    return path


@pytest.fixture
def read(tmp_path):
    def read(*members, limits=None, **more):
        return read_archive(write(tmp_path / "a.zip", *members, **more), limits=limits)

    return read


def names(archive):
    assert isinstance(archive, Archive), archive
    return sorted(map(str, archive.files))


def problem(found) -> str:
    """The kind of a problem; its message must exist in both languages."""
    assert isinstance(found, Problem), found
    assert all(say(f"unreadable.{found.kind}", lang, **found.values) for lang in ("ko", "en"))
    return found.kind


# --- what is read ----------------------------------------------------------------------------------------------------

def test_files_come_with_their_paths_and_bytes(read):
    squeezed = Member("hong/exercise_03.py", b"y = 2\n" * 100, method=zipfile.ZIP_DEFLATED)
    archive = read(("exercise_03.py", CODE), "hong/", squeezed, ("empty.py", b""))
    assert archive == Archive({PurePosixPath("exercise_03.py"): CODE, PurePosixPath("empty.py"): b"",
                               PurePosixPath("hong/exercise_03.py"): b"y = 2\n" * 100})


def test_an_archive_of_the_standard_library_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("하나")
        archive.writestr("하나/exercise_03.py", CODE)
        archive.comment = b"handed in"
    assert read_archive(tmp_path / "a.zip") == Archive({PurePosixPath("하나/exercise_03.py"): CODE})


def test_an_archive_that_was_streamed_is_read(tmp_path):
    class Pipe:
        def __init__(self, file):
            self.write, self.flush = file.write, file.flush

    with (tmp_path / "a.zip").open("wb") as file, zipfile.ZipFile(Pipe(file), "w") as archive:
        archive.writestr("a.py", CODE)
        archive.writestr("b.py", CODE)
    assert names(read_archive(tmp_path / "a.zip")) == ["a.py", "b.py"]


@pytest.mark.parametrize("prefix", [b"", b"#!/bin/sh\nexit\n"], ids=["plain", "behind a script"])
def test_an_empty_archive_is_one(tmp_path, prefix):
    path = write(tmp_path / "a.zip")
    path.write_bytes(prefix + path.read_bytes())
    assert read_archive(path) == Archive({})


@pytest.mark.parametrize("name", ["__MACOSX/._exercise_03.py", "__MACOSX/hong/a.py", ".DS_Store", "hong/.hidden/a.py",
                                  ".ipynb_checkpoints/exercise_03-checkpoint.ipynb", "hong/._a.py"])
def test_what_systems_add_by_themselves_is_dropped(read, name):
    assert read("a.py", name) == Archive({PurePosixPath("a.py"): CODE})


KOREAN = "홍길동/과제.py"


@pytest.mark.parametrize(("name", "flags"), [
    (KOREAN.encode(), 0x800), (KOREAN.encode(), 0), (KOREAN.encode("cp949"), 0),
    (unicodedata.normalize("NFD", KOREAN).encode(), 0), (unicodedata.normalize("NFD", KOREAN).encode(), 0x800)],
    ids=["UTF-8", "UTF-8 that does not say so", "cp949", "in pieces", "in pieces, UTF-8"])
def test_korean_names_are_read_as_they_were_meant(read, name, flags):
    assert names(read(Member(name, flags=flags))) == [KOREAN]


def test_names_of_neither_encoding_are_those_of_the_first_pcs(read):
    assert names(read(Member(b"na\xefve\xff.py"))) == [b"na\xefve\xff.py".decode("cp437")]


def test_only_what_is_wanted_is_unpacked(tmp_path):
    path = write(tmp_path / "a.zip", "a.py", ("data.csv", bytes(2**20)), Member("b.csv", flags=1))
    limits = ArchiveLimits(total_mb=0, file_mb=0)
    assert read_archive(path, limits=limits, wanted=lambda name: name.suffix == ".md") == Archive({})
    assert names(read_archive(path, wanted=lambda name: name.suffix == ".py")) == ["a.py"]


# --- what is left out ------------------------------------------------------------------------------------------------

LEFT_OUT = {
    "absolute": ("/etc/passwd", "path"), "absolute twice": ("//host/a.py", "path"), "upwards": ("../a.py", "path"),
    "up and down": ("hong/../../a.py", "path"), "upwards inside": ("hong/../a.py", "path"),
    "upwards, hidden": ("../.a.py", "path"), "only upwards": ("..", "path"),
    "drive": ("C:/a.py", "path"), "drive without a slash": ("C:a.py", "path"),
    "backslashes": ("hong\\a.py", "path"), "upwards with backslashes": ("..\\a.py", "path"),
    "share": ("\\\\host\\a.py", "path"),
    "newline": ("a\n.py", "name"), "escape": ("\x1b[2Ja.py", "name"), "delete": ("a\x7f.py", "name"),
    "NUL": ("a.py\0.txt", "name"), "long": ("a" * 1001, "name"), "nothing": ("", "name"), "only a dot": (".", "name"),
    "symbolic link": (Member("b.py", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "link"),
    "device": (Member("b.py", mode=stat.S_IFCHR | 0o666), "link"), "pipe": (Member("b.py", mode=stat.S_IFIFO), "link"),
    "folder called a file": (Member("b.py", mode=stat.S_IFDIR), "link"),
    "encrypted": (Member("b.py", flags=1), "encrypted"), "encrypted names": (Member("b.py", flags=0x2041), "encrypted"),
    "lzma": (Member("b.py", method=zipfile.ZIP_LZMA), "method"), "unknown method": (Member("b.py", method=99), "method"),
    "archive": ("inner.zip", "nested"), "tar": ("inner.tar.gz", "nested"),
    "too large": (Member("b.py", b"", size=2**27), "too_large"),
    "bomb": (Member("b.py", bytes(2**21), method=zipfile.ZIP_DEFLATED), "bomb"),
    "wrong checksum": (Member("b.py", crc=1), "broken"), "longer than it says": (Member("b.py", size=3), "broken"),
    "shorter than it says": (Member("b.py", size=9), "broken"),
    "no deflate": (Member("b.py", packed=b"\xff" * 9, method=zipfile.ZIP_DEFLATED), "broken"),
    "cut deflate": (Member("b.py", packed=b"\x4b", method=zipfile.ZIP_DEFLATED), "broken"),
    "another name inside": (Member("b.py", local_name=b"c.py"), "broken"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_strange_file_is_left_out_for_a_named_reason(read, case):
    member, reason = LEFT_OUT[case]
    archive = read("a.py", member, "z.py")
    assert names(archive) == ["a.py", "z.py"]
    assert list(archive.left_out.values()) == [reason]
    assert all(say(f"unreadable.member.{reason}", lang) for lang in ("ko", "en"))


@pytest.mark.parametrize("others", [("b.py", "b.py"), ("b.py", "./b.py"), ("c/b.py", "c//b.py"),
                                    ("c/b.py", "c\\b.py"), ("가.py", unicodedata.normalize("NFD", "가.py"))], ids=str)
def test_of_files_with_one_name_none_is_chosen(read, others):
    archive = read("a.py", *others)
    assert names(archive) == ["a.py"]
    assert list(archive.left_out.values()) == ["twice"]


# --- what is not read at all -----------------------------------------------------------------------------------------

def test_too_many_members_are_not_read(read):
    assert problem(read(*[f"{k}.py" for k in range(21)], limits=SMALL)) == "archive_too_many"
    assert len(names(read(*[f"{k}.py" for k in range(20)], limits=SMALL))) == 20


def test_a_list_of_members_longer_than_any_sound_one_is_not_read(read):
    entry = Member("a.py").listed(0)
    assert problem(read("a.py", limits=SMALL, entries=entry * 5000)) == "no_archive"


def test_too_much_in_all_is_not_unpacked(read):
    half = bytes(range(256)) * 2**12
    members = [Member(f"{k}.py", half, method=zipfile.ZIP_DEFLATED) for k in range(3)]
    assert problem(read(*members, limits=ArchiveLimits(total_mb=2))) == "archive_too_large"
    assert len(names(read(*members[:2], limits=ArchiveLimits(total_mb=2)))) == 2


def test_an_archive_that_is_too_large_itself_is_not_opened(tmp_path):
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    assert problem(read_archive(path)) == "too_large"


@pytest.mark.parametrize("shift", [0, 5, 31], ids=["the same bytes", "inside a name", "inside the content"])
def test_members_that_share_bytes_are_a_bomb(read, shift):
    shared = Member("a.py", b"x" * 200)
    assert problem(read(shared, Member("b.py", b"x" * 200, at=shift), "c.py")) == "archive_bomb"


def test_a_member_that_reaches_into_the_list_of_members_is_a_bomb(read):
    assert problem(read(Member("a.py", b"x", packed=b"x"), Member("b.py", b"x" * 300, at=0))) == "archive_bomb"


BROKEN = {
    "nothing": b"", "text": b"hello\n" * 9, "html": b"<!DOCTYPE html>", "rar": b"Rar!\x1a\x07\x01\0", "7z": b"7z\xbc\xaf'\x1c",
    "only the end": b"PK\5\6" + b"\xff" * 18, "half an end": b"PK\5\6" + b"\0" * 9,
    "list of members elsewhere": struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, 46, 2**31, 0),
    "list of members of 4 GB": struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, 2**32 - 2, 0, 0),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_no_archive_is_told(tmp_path, case):
    (tmp_path / "a.zip").write_bytes(BROKEN[case])
    assert problem(read_archive(tmp_path / "a.zip")) == "no_archive"


def test_a_truncated_archive_is_no_archive_wherever_it_ends(tmp_path):
    whole = write(tmp_path / "a.zip", "a.py", "b.py").read_bytes()
    for end in range(len(whole)):
        (tmp_path / "a.zip").write_bytes(whole[:end])
        assert problem(read_archive(tmp_path / "a.zip")) == "no_archive"


def test_no_broken_byte_is_an_error_of_ours(tmp_path):
    whole = write(tmp_path / "a.zip", "hong/a.py", Member("b.py", b"y" * 99, method=zipfile.ZIP_DEFLATED)).read_bytes()
    for place in range(len(whole)):
        for byte in (0, 0xFF, whole[place] ^ 1):
            (tmp_path / "a.zip").write_bytes(whole[:place] + bytes([byte]) + whole[place + 1:])
            found = read_archive(tmp_path / "a.zip", limits=SMALL)
            assert isinstance(found, Archive) or problem(found)


@some
@given(raw=st.binary(max_size=60), end=st.booleans())
def test_any_bytes_are_an_archive_or_a_problem(tmp_path_factory, raw, end):
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(raw + (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, len(raw), 0, 0) if end else b""))
    found = read_archive(path)
    assert isinstance(found, Archive) or problem(found)


def test_links_and_special_files_are_no_archives(tmp_path):
    (tmp_path / "link.zip").symlink_to(write(tmp_path / "a.zip", "a.py"))
    assert problem(read_archive(tmp_path / "link.zip")) == "link"


def test_an_archive_that_is_gone_is_a_matter_of_usage(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_archive(tmp_path / "a.zip")


@pytest.mark.parametrize("bomb", ["ratio", "overlapping", "many"])
def test_a_bomb_costs_no_time_and_no_memory(tmp_path, bomb):
    path = tmp_path / "a.zip"
    if bomb == "ratio":
        write(path, *[Member(f"{k}.py", bytes(60 * 2**20), method=zipfile.ZIP_DEFLATED) for k in range(3)])
    elif bomb == "overlapping":
        write(path, Member("a.py", bytes(60 * 2**20), method=zipfile.ZIP_DEFLATED), *[
            Member(f"{k}.py", bytes(60 * 2**20), method=zipfile.ZIP_DEFLATED, packed=b"\0" * 60_000, at=0)
            for k in range(30)])
    else:
        write(path, entries=Member("").listed(0) * 100_000)
    tracemalloc.start()
    started = time.perf_counter()
    try:
        read_archive(path)
        assert time.perf_counter() - started < 20
        assert tracemalloc.get_traced_memory()[1] < 150 * 2**20
    finally:
        tracemalloc.stop()


def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    path = write(tmp_path / "a.zip", "a.py", "../b.py", "hong/c.py")
    monkeypatch.chdir(tmp_path)
    read_archive(path)
    assert [entry.name for entry in tmp_path.rglob("*")] == ["a.zip"]


# --- one submission --------------------------------------------------------------------------------------------------

def submission(tmp_path, *members):
    return submission_in_archive(write(tmp_path / "work.zip", *members), "exercise_03")


NOTEBOOK = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": "n"}]}'


@pytest.mark.parametrize(("members", "path"), [
    ([("exercise_03.py", CODE)], "exercise_03.py"),
    ([("hong/exercise_03.py", CODE)], "hong/exercise_03.py"),
    ([("exercise_03.py", CODE), ("exercise_03.ipynb", NOTEBOOK)], "exercise_03.ipynb"),
    ([("hong/exercise_03.py", CODE), ("hong/exercise_03.ipynb", NOTEBOOK)], "hong/exercise_03.ipynb"),
    ([("old/exercise_03.ipynb", NOTEBOOK), ("exercise_03.py", CODE), ("new/exercise_03.py", CODE)], "exercise_03.py"),
    ([("exercise_03.py", CODE), ("a/b/exercise_03.ipynb", NOTEBOOK), ("exercise_04.ipynb", NOTEBOOK)], "exercise_03.py"),
    ([("exercise_03.py", CODE), ("__MACOSX/exercise_03.py", b"\0\5\x16\7")], "exercise_03.py")])
def test_a_submission_in_an_archive_is_taken_as_from_a_folder(tmp_path, members, path):
    found = submission(tmp_path, *members)
    assert found.path == tmp_path / "work.zip" / path
    assert found.problem is None
    assert (found.kind, found.cells) == (("notebook", ("n",)) if path.endswith("ipynb") else ("module", ("x = 1\n",)))


@pytest.mark.parametrize(("members", "words"), [
    ([], "holds neither exercise_03.ipynb nor exercise_03.py"), (["exercise_04.py"], "holds neither"),
    (["a/b/exercise_03.py"], "holds neither"),
    (["a/exercise_03.py", "b/exercise_03.ipynb"], "holds exercise_03 in 2 folders; hand in one of them")])
def test_an_archive_without_the_submission_is_a_matter_of_usage(tmp_path, members, words):
    with pytest.raises(UsageError, match=f"^{tmp_path / 'work.zip'}: {words}"):
        submission(tmp_path, *members)


@pytest.mark.parametrize(("member", "kind"), [
    (Member("exercise_03.py", flags=1), "member.encrypted"), (Member("hong/exercise_03.py", crc=1), "member.broken"),
    ("hong\\exercise_03.py", "member.path"), ("../exercise_03.py", "member.path"),
    (Member("exercise_03.py", b"/etc/passwd", mode=stat.S_IFLNK), "member.link"), (("exercise_03.py", b""), "empty"),
    (("exercise_03.ipynb", b"{"), "not_json")])
def test_a_submission_that_cannot_be_read_is_the_students_problem(tmp_path, member, kind):
    assert problem(submission(tmp_path, member).problem) == kind


def test_a_broken_archive_is_the_students_problem(tmp_path):
    (tmp_path / "work.zip").write_bytes(b"PK")
    found = submission_in_archive(tmp_path / "work.zip", "exercise_03")
    assert (problem(found.problem), found.path) == ("no_archive", tmp_path / "work.zip")


def test_an_archive_is_a_submission_by_its_ending(tmp_path):
    path = write(tmp_path / "work.zip", "exercise_03.py")
    assert locate_submission("exercise_03", path, Path("starter")) == path


def test_the_command_takes_an_archive_and_says_what_it_took(grade, tmp_path):
    path = write(tmp_path / "work.zip", ("hong/exercise_05.py", b""))
    answer = grade("exercise_05", path, "--lang", "en")
    assert answer.code == 1
    said = "".join(answer.out.split())  # a long path is broken over lines
    assert "hong/exercise_05.py" in said and f"gradeexercise_05{path}" in said
    record = grade("exercise_05", path, "--json", "-").record
    assert (record["verdict"], record["points"]) == ("crashed", 0)
    assert record["submission"]["path"] == f"{path}/hong/exercise_05.py"
