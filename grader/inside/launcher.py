"""The kernel's first code: gives up privileges, sets limits, then runs ipykernel in this very process.

It is given one file descriptor with a JSON object (`grader.process` writes it) and reports on another:
one JSON object, either `{"ready": {...}}` or `{"failed": reason}`. Nothing of the submission has run before that.
"""

import contextlib
import functools
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

PROBE_REQUEST, PROBE_PAYLOAD, PROBE_REPLY = "probe_request", "probe_payload", "probe_reply"
MAX_TEXT = 20_000
MAX_STREAM = 1 << 20
MAX_PENDING = 10_000
FLUSH_S = 1.0
UNSEEN = ("display_data", "update_display_data", "execute_result", "clear_output",
          "comm_open", "comm_msg", "comm_close")  # the grader keeps text only

Json = dict[str, Any]


def main() -> None:
    """Run the kernel; it ends only by a signal, or when the grader kills it."""
    launch(read_config(int(sys.argv[1])))


def launch(config: Json) -> None:
    """Turn this process into the kernel."""
    started = time.perf_counter()
    from confinement import confine  # type: ignore[import-not-found, unused-ignore]

    if not config["shared_memory"]:
        from locks import install  # type: ignore[import-not-found, unused-ignore]

        install()
    del sys.path[0]  # this folder; with the option -P, cells could not import from their own folder either
    sys.argv[:] = [f"{config['grader_folder']}/launcher.py"]
    status = config["status_fd"]
    times: dict[str, float] = {}
    try:
        confine(config)
        times["confined"] = time.perf_counter() - started
        link_into_home(config["home_links"])
        app = make_app(config)
        times["kernel"] = time.perf_counter() - started
        ProbeChannel(app, config)
        times["probe"] = time.perf_counter() - started
    except BaseException as error:
        tell(status, {"failed": f"{type(error).__name__}: {error}"[:2000]})
        raise
    drop_standard_streams()
    wake_up_on_signals()
    tell(status, {"ready": times})
    app.start()


def link_into_home(links: dict[str, str]) -> None:
    """Show what is elsewhere at its usual place."""
    for name, target in links.items():
        path = os.path.join(os.path.expanduser("~"), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def read_config(descriptor: int) -> Json:
    with os.fdopen(descriptor, "rb") as stream:
        config: Json = json.load(stream)
    return config


def tell(descriptor: int, message: Json) -> None:
    """Report to the grader, once."""
    os.write(descriptor, json.dumps(message).encode())
    os.close(descriptor)


def drop_standard_streams() -> None:
    """The grader's pipe was for our own failures; what the submission writes there is lost."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        copy = getattr(stream, "_original_stdstream_copy", None)
        if copy is not None:
            os.dup2(null, copy, inheritable=False)
    os.close(null)


def wake_up_on_signals() -> None:
    """An interrupt reaches a cell that awaits something: ipykernel notices it only when its loop wakes up."""
    import socket

    from tornado.ioloop import IOLoop

    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    loop = IOLoop.current()

    def drain(reader: socket.socket, events: int) -> None:
        reader.recv(4096)
        assert writer  # which lives as long as this

    loop.add_handler(reader, drain, loop.READ)


# --------------------------------------------------------------------- kernel


def make_app(config: Json) -> Any:
    """An initialised ipykernel application that listens on the sockets it was handed."""
    if config["landlock"] is not None:
        silence_children()
        for name in ("utime", "chmod"):
            look_first(name)
    with without_unused_modules():
        app = _app_class(config).instance(config=_app_config())
        app.initialize([])
    app.kernel.debugpy_stream = None
    app.debug_shell_socket.close(linger=0)
    app.shell.display_formatter.active_types = ["text/plain"]  # nobody looks at pictures
    app.shell.ask_exit = _ignore  # `exit()` in a cell: the cells after it still run
    app.shell._tee = lambda channel: contextlib.nullcontext()  # IPython would keep all that was ever printed
    guard_session(app.session)
    if config["landlock"] is not None:
        run_commands_without_terminal(app.shell)
    for stream in (sys.stdout, sys.stderr):
        speed_up(stream)
    return app


@contextlib.contextmanager
def without_unused_modules() -> Iterator[None]:
    """A debugger and a completer that nobody uses cost a third of the start: meanwhile they cannot be imported."""
    unused = [name for name in ("debugpy", "jedi") if name not in sys.modules]
    for name in unused:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in unused:
            del sys.modules[name]


def look_first(name: str) -> None:
    """A call that the filter turns into nothing (see `grader.seccomp`) still says so where there is no such file."""
    change = getattr(os, name)

    @functools.wraps(change)
    def look_and_change(path: Any, *args: Any, **kwargs: Any) -> None:
        os.stat(path, **{key: kwargs[key] for key in ("dir_fd", "follow_symlinks") if key in kwargs})
        change(path, *args, **kwargs)

    for abilities in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if change in abilities:
            abilities.add(look_and_change)
    setattr(os, name, look_and_change)


def silence_children() -> None:
    """Forked processes would send what they print by TCP, which is closed to them; it is for display only."""
    from ipykernel import iostream

    thread: Any = iostream.IOPubThread
    send = thread._really_send

    def send_unless_forked(self: Any, *args: Any, **kwargs: Any) -> None:
        if self._check_mp_mode() != iostream.CHILD:
            send(self, *args, **kwargs)

    thread._setup_pipe_in = lambda self: None
    thread._really_send = send_unless_forked


def run_commands_without_terminal(shell: Any) -> None:
    """`!command` lines would open a pseudo-terminal, which is a device of the whole host."""
    import subprocess

    def system(command: str) -> None:
        argv = ["/bin/sh", "-c", shell.var_expand(command, depth=1)]
        with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace") as process:
            assert process.stdout is not None
            for line in process.stdout:
                sys.stdout.write(line)
        shell.user_ns["_exit_code"] = process.returncode

    shell.system = system


def _ignore() -> None:
    """Do nothing."""


def _app_config() -> Any:
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.IPKernelApp.log_level = 50
    return config


def _app_class(config: Json) -> Any:
    from ipykernel.kernelapp import IPKernelApp

    listeners: dict[str, int] = config["listeners"]

    class KernelApp(IPKernelApp):
        """ipykernel on sockets that the grader made; without heartbeat, profile, debugger."""

        def parse_command_line(self, argv: Any = None) -> None:
            """There is none, and to be ready for one takes a tenth of the start."""

        def init_connection_file(self) -> None:
            self.load_connection_info(config["connection"])

        def write_connection_file(self, **kwargs: Any) -> None:
            """Nobody reads it."""

        def init_heartbeat(self) -> None:
            """The grader watches the process itself."""

        def load_config_file(self, *args: Any, **kwargs: Any) -> None:
            """There is no configuration but ours."""

        def _bind_socket(self, s: Any, port: int) -> int:
            if str(port) in listeners:
                s.sndhwm = 0  # what was sent is never dropped
                s.use_fd = listeners[str(port)]
                s.bind(f"ipc://{port}")
            return port

    return KernelApp


def guard_session(session: Any) -> None:
    """Messages no longer depend on the `json` that student code can patch, and texts have bounds."""
    encode = _private("json.encoder").JSONEncoder(ensure_ascii=False, default=_plain).encode
    decode = _private("json.decoder").JSONDecoder().decode
    session.pack = lambda message: encode(message).encode("utf-8", "backslashreplace")
    session.unpack = lambda data: decode(str(data, "utf-8"))
    send = session.send

    def bounded_send(stream: Any, msg_or_type: Any, content: Any = None, *args: Any, **kwargs: Any) -> Any:
        kind = msg_or_type["header"]["msg_type"] if isinstance(msg_or_type, dict) else msg_or_type
        if kind in UNSEEN:
            return None
        if kind in ("error", "execute_reply") and isinstance(content, dict):
            content = {name: _bounded(value) for name, value in content.items()}
        elif kind == "stream" and isinstance(msg_or_type, dict):
            msg_or_type["content"]["dropped"] = getattr(msg_or_type["content"]["text"], "dropped", 0)
        return send(stream, msg_or_type, content, *args, **kwargs)

    session.send = bounded_send


def _private(name: str) -> Any:
    """A copy of a module of the standard library that no import statement reaches."""
    from importlib import util

    spec = util.find_spec(name)
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _plain(value: Any) -> Any:
    """What JSON does not know, as text (message headers hold dates)."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)[:MAX_TEXT]


def speed_up(stream: Any) -> None:
    """Writes cost a tenth: they are gathered, and handed to ipykernel in large pieces, of which it keeps the ends.

    Twenty million printed lines are unwise, but no reason to run out of time.
    """
    import threading

    from ipykernel import iostream

    vars(iostream)["StringIO"] = Ends
    stream._rotate_buffers()
    slow_write, slow_flush, schedule = stream.write, stream._flush, stream._schedule_flush
    get_thread, main_thread = threading.get_ident, threading.get_ident()
    pending: list[str] = []
    append = pending.append

    def hand_over() -> None:
        taken = pending.copy()
        del pending[:len(taken)]  # others append meanwhile
        if taken:
            slow_write("".join(taken))

    def write(text: str) -> Any:
        if get_thread() != main_thread or type(text) is not str:
            hand_over()
            return slow_write(text)
        if not pending:
            schedule()
        append(text)
        if len(pending) > MAX_PENDING or len(text) > MAX_TEXT:
            hand_over()
        return len(text)

    def flush() -> None:
        hand_over()
        slow_flush()

    def forget() -> None:
        pending.clear()
        stream.write = slow_write  # a forked child has no thread that would flush

    os.register_at_fork(after_in_child=forget)
    stream.flush_timeout = FLUSH_S  # text is for display only, not worth a cell's time
    stream.write, stream._flush = write, flush


class Ends:
    """A text buffer for ipykernel that keeps the first and the last characters of what is written to it."""

    def __init__(self) -> None:
        self._head: list[str] = []
        self._tail: list[str] = []
        self._head_room, self._tail_length, self._dropped = MAX_STREAM // 2, 0, 0

    def write(self, text: str) -> None:
        if self._head_room:
            self._head.append(text[:self._head_room])
            self._head_room -= len(self._head[-1])
            text = text[len(self._head[-1]):]
        self._tail.append(text[-MAX_STREAM // 2:])
        self._dropped += len(text) - len(self._tail[-1])
        self._tail_length += len(self._tail[-1])
        if self._tail_length > MAX_STREAM:
            self._cut()

    def _cut(self) -> str:
        tail = "".join(self._tail)
        self._tail = [tail[-MAX_STREAM // 2:]]
        self._tail_length = len(self._tail[0])
        self._dropped += len(tail) - self._tail_length
        return self._tail[0]

    def getvalue(self) -> str:
        tail = self._cut()
        return CutText("".join(self._head) + tail, self._dropped)

    def close(self) -> None:
        """There is nothing to close."""


class CutText(str):
    """A text, and how many characters are missing in its middle."""

    dropped: int

    def __new__(cls, text: str, dropped: int) -> "CutText":
        self = super().__new__(cls, text)
        self.dropped = dropped
        return self


def _bounded(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT // 2]}\n…\n{value[-MAX_TEXT // 2:]}"
    if isinstance(value, list):
        return [_bounded(item) for item in (value if len(value) <= 40 else [*value[:20], *value[-20:]])]
    return value


# ---------------------------------------------------------------------- probe


class ProbeChannel:
    """Answers the shell message `probe_request`: no cell, no input transformation, no history, no display.

    Payloads go back on the shell channel, each at once and numbered, so that a death loses the last at most.
    """

    def __init__(self, app: Any, config: Json) -> None:
        import threading

        self.folder: str = config["grader_folder"]
        self.names = [name.removesuffix(".py") for name in os.listdir(self.folder) if name.endswith(".py")]
        self.send_message = app.session.send
        self.main_thread = threading.get_ident()
        self.get_thread = threading.get_ident
        self.modules: dict[str, Any] = {name: sys.modules.pop(name) for name in self.names if name in sys.modules}
        self.theirs: dict[str, Any] = {}
        self.path = list(sys.path)
        with self:
            import probe  # type: ignore[import-not-found, unused-ignore]

            probe.attach(app.shell.user_ns)
        self.handle_request = probe.handle
        app.kernel.shell_handlers[PROBE_REQUEST] = self.answer

    def __enter__(self) -> None:
        """Our modules are the ones that imports find, whatever the submission did to them."""
        if not isinstance(sys.path, list):
            sys.path = []
        sys.path[:] = [self.folder, *sys.path, *(folder for folder in self.path if folder not in sys.path)]
        self.theirs = {name: sys.modules.pop(name) for name in self.names if name in sys.modules}
        sys.modules.update(self.modules)

    def __exit__(self, *exc_info: object) -> None:
        """They are gone again, and modules of the submission that have their names are back."""
        sys.path[:] = [folder for folder in sys.path if folder != self.folder]
        self.modules.update({name: sys.modules.pop(name) for name in self.names if name in sys.modules})
        sys.modules.update(self.theirs)

    def answer(self, stream: Any, ident: Any, parent: Json) -> None:
        """Let the probe work; the reply counts what was sent."""
        count = 0

        def send(payload: Json) -> None:
            nonlocal count
            self.send_message(stream, PROBE_PAYLOAD, {"index": count, "payload": payload}, parent, ident=ident)
            count += 1

        reply: Json = {"status": "ok"}
        try:
            with self:
                self.handle_request(parent["content"]["request"], send)
        except BaseException as error:
            reply = {"status": "error", "ename": type(error).__name__, "evalue": _text(error),
                     "traceback": _traceback(error)}
        self.send_message(stream, PROBE_REPLY, reply | {"sent": count}, parent, ident=ident)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:
        return ""


def _traceback(error: BaseException) -> list[str]:
    import traceback

    try:
        return [line[:MAX_TEXT] for line in traceback.format_exception(error)[-20:]]
    except BaseException:
        return []


if __name__ == "__main__":
    main()
