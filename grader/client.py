"""The Jupyter side of a session: an nbclient that trusts nothing a kernel says.

Differences from nbclient, each for a trap that real notebooks hold:

- messages are checked for size and shape before anything reads them;
- the kernel's death and the closing of its sockets are events, not polled states;
- a cell ends by its reply, or by `idle` without a reply (ipykernel loses replies), or by a reply whose `idle` got lost;
- a timeout interrupts up to three times, then kills, and never raises;
- of the outputs only text is kept, head and tail.
"""

import asyncio
import ctypes
import secrets
import sys
from dataclasses import dataclass, field
from queue import Empty
from typing import Any, cast

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from grader.errors import SandboxError
from grader.inside.launcher import PROBE_PAYLOAD, PROBE_REPLY, PROBE_REQUEST
from grader.process import Cause, KernelProcess
from grader.provisioner import SandboxProvisioner, notify
from grader.spec import Limits
from grader.text import BoundedText, count_parts

START_S = 60.0
IDLE_WAIT_S = 2.0  # how long a reply waits for its `idle`, or `idle` for its reply
INTERRUPT_WAITS_S = (0.5, 0.3, 0.2)  # then it is killed: all well within two seconds of the limit
DEATH_WAIT_S = 0.5  # between the loss of a connection and the end of its process
DRAIN_S = 0.1
KILL_WAIT_S = 10.0
MEBIBYTE = 1 << 20
IOPUB_MESSAGE = 8 * MEBIBYTE
QUEUED = {"shell": 8, "iopub": 50, "stdin": 1, "control": 1}  # messages that may wait unread, however large each
RECONNECT_MS = 1 << 30  # twelve days
YIELD_EVERY = 16
MAX_PARTS = 250_000  # values that a request's messages may hold, be they ever so small
MAX_DROPPED = 2**60


@dataclass
class Conversation:
    """What one request brought."""

    message_id: str
    limits: Limits
    reply_type: str = "execute_reply"
    text: BoundedText = field(init=False)
    payloads: list[Any] = field(default_factory=list)
    payload_bytes: int = 0
    payload_parts: int = 0
    broken: str = ""
    reply: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    late: bool = False
    too_large: bool = False
    lost: bool = False

    def __post_init__(self) -> None:
        self.text = BoundedText(self.limits.output_kb * 1024)

    def take_payload(self, content: dict[str, Any], size: int, parts: int) -> None:
        """Keep a payload if it is the next one; a stranger among them spoils the lot."""
        self.payload_bytes += size
        self.payload_parts += parts
        if self.payload_bytes > self.limits.message_mb * MEBIBYTE or self.payload_parts > MAX_PARTS:
            self.too_large = True
        elif content.get("index") != len(self.payloads) or "payload" not in content:
            self.broken = "the probe's messages are out of order"
        else:
            self.payloads.append(content["payload"])


class CheckedChannel(AsyncZMQSocketChannel):
    """A channel that drops what is not a well-formed, signed message."""

    async def get_msg(  # type: ignore[override]  # as in the class above it
            self, timeout: float | None = None) -> dict[str, Any]:
        assert self.socket is not None
        count = 0
        while True:
            if timeout is not None and not await self.socket.poll(int(timeout * 1000)):
                raise Empty
            frames = await self.socket.recv_multipart()
            count += 1
            message = self._checked(frames)
            if message is not None:
                return message
            if count % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def _checked(self, frames: list[bytes]) -> dict[str, Any] | None:
        count = sum(count_parts(frame, MAX_PARTS) for frame in frames)
        if count > MAX_PARTS:
            return None
        try:
            message: dict[str, Any] = self.session.deserialize(self.session.feed_identities(frames)[1])
        except Exception:  # the kernel can send anything, and then it is not worth a look
            return None
        parts = (message.get(name) for name in ("header", "parent_header", "content"))
        if not all(isinstance(part, dict) for part in parts) or not isinstance(message.get("msg_type"), str):
            return None
        return message | {"size": sum(map(len, frames)), "parts": count}


class CheckedClient(AsyncKernelClient):
    """A kernel client whose sockets bound what they take, and never connect twice."""

    shell_channel_class = CheckedChannel
    iopub_channel_class = CheckedChannel

    def __init__(self, **kwargs: Any) -> None:
        self.monitors: list[zmq.asyncio.Socket] = []
        super().__init__(**kwargs)

    def _create_connected_socket(self, channel: str, identity: bytes | None = None) -> zmq.asyncio.Socket:
        socket = self.context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
        socket.linger = 0
        if identity:
            socket.identity = identity
        assert isinstance(self.parent, SandboxManager)
        socket.maxmsgsize = self.parent.message_bytes if channel == "shell" else IOPUB_MESSAGE
        socket.rcvhwm = QUEUED[channel]
        # Never again, as what the path leads to later is not ours to know. But -1, "do not reconnect", would take the
        # socket's messages away while one is being read, if its sender dies then: libzmq ends the process over that.
        socket.reconnect_ivl = RECONNECT_MS
        socket.handshake_ivl = 0  # the kernel answers when it has started
        # The address that it would choose names the descriptor, whose number another socket may have had just before.
        self.monitors.append(socket.get_monitor_socket(zmq.EVENT_DISCONNECTED, f"inproc://{secrets.token_hex(16)}"))
        socket.connect(self._make_url(channel))
        return socket


class SandboxManager(AsyncKernelManager):
    """A kernel manager for one kernel process, which may be running already."""

    def __init__(self, process: KernelProcess) -> None:
        super().__init__(kernel_name="", connection_file=str(process.folder / "kernel.json"),
                         client_factory=CheckedClient)
        self.process = process
        self.message_bytes = process.limits.message_mb * MEBIBYTE
        self.provisioner = SandboxProvisioner(process=process, parent=self)


class CellClient(NotebookClient):
    """Runs code in one kernel: a cell or a probe request at a time."""

    def __init__(self, process: KernelProcess) -> None:
        self.manager = SandboxManager(process)
        super().__init__(new_notebook(), km=self.manager, allow_errors=True)  # type: ignore[no-untyped-call]
        self.process = process
        self.talker: CheckedClient | None = None
        self._ready = asyncio.Event()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unwatch = notify(process, self._notice)
        self._watch: asyncio.Task[None] | None = None
        self._conversation = Conversation("", process.limits)
        self._timeout_s = 0.0

    # --------------------------------------------------------------- lifetime

    async def open(self) -> None:
        """Connect and wait until the kernel answers; raises SandboxError if it never does."""
        await self.manager.start_kernel()
        self.kc = self.talker = talker = cast(CheckedClient, self.manager.client(context=self.manager.context))
        talker.start_channels(stdin=False, hb=False, control=False)
        self._watch = asyncio.create_task(self._watch_connection(talker))
        hello = asyncio.create_task(self._hello(talker))
        try:
            await self._wait(START_S, hello)
        finally:
            hello.cancel()
        if self._lost.done():
            raise self.process.start_failure()
        if not hello.done():
            raise SandboxError(f"the kernel did not answer within {START_S:g} s; is the machine overloaded?")
        hello.result()
        self.process.forget_sockets()

    async def _hello(self, talker: CheckedClient) -> None:
        message_id = talker.kernel_info()
        await talker.iopub_channel.get_msg()  # the welcome: the subscription stands, nothing gets lost
        while (await talker.shell_channel.get_msg())["parent_header"].get("msg_id") != message_id:
            pass
        await self._ready.wait()  # nothing of the submission runs before the memory meter does

    async def close(self) -> None:
        """Disconnect; the process is its owner's to end."""
        self._unwatch()
        if self._watch is not None:
            self._watch.cancel()
        try:
            if self.talker is not None:
                for channel in (self.talker.shell_channel, self.talker.iopub_channel):
                    channel.socket.disable_monitor()
                self.talker.stop_channels()
            self.manager._close_control_socket()
            self.manager.cleanup_connection_file()
        finally:  # an open socket would let the interpreter wait for ever at its end
            self.manager.context.destroy(linger=0)
            self.kc = self.talker = None
            give_memory_back()

    def _notice(self) -> None:
        if self.process.ready:
            self._ready.set()
        if self.process.gone and not self._lost.done():
            self._lost.set_result(None)

    async def _watch_connection(self, talker: CheckedClient) -> None:
        """The first closing of a connection ends the session, even where the process lives on."""
        closings = [asyncio.ensure_future(monitor.recv_multipart()) for monitor in talker.monitors]
        try:
            await asyncio.wait(closings, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for closing in closings:
                closing.cancel()
        await asyncio.sleep(DEATH_WAIT_S)
        self.process.kill(Cause.BROKE_PROTOCOL)

    # ---------------------------------------------------------------- talking

    async def run_cell(self, code: str, timeout_s: float) -> Conversation:
        """Run a cell by way of nbclient; what came of it."""
        cell = new_code_cell(code)  # type: ignore[no-untyped-call]
        self.nb.cells = [cell]
        self._timeout_s = timeout_s
        self._conversation = Conversation("", self.process.limits)
        try:
            await self.async_execute_cell(cell, 0)
        except DeadKernelError:  # nbclient's word for a cancelled wait
            raise asyncio.CancelledError from None
        return self._conversation

    async def ask_probe(self, request: dict[str, Any], timeout_s: float) -> Conversation:
        """Send the probe a request; its payloads and what the submission printed meanwhile."""
        assert self.talker is not None
        message = self.talker.session.msg(PROBE_REQUEST, {"request": request})
        message_id = message["header"]["msg_id"]
        self._conversation = Conversation(message_id, self.process.limits, PROBE_REPLY)
        idle = asyncio.create_task(self._async_poll_output_msg(message_id, None, 0))
        self.talker.shell_channel.send(message)
        try:
            await self._converse(idle, timeout_s)
        finally:
            idle.cancel()
        return self._conversation

    # These three replace nbclient's own loops (it calls them from `async_execute_cell`).

    async def _async_poll_kernel_alive(self) -> None:
        """Nothing to poll: the end of the process is an event."""

    async def _async_poll_output_msg(self, parent_msg_id: str, cell: Any, cell_index: int) -> None:
        assert self.talker is not None
        while True:
            message = await self.talker.iopub_channel.get_msg()
            if message["parent_header"].get("msg_id") == parent_msg_id:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    return

    async def _async_poll_for_reply(self, msg_id: str, cell: Any, timeout: Any,
                                    task_poll_output_msg: "asyncio.Future[Any]",
                                    task_poll_kernel_alive: "asyncio.Future[Any]") -> dict[str, Any]:
        self._conversation.message_id = msg_id
        try:
            await self._converse(task_poll_output_msg, self._timeout_s)
        finally:
            task_poll_output_msg.cancel()
            task_poll_kernel_alive.cancel()
        return {"content": {"status": "ok"}}  # the conversation knows better; nbclient has nothing to raise

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:
        """Keep text and errors of the current request; raises CellExecutionComplete at its end."""
        content, talk = msg["content"], self._conversation
        match msg["msg_type"]:
            case "status" if content.get("execution_state") == "idle":
                raise CellExecutionComplete
            case "stream":
                text, dropped = content.get("text"), content.get("dropped")
                talk.text.add(text if isinstance(text, str) else "")
                talk.text.drop(dropped if isinstance(dropped, int) and dropped < MAX_DROPPED else 0)
            case "error":
                talk.error = content

    async def _converse(self, idle: "asyncio.Future[Any]", timeout_s: float) -> None:
        """Wait for the current request's end: by reply, by `idle`, by force, or by the kernel's death."""
        talk = self._conversation
        reply = asyncio.create_task(self._read_replies(talk))
        try:
            await self._wait(timeout_s, reply, idle)
            if not (reply.done() or idle.done() or self._lost.done()):
                talk.late = True
                await self._interrupt(reply, idle)
            if not self._lost.done() and not (reply.done() and idle.done()):
                await self._wait(IDLE_WAIT_S, *(task for task in (reply, idle) if not task.done()))
            if self._lost.done():
                await asyncio.wait({reply}, timeout=DRAIN_S)
                talk.lost = talk.reply is None
        finally:
            reply.cancel()
        for task in (reply, idle):
            if task.done() and not task.cancelled():
                task.result()

    async def _wait(self, timeout_s: float, *tasks: "asyncio.Future[Any]") -> None:
        """Wait until a task or the kernel has ended."""
        await asyncio.wait({*tasks, self._lost}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)

    async def _read_replies(self, talk: Conversation) -> None:
        """Take payloads until the reply is there."""
        assert self.talker is not None
        while talk.reply is None:
            message = await self.talker.shell_channel.get_msg()
            if message["parent_header"].get("msg_id") != talk.message_id:
                continue
            if message["msg_type"] == PROBE_PAYLOAD and talk.reply_type == PROBE_REPLY:
                was_too_large = talk.too_large
                talk.take_payload(message["content"], message["size"], message["parts"])
                if talk.too_large and not was_too_large:
                    self.process.interrupt()
            elif message["msg_type"] == talk.reply_type:
                talk.reply = message["content"]

    async def _interrupt(self, *tasks: "asyncio.Future[Any]") -> None:
        """Interrupt what runs; kill the kernel if that does not help."""
        for wait_s in INTERRUPT_WAITS_S:
            self.process.interrupt()
            await self._wait(wait_s, *tasks)
            if self._lost.done() or any(task.done() for task in tasks):
                return
        self.process.kill(Cause.TIMED_OUT)
        await asyncio.wait({self._lost}, timeout=KILL_WAIT_S)


def give_memory_back() -> None:
    """Let the system have what a flood of messages took: the C library would keep it for another one."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc's
    if trim is not None:
        trim(0)
