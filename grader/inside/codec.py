"""Values as JSON and back, the same on both sides of the sandbox; nothing executable, everything bounded.

Runs inside the kernel (beside the probe) and outside, so it needs only the standard library and numpy.
JSON null, booleans, integers, finite floats and strings stand for themselves; the rest is an object with one key:

    {"f": "nan"}                        float that is not finite
    {"c": [re, im]}                     complex
    {"l": [...]} {"t": [...]}           list, tuple
    {"d": [[key, value], ...]}          dict
    {"a": [dtype, shape, base64, layout?]}   array (bool, integer, float, complex or text); object arrays of text too
    {"s": [dtype, base64]}              numpy scalar
    {"p": text}                         path
    {"o": class name}                   anything else: only its class is told
"""

import base64
import math
import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

ARRAY_KINDS = "biufcU"
MAX_DEPTH = 24
MAX_TEXT = 100_000
MAX_NODES = 200_000
MAX_BYTES = 32 * 2**20
MAX_BITS = 4096
MAX_COLLISIONS = 100
WITHHELD = "not sent: "  # begins the name of an Opaque that stands for plain data, not for an object
TOO_LARGE = {"o": WITHHELD + "too deep or too large"}
DTYPE = re.compile(r"[<|][biufc][0-9]{1,2}|<U[1-9][0-9]{0,6}")


class Opaque:
    """An object that stays in the kernel; only the name of its class is known."""

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and other.class_name == self.class_name

    def __hash__(self) -> int:
        return hash(self.class_name)

    def __repr__(self) -> str:
        return f"<{self.class_name}>"

    @property
    def withheld(self) -> bool:
        """Whether this stands for plain data that was too much to send."""
        return self.class_name.startswith(WITHHELD)


class FilePath(str):
    """A path-like object's text; equal paths name the same file."""


class Laid:
    """An array to be handed over in a given memory layout: `F`, `T` (transposed view), `strided`, `read-only`."""

    def __init__(self, array: "np.ndarray[Any, Any]", layout: str) -> None:
        self.array = array
        self.layout = layout


class CodecError(ValueError):
    """What was sent is not a value in this encoding, or is too large."""


def encode(value: Any) -> Any:
    """`value` as JSON-ready data; never raises for strange objects, they become opaque."""
    return _Encoder().encode(value, 0)


class _Encoder:
    def __init__(self) -> None:
        self.nodes = 0

    def encode(self, value: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            return TOO_LARGE
        try:
            return self.known(value, depth)
        except Exception:  # an object that lies about what it is, or raises where others answer
            return {"o": _class_name(value)}

    def known(self, value: Any, depth: int) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, np.generic):
            return self.scalar(value)
        if isinstance(value, int):
            return int(value) if int.bit_length(value) <= MAX_BITS else {"o": WITHHELD + "huge int"}
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"f": repr(float(value))}
        if isinstance(value, complex):
            return {"c": [self.encode(value.real, depth + 1), self.encode(value.imag, depth + 1)]}
        if isinstance(value, FilePath):
            return {"p": str(value)}
        if isinstance(value, str):
            return str.__str__(value)[:MAX_TEXT]
        if isinstance(value, Laid):
            return self.array(value.array, str(value.layout))
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, list):
            return {"l": self.items(value, depth)}
        if isinstance(value, tuple):
            return {"t": self.items(value, depth)}
        if isinstance(value, dict):
            return {"d": self.pairs(value, depth)}
        if isinstance(value, Opaque):
            return {"o": str(value.class_name)}
        if isinstance(value, os.PathLike):
            return {"p": os.fsdecode(value)[:MAX_TEXT]}
        return self.foreign(value)

    def items(self, values: Iterable[Any], depth: int) -> list[Any]:
        """As many as there is room for; where there are more, the last one says so."""
        found = []
        for value in values:
            found.append(self.encode(value, depth + 1))
            if self.nodes > MAX_NODES:
                break
        return found

    def pairs(self, value: dict[Any, Any], depth: int) -> list[Any]:
        found = []
        for key, item in value.items():
            found.append([self.encode(key, depth + 1), self.encode(item, depth + 1)])
            if self.nodes > MAX_NODES:
                break
        return found

    def scalar(self, value: "np.generic[Any]") -> Any:
        if value.dtype.kind == "U":
            return str(value)[:MAX_TEXT]
        if value.dtype.kind not in ARRAY_KINDS:
            return {"o": f"numpy.{value.dtype.name}"}
        plain = np.asarray(value).astype(value.dtype.newbyteorder("<"))
        return {"s": [plain.dtype.str, base64.b64encode(plain.tobytes()).decode("ascii")]}

    def array(self, value: "np.ndarray[Any, Any]", layout: str | None = None) -> Any:
        value = np.asarray(value)  # of a subclass, the array that it is
        if value.nbytes > MAX_BYTES:
            return {"o": f"{WITHHELD}numpy array of {value.nbytes} bytes"}
        if value.dtype.kind == "O" and value.size <= MAX_NODES and all(isinstance(item, str) for item in value.flat):
            value = value.astype(str)
        if value.dtype.kind not in ARRAY_KINDS:
            return {"o": f"{WITHHELD}numpy array of {value.dtype.name}"}
        plain = np.ascontiguousarray(value).astype(value.dtype.newbyteorder("<"), copy=False)
        body = [plain.dtype.str, list(value.shape), base64.b64encode(plain.tobytes()).decode("ascii")]
        return {"a": [*body, layout] if layout else body}

    def foreign(self, value: Any) -> Any:
        """Tensors, series and the like by the array protocol; else only the class name."""
        if hasattr(type(value), "__array__"):
            array = np.asarray(value)
            if array.dtype.kind in ARRAY_KINDS:
                return self.array(array)
        return {"o": _class_name(value)}


def _class_name(value: Any) -> str:
    try:
        kind = type(value)
        return f"{kind.__module__}.{kind.__qualname__}"[:200]
    except Exception:
        return "object"


def decode(data: Any) -> Any:
    """The value behind `data`; raises `CodecError` on anything malformed, before allocating for it."""
    return _Decoder().decode(data, 0)


class _Decoder:
    def __init__(self) -> None:
        self.nodes = 0

    def decode(self, data: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH + 2 or self.nodes > 2 * MAX_NODES:
            raise CodecError("too deep or too large")
        if isinstance(data, int) and data.bit_length() > MAX_BITS:
            raise CodecError("huge int")
        if data is None or isinstance(data, bool | int | float):
            return data
        if isinstance(data, str):
            return data[:MAX_TEXT]
        if not isinstance(data, dict) or len(data) != 1:
            raise CodecError("not a tagged value")
        (tag, body), = data.items()
        reader = getattr(self, f"read_{tag}", None) if isinstance(tag, str) and len(tag) == 1 else None
        if reader is None:
            raise CodecError(f"unknown tag {str(tag)[:20]!r}")
        return reader(body, depth)

    def read_f(self, body: Any, depth: int) -> float:
        if body not in ("nan", "inf", "-inf"):
            raise CodecError("bad float")
        return float(body)

    def read_c(self, body: Any, depth: int) -> complex:
        parts = self.items(body, depth)
        if len(parts) != 2 or not all(isinstance(part, float | int) for part in parts):
            raise CodecError("bad complex")
        try:
            return complex(*parts)
        except OverflowError as error:
            raise CodecError("bad complex") from error

    def read_l(self, body: Any, depth: int) -> list[Any]:
        return self.items(body, depth)

    def read_t(self, body: Any, depth: int) -> tuple[Any, ...]:
        return tuple(self.items(body, depth))

    def read_d(self, body: Any, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        hashes = set()  # keys that are made to share one would keep us busy for hours
        for pair in body if isinstance(body, list) else [None]:
            if not isinstance(pair, list) or len(pair) != 2:
                raise CodecError("bad dict")
            key = self.decode(pair[0], depth + 1)
            try:
                hashes.add(hash(key))
            except TypeError as error:
                raise CodecError("bad key") from error
            result[key] = self.decode(pair[1], depth + 1)
            if len(result) - len(hashes) > MAX_COLLISIONS:
                raise CodecError("keys collide")
        return result

    def read_a(self, body: Any, depth: int) -> "np.ndarray[Any, Any]":
        if not isinstance(body, list) or len(body) not in (3, 4):
            raise CodecError("bad array")
        dtype, raw = _dtype(body[0]), _bytes(body[2])
        _check_text(dtype, raw)
        shape = body[1]
        if not isinstance(shape, list) or len(shape) > 32 or not all(
                isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 2**40 for size in shape):
            raise CodecError("bad shape")
        if math.prod(shape) * dtype.itemsize != len(raw):
            raise CodecError("shape and bytes disagree")
        if math.prod(max(size, 1) for size in shape) * dtype.itemsize >= 2**60:
            raise CodecError("bad shape")  # empty, with sizes that no array can have
        array = np.frombuffer(raw, dtype=dtype).reshape(shape).copy()
        return array if len(body) == 3 else lay(array, str(body[3]))

    def read_s(self, body: Any, depth: int) -> Any:
        if not isinstance(body, list) or len(body) != 2:
            raise CodecError("bad scalar")
        dtype, raw = _dtype(body[0]), _bytes(body[1])
        if dtype.itemsize != len(raw) or not raw:
            raise CodecError("bad scalar")
        _check_text(dtype, raw)
        return np.frombuffer(raw, dtype=dtype)[0]

    def read_p(self, body: Any, depth: int) -> FilePath:
        if not isinstance(body, str):
            raise CodecError("bad path")
        return FilePath(body[:MAX_TEXT])

    def read_o(self, body: Any, depth: int) -> Opaque:
        if not isinstance(body, str):
            raise CodecError("bad object")
        return Opaque(body[:200])

    def items(self, body: Any, depth: int) -> list[Any]:
        if not isinstance(body, list):
            raise CodecError("bad list")
        return [self.decode(item, depth + 1) for item in body]


def lay(array: "np.ndarray[Any, Any]", layout: str) -> "np.ndarray[Any, Any]":
    """The same values in another memory layout."""
    if layout == "F":
        return np.asfortranarray(array)
    if layout == "T":
        return np.ascontiguousarray(array.T).T
    if layout == "strided":
        if array.ndim == 0:
            return array
        wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), 77, dtype=array.dtype)
        wide[..., ::2] = array
        return wide[..., ::2]
    if layout == "read-only":
        array.flags.writeable = False
        return array
    raise CodecError(f"unknown layout {layout[:20]!r}")


def _dtype(name: Any) -> "np.dtype[Any]":
    """A dtype as the encoder writes it: NumPy's own reading of names understands far more than that."""
    if not isinstance(name, str) or DTYPE.fullmatch(name) is None:
        raise CodecError("bad dtype")
    try:
        return np.dtype(name)
    except TypeError as error:
        raise CodecError("bad dtype") from error


def _check_text(dtype: "np.dtype[Any]", raw: bytes) -> None:
    """NumPy would make text of any numbers, and break at the first look at it."""
    if dtype.kind == "U" and len(raw) % 4 == 0 and np.any(np.frombuffer(raw, dtype="<u4") > 0x10FFFF):
        raise CodecError("bad text")


def _bytes(text: Any) -> bytes:
    if not isinstance(text, str):
        raise CodecError("bad bytes")
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise CodecError("bad bytes") from error
