"""A sandboxed kernel process: starts it, meters its memory, interrupts it, kills all of it, knows why it died.

Knows nothing of Jupyter, so that the process can start while the Jupyter libraries are still being imported.
One thread per process (the keeper) waits for its signs of life and measures memory ten times a second;
it does not depend on any event loop being free.

The kernel listens on sockets that are made here and handed over open: the sandbox sees no folder of the host,
clients may connect before the kernel has started, and nothing needs polling.
"""

import base64
import contextlib
import json
import os
import secrets
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from grader import bubblewrap, landlock, sandbox
from grader.errors import SandboxError
from grader.meter import Meter, PortableMeter, TreeMeter, namespace_or_tree_meter
from grader.sandbox import Level
from grader.seccomp import Around, filter_program
from grader.spawn import Pid, as_file, in_bubblewrap, inside_code, spawn
from grader.spec import Limits
from grader.zygote import Zygote

CHANNELS = ("shell", "iopub", "control")
STATUS_SOCKET = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM
POLL_S = 0.1
MAX_STDERR = 64 * 1024
MAX_FONT_LIST = 4 << 20
EXIT_WAIT_S = 10.0
EXIT_SIGNAL_BASE = 128  # bwrap and our guard report death by signal n as 128 + n
MEBIBYTE = 1 << 20
KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)  # how operators and a machine short of memory end processes
CRASHES = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)  # how native code ends when it is refused memory
ALMOST = 0.95

Ended = Literal["timed_out", "died", "out_of_memory"]


class Cause(StrEnum):
    """Why we killed a process."""

    OUT_OF_MEMORY = "out_of_memory"
    OUT_OF_DISK = "out_of_disk"
    TIMED_OUT = "timed_out"
    BROKE_PROTOCOL = "broke_protocol"
    CLOSED = "closed"


@dataclass(frozen=True)
class Death:
    """How a kernel ended before we were done with it."""

    ended: Ended
    name: str
    message: str


class KernelProcess:
    """One kernel in its sandbox, from start to the last trace of it."""

    def __init__(self, *, level: Level, limits: Limits, files: Mapping[str, bytes] | None = None,
                 hidden: Sequence[Path] = (), datasets: Sequence[Path] = (),
                 extra_code: Mapping[str, bytes] | None = None, zygote: Zygote | None = None) -> None:
        self.level = level
        self.limits = limits
        self.folder = Path(tempfile.gettempdir()) / f"grade-{secrets.token_hex(8)}"
        self.cause: Cause | None = None
        self.exit_code: int | None = None
        self.kernel_pid: int | None = None
        self.peak_bytes = 0
        self._peak_data = 0
        self.start_times: dict[str, float] = {}
        self._files = dict(files or {})
        self._hidden = tuple(hidden)
        self._datasets = tuple(datasets)
        self._code = {**inside_code(), **(extra_code or {})}
        self._lock = threading.Lock()
        self._ready = threading.Event()
        self._gone = threading.Event()
        self._watchers: list[Callable[[], None]] = []
        self._failure = ""
        self._stderr = b""
        self._info = b""
        self._zygote = zygote
        self._started = False
        self._init: Pid | None = None  # the first process of bwrap's pid namespace
        self._guard: Pid | None = None
        self._told_code: int | None = None
        self._meter: Meter | None = None
        self._descriptors = contextlib.ExitStack()
        self._key = secrets.token_hex(32)
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None

    # ------------------------------------------------------------------ start

    @property
    def connection(self) -> dict[str, Any]:
        """What a Jupyter client needs to connect (it may do so at once)."""
        return {"transport": "ipc", "ip": str(self.folder / "c"), "key": self._key,
                "signature_scheme": "hmac-sha256", "hb_port": 8, "stdin_port": 9,
                **{f"{channel}_port": port for port, channel in enumerate(CHANNELS, 1)}}

    def start(self) -> None:
        """Start the process and its keeper; raises SandboxError when there is nothing to start.

        The starting thread must outlive the kernel: Linux kills it with the thread (`--die-with-parent`).
        """
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        self.folder.mkdir(mode=0o700)
        with contextlib.ExitStack() as handed_over:
            keep = handed_over.enter_context
            listeners = {str(port): keep(self._listener(port)) for port, _ in enumerate(CHANNELS, 1)}
            ours, theirs = socket.socketpair(socket.AF_UNIX, STATUS_SOCKET)
            self._descriptors.enter_context(ours)
            keep(theirs)
            if hasattr(socket, "SO_PASSCRED"):
                ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
            stderr, stderr_write = self._pipe(handed_over)
            config = self._config({port: item.fileno() for port, item in listeners.items()}, theirs.fileno())
            config_read = keep(as_file(json.dumps(config).encode()))
            passed = [config_read.fileno(), theirs.fileno(), *(item.fileno() for item in listeners.values())]
            info = -1
            if self._zygote is not None:
                self._zygote.fork([stderr_write, *passed])
            else:
                argv = [sys.executable, f"{config['grader_folder']}/launcher.py", str(config_read.fileno())]
                environment = self._policy.environment
                if self.level is Level.BUBBLEWRAP:
                    environment = {}  # which bwrap sets, for the kernel alone
                    info, info_write = self._pipe(handed_over)
                    argv, descriptors = in_bubblewrap(self._policy, argv, handed_over, info=info_write)
                    passed += descriptors
                self._process = spawn(argv, environment, stderr_write, passed)
            self._started = True
        self._keeper = threading.Thread(target=self._keep, args=(ours, stderr, info), daemon=True,
                                        name="sandbox keeper")
        self._keeper.start()

    def _listener(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(f"{self.folder}/c-{port}")
        listener.listen(4)
        listener.setblocking(False)
        return listener

    def _pipe(self, handed_over: contextlib.ExitStack) -> tuple[int, int]:
        read, write = os.pipe()
        self._descriptors.callback(os.close, read)
        handed_over.callback(os.close, write)
        return read, write

    def _config(self, listeners: Mapping[str, int], status: int) -> dict[str, Any]:
        """What the launcher is told."""
        self._policy = policy = sandbox.make_policy(
            limits=self.limits, code=self._code, files=self._files, home_files=font_lists(),
            hidden=self._hidden, datasets=self._datasets, uid_offset=secrets.randbelow(1 << 28))
        config: dict[str, Any] = {
            "identity": None, "keep_reading": False, "guard": None, "landlock": None, "namespaces": None,
            "seccomp": self._call_filter(), "shared_memory": sandbox.opens_shared_memory(self.level, policy),
            "status_fd": status, "listeners": listeners,
            "grader_folder": str(sandbox.GRADER_FOLDER), "work_folder": str(sandbox.WORK_FOLDER),
            "limits": sandbox.resource_limits(self.limits, os.cpu_count() or 1, self._other_processes()),
            "connection": self.connection | {"ip": "kernel"}, "home_links": sandbox.home_links(policy),
        }
        if policy.as_root and sys.platform == "linux":
            config["identity"] = [policy.identity.uid, policy.identity.gid]
        if self.level is not Level.BUBBLEWRAP:
            config |= {"grader_folder": str(self.folder / "grader"), "work_folder": str(self.folder / "home" / "work"),
                       "keep_reading": policy.as_root and sandbox.closed_to_others(policy.read_only)}
            self._lay_out_folder(config["identity"])
            self._policy = policy = replace(policy, environment=self._environment(config["shared_memory"]))
        elif self._zygote is not None:
            config["namespaces"] = bubblewrap.fork_namespaces(policy)
        if sys.platform == "linux" and (self.level is not Level.BUBBLEWRAP or self._zygote is not None):
            config["guard"] = {"parent": os.getpid(), "folder": str(self.folder)}
        if self.level is Level.LANDLOCK:
            config["landlock"] = self._landlock_rules(config["shared_memory"])
        return config | {"environment": dict(policy.environment)}

    def _landlock_rules(self, shared_memory: bool) -> dict[str, Any]:
        rules = landlock.rules(self._policy, self.folder / "grader", [self.folder / "home", self.folder / "tmp"],
                               shared_memory=shared_memory)
        return {**landlock.ruleset(landlock.landlock_version()),
                "rules": [(rule.path, int(rule.rights)) for rule in rules]}

    def _call_filter(self) -> str | None:
        """The filter of system calls, as text."""
        match self.level:
            case Level.BUBBLEWRAP:
                around = Around.NAMESPACES
            case Level.LANDLOCK:
                around = Around.OWN_USER if self._policy.as_root else Around.NOTHING
            case Level.NONE:
                return None
        program = filter_program(os.uname().machine, around)
        if program is None and self.level is Level.LANDLOCK:
            raise SandboxError(f"sandbox landlock has no filter of system calls for {os.uname().machine}")
        return base64.b64encode(program).decode("ascii") if program is not None else None

    def _other_processes(self) -> int:
        """Processes and threads that the system counts together with the sandbox's: those of the same user."""
        apart = self._policy.as_root or (self.level is Level.BUBBLEWRAP and _linux_at_least(5, 14))
        return 0 if apart else _tasks_of(os.getuid())

    def _lay_out_folder(self, identity: Sequence[int] | None) -> None:
        """Without namespaces: the same folders, under a temporary one; home and tmp are the submission's."""
        own = [self.folder / name for name in ("home", "home/work", "tmp")]
        for folder in (self.folder / "grader", *own):
            folder.mkdir()
        policy = self._policy
        for folder, contents in ((self.folder / "grader", policy.code), (self.folder / "home", policy.home_files),
                                 (self.folder / "home" / "work", policy.files)):
            for name, content in contents.items():
                path = folder / sandbox.relative(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if identity is not None:
            self.folder.chmod(0o711)  # another user passes, without a look at the sockets
            for path in (self.folder / "grader", *(self.folder / "grader").rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
            for path in {*own, *(self.folder / "home").rglob("*")}:
                os.chown(path, *identity)

    def _environment(self, shared_memory: bool) -> dict[str, str]:
        """Without namespaces: home and temporary files lie elsewhere."""
        return {**sandbox.kernel_environment(self.folder / "home", Path(sys.prefix), shared_memory=shared_memory,
                                             threads=self.limits.threads),
                "TMPDIR": str(self.folder / "tmp")}

    # ----------------------------------------------------------------- keeper

    def _keep(self, status: socket.socket, stderr: int, info: int) -> None:
        """The keeper's whole life: read signs of life, meter memory, reap, tell."""
        poller = select.poll()
        # whose end is the end of all; of a fork it is the guard, once that is known
        watched = Pid(self._process.pid) if self._process is not None else None
        readers: dict[int, Callable[[], bool]] = {
            status.fileno(): lambda: self._read_status(status),
            stderr: lambda: self._read_stderr(stderr),
        }
        if info >= 0:
            readers[info] = lambda: self._read_info(info)
        for descriptor in (*readers, *([watched.descriptor] if watched else [])):
            if descriptor >= 0:
                poller.register(descriptor, select.POLLIN)
        exited = False
        try:
            while not exited:
                for descriptor, _ in poller.poll(POLL_S * 1000):
                    if descriptor not in readers:
                        exited = True
                    elif not readers[descriptor]():
                        poller.unregister(descriptor)
                        exited = exited or (descriptor == status.fileno() and not watched)  # it never came to life
                if watched is None and self._guard is not None:
                    watched = self._guard
                    poller.register(watched.descriptor, select.POLLIN)
                if self._process is not None and (watched is None or watched.descriptor < 0):
                    exited = self._process.poll() is not None
                if not exited:
                    self._meter_use()
            for reader in readers.values():
                reader()
        finally:
            self._end(exited)
            if watched is not None and watched is not self._guard:
                watched.close()
            self._gone.set()
            self._tell_watchers()

    def _end(self, exited: bool) -> None:
        """Take leave of the process; where something failed here, nothing may run unwatched."""
        if not exited and self._guard is not None:
            self._guard.send(self._ending_signal)
            self._guard.wait_gone(EXIT_WAIT_S)
        if self._process is not None:
            if not exited:
                self._process.kill()
            self.exit_code = self._process.wait()
        else:
            self.exit_code = EXIT_SIGNAL_BASE + signal.SIGKILL if self._told_code is None else self._told_code
        if self._init is not None:  # bwrap may tell the exit code before the last process is gone
            self._init.send(signal.SIGKILL)
            self._init.wait_gone(EXIT_WAIT_S)

    def _read_status(self, status: socket.socket) -> bool:
        """Take a message of the guard or the launcher; the process ids come from the senders' credentials."""
        try:
            data, ancillary, _, _ = status.recvmsg(64 * 1024, socket.CMSG_SPACE(12), socket.MSG_DONTWAIT)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        sender = self._process.pid if self._process is not None else 0
        for _, kind, value in ancillary:
            if kind == getattr(socket, "SCM_CREDENTIALS", None):
                sender = struct.unpack("3i", value)[0]
        message = json.loads(data)
        if "guard" in message:
            with self._lock:
                self._guard = Pid(sender)
                if self.cause is not None:
                    self._guard.send(self._ending_signal)
        elif "ended" in message:
            if self._guard is not None and sender == self._guard.pid:
                self._told_code = message["ended"]
        elif self._meter is None:
            self.kernel_pid = sender
            self._failure = message.get("failed", "")
            if not self._failure:
                self.start_times = message["ready"]
                self._meter = self._make_meter(sender)
                self._announce()
        return True

    def _make_meter(self, kernel_pid: int) -> Meter:
        root = self._guard.pid if self._guard is not None else kernel_pid
        if self.level is Level.BUBBLEWRAP:
            return namespace_or_tree_meter(kernel_pid, self._process.pid if self._process is not None else root)
        if sys.platform == "linux":
            return TreeMeter(root, [self.folder / "home", self.folder / "tmp"])
        return PortableMeter(kernel_pid)

    def _read_stderr(self, stderr: int) -> bool:
        data = os.read(stderr, MAX_STDERR) if select.select([stderr], [], [], 0)[0] else b""
        self._stderr = (self._stderr + data)[-MAX_STDERR:]
        return bool(data)

    def _read_info(self, info: int) -> bool:
        """Gather what bwrap tells of its child, the first process of the pid namespace; it comes in pieces."""
        data = os.read(info, 4096) if select.select([info], [], [], 0)[0] else b""
        self._info += data
        with contextlib.suppress(ValueError, KeyError, ProcessLookupError), self._lock:
            self._init = self._init or Pid(json.loads(self._info)["child-pid"])
        self._announce()
        return bool(data) and self._init is None

    def _announce(self) -> None:
        """The kernel is ready once everything that guards it is."""
        ends_with = self._guard or self._init
        guarded = self._meter is not None and (ends_with is not None or self.level is not Level.BUBBLEWRAP)
        if guarded and not self._ready.is_set():
            self._ready.set()
            self._tell_watchers()

    def _meter_use(self) -> None:
        if self._meter is None:
            return
        limit = self.limits.memory_mb * MEBIBYTE
        used = self._meter.memory_bytes(limit)
        self.peak_bytes = max(self.peak_bytes, used)
        self._peak_data = self._meter.peak_data
        if used > limit:
            self.kill(Cause.OUT_OF_MEMORY)
        elif self._meter.disk_is_over(self.limits.disk_mb * MEBIBYTE):
            self.kill(Cause.OUT_OF_DISK)

    def _tell_watchers(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    # --------------------------------------------------------------- lifetime

    @property
    def started(self) -> bool:
        """Whether there is, or was, a process."""
        return self._started

    @property
    def ready(self) -> bool:
        """Whether the kernel and what guards it have come up (it may be gone again)."""
        return self._ready.is_set()

    @property
    def gone(self) -> bool:
        """Whether the process and all its children have ended."""
        return self._gone.is_set() or not self._started

    def watch(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` from the keeper's thread when the kernel is ready and when it is gone."""
        self._watchers.append(watcher)
        if self.ready or self.gone:
            watcher()

    def unwatch(self, watcher: Callable[[], None]) -> None:
        with contextlib.suppress(ValueError):
            self._watchers.remove(watcher)

    def wait_gone(self, timeout: float | None = None) -> bool:
        return not self._started or self._gone.wait(timeout)

    def interrupt(self) -> None:
        """Send SIGINT to the kernel and to the processes it has started."""
        self.send_signal(signal.SIGINT)

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel's process group."""
        if self.kernel_pid is not None and not self.gone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.kernel_pid, number)

    def kill(self, cause: Cause = Cause.CLOSED) -> None:
        """Kill the whole tree at once; the first cause stands."""
        with self._lock:
            if self.gone:
                return
            self.cause = self.cause or cause
            if self._init is not None:
                self._init.send(signal.SIGKILL)  # ends the pid namespace; bwrap waits for it and ends too
            elif self._guard is not None:
                self._guard.send(self._ending_signal)
            elif self._process is None:
                pass  # forked a moment ago: when the guard tells of itself, it is told to end
            elif self.level is Level.BUBBLEWRAP:
                self._kill_group()  # a child of bwrap that has not heard from it yet would wait for ever
            elif sys.platform == "linux":
                self._process.terminate()  # the guard-to-be
            else:
                self._kill_tree()

    @property
    def _ending_signal(self) -> signal.Signals:
        """What makes the guard end: it ends all the others first, or as the first of its namespace takes them along."""
        return signal.SIGKILL if self.level is Level.BUBBLEWRAP else signal.SIGTERM

    def _kill_group(self) -> None:
        """Kill the process and those that it started and that have not left its group."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _kill_tree(self) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGSTOP)  # it can start no more
        if self._meter is not None:
            self._meter.kill_descendants()
        self._kill_group()
        self._process.kill()

    def close(self) -> None:
        """Kill what still runs, wait for its end, remove every trace. Safe to call twice."""
        self.kill(Cause.CLOSED)
        if self._keeper is not None and not self.wait_gone(EXIT_WAIT_S):
            if self._process is not None:
                self._process.kill()
            self.wait_gone(EXIT_WAIT_S)
        if self._keeper is not None and self._keeper is not threading.current_thread():
            self._keeper.join(EXIT_WAIT_S)
        if self._meter is not None:
            self._meter.kill_descendants()
            self._meter.close()
            self._meter = None
        for pid in (self._init, self._guard):
            if pid is not None:
                pid.close()
        self._init = self._guard = None
        self._descriptors.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget_sockets(self) -> None:
        """Remove the sockets' names once everybody is connected: then nothing can be left behind."""
        for path in self.folder.glob("*"):
            if not path.is_dir():
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    # ------------------------------------------------------------------ death

    def death(self) -> Death:
        """Why the kernel ended (it must be gone, or have been killed)."""
        limits = self.limits
        if self.cause is Cause.OUT_OF_MEMORY:
            return Death("out_of_memory", "OutOfMemory", f"used more than {limits.memory_mb} MB of memory")
        if self.cause is Cause.OUT_OF_DISK:
            return Death("died", "DiskFull", f"its files took more than {limits.disk_mb} MB")
        if self.cause is Cause.TIMED_OUT:
            return Death("timed_out", "TimedOut", "did not stop when interrupted, and was ended")
        number = self._signal_number()
        if self.cause is Cause.BROKE_PROTOCOL and number == signal.SIGKILL:
            return Death("died", "KernelDied", "the kernel can no longer be talked to")
        if number == signal.SIGXCPU:
            return Death("timed_out", "TimedOut", f"used more than {limits.cpu_s:g} s of processor time")
        if number in CRASHES and self._peak_data > ALMOST * limits.memory_mb * MEBIBYTE:
            return Death("out_of_memory", "OutOfMemory", f"crashed with almost {limits.memory_mb} MB of memory in use")
        if number is None:
            return Death("died", "KernelDied", f"the kernel process ended itself (exit code {self.exit_code})")
        return Death("died", "KernelDied", f"the kernel process was ended by {_signal_name(number)}")

    @property
    def was_killed(self) -> bool:
        """Whether the kernel was ended by a signal that we did not send: by its own code, or from outside."""
        return self.gone and self.cause is None and self._signal_number() in KILLS

    def _signal_number(self) -> int | None:
        code = self.exit_code
        if code is None:
            return signal.SIGKILL
        if code < 0:
            return -code
        if code > EXIT_SIGNAL_BASE and (self.level is Level.BUBBLEWRAP or sys.platform == "linux"):
            return code - EXIT_SIGNAL_BASE
        return None

    def start_failure(self) -> SandboxError:
        """Why the kernel never became ready: ours, not the submission's."""
        if self._failure:
            return SandboxError(f"the kernel could not start: {_one_line(self._failure)}")
        said = self._stderr.decode(errors="replace")
        if self._zygote is not None and not said.strip():
            said = self._zygote.last_words()
        if "bwrap:" in said:
            return SandboxError(f"the sandbox could not start ({bubblewrap.explain_bubblewrap(said)}): "
                                f"{bubblewrap.namespace_remedy()}; `grade doctor` tells more")
        if said.strip():
            return SandboxError(f"the kernel could not start: {_one_line(said.strip().splitlines()[-1])}")
        return SandboxError(f"the kernel ended while starting (exit code {self.exit_code}); `grade doctor` tells more")


def font_lists() -> dict[str, bytes]:
    """Matplotlib's list of fonts, where it has made one: to search for fonts anew can take seconds."""
    caches = [os.environ.get("MPLCONFIGDIR", ""), os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/matplotlib"]
    lists = [path for cache in caches if cache for path in Path(cache).expanduser().glob("fontlist-*.json")]
    found = {}
    for path in lists:
        with contextlib.suppress(OSError):
            if path.stat().st_size < MAX_FONT_LIST:
                found[f"{sandbox.MATPLOTLIB_FOLDER}/{path.name}"] = path.read_bytes()
    return found


def _tasks_of(uid: int) -> int:
    """Processes and threads of a user now."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.stat().st_uid == uid:
                count += sum(1 for _ in (process / "task").iterdir())
    return count


def _linux_at_least(*version: int) -> bool:
    numbers = os.uname().release.split("-")[0].split(".")
    try:
        return tuple(int(number) for number in numbers[:len(version)]) >= version
    except ValueError:
        return False


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
