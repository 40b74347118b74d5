"""The system calls that a submission has no use for, as a filter program for Linux (seccomp).

Namespaces hide the host; this keeps code from making new ones, from the newer and riskier parts of the kernel,
from sockets that no network namespace confines (vsock reaches a virtual machine's host), and from memory that
nobody counts (`memfd_create`, System V segments). What is forbidden fails with an error, it does not kill.

Pure: `filter_program` returns bytes.
"""

import errno
import struct
from dataclasses import dataclass

# number on x86-64, number on arm64
FORBIDDEN = {
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "chroot": (161, 51),
    "clock_adjtime": (305, 266), "clock_settime": (227, 112), "delete_module": (176, 106),
    "fanotify_init": (300, 262), "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fsopen": (430, 430), "fspick": (433, 433), "init_module": (175, 105), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "io_uring_setup": (425, 425), "kcmp": (312, 272),
    "kexec_file_load": (320, 294), "kexec_load": (246, 104), "keyctl": (250, 219), "memfd_create": (319, 279),
    "memfd_secret": (447, 447), "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "msgget": (68, 186), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "open_tree": (428, 428), "perf_event_open": (298, 241), "pidfd_getfd": (438, 438), "pivot_root": (155, 41),
    "process_madvise": (440, 440), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "ptrace": (101, 117), "quotactl": (179, 60), "quotactl_fd": (443, 443), "reboot": (169, 142),
    "request_key": (249, 218), "setdomainname": (171, 162), "sethostname": (170, 161), "setns": (308, 268),
    "settimeofday": (164, 170), "shmget": (29, 194), "swapoff": (168, 225), "swapon": (167, 224),
    "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97), "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)
NAMESPACE_FLAGS = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink: all of them confined by the network namespace

LOAD_WORD, JUMP_EQUAL, JUMP_SET, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in `struct seccomp_data`
X32_BIT = 0x40000000


@dataclass(frozen=True)
class Machine:
    """An architecture: its audit number, and which column of the tables is its own."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


def filter_program(machine: str) -> bytes | None:
    """The filter as an array of `struct sock_filter`, or None for a machine without tables."""
    known = MACHINES.get(machine)
    if known is None:
        return None

    def fail(code: int) -> bytes:
        return _instruction(RETURN, FAIL | code)

    program = [
        _instruction(LOAD_WORD, ARCHITECTURE),
        _instruction(JUMP_EQUAL, known.audit, 1, 0), fail(errno.ENOSYS),
        _instruction(LOAD_WORD, NUMBER),
    ]
    if machine == "x86_64":  # the x32 flavour has numbers of its own
        program += [_instruction(JUMP_GREATER_EQUAL, X32_BIT, 0, 1), fail(errno.ENOSYS)]
    for numbers in FORBIDDEN.values():
        program += [_instruction(JUMP_EQUAL, numbers[known.column], 0, 1), fail(errno.EPERM)]
    program += [_instruction(JUMP_EQUAL, CLONE3[known.column], 0, 1), fail(errno.ENOSYS)]  # libc then uses clone
    program += [
        _instruction(JUMP_EQUAL, CLONE[known.column], 0, 4),
        _instruction(LOAD_WORD, FIRST_ARGUMENT),
        _instruction(JUMP_SET, NAMESPACE_FLAGS, 0, 1), fail(errno.EPERM),
        _instruction(RETURN, ALLOW),
        _instruction(JUMP_EQUAL, SOCKET[known.column], 0, 2 + len(FAMILIES)),
        _instruction(LOAD_WORD, FIRST_ARGUMENT),
        *(_instruction(JUMP_EQUAL, family, len(FAMILIES) - place, 0) for place, family in enumerate(FAMILIES)),
        fail(errno.EAFNOSUPPORT),
        _instruction(RETURN, ALLOW),
    ]
    return b"".join(program)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
