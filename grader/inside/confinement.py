"""What the kernel's first code does to itself before anything of the submission runs: guard, limits, user, rights.

How strict that is, `grader.process` says in the configuration. At the level `bubblewrap` most of it has been done
when this code starts; without namespaces a *guard* process stays outside and leaves nothing of the sandbox behind.
"""

import base64
import contextlib
import os
import resource
import signal
import struct
import sys
import time
from typing import Any

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 8, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 36, 38, 47, 2
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION = 0x20080522
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 16384, 1 << 18
CAP_DAC_READ_SEARCH, CAP_SETPCAP = 2, 8
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446  # on every architecture
LANDLOCK_RULE_PATH_BENEATH = 1
LANDLOCK_FILE_RIGHTS = 0xC007  # those that a rule about a file may hold: execute, write, read, truncate, ioctl
CPU_GRACE_S = 2
PATIENCE_S = 0.005
IFF_UP, SIOCSIFFLAGS = 1, 0x8914
EXIT_SIGNAL_BASE = 128

Json = dict[str, Any]


def confine(config: Json) -> None:
    """Own process group, limits, another user for good where the grader is root, and no way back."""
    if config["namespaces"] is not None:
        enter_namespaces(config["namespaces"])
    if config["guard"] is not None:
        stand_guard(config)
    for descriptor in [config["status_fd"], *config["listeners"].values()]:
        os.set_inheritable(descriptor, False)
    os.environ.pop("JPY_PARENT_PID", None)  # ipykernel would watch a parent that a pid namespace hides
    os.environ.pop("PWD", None)  # where `bwrap` was
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    os.umask(0o022)
    set_limits(config["limits"])
    rules = open_rules(config["landlock"])
    if config["identity"] is not None:
        become(*config["identity"], keep_reading=config["keep_reading"])
    elif config["namespaces"] is not None:
        drop_capabilities()
    if sys.platform == "linux":
        set_process_options(dies_with_parent=config["guard"] is not None)
    if rules is not None:
        restrict_files(config["landlock"], rules)
    if config["seccomp"] is not None:
        filter_calls(base64.b64decode(config["seccomp"]))
    os.chdir(config["work_folder"])


def set_limits(limits: dict[str, int]) -> None:
    """Apply soft and hard limits; a limit that the system has set lower already stays."""
    for name, wanted in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            # of processor time, the soft limit tells its name, the hard one only kills
            grace = CPU_GRACE_S if name == "RLIMIT_CPU" and hard == resource.RLIM_INFINITY else 0
            resource.setrlimit(kind, (value, value + grace))
        except (OSError, ValueError):
            if sys.platform == "linux":  # macOS refuses some of them
                raise


# ----------------------------------------------------------------------- user


def become(uid: int, gid: int, *, keep_reading: bool) -> None:
    """Turn root into an ordinary user for good: no groups, no capabilities, none to be had by exec.

    `keep_reading` keeps the one that passes folders that are closed to others, where Python itself lies in one;
    what may be read is then Landlock's to say.
    """
    kept = 1 << CAP_DAC_READ_SEARCH if keep_reading else 0
    prctl = _libc().prctl
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setresuid(uid, uid, uid)
    drop_capabilities(but=kept)
    if keep_reading:
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)
    if os.getresuid() != (uid,) * 3 or os.getresgid() != (gid,) * 3 or os.getgroups():
        raise PermissionError("could not give up root")


def drop_capabilities(but: int = 0) -> None:
    """Give up all capabilities but those of a mask, also those that a program could be given later."""
    libc = _libc()
    setting = 1 << CAP_SETPCAP  # needed to take capabilities out of the bounding set
    libc.capset(_words(CAPABILITY_VERSION, 0), _words(but | setting, but | setting, but, 0, 0, 0))
    for capability in range(64):
        if not but >> capability & 1 and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # the first number that this Linux does not know
    libc.capset(_words(CAPABILITY_VERSION, 0), _words(but, but, but, 0, 0, 0))
    for line in _own_status():
        if line.startswith("Cap") and int(line.split()[1], 16) & ~but:
            raise PermissionError(f"a capability was kept: {line.strip()}")


def set_process_options(dies_with_parent: bool) -> None:
    """No privileges by exec; the host's memory killer takes this process first."""
    prctl = _libc().prctl
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise PermissionError("could not set no_new_privs")
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # changing user made /proc/self unreadable to itself
    if dies_with_parent:  # Linux forgets this when the user changes: so it comes after
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as stream:
        stream.write("900")


# ------------------------------------------------------------ files and calls


def open_rules(landlock: Json | None) -> list[tuple[int, int]] | None:
    """Every allowed place as an open descriptor and the rights there; done while all of them can be reached."""
    if landlock is None:
        return None
    found = []
    for path, rights in landlock["rules"]:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        found.append((descriptor, rights))
    return found


def restrict_files(landlock: Json, rules: list[tuple[int, int]]) -> None:
    """Allow what the rules say and forbid the rest, for this process and all that it starts."""
    attributes = struct.pack("<QQQ", landlock["files"], landlock["network"], landlock["scopes"])[:landlock["size"]]
    ruleset = _landlock(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    for descriptor, rights in rules:
        if not os.path.isdir(f"/proc/self/fd/{descriptor}"):
            rights &= LANDLOCK_FILE_RIGHTS
        if rights & landlock["files"]:
            _landlock(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH,
                      struct.pack("<Qi", rights & landlock["files"], descriptor), 0)
        os.close(descriptor)
    _landlock(LANDLOCK_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _landlock(number: int, *arguments: int | bytes) -> int:
    import ctypes

    result: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock refused: {os.strerror(ctypes.get_errno())}")
    return result


def filter_calls(program: bytes) -> None:
    """Install a seccomp filter: an array of `struct sock_filter`."""
    import ctypes

    instructions = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(instructions)))
    if _libc().prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0) != 0:
        raise PermissionError("could not filter system calls")


def _libc() -> Any:
    import ctypes

    return ctypes.CDLL(None)


def _words(*numbers: int) -> Any:
    import ctypes

    return (ctypes.c_uint32 * len(numbers))(*numbers)


def _own_status() -> list[str]:
    with open("/proc/self/status") as stream:
        return stream.readlines()


# ----------------------------------------------------------------- namespaces


def enter_namespaces(namespaces: Json) -> None:
    """Go on as the first process of new namespaces, with fresh private folders; the calling process ends.

    A forked kernel does here what `bwrap` does for one that is started: the cage around both is bwrap's.
    """
    identity = os.getuid(), os.getgid()
    flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS
    _unshare(flags | (CLONE_NEWUSER if namespaces["user"] else 0))
    with contextlib.suppress(OSError):
        _unshare(CLONE_NEWCGROUP)
    if namespaces["user"]:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{identity[0]} {identity[0]} 1"),
                           ("gid_map", f"{identity[1]} {identity[1]} 1")):
            with open(f"/proc/self/{name}", "w") as stream:
                stream.write(text)
    if os.fork() != 0:
        os._exit(0)
    _mount("none", "/", "", MS_REC | MS_PRIVATE)
    os.umask(0o022)
    kept = {path: os.open(path, os.O_PATH | os.O_CLOEXEC) for path in namespaces["kept"]}
    for path, mode in namespaces["private"].items():
        _mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, f"size={namespaces['size']},mode={mode}")
    for path, descriptor in kept.items():
        os.makedirs(path)
        _mount(f"/proc/self/fd/{descriptor}", path, "", MS_BIND | MS_REC)
        os.close(descriptor)
    os.umask(0)
    for path in namespaces["folders"]:
        os.makedirs(path, 0o777)
    for path, content in namespaces["files"]:
        _write(path, base64.b64decode(content), 0o777, 0o666)
    _mount("tmpfs", namespaces["code_folder"], "tmpfs", MS_NOSUID | MS_NODEV, "size=16m,mode=755")
    for path, content in namespaces["code"]:
        _write(path, base64.b64decode(content), 0o755, 0o444)
    for path, content in namespaces["replaced"]:
        spare = namespaces["code_folder"] + "/" + os.path.basename(path)
        _write(spare, base64.b64decode(content), 0o755, 0o444)
        _mount(spare, path, "", MS_BIND)
        os.unlink(spare)
    _mount("none", namespaces["code_folder"], "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    _mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _bring_up_loopback()


def _unshare(flags: int) -> None:
    import ctypes

    if ctypes.CDLL(None, use_errno=True).unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), f"no new namespaces: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()) != 0:
        raise OSError(ctypes.get_errno(), f"could not mount {target}: {os.strerror(ctypes.get_errno())}")


def _write(path: str, content: bytes, folder_mode: int, mode: int) -> None:
    os.makedirs(os.path.dirname(path), folder_mode, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)


def _bring_up_loopback() -> None:
    import fcntl
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", IFF_UP)
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, request)


# ---------------------------------------------------------------------- guard


def stand_guard(config: Json) -> None:
    """Fork. The child returns, to become the kernel; this process waits for its end, then removes every trace.

    Every process of the sandbox is and stays a descendant of this one, whatever it does to detach itself: it is the
    first of their pid namespace, or their subreaper. The guard tells the grader of itself, and how the kernel ended.
    It ends at once when it is told to (SIGTERM, SIGKILL in a namespace), or when the grader dies.
    """
    first = config["namespaces"] is not None
    prctl = _libc().prctl
    if not first:  # the first of a namespace ends with the namespaces around it
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    watched = {signal.SIGCHLD, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    if not first and os.getppid() != config["guard"]["parent"]:
        os._exit(1)  # the grader died meanwhile
    os.write(config["status_fd"], b'{"guard": true}')
    kernel = os.fork()
    if kernel == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watched)
        return
    code = EXIT_SIGNAL_BASE + signal.SIGKILL
    try:
        for name in os.listdir("/proc/self/fd"):
            if int(name) > 2 and int(name) != config["status_fd"]:
                with contextlib.suppress(OSError):  # the one that listed them is gone already
                    os.close(int(name))
        if first:
            prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
            drop_capabilities()
        while signal.sigwait(watched) == signal.SIGCHLD:
            ended, _ = _reap()
            if kernel in ended:
                code = _exit_code(ended[kernel])
                break
        if not first:
            end_all(config["identity"])
            remove_traces(config)
        os.write(config["status_fd"], b'{"ended": %d}' % code)
    finally:
        os._exit(code)


def _reap() -> tuple[dict[int, int], bool]:
    """The children that have ended, and how; and whether there are any left."""
    ended: dict[int, int] = {}
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return ended, True
            ended[pid] = status
    except ChildProcessError:
        return ended, False


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else EXIT_SIGNAL_BASE - code


def end_all(identity: list[int] | None) -> None:
    """Kill until no descendant is left: they may still be forking."""
    while True:
        if identity is not None:
            _kill_user(*identity)
        for pid in descendants(os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        _, others = _reap()
        if not others:
            return
        time.sleep(PATIENCE_S)


def _kill_user(uid: int, gid: int) -> None:
    """Kill every process of a user in one system call that no fork can outrun."""
    pid = os.fork()
    if pid == 0:
        try:
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def descendants(root: int) -> list[int]:
    """Process ids of all children, and of theirs, as far as they are seen in one pass."""
    found, unseen = [], [root]
    while unseen:
        pid = unseen.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as stream:
                    children = [int(word) for word in stream.read().split()]
                found += children
                unseen += children
    return found


def remove_traces(config: Json) -> None:
    """The sandbox's folder, and what its user left in shared memory."""
    os.spawnvp(os.P_WAIT, "rm", ["rm", "-rf", "--", config["guard"]["folder"]])  # it minds neither depth nor links
    if config["identity"] is not None:
        for entry in os.scandir("/dev/shm"):
            with contextlib.suppress(OSError):
                if entry.stat(follow_symlinks=False).st_uid == config["identity"][0]:
                    os.unlink(entry.path)
