"""Values as a kernel might send them: each decodes, or is a CodecError, and none is larger than what was sent."""

import sys
from pathlib import Path

if __name__ == "__main__":  # before anything of the grader is imported, so that atheris can follow it
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.fuzz.engine import fuzz

    fuzz("codec")

from typing import Any

import numpy as np

from grader.inside.codec import MAX_TEXT, CodecError, decode, encode
from grader.observation import same_bits
from tests.fuzz.engine import any_json


def target(data: bytes) -> None:
    sent = any_json(data)
    try:
        value = decode(sent)
    except CodecError:
        return
    assert held(value) <= 2 * held(sent) + 64, "larger than what was sent"
    again = encode(value)
    assert same_bits(decode(again), value), "not the same there and back"


def held(value: Any) -> int:
    """Bytes of the arrays and texts in a value."""
    if isinstance(value, np.ndarray | np.generic):
        return value.nbytes
    if isinstance(value, str):
        return min(len(value), MAX_TEXT)
    if isinstance(value, dict):
        return sum(held(key) + held(item) for key, item in value.items())
    return sum(map(held, value)) if isinstance(value, list | tuple) else 0
