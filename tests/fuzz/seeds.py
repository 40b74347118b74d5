"""Writes the first inputs of every corpus: `python tests/fuzz/seeds.py`. Inputs that were found are added by hand."""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import numpy as np

from grader.inside.codec import FilePath, Laid, Opaque, encode
from tests.fuzz.engine import CORPUS, shrunk

VALUES = {
    "plain": [None, True, 3, -0.0, "a", (1, 2.5), {"k": [1]}, {1: "one", (2, 3): None}],
    "numbers": [float("nan"), float("-inf"), 1 + 2j, 2**4000, np.float32(1.5), np.int64(-3), np.bool_(True)],
    "arrays": [np.arange(6.0).reshape(2, 3), np.zeros((0, 3), "i4"), np.array(1.5), np.array(["a", "bc"]), np.ones(2, "c8")],
    "layouts": [Laid(np.arange(6.0).reshape(2, 3), layout) for layout in ("F", "T", "strided", "read-only")],
    "strange": [FilePath("a/b"), Opaque("keras.Model"), Opaque("not sent: huge int"), "\ud800"],
}
ERROR = {"kinds": ["builtins.ValueError", "builtins.Exception"], "message": "no", "frames": [["a.py", 3, "raise"]]}
OBSERVATIONS = {
    "outcomes": [{"i": 0, "ok": encode(np.zeros(3))}, {"i": 1, "err": ERROR}, {"i": 2, "missing": "f"}, {"i": 3, "late": True},
                 {"i": 4, "notrun": True}, {"i": 5}],
    "parts": [{"i": 0, "ok": 1, "after": {"0": {"l": [1]}}, "warned": ["UserWarning"], "ms": 1.5}],
    "twice": [{"i": 0, "ok": {"t": [1, 2]}}, {"i": 0, "ok": 2}, {"i": 0, "ok": 1, "err": ERROR}],
}
CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": ["x = 1\n", "y"]}
OLD_CELL = {"cell_type": "code", "language": "python", "input": ["a", "b"], "outputs": [], "collapsed": False}
NOTEBOOKS = {
    "new": {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
            "cells": [CELL, {"cell_type": "markdown", "source": "# a", "metadata": {}}]},
    "old": {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [OLD_CELL]}]},
    "oldest": {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x", "prompt_number": 1}]},
    "in_r": {"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": "R"}}, "cells": [CELL]},
    "polyglot": {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        CELL | {"metadata": {"dotnet_interactive": {"language": "csharp"}}}]},
    "half_a_pair": {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [CELL | {"source": "'\ud800'"}]},
}
MESSAGES = {  # the first number chooses the type (`messages.TYPES`)
    "stream": [(0, {"text": "a\x1b[2Jb", "name": "stdout", "dropped": 3})],
    "error": [(1, {"ename": "E", "evalue": "no", "traceback": ["a", "b"]}), (2, {"execution_state": "idle"})],
    "probe": [(3, {"index": 0, "payload": {"check": "c"}}), (4, {"status": "ok", "sent": 1})],
    "refusal": [(4, {"status": "error", "ename": "E", "evalue": "no", "traceback": [], "sent": 0})],
}


def inputs() -> Iterator[tuple[str, str, bytes]]:
    """Target, name and bytes of every seed."""
    for target, data in [("codec", {name: encode(values) for name, values in VALUES.items()}), ("notebook", NOTEBOOKS),
                         ("observations", {name: [{"check": "c", "observations": items, "done": True}]
                                           for name, items in OBSERVATIONS.items()} | {"load": [{"load": ERROR}]})]:
        for name, sample in data.items():
            yield target, name, json.dumps(sample).encode()
            yield target, f"{name}_grown", b"~" + shrunk(sample)
    yield "notebook", "module", "x = '한글'\r\n".encode()
    for name, lines in MESSAGES.items():
        yield "messages", name, b"\n".join(bytes([kind]) + json.dumps(content).encode() for kind, content in lines)
        yield "messages", f"{name}_grown", b"\n".join(bytes([kind]) + b"~" + shrunk(content) for kind, content in lines)
    yield "messages", "parts", b'{"msg_type": "status", "msg_id": "1", "version": "5.4"}\t{"msg_id": "id"}\t{}\t{"execution_state": "idle"}'
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED), ("lzma", zipfile.ZIP_LZMA)):
        with zipfile.ZipFile(file := io.BytesIO(), "w", method) as archive:
            for member in ("exercise_01.py", "하나/exercise_01.ipynb", "../up.py", "__MACOSX/a"):
                archive.writestr(zipfile.ZipInfo(member), b"x = 1\n" * 20, method)
        yield "archive", name, file.getvalue()


def main() -> None:
    for target, name, data in inputs():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
