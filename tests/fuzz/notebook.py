"""Submissions of any bytes: code that can be run, or a problem with one line in both languages."""

import sys
from pathlib import Path

if __name__ == "__main__":  # before anything of the grader is imported, so that atheris can follow it
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.fuzz.engine import fuzz

    fuzz("notebook")

import json

from grader.messages import say
from grader.submission import parse_submission
from tests.fuzz.engine import any_json

HERE = Path("exercise_01")


def target(data: bytes) -> None:
    raw = json.dumps(any_json(data)).encode() if data[:1] == b"~" else data
    for kind in ("notebook", "module"):
        found = parse_submission(HERE, kind, raw)
        if found.problem is None:
            assert found.cells, "neither code nor a problem"
            for code in found.cells:
                assert code.strip()
                code.encode()
        else:
            assert not found.cells
            for lang in ("ko", "en"):
                line = say(f"unreadable.{found.problem.kind}", lang, **found.problem.values)
                assert len(line) < 400 and "\n" not in line
