"""A submission, read and sanity-checked without running it. What is wrong with the file is the student's: a value."""

import contextlib
import errno
import hashlib
import itertools
import json
import logging
import os
import re
import stat
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import IO, Any

from grader.errors import UsageError
from grader.text import count_parts

MAX_MB = 64
MAX_CELLS = 2000
MAX_PARTS = 4_000_000  # values in a notebook's JSON, outputs and all
MEBIBYTE = 2**20
HALVES = re.compile("[\ud800-\udfff]")
OTHER_KERNELS = {"ir": "R", "rkernel": "R", "julia": "Julia", "javascript": "JavaScript", "deno": "TypeScript",
                 "scala": "Scala", "octave": "Octave", "matlab": "MATLAB", "bash": "Bash", "sage": "Sage",
                 ".net-csharp": "C#", ".net-fsharp": "F#", ".net-powershell": "PowerShell", "xeus-cling": "C++"}


@dataclass(frozen=True)
class Problem:
    """Why a file cannot be run: a message key `unreadable.<kind>` and what the message needs."""

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What a student handed in: a module is one piece of code, a notebook one per code cell, in order."""

    path: Path
    kind: str
    sha256: str
    cells: tuple[str, ...] = ()
    problem: Problem | None = None


def locate_submission(exercise_id: str, given: Path | None, starter_folder: Path) -> Path:
    """The file to grade (contract, section 2). Raises `UsageError` where there is none."""
    if given is not None:
        try:
            return _as_given(exercise_id, given)
        except OSError as error:  # a name that is too long, a folder that may not be entered
            raise UsageError(f"{given}: cannot be read ({error.strerror})") from error
    candidates = [folder / f"{exercise_id}{suffix}" for folder in (Path(), Path(exercise_id))
                  for suffix in (".ipynb", ".py")]
    candidates += [starter_folder / f"starter{suffix}" for suffix in (".ipynb", ".py")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise UsageError(f"no submission found; looked for {', '.join(str(path) for path in candidates[:4])}")


def _as_given(exercise_id: str, given: Path) -> Path:
    if given.is_dir():
        return _in_folder(exercise_id, given)
    if not os.path.lexists(given):
        raise UsageError(f"{given}: there is no such file; give a .ipynb or .py file, or a folder that holds "
                         f"{exercise_id}.ipynb or {exercise_id}.py")
    if given.suffix not in (".py", ".ipynb", ".zip"):
        raise UsageError(f"{given}: is neither .ipynb nor .py; give a notebook or a module")
    return given


def _in_folder(exercise_id: str, folder: Path) -> Path:
    for suffix in (".ipynb", ".py"):
        if os.path.lexists(folder / f"{exercise_id}{suffix}"):
            return folder / f"{exercise_id}{suffix}"
    raise UsageError(f"{folder}: holds neither {exercise_id}.ipynb nor {exercise_id}.py; name the file itself")


def read_submission(path: Path) -> Submission:
    """The submission at `path`; raises `UsageError` only if the file cannot be opened at all."""
    kind = kind_of(path)
    file = open_regular(path, MAX_MB)
    if isinstance(file, Problem):
        return Submission(path, kind, "", problem=file)
    with file:
        try:
            raw = file.read(MAX_MB * MEBIBYTE + 1)
        except OSError as error:
            raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    if len(raw) > MAX_MB * MEBIBYTE:  # it has grown since
        return Submission(path, kind, "", problem=_too_large(len(raw), MAX_MB))
    return parse_submission(path, kind, raw)


def kind_of(path: PurePath) -> str:
    """What a file is by its name: `notebook` or `module`."""
    return "notebook" if path.suffix == ".ipynb" else "module"


def open_regular(path: Path, limit_mb: int) -> IO[bytes] | Problem:
    """An open file of bounded size. No link is followed, no device touched, no pipe waited for."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Problem("link")
        if status.st_size > limit_mb * MEBIBYTE:
            return _too_large(status.st_size, limit_mb)
        file = open(path, "rb", opener=_open_itself)  # noqa: SIM115  # the caller's to close
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):  # a link or a socket by now
            return Problem("link")
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    return Problem("link")


def _open_itself(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _too_large(size: int, limit_mb: int) -> Problem:
    return Problem("too_large", {"size": -(-size // MEBIBYTE), "limit": limit_mb})


def parse_submission(path: Path, kind: str, raw: bytes) -> Submission:
    """The submission in the bytes of a file."""
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Submission(path, kind, sha256, problem=Problem("not_utf8", {"offset": error.start}))
    if not text.strip():
        return Submission(path, kind, sha256, problem=Problem("empty"))
    if kind == "module":
        return Submission(path, kind, sha256, cells=(text.replace("\r\n", "\n"),))
    if count_parts(raw, MAX_PARTS) > MAX_PARTS:
        return Submission(path, kind, sha256, problem=Problem(
            "not_a_notebook", {"reason": f"more than {MAX_PARTS:,} values"}))
    cells = _notebook_cells(text)
    if isinstance(cells, Problem):
        return Submission(path, kind, sha256, problem=cells)
    return Submission(path, kind, sha256, cells=cells)


def _notebook_cells(text: str) -> tuple[str, ...] | Problem:
    """Sources of the code cells that hold anything, or what is wrong with the notebook."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return Problem("not_json", {"line": error.lineno, "column": error.colno, "reason": error.msg})
    except (RecursionError, ValueError) as error:
        return Problem("not_a_notebook", {"reason": _short(error)})
    if not isinstance(data, dict) or not ("cells" in data or "worksheets" in data):
        return Problem("not_a_notebook", {"reason": "no cells"})
    try:
        language = _language(data.get("metadata"))
        notebook = _upgraded(data)
        if language is not None:
            return Problem("language", {"language": _short(language)})
        cells = tuple(_source(cell) for cell in notebook["cells"] if cell.get("cell_type") == "code")
        foreign = next((name for cell in notebook["cells"] if (name := _cell_language(cell))), None)
    except Exception as error:  # whatever nbformat trips over is in the student's file
        return Problem("not_a_notebook", {"reason": _short(error)})
    if foreign is not None:
        return Problem("language", {"language": _short(foreign)})
    cells = tuple(cell for cell in cells if cell.strip())
    if not cells:
        return Problem("no_code")
    if len(cells) > MAX_CELLS:
        return Problem("not_a_notebook", {"reason": f"{len(cells)} code cells; at most {MAX_CELLS}"})
    return cells


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """The notebook in format 4; nbformat converts older ones (their lines may lack newlines)."""
    if data.get("nbformat") == 4 and isinstance(data.get("cells"), list):
        return data
    import nbformat

    version = data.get("nbformat", 1)
    if not isinstance(version, int):
        raise TypeError("a version that is no number")
    slim = {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}}
    if "cells" in data:
        slim["cells"] = _only_code(data["cells"])
    if "worksheets" in data:
        slim["worksheets"] = [{"cells": _only_code(cell for sheet in data["worksheets"]
                                                   for cell in sheet.get("cells") or [])}]
    logger = logging.getLogger("traitlets")
    with warnings.catch_warnings(), contextlib.ExitStack() as restore:
        warnings.simplefilter("ignore")  # random cell ids: we use the numbers of code cells
        restore.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)  # validation errors do not matter, the sources are read all the same
        return dict(nbformat.reads(json.dumps(slim), as_version=4))  # type: ignore[no-untyped-call]


def _only_code(cells: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Code cells without what is invalid, huge or hostile in old notebooks: nothing else in them is needed."""
    code = (cell for cell in cells if cell.get("cell_type") == "code")
    return [{"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "collapsed": False,
             **{key: _joined(cell[key], old=True) for key in ("code", "input", "source") if key in cell}}
            for cell in itertools.islice(code, MAX_CELLS + 1)]


def _source(cell: Mapping[str, Any]) -> str:
    """A cell's code; halves of surrogate pairs, which no file can hold, as the escapes that mean them in a text."""
    return HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", _joined(cell.get("source")))


def _joined(source: Any, *, old: bool = False) -> str:
    """A text, or lines (which lack their newlines in version 2)."""
    if source is None or isinstance(source, str):
        return source or ""
    if not isinstance(source, list):
        raise TypeError("a source that is neither a text nor lines")
    return ("\n" if old and source and not source[0].endswith("\n") else "").join(source)


def _language(metadata: Any) -> str | None:
    """The notebook's language if it is not Python, by kernelspec, language_info, or the kernel's name."""
    metadata = metadata if isinstance(metadata, dict) else {}
    spec = metadata.get("kernelspec") if isinstance(metadata.get("kernelspec"), dict) else {}
    info = metadata.get("language_info") if isinstance(metadata.get("language_info"), dict) else {}
    language = spec.get("language") or info.get("name")
    if isinstance(language, str) and language.strip():
        plain = language.strip()
        return None if plain.lower() in ("python", "ipython", "python3", "python2") else plain
    name = str(spec.get("name", "")).lower()
    return next((shown for start, shown in OTHER_KERNELS.items()
                 if name == start or name.startswith(f"{start}-")), None)


def _cell_language(cell: Mapping[str, Any]) -> str | None:
    """The language of a polyglot notebook's code cell, if it is not Python."""
    metadata = cell.get("metadata")
    if cell.get("cell_type") != "code" or not isinstance(metadata, dict):
        return None
    for key, field_name in (("dotnet_interactive", "language"), ("polyglot_notebook", "kernelName")):
        inner = metadata.get(key)
        language = inner.get(field_name) if isinstance(inner, dict) else None
        if isinstance(language, str) and language and language not in ("python", "pythonkernel", "markdown"):
            return language
    return None


def _short(told: str | Exception) -> str:
    """What a file says of itself, or what reading it said, in a few words."""
    return " ".join((told if isinstance(told, str) else f"{type(told).__name__}: {told}")[:120].split())
