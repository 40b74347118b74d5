"""What a submission may see and use, as data: the one place where that is decided.

`grader.bubblewrap` and `grader.landlock` say it in the words of their level, `grader.process` runs it,
`inside/confinement.py` sets the limits from within. What every sandbox holds:

    /usr /lib* /bin /sbin, parts of /etc, Python's prefixes     read-only, as on the host
    the launcher, the probe and its helpers                     read-only
    a home with the working folder, a folder for temporary files    private, limited
    no network, no process but its own

With `bubblewrap` there is nothing else, and the private folders are /home/student, /tmp and /dev/shm (memory, sized);
with `landlock` the rest of the host's files is closed, and the private folders lie under a temporary one.
Folders in `Policy.hidden` are closed where a read-only folder would show them.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from grader.spec import Limits

GRADER_FOLDER = PurePosixPath("/grader")
HOME = PurePosixPath("/home/student")
MATPLOTLIB_FOLDER = ".config/matplotlib"
WORK_FOLDER = HOME / "work"
PRIVATE_FOLDERS = {str(HOME): "0777", "/tmp": "1777", "/dev/shm": "1777"}  # and their modes
MEBIBYTE = 1 << 20
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")  # what tells libraries how many

SYSTEM_FOLDERS = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts",
                "/etc/localtime", "/etc/timezone", "/etc/mime.types",
                "/sys/devices/system/cpu", "/sys/devices/system/node")  # processors: thread pools ask for them
UIDS = range(0x70000000, 0x7FFFFFF0)  # beyond those of people, services and containers
DATA_PER_CPU_MB = 32  # thread stacks and BLAS buffers count as data, and grow with the machine
THREADS_PER_CPU = 8
SPARE_PROCESSES = 512  # where the system counts those of the whole user, they may become more meanwhile


class Level(StrEnum):
    """How strictly a submission is kept apart; best first."""

    BUBBLEWRAP = "bubblewrap"
    LANDLOCK = "landlock"
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
    datasets: tuple[Path, ...] = ()


# ------------------------------------------------------------ from the machine to a policy


def make_policy(*, limits: Limits, code: Mapping[str, bytes], files: Mapping[str, bytes],
                home_files: Mapping[str, bytes] | None = None, hidden: Sequence[Path] = (),
                datasets: Sequence[Path] = (), uid_offset: int = 0) -> Policy:
    """The policy for this machine and Python. `uid_offset` tells concurrent submissions apart."""
    as_root = os.geteuid() == 0
    identity = (Identity(UIDS[uid_offset % len(UIDS)], UIDS[uid_offset % len(UIDS)]) if as_root
                else Identity(os.getuid(), os.getgid()))
    libraries = library_folders()
    return Policy(
        read_only=outermost((*libraries, *datasets)),
        hidden=covers((*own_folders(), *hidden), libraries), code=code, files=files,
        home_files=home_files or {},
        environment=kernel_environment(HOME, Path(sys.prefix), threads=limits.threads), limits=limits,
        identity=identity, as_root=as_root, datasets=tuple(datasets))


def dataset_folders(course: Path) -> tuple[Path, ...]:
    """Where data sets lie that Keras need not download: those of the course, then those of this machine."""
    places = (course / "datasets", Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets")
    return tuple(place.resolve() for place in places if place.is_dir())


def home_links(policy: Policy) -> dict[str, str]:
    """What the private home shows of the host's files: each data set in its place below `~/.keras`."""
    return {f".keras/datasets/{entry.name}": str(entry)
            for folder in reversed(policy.datasets) for entry in sorted(folder.iterdir())}


def library_folders() -> tuple[Path, ...]:
    """Where Python and its packages live, links and all, outermost first."""
    import site

    roots = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), Path(sys.base_exec_prefix)]
    if site.ENABLE_USER_SITE and Path(site.getusersitepackages()).is_dir():
        roots.append(Path(site.getusersitepackages()))  # `kernel_environment` tells the kernel of it
    return outermost([*roots, *(root.resolve() for root in roots)])


def closed_to_others(folders: Iterable[Path]) -> bool:
    """Whether some of these lie in folders that only their owner may pass, as Python below /root does."""
    places = {place for folder in folders for place in (folder, *folder.parents)}
    return any(not place.stat().st_mode & 0o001 for place in places if place.is_dir())


def opens_shared_memory(level: Level, policy: Policy) -> bool:
    """Whether a submission may use /dev/shm: not where it is the host's own and the user, or a right, the grader's."""
    return level is not Level.LANDLOCK or (policy.as_root and not closed_to_others(policy.read_only))


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


def kernel_environment(home: PurePosixPath | Path, prefix: Path, *, shared_memory: bool = True,
                       threads: int = 0) -> dict[str, str]:
    """The whole environment of a kernel: nothing is inherited."""
    import site

    return {
        **({"PYTHONUSERBASE": site.getuserbase()} if site.ENABLE_USER_SITE else {"PYTHONNOUSERSITE": "1"}),
        **({} if shared_memory else {"JOBLIB_MULTIPROCESSING": "0"}),  # it would complain, and do without
        **dict.fromkeys(THREADS if threads else (), str(threads)),
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


def resource_limits(limits: Limits, cpus: int, others: int = 0) -> dict[str, int]:
    """Arguments of `setrlimit`, by name. `others`: processes and threads that the user runs besides the sandbox's."""
    return {
        "RLIMIT_DATA": (limits.memory_mb + DATA_PER_CPU_MB * cpus) * MEBIBYTE,
        "RLIMIT_CPU": max(1, round(limits.cpu_s)),
        "RLIMIT_FSIZE": limits.file_mb * MEBIBYTE,
        "RLIMIT_NPROC": limits.processes + THREADS_PER_CPU * cpus + (others + SPARE_PROCESSES if others else 0),
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
    }


def relative(name: str) -> PurePosixPath:
    """The name as a path that stays in its folder; raises ValueError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"not a path inside a folder: {name!r}")
    return path
