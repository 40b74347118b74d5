"""What the fuzz targets share: how atheris runs one, how seeds and found inputs are kept, how bytes become JSON.

A target is a module with `target(data)`, which returns for every input or raises for a bug:

    python tests/fuzz/codec.py -max_total_time=300

starts from `corpus/codec/`. What it finds new stays in a temporary folder; an input that showed a bug is added to
the corpus by hand under a name that tells the bug, and `tests/test_fuzz.py` replays it for ever.
"""

import importlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

CORPUS = Path(__file__).parent / "corpus"
WORDS = Path(__file__).parent / "words.dict"
TARGETS = ("codec", "observations", "messages", "notebook", "archive")
DEEPEST = 30
LEAVES = (None, True, False, 0, 1, 2, 3, 4, -1, 2**31, 2**63, 10**400, 1.5, -0.0, float("nan"), float("inf"), "", "a",
          "한글", "\ud800", "\0", "nan", "AAAAAAAA8D8=", "<f8", "<U1", "|b1", "<i4", "strided", "F", "c", "code", "markdown",
          "python", "R", "idle", "ok", "error", "builtins.ValueError")
KEYS = ("f", "c", "l", "t", "d", "a", "s", "p", "o", "z", "i", "ok", "err", "missing", "late", "after", "warned", "ms",
        "kinds", "message", "frames", "check", "observations", "payload", "index", "status", "sent", "ename", "evalue",
        "traceback", "text", "dropped", "execution_state", "msg_id", "msg_type", "cells", "cell_type", "source", "input",
        "metadata", "outputs", "nbformat", "nbformat_minor", "worksheets", "kernelspec", "language", "language_info", "name",
        "dotnet_interactive", "code", "load", "done")


def fuzz(name: str) -> NoReturn:
    """Let atheris look for inputs that break a target, until it is told to stop."""
    import atheris

    with atheris.instrument_imports(include=["grader"]):
        module = importlib.import_module(f"tests.fuzz.{name}")
    with tempfile.TemporaryDirectory() as found:
        atheris.Setup([*sys.argv, f"-dict={WORDS}", "-timeout=20", "-rss_limit_mb=2500", found, str(CORPUS / name)],
                      module.target)
        atheris.Fuzz()
    sys.exit()


def seeds(name: str) -> list[Path]:
    """The inputs that are kept for a target."""
    return sorted((CORPUS / name).iterdir())


def any_json(data: bytes) -> Any:
    """JSON-like data from bytes: as text, or (after a `~`) grown from them, so that small changes keep it sound."""
    if data[:1] == b"~":
        return _grown(iter(data[1:]), 0)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _grown(data: Iterator[int], depth: int) -> Any:
    """The next byte chooses a kind and how much of it there is."""
    byte = next(data, 0)
    kind, count = byte % 4, byte // 4 % 8
    if kind == 0 or depth > DEEPEST:
        return LEAVES[byte // 4 % len(LEAVES)]
    if kind == 1:
        return [_grown(data, depth + 1) for _ in range(count)]
    if kind == 2:
        return {KEYS[next(data, 0) % len(KEYS)]: _grown(data, depth + 1) for _ in range(count)}
    return {KEYS[byte // 4 % 9]: _grown(data, depth + 1)}


def shrunk(data: Any) -> bytes:
    """Bytes from which about this data grows: at most seven of anything, and leaves and keys of the tables."""
    if isinstance(data, list):
        return bytes([1 + 4 * len(data[:7])]) + b"".join(map(shrunk, data[:7]))
    if isinstance(data, dict):
        pairs = [(KEYS.index(key), shrunk(item)) for key, item in data.items() if key in KEYS][:7]
        return bytes([2 + 4 * len(pairs)]) + b"".join(bytes([key]) + item for key, item in pairs)
    return bytes([4 * next((k for k, leaf in enumerate(LEAVES) if leaf == data and type(leaf) is type(data)), 17)])
