"""The system calls that a submission has no use for, as a filter program for Linux (seccomp).

Namespaces hide the host; this keeps code from making new ones, from the newer and riskier parts of the kernel,
from sockets that no network namespace confines (vsock reaches a virtual machine's host), and from memory that
nobody counts (`memfd_create`, System V segments). What is forbidden fails with an error, it does not kill.

Where there are no namespaces, the filter is stricter: no socket but connected pairs of streams within the sandbox,
and, where the submission runs as the grading user, nothing that touches that user's other processes, or the modes,
owners and times of files.

Pure: `filter_program` returns bytes.
"""

import errno
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

Numbers = tuple[int, int | None]  # on x86-64, on arm64 (None: not there)

FORBIDDEN: dict[str, Numbers] = {
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "chroot": (161, 51),
    "clock_adjtime": (305, 266), "clock_settime": (227, 112), "delete_module": (176, 106),
    "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fsopen": (430, 430), "fspick": (433, 433), "init_module": (175, 105), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "mq_open": (240, 180), "msgget": (68, 186), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "open_tree": (428, 428), "perf_event_open": (298, 241), "pidfd_getfd": (438, 438), "pivot_root": (155, 41),
    "process_madvise": (440, 440), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "ptrace": (101, 117), "quotactl": (179, 60), "quotactl_fd": (443, 443), "reboot": (169, 142),
    "request_key": (249, 218), "semget": (64, 190), "setdomainname": (171, 162), "sethostname": (170, 161),
    "setns": (308, 268), "settimeofday": (164, 170), "shmget": (29, 194), "swapoff": (168, 225), "swapon": (167, 224),
    "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
FORBIDDEN_WITHOUT_NAMESPACES: dict[str, Numbers] = {
    # Linux allows everybody a change of owner that changes nothing, and notes its time in the file
    "chown": (92, None), "fchown": (93, 55), "fchownat": (260, 54), "lchown": (94, None),
    "connect": (42, 203), "inotify_add_watch": (254, 27), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "process_mrelease": (448, 448),
}
FORBIDDEN_TO_THE_SAME_USER: dict[str, Numbers] = {
    "file_setattr": (469, 469), "fremovexattr": (199, 16), "fsetxattr": (190, 7), "lremovexattr": (198, 15),
    "lsetxattr": (189, 6), "removexattr": (197, 14), "removexattrat": (466, 466), "setxattr": (188, 5),
    "setxattrat": (463, 463),
}
# Copying and unpacking set modes and times; in a private folder nobody misses them, and an error would end honest work.
IGNORED_WITHOUT_NAMESPACES: dict[str, Numbers] = {  # Linux allows everybody to touch what everybody may write
    "futimesat": (261, None), "utime": (132, None), "utimensat": (280, 88), "utimes": (235, None),
}
IGNORED_FOR_THE_SAME_USER: dict[str, Numbers] = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
}
# Calls about a process, and which argument names it: on any but itself (0) they do nothing. Threads of its own have
# numbers, too, and libraries end the process where their scheduling is refused.
ABOUT_ITSELF_ONLY: dict[str, tuple[Numbers, int]] = {
    "ioprio_set": ((251, 30), 1), "sched_setaffinity": ((203, 122), 0), "sched_setattr": ((314, 274), 0),
    "sched_setparam": ((142, 118), 0), "sched_setscheduler": ((144, 119), 0), "setpriority": ((141, 140), 1),
}
PRLIMIT: Numbers = (302, 261)
CLONE, CLONE3, SOCKET, SOCKETPAIR = (56, 220), (435, 435), (41, 198), (53, 199)
NAMESPACE_FLAGS = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink: all of them confined by the network namespace
FAMILIES_WITHOUT_NAMESPACES = (1,)
STREAMS = (1, 5)  # SOCK_STREAM, SOCK_SEQPACKET: datagrams could be sent to any address
SOCKET_TYPE = 0xF  # the rest are flags

LOAD_WORD, AND, JUMP_EQUAL, JUMP_SET, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in `struct seccomp_data`
ARGUMENT_BYTES = 8
X32_BIT = 0x40000000


@dataclass(frozen=True)
class Machine:
    """An architecture: its audit number, and which column of the tables is its own."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


class Around(Enum):
    """What else holds a submission."""

    NAMESPACES = "namespaces"
    OWN_USER = "a user of its own"
    NOTHING = "nothing: it runs as the grading user"


def filter_program(machine: str, around: Around = Around.NAMESPACES) -> bytes | None:
    """The filter as an array of `struct sock_filter`, or None for a machine without tables."""
    known = MACHINES.get(machine)
    if known is None:
        return None

    def on(call: Numbers) -> int | None:
        return call[known.column]

    program = [
        _instruction(LOAD_WORD, ARCHITECTURE),
        _instruction(JUMP_EQUAL, known.audit, 1, 0), _fail(errno.ENOSYS),
        _instruction(LOAD_WORD, NUMBER),
    ]
    if machine == "x86_64":  # the x32 flavour has numbers of its own
        program += [_instruction(JUMP_GREATER_EQUAL, X32_BIT, 0, 1), _fail(errno.ENOSYS)]
    for number in map(on, _forbidden(around).values()):
        program += _case(number, [_fail(errno.EPERM)])
    program += _case(on(CLONE3), [_fail(errno.ENOSYS)])  # libc then uses clone
    program += _case(on(CLONE), [
        _load_argument(0), _instruction(JUMP_SET, NAMESPACE_FLAGS, 0, 1), _fail(errno.EPERM), _ALLOW])
    families = FAMILIES if around is Around.NAMESPACES else FAMILIES_WITHOUT_NAMESPACES
    types = [] if around is Around.NAMESPACES else [
        _load_argument(1), _instruction(AND, SOCKET_TYPE), *_one_of(STREAMS, errno.EPERM)]
    program += _case(on(SOCKET), [_load_argument(0), *_one_of(families, errno.EAFNOSUPPORT), *types, _ALLOW])
    if types:
        program += _case(on(SOCKETPAIR), [*types, _ALLOW])
    for number in map(on, _ignored(around).values()):
        program += _case(number, [_fail(0)])
    if around is Around.NOTHING:
        for call, argument in ABOUT_ITSELF_ONLY.values():
            program += _case(on(call), [_load_argument(argument), *_one_of([0], 0), _ALLOW])
        program += _case(on(PRLIMIT), [_load_argument(0), *_one_of([0], errno.EPERM), _ALLOW])
    return b"".join([*program, _ALLOW])


def _forbidden(around: Around) -> Mapping[str, Numbers]:
    match around:
        case Around.NAMESPACES:
            return FORBIDDEN
        case Around.OWN_USER:
            return FORBIDDEN | FORBIDDEN_WITHOUT_NAMESPACES
        case Around.NOTHING:
            return FORBIDDEN | FORBIDDEN_WITHOUT_NAMESPACES | FORBIDDEN_TO_THE_SAME_USER


def _ignored(around: Around) -> Mapping[str, Numbers]:
    match around:
        case Around.NAMESPACES:
            return {}
        case Around.OWN_USER:
            return IGNORED_WITHOUT_NAMESPACES
        case Around.NOTHING:
            return IGNORED_WITHOUT_NAMESPACES | IGNORED_FOR_THE_SAME_USER


def _case(number: int | None, body: list[bytes]) -> list[bytes]:
    """Instructions for one system call, whose number is loaded; they end with a return."""
    return [] if number is None else [_instruction(JUMP_EQUAL, number, 0, len(body)), *body]


def _one_of(values: Iterable[int], otherwise: int) -> list[bytes]:
    """Go on if the loaded word is one of these, else fail."""
    values = list(values)
    return [*(_instruction(JUMP_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)),
            _fail(otherwise)]


def _load_argument(place: int) -> bytes:
    """The lower half of an argument: those that are looked at are ints."""
    return _instruction(LOAD_WORD, ARGUMENTS + ARGUMENT_BYTES * place)


def _fail(code: int) -> bytes:
    """Refuse with an error number; with 0, do nothing and tell of success."""
    return _instruction(RETURN, FAIL | code)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


_ALLOW = _instruction(RETURN, ALLOW)
