"""What a run let us see: observations as plain values, and the suspicious reading of what a kernel sent."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from grader.inside.codec import CodecError, FilePath, Laid, Opaque, decode, encode

__all__ = ["CheckEvidence", "CodecError", "Evidence", "FilePath", "Frame", "Laid", "Late", "Missing", "NotRun",
           "Observation", "Opaque", "Raised", "Returned", "decode", "encode", "read_observations"]


@dataclass(frozen=True)
class Frame:
    """One line of the submission on the way to an error."""

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Returned:
    """A value came back."""

    value: Any


@dataclass(frozen=True)
class Raised:
    """An exception came back: `kinds` are its class and that class's ancestors, `module.Name`."""

    kinds: tuple[str, ...]
    message: str
    frames: tuple[Frame, ...] = ()

    @property
    def name(self) -> str:
        return self.kinds[0].rpartition(".")[2] if self.kinds else "Exception"

    @property
    def full_name(self) -> str:
        return self.kinds[0] if self.kinds else "builtins.Exception"


@dataclass(frozen=True)
class Missing:
    """The name that a step needs is not defined."""

    name: str


@dataclass(frozen=True)
class Late:
    """The call ran longer than its limit."""


@dataclass(frozen=True)
class NotRun:
    """The step was not carried out: an earlier one gave nothing to work on, or the run had ended."""


Outcome = Returned | Raised | Missing | Late | NotRun


@dataclass(frozen=True)
class Observation:
    """One step's evidence: its outcome, and what the mutable arguments held afterwards (by position or name)."""

    outcome: Outcome
    after: Mapping[str, Any] = field(default_factory=dict)
    warned: tuple[str, ...] = ()
    ms: float = 0.0


NOTHING = Observation(NotRun())


@dataclass(frozen=True)
class CheckEvidence:
    """All that one check's steps showed; `ended` says how the run broke off, if it did."""

    observations: Mapping[int, Observation]
    ended: str | None = None

    def at(self, step: int) -> Observation:
        return self.observations.get(step, NOTHING)

    @cached_property
    def looks(self) -> "Mapping[int, Look]":
        """How the observations look when they are sent, by step."""
        return {step: Look(item) for step, item in self.observations.items()}


class Look:
    """An observation, and the texts of its value and of its arguments when they are sent."""

    def __init__(self, observation: Observation) -> None:
        self.observation = observation
        self.value = _text_of(_dump_outcome(observation.outcome).get("ok"))
        self.after = _text_of(_dump_after(observation))


@dataclass(frozen=True)
class Evidence:
    """All that one run of a submission, reference, variant or mutant let us see."""

    checks: Mapping[str, CheckEvidence]

    def of(self, check_id: str) -> CheckEvidence:
        return self.checks.get(check_id, CheckEvidence({}))


def read_raised(data: Any) -> Raised:
    """An error as the probe describes it; raises `CodecError`."""
    try:
        kinds = tuple(_text(kind, 200) for kind in data["kinds"][:20])
        frames = tuple(Frame(_text(file, 200), _count(line), _text(text, 300))
                       for file, line, text in data["frames"][:20])
        return Raised(kinds, _text(data["message"], 2000), frames)
    except (KeyError, TypeError, ValueError) as error:
        raise CodecError("bad error") from error


def read_observations(payloads: Iterable[Any], check_id: str,
                      like: CheckEvidence | None = None) -> dict[int, Observation]:
    """Observations of one check by step, from what the kernel sent; malformed ones are as good as none.

    The first observation of a step counts, so that nothing sent later can change it. A value that looks as it does in
    the evidence `like` becomes the very same object: nobody needs to decode it, or to compare it, a second time.
    """
    looks = like.looks if like is not None else {}
    observations: dict[int, Observation] = {}
    for payload in payloads:
        if not isinstance(payload, dict) or payload.get("check") != check_id:
            continue
        batch = payload.get("observations")
        for item in batch if isinstance(batch, list) else []:
            try:
                step = _count(item["i"])
                if step not in observations:
                    observations[step] = _observation(item, looks.get(step))
            except (CodecError, KeyError, TypeError, ValueError, OverflowError):
                continue
    return observations


def _observation(item: Mapping[str, Any], like: Look | None) -> Observation:
    warned = item.get("warned", [])
    if not isinstance(warned, list):
        raise CodecError("bad observation")
    return Observation(outcome=_outcome(item, like), after=_after(item.get("after", {}), like),
                       warned=tuple(_text(name, 100) for name in warned[:10]), ms=float(item.get("ms", 0.0)))


def _outcome(item: Mapping[str, Any], like: Look | None) -> Outcome:
    if len(item.keys() & {"ok", "err", "missing", "late", "notrun"}) > 1:
        raise CodecError("two outcomes")
    if "ok" in item:
        same = like is not None and isinstance(like.observation.outcome, Returned) and _looks(item["ok"], like.value)
        return like.observation.outcome if like is not None and same else Returned(decode(item["ok"]))
    if "err" in item:
        return read_raised(item["err"])
    if "missing" in item:
        return Missing(_text(item["missing"], 200))
    return Late() if "late" in item else NotRun()


def _after(data: Any, like: Look | None) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise CodecError("bad observation")
    if like is not None and _looks(data, like.after):
        return like.observation.after
    return {_text(name, 200): decode(value) for name, value in data.items()}


def _looks(data: Any, text: str | None) -> bool:
    return text is not None and _text_of(data) == text


def _text_of(data: Any) -> str | None:
    """JSON data as text, the same for the same data only: `==` takes 1 for 1.0. None for what has no text."""
    try:
        return json.dumps(data)
    except (RecursionError, ValueError):
        return None


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise CodecError("not a text")
    return value[:limit]


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise CodecError("not a count")
    return value


def dump_evidence(evidence: Evidence) -> dict[str, Any]:
    """Evidence as JSON-ready data, for the cache of reference observations."""
    return {check_id: {"ended": check.ended, "observations": [
        {"i": step, **_dump_outcome(item.outcome), "warned": list(item.warned), "ms": item.ms,
         "after": _dump_after(item)}
        for step, item in check.observations.items()]} for check_id, check in evidence.checks.items()}


def load_evidence(data: Mapping[str, Any], like: Evidence | None = None) -> Evidence:
    """Inverse of `dump_evidence`; raises `CodecError`, `KeyError` or `TypeError` on a broken cache file.

    What looks as it does in `like` becomes the same object (see `read_observations`).
    """
    looks = {check_id: like.of(check_id).looks if like is not None else {} for check_id in data}
    return Evidence({check_id: CheckEvidence(
        {item["i"]: _observation(item, looks[check_id].get(item["i"])) for item in check["observations"]},
        check["ended"]) for check_id, check in data.items()})


def _dump_after(observation: Observation) -> dict[str, Any]:
    return {name: encode(value) for name, value in observation.after.items()}


def _dump_outcome(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Returned(value):
            return {"ok": encode(value)}
        case Raised(kinds, message, frames):
            return {"err": {"kinds": list(kinds), "message": message,
                            "frames": [[frame.file, frame.line, frame.text] for frame in frames]}}
        case Missing(name):
            return {"missing": name}
        case Late():
            return {"late": True}
        case NotRun():
            return {"notrun": True}


def digest(*parts: bytes | str) -> str:
    """SHA-256 over the parts, each preceded by its length, so that no two lists of parts collide."""
    sha = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        sha.update(f"{len(raw)}:".encode())
        sha.update(raw)
    return sha.hexdigest()


def same_bits(left: Any, right: Any) -> bool:
    """Whether two values are the same to the last bit, dtype and shape included."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return (left.dtype == right.dtype and left.shape == right.shape
                and left.tobytes() == right.tobytes())
    return json.dumps(encode(left)) == json.dumps(encode(right))
