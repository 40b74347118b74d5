"""Messages of a kernel that knows the key and keeps no rule: each is dropped, or brings a named outcome."""

import sys
from pathlib import Path

if __name__ == "__main__":  # before anything of the grader is imported, so that atheris can follow it
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from tests.fuzz.engine import fuzz

    fuzz("messages")

import json
from functools import partial
from types import SimpleNamespace
from typing import Any

from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionComplete

from grader.client import CellClient, CheckedChannel, Conversation
from grader.inside.launcher import PROBE_PAYLOAD, PROBE_REPLY
from grader.kernel import KernelSession, Outcome
from grader.spec import Limits
from tests.fuzz.engine import any_json

KEY = b"k"
LIMITS = Limits(output_kb=4, message_mb=1)
TYPES = ("stream", "error", "status", PROBE_PAYLOAD, PROBE_REPLY)


def target(data: bytes) -> None:
    outcome = outcome_of(data)
    assert len(outcome.text) <= 2 * 4096 and "\x1b" not in outcome.text
    if outcome.failure is not None:
        assert len(outcome.failure.message) <= 4000 and len(outcome.failure.traceback) <= 25
        assert len(outcome.failure.name) <= 200


def outcome_of(data: bytes) -> Outcome:
    session = Session(key=KEY)
    channel = SimpleNamespace(session=session)
    talk = Conversation("id", LIMITS, PROBE_REPLY)
    for frames in _frames(data, session):
        message = CheckedChannel._checked(channel, frames)  # type: ignore[arg-type]
        if message is not None:
            _take(talk, message)
    judge = partial(KernelSession._judge, SimpleNamespace(limits=LIMITS))  # type: ignore[arg-type]
    outcome = KernelSession._outcome(SimpleNamespace(limits=LIMITS, _judge=judge), talk)  # type: ignore[arg-type]
    assert outcome.ended != "ok" or talk.reply is not None, "fine without a reply"
    return outcome


def _frames(data: bytes, session: Session) -> list[list[bytes]]:
    """Messages in one input: signed parts as they are, or around JSON that is nearly sound."""
    found = [data.split(b"\n")]
    for k, line in enumerate(data.split(b"\n")[:20]):
        parts = line.split(b"\t")
        if len(parts) < 4:
            kind = TYPES[(line[0] if line else 0) % len(TYPES)]
            content = any_json(line[1:])
            parts = [_packed(part) for part in ({"msg_type": kind, "msg_id": str(k), "version": "5.4"}, {"msg_id": "id"}, {}, content)]
        found.append([b"ident", b"<IDS|MSG>", session.sign(parts[:4]), *parts])
    return found


def _packed(part: Any) -> bytes:
    return json.dumps(part).encode()


def _take(talk: Conversation, message: dict[str, Any]) -> None:
    """What the client does with a message of the current request."""
    if message["msg_type"] == PROBE_PAYLOAD:
        talk.take_payload(message["content"], message["size"], message["parts"])
    elif message["msg_type"] == PROBE_REPLY:
        talk.reply = message["content"]
    else:
        try:
            CellClient.process_message(SimpleNamespace(_conversation=talk), message, None, 0)  # type: ignore[arg-type]
        except CellExecutionComplete:
            return
