"""One submission's kernel: run its cells, ask the probe, under limits; whatever happens is an `Outcome`.

Only failures of ours are exceptions (`SandboxError`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from grader.errors import SandboxError
from grader.process import KernelProcess
from grader.sandbox import Level
from grader.spec import Limits
from grader.text import plain
from grader.zygote import Zygote

if TYPE_CHECKING:
    from grader.client import CellClient, Conversation

MAX_MESSAGE = 4000
MAX_FRAME = 4000
MAX_FRAMES = 24
OUT_OF_MEMORY_NAMES = ("MemoryError", "_ArrayMemoryError", "ResourceExhaustedError")

Ended = Literal["ok", "error", "timed_out", "died", "out_of_memory"]


@dataclass(frozen=True)
class Failure:
    """An exception inside the kernel, or the kernel's end, in plain text."""

    name: str
    message: str
    traceback: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of one piece of code."""

    ended: Ended
    failure: Failure | None = None
    text: str = ""
    dropped_bytes: int = 0
    payloads: tuple[Any, ...] = ()
    duration_s: float = 0.0


class KernelSession:
    """A kernel in its sandbox, as an async context manager; nothing of it is left afterwards."""

    def __init__(self, *, level: Level, limits: Limits, workdir: Mapping[str, bytes],
                 hidden: Sequence[Path] = (), datasets: Sequence[Path] = (),
                 extra_probe_files: Mapping[str, bytes] | None = None, zygote: Zygote | None = None) -> None:
        self.limits = limits
        self.process = KernelProcess(level=level, limits=limits, files=workdir, hidden=hidden,
                                     datasets=datasets, extra_code=extra_probe_files, zygote=zygote)
        self._client: CellClient | None = None
        self._left_s = limits.submission_s
        self._end: Outcome | None = None
        self.was_killed = False  # once closed: whether neither we nor a limit ended it

    async def __aenter__(self) -> Self:
        self.process.start()
        try:
            from grader.client import CellClient  # costs 0.2 s, while the kernel starts beside us

            self._client = CellClient(self.process)
            await self._client.open()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._close()

    async def _close(self) -> None:
        """Disconnect, then end the process; a cancellation meanwhile does not stop that."""
        self.was_killed = self.process.was_killed
        try:
            if self._client is not None:
                await self._client.close()
        finally:
            self._client = None
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self.process.close))

    @property
    def alive(self) -> bool:
        """Whether more code can be run."""
        return self._client is not None and self._end is None and not self.process.gone

    async def execute(self, code: str, timeout_s: float) -> Outcome:
        """Run one cell of the submission."""
        if not code.strip():
            return self._end or Outcome("ok")
        return await self._run(lambda client, limit_s: client.run_cell(code, limit_s), timeout_s)

    async def run_probe(self, request: dict[str, Any], timeout_s: float) -> Outcome:
        """Have the probe answer a request; its messages are the outcome's payloads."""
        return await self._run(lambda client, limit_s: client.ask_probe(request, limit_s), timeout_s)

    async def _run(self, talk_to: "Callable[[CellClient, float], Awaitable[Conversation]]",
                   timeout_s: float) -> Outcome:
        if self._client is None:
            raise SandboxError("the kernel session is not open (a bug in the grader)")
        if self._end is None and self.process.gone:
            self._end = self._death()
        if self._end is not None:
            return self._end
        started = time.monotonic()
        talk = await talk_to(self._client, min(timeout_s, self._left_s))
        duration_s = time.monotonic() - started
        self._left_s -= duration_s
        outcome = replace(self._outcome(talk), duration_s=duration_s)
        if talk.lost or self.process.cause is not None:
            self._end = self._death()
        elif self._left_s <= 0:
            self._end = self._out_of_time()
            outcome = replace(outcome, ended="timed_out", failure=self._end.failure)
            self.process.kill()
        return outcome

    def _outcome(self, talk: "Conversation") -> Outcome:
        text, dropped = talk.text.result()
        ended, failure = self._judge(talk)
        payloads = () if talk.broken else tuple(talk.payloads)
        return Outcome(ended, failure, text, dropped, payloads)

    def _judge(self, talk: "Conversation") -> tuple[Ended, Failure | None]:
        """How a request ended, and why."""
        if talk.lost:
            death = self._death()
            return death.ended, death.failure
        if talk.too_large:
            return "error", Failure("TooMuchData", f"the results are larger than {self.limits.message_mb} MB")
        if talk.late:
            where = _failure(talk.reply or talk.error or {}).traceback
            return "timed_out", Failure("TimedOut", "did not end in time, and was interrupted", where)
        if talk.reply is None:
            return "error", _failure(talk.error or {"ename": "NoReply", "evalue": "ended without a reply"})
        if "sent" in talk.reply and talk.reply["sent"] != len(talk.payloads):
            talk.broken = talk.broken or "the probe's messages are not complete"
        if talk.broken:
            return "error", Failure("ProtocolError", talk.broken)
        if talk.reply.get("status") == "ok":
            return "ok", None
        failure = _failure(talk.reply)
        return ("out_of_memory" if failure.name in OUT_OF_MEMORY_NAMES else "error"), failure

    def _death(self) -> Outcome:
        death = self.process.death()
        return Outcome(death.ended, Failure(death.name, death.message))

    def _out_of_time(self) -> Outcome:
        return Outcome("timed_out", Failure(
            "TimedOut", f"the whole submission ran longer than {self.limits.submission_s:g} s"))


def _failure(reply: Mapping[str, Any]) -> Failure:
    """The exception that a kernel reported, whatever it put there."""
    frames = reply.get("traceback")
    frames = frames if isinstance(frames, list) else []
    if len(frames) > MAX_FRAMES:
        frames = [*frames[:MAX_FRAMES // 2], "…", *frames[-MAX_FRAMES // 2:]]
    return Failure(_told(reply.get("ename"), 200) or "Error", _told(reply.get("evalue"), MAX_MESSAGE),
                   tuple(_told(frame, MAX_FRAME) for frame in frames))


def _told(text: object, limit: int) -> str:
    """The beginning of a text without control; what is no text tells nothing."""
    return plain(text[:8 * limit])[:limit] if isinstance(text, str) else ""
