"""A submission, read and sanity-checked without running it. What is wrong with the file is the student's: a value."""

import contextlib
import hashlib
import json
import logging
import stat
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import UsageError

MAX_MB = 64
MAX_CELLS = 2000
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
        if given.is_dir():
            return _in_folder(exercise_id, given)
        if not given.exists() and not given.is_symlink():
            raise UsageError(f"{given}: there is no such file; give a .ipynb or .py file, or a folder that holds "
                             f"{exercise_id}.ipynb or {exercise_id}.py")
        if given.suffix not in (".py", ".ipynb"):
            raise UsageError(f"{given}: is neither .ipynb nor .py; give a notebook or a module")
        return given
    candidates = [folder / f"{exercise_id}{suffix}" for folder in (Path(), Path(exercise_id))
                  for suffix in (".ipynb", ".py")]
    candidates += [starter_folder / f"starter{suffix}" for suffix in (".ipynb", ".py")]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise UsageError(f"no submission found; looked for {', '.join(str(path) for path in candidates[:4])}")


def _in_folder(exercise_id: str, folder: Path) -> Path:
    for suffix in (".ipynb", ".py"):
        if (folder / f"{exercise_id}{suffix}").exists():
            return folder / f"{exercise_id}{suffix}"
    raise UsageError(f"{folder}: holds neither {exercise_id}.ipynb nor {exercise_id}.py; name the file itself")


def read_submission(path: Path) -> Submission:
    """The submission at `path`; raises `UsageError` only if the file cannot be opened at all."""
    kind = "notebook" if path.suffix == ".ipynb" else "module"
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            return Submission(path, kind, "", problem=Problem("link"))
        if status.st_size > MAX_MB * 2**20:
            return Submission(path, kind, "", problem=Problem(
                "too_large", {"size": status.st_size // 2**20, "limit": MAX_MB}))
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    return parse_submission(path, kind, raw)


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
        _drop_outputs(data)
        language = _language(data.get("metadata"))
        notebook = _upgraded(data)
        if language is not None:
            return Problem("language", {"language": language})
        cells = tuple(_source(cell) for cell in notebook["cells"] if cell.get("cell_type") == "code")
        foreign = next((name for cell in notebook["cells"] if (name := _cell_language(cell))), None)
    except Exception as error:  # whatever nbformat trips over is in the student's file
        return Problem("not_a_notebook", {"reason": _short(error)})
    if foreign is not None:
        return Problem("language", {"language": foreign})
    cells = tuple(cell for cell in cells if cell.strip())
    if not cells:
        return Problem("no_code")
    if len(cells) > MAX_CELLS:
        return Problem("not_a_notebook", {"reason": f"{len(cells)} code cells; at most {MAX_CELLS}"})
    return cells


def _drop_outputs(data: dict[str, Any]) -> None:
    """Stored outputs are what is invalid, huge or hostile in a notebook; nothing in them is needed."""
    sheets = data.get("worksheets")
    for sheet in sheets if isinstance(sheets, list) else [data]:
        for cell in sheet.get("cells") or []:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                cell["outputs"] = []
                cell.pop("prompt_number", None)
                cell["execution_count"] = None


def _upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """The notebook in format 4; nbformat converts older ones (their lines may lack newlines)."""
    if data.get("nbformat") == 4 and isinstance(data.get("cells"), list):
        return data
    import nbformat

    for sheet in data.get("worksheets") or []:
        for cell in sheet.get("cells") or []:
            if isinstance(cell.get("input"), list):  # nbformat expects lines of version 2 without their newlines
                lines = cell["input"]
                cell["input"] = ("" if lines and lines[0].endswith("\n") else "\n").join(lines)
    logger = logging.getLogger("traitlets")
    with warnings.catch_warnings(), contextlib.ExitStack() as restore:
        warnings.simplefilter("ignore")  # random cell ids: we use the numbers of code cells
        restore.callback(logger.setLevel, logger.level)
        logger.setLevel(logging.CRITICAL)  # validation errors do not matter, the sources are read all the same
        return dict(nbformat.reads(json.dumps(data), as_version=4))  # type: ignore[no-untyped-call]


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


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


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:120]
