"""The policy and its command line, without running anything; and what is said where a level does not work."""

import errno
import struct
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path, PurePosixPath

import pytest

from grader import bubblewrap, kernels, ladder, sandbox, seccomp
from grader.bubblewrap import bubblewrap_argv, data_files
from grader.ladder import available_levels
from grader.sandbox import Identity, Level, Policy
from grader.spec import Limits

POLICY = Policy(
    read_only=(Path("/opt/venv"),), hidden=(), code={"probe.py": b"probe"}, files={"data/digits.npz": b"digits"},
    home_files={".config/matplotlib/fontlist-v1.json": b"{}"}, environment={"HOME": "/home/student"}, limits=Limits(disk_mb=7), identity=Identity(1234, 1235), as_root=False)


def argv(policy: Policy = POLICY) -> list[str]:
    return bubblewrap_argv(policy, bwrap="bwrap", data=range(10, 10 + len(data_files(policy))), info=4)


def options(words: list[str], name: str, count: int) -> list[tuple[str, ...]]:
    """The arguments of every occurrence of an option."""
    return [tuple(words[place + 1:place + 1 + count]) for place, word in enumerate(words) if word == name]


def position(words: list[str], *option: str) -> int:
    """Where an option with these arguments stands; fails if it does not."""
    return next(place for place in range(len(words)) if tuple(words[place:place + len(option)]) == option)


def test_an_ordinary_user_gets_every_namespace():
    assert {"--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"} <= set(argv())
    assert "--share-net" not in argv()


def test_root_keeps_its_user_namespace_and_only_what_giving_up_needs():
    words = argv(replace(POLICY, as_root=True))
    assert not {"--unshare-all", "--unshare-user", "--share-net"} & set(words)
    assert {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"} <= set(words)
    assert options(words, "--cap-drop", 1) == [("ALL",)]
    assert options(words, "--cap-add", 1) == [("CAP_SETUID",), ("CAP_SETGID",), ("CAP_SETPCAP",)]


def test_environment_is_the_policys_and_nothing_else():
    assert options(argv(), "--setenv", 2) == [("HOME", "/home/student")]


def test_everything_of_the_host_is_read_only():
    assert not {"--bind", "--bind-try", "--dev-bind", "--dev-bind-try"} & set(argv())
    assert ("/opt/venv", "/opt/venv") in options(argv(), "--ro-bind", 2)


def test_private_folders_are_sized_and_stand_below_libraries_within_them():
    words = argv(replace(POLICY, read_only=(Path("/tmp/venv"),)))
    for folder, mode in sandbox.PRIVATE_FOLDERS.items():
        mount = position(words, "--size", str(7 << 20), "--perms", mode, "--tmpfs", folder)
        assert mount < position(words, "--ro-bind", "/tmp/venv", "/tmp/venv")


def test_root_and_dev_become_read_only_at_the_end():
    words = argv()
    assert words[-6:] == ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]


def test_folders_above_what_is_bound_are_open_and_made_before_it():
    words = argv(replace(POLICY, read_only=(Path("/root/.pyenv/versions/3.11"),)))
    for folder in ("/root", "/root/.pyenv", "/root/.pyenv/versions"):
        made = position(words, "--perms", "0755", "--dir", folder)
        assert made < position(words, "--ro-bind", "/root/.pyenv/versions/3.11")


def hides(policy: Policy) -> list[str]:
    return [folder for (size, _, _, _, folder) in options(argv(policy), "--size", 5) if size == "4096"]


def test_hidden_folder_under_a_library_is_covered_after_it_is_bound():
    policy = replace(POLICY, hidden=(Path("/opt/venv/lib/grader"),))
    words = argv(policy)
    assert hides(policy) == ["/opt/venv/lib/grader"]
    assert position(words, "--ro-bind", "/opt/venv") < position(words, "--tmpfs", "/opt/venv/lib/grader")
    assert position(words, "--remount-ro", "/opt/venv/lib/grader")


def test_hidden_folder_under_a_system_folder_is_covered():
    assert hides(replace(POLICY, hidden=(Path("/usr/local/course"),))) == ["/usr/local/course"]


def test_hidden_folder_that_nothing_shows_needs_no_cover():
    assert hides(replace(POLICY, hidden=(Path("/srv/course"),))) == []


def test_hidden_folder_around_a_library_does_not_hide_the_library():
    policy = replace(POLICY, read_only=(Path("/srv/course/.venv"),), hidden=(Path("/srv/course"),))
    assert hides(policy) == []
    assert ("/srv/course/.venv", "/srv/course/.venv") in options(argv(policy), "--ro-bind", 2)


def test_a_library_inside_a_cover_shows_through():
    policy = replace(POLICY, read_only=(Path("/usr/local/course/env/.venv"),), hidden=(Path("/usr/local/course"),))
    words = argv(policy)
    cover = position(words, "--tmpfs", "/usr/local/course")
    library = position(words, "--perms", "0755", "--dir", "/usr/local/course/env",
                       "--ro-bind", "/usr/local/course/env/.venv", "/usr/local/course/env/.venv")
    assert cover < library < position(words, "--remount-ro", "/usr/local/course")


def test_covers_lie_on_every_way_to_a_folder(tmp_path):
    secret = tmp_path / "real" / "lib" / "secret"
    secret.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    libraries = [tmp_path / "real", tmp_path / "link"]
    expected = (tmp_path / "link" / "lib" / "secret", secret)
    assert sandbox.covers([secret], libraries) == expected
    assert sandbox.covers([tmp_path / "link" / "lib" / "secret"], libraries) == expected
    assert sandbox.covers([tmp_path / "missing", tmp_path], libraries) == ()


def test_data_files_match_their_descriptors():
    files = data_files(POLICY)
    words = argv()
    for descriptor, file in enumerate(files, 10):
        mode = "0666" if file.writable else "0444"
        assert position(words, "--perms", mode, "--file", str(descriptor), str(file.path))
    assert {file.path for file in files if file.writable} == {
        sandbox.WORK_FOLDER / "data/digits.npz", sandbox.HOME / ".config/matplotlib/fontlist-v1.json"}
    assert {file.path for file in files if file.content == b"probe"} == {PurePosixPath("/grader/probe.py")}


def test_folders_of_work_files_exist_and_are_writable():
    for folder in ("/home/student/work/data", "/home/student/.config/matplotlib"):
        assert position(argv(), "--perms", "0777", "--dir", folder)


def test_passwd_knows_one_user_and_no_secret():
    passwd = next(file.content for file in data_files(POLICY) if file.path.name == "passwd")
    assert passwd == b"student:x:1234:1235:student:/home/student:/bin/sh\n"
    assert not any("shadow" in word for word in argv())


@pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "."])
def test_names_that_leave_their_folder_are_refused(name):
    with pytest.raises(ValueError, match="inside a folder"):
        data_files(replace(POLICY, files={name: b""}))


def test_no_system_file_is_secret():
    assert not {"/etc", "/etc/shadow", "/etc/ssh", "/etc/ssl", "/home", "/root", "/var", "/run", "/"} & {
        *sandbox.SYSTEM_FILES, *sandbox.SYSTEM_FOLDERS}


def test_policy_of_this_machine_shows_the_libraries_and_hides_what_it_is_told():
    policy = sandbox.make_policy(limits=Limits(), code={}, files={}, hidden=[Path(pytest.__file__).parent])
    assert Path(pytest.__file__).parent in policy.hidden
    assert sandbox.own_folders()[0] == Path(sandbox.__file__).resolve().parent
    assert any(Path(sys.prefix).is_relative_to(folder) for folder in policy.read_only)


def test_identities_are_beyond_those_of_people_and_differ(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 0)
    made = {sandbox.make_policy(limits=Limits(), code={}, files={}, uid_offset=number).identity.uid
            for number in (0, 1, 2, 10**12)}
    assert len(made) == 4
    assert min(made) > 1 << 30


def test_environment_of_a_kernel_is_a_named_list(monkeypatch):
    monkeypatch.setenv("SECRET", "canary")
    environment = sandbox.kernel_environment(sandbox.HOME, Path("/opt/venv"))
    assert "canary" not in str(environment)
    assert environment["PATH"].startswith("/opt/venv/bin:")
    assert environment["PYTHONHASHSEED"] == "0"
    assert "MPLBACKEND" not in environment  # ipykernel chooses the inline one


def test_environment_tells_libraries_their_share_of_the_cores(monkeypatch):
    assert not {*sandbox.THREADS} & sandbox.kernel_environment(sandbox.HOME, Path("/opt/venv")).keys()
    environment = sandbox.kernel_environment(sandbox.HOME, Path("/opt/venv"), threads=3)
    assert {environment[name] for name in sandbox.THREADS} == {"3"}
    monkeypatch.setattr(kernels, "CORES", 8)
    shares = [kernels.Kernels(Level.NONE, side_by_side=jobs).threads for jobs in (1, 2, 3, 8, 16)]
    assert shares == [0, 4, 2, 1, 1]


def test_resource_limits_leave_room_for_the_machines_processors():
    small, large = (sandbox.resource_limits(Limits(memory_mb=100, processes=10), cpus) for cpus in (2, 64))
    assert small["RLIMIT_DATA"] == (100 + 64) << 20
    assert large["RLIMIT_DATA"] > small["RLIMIT_DATA"]
    assert large["RLIMIT_NPROC"] > small["RLIMIT_NPROC"]
    assert small["RLIMIT_CORE"] == 0
    assert sandbox.resource_limits(Limits(processes=10), 2, others=1000)["RLIMIT_NPROC"] > 1010


def test_outermost_folders():
    assert sandbox.outermost([Path("/a/b"), Path("/a"), Path("/ab"), Path("/a")]) == (Path("/a"), Path("/ab"))


def test_folders_that_only_their_owner_passes_are_noticed(tmp_path):
    library = tmp_path / "closed" / "lib"
    library.mkdir(parents=True)
    assert not sandbox.closed_to_others([Path("/usr")])
    library.parent.chmod(0o700)
    assert sandbox.closed_to_others([Path("/usr"), library])


def test_levels_are_ordered_best_first():
    assert [*Level][::len(Level) - 1] == ["bubblewrap", "none"]


# ---------------------------------------------------------------- the filter


def run_filter(program: bytes, number: int, *arguments: int, audit: int = 0xC000003E) -> int:
    """What the kernel would answer: a small interpreter of classic BPF."""
    data = struct.pack("<IIQ6Q", number, audit, 0, *[*arguments, 0, 0, 0, 0, 0, 0][:6])
    instructions = list(struct.iter_unpack("<HBBI", program))
    place = accumulator = 0
    while True:
        code, if_true, if_false, value = instructions[place]
        place += 1
        match code:
            case seccomp.LOAD_WORD:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case seccomp.AND:
                accumulator &= value
            case seccomp.RETURN:
                return value
            case seccomp.JUMP_EQUAL:
                place += if_true if accumulator == value else if_false
            case seccomp.JUMP_SET:
                place += if_true if accumulator & value else if_false
            case seccomp.JUMP_GREATER_EQUAL:
                place += if_true if accumulator >= value else if_false
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_filter_forbids_its_list_and_nothing_else(machine):
    program = seccomp.filter_program(machine)
    known = seccomp.MACHINES[machine]
    forbidden = {numbers[known.column] for numbers in seccomp.FORBIDDEN.values()}
    special = {seccomp.CLONE3[known.column]: errno.ENOSYS, seccomp.SOCKET[known.column]: errno.EAFNOSUPPORT}
    for number in range(470):
        answer = run_filter(program, number, 40, audit=known.audit)
        if number in forbidden:
            assert answer == seccomp.FAIL | errno.EPERM
        elif number in special:
            assert answer == seccomp.FAIL | special[number]
        else:
            assert answer == seccomp.ALLOW


@pytest.mark.parametrize(("number", "argument", "answer"), [
    (56, 0x11, seccomp.ALLOW), (56, 0x3D0F00, seccomp.ALLOW),  # fork, a thread
    (56, 0x10000011, seccomp.FAIL | errno.EPERM), (56, 0x20011, seccomp.FAIL | errno.EPERM),
    (41, 1, seccomp.ALLOW), (41, 2, seccomp.ALLOW), (41, 10, seccomp.ALLOW), (41, 16, seccomp.ALLOW),
    (41, 17, seccomp.FAIL | errno.EAFNOSUPPORT), (41, 40, seccomp.FAIL | errno.EAFNOSUPPORT),
    (0x40000000 + 39, 0, seccomp.FAIL | errno.ENOSYS),
])
def test_filter_looks_at_arguments(number, argument, answer):
    assert run_filter(seccomp.filter_program("x86_64"), number, argument) == answer


def test_filter_refuses_calls_of_another_architecture():
    program = seccomp.filter_program("x86_64")
    assert run_filter(program, 39, audit=0x40000003) == seccomp.FAIL | errno.ENOSYS


ALLOWED, REFUSED, IGNORED = seccomp.ALLOW, seccomp.FAIL | errno.EPERM, seccomp.FAIL


@pytest.mark.parametrize(("call", "own_user", "nothing"), [
    ((41, 1, 1), ALLOWED, ALLOWED), ((41, 1, 1 | 0x80000), ALLOWED, ALLOWED),  # a unix stream, closed on exec
    ((41, 1, 2), REFUSED, REFUSED), ((53, 1, 2), REFUSED, REFUSED), ((53, 1, 5), ALLOWED, ALLOWED),  # datagrams
    ((41, 2, 1), seccomp.FAIL | errno.EAFNOSUPPORT, seccomp.FAIL | errno.EAFNOSUPPORT),
    ((42, 3), REFUSED, REFUSED),  # connect
    ((90,), ALLOWED, IGNORED), ((92,), REFUSED, REFUSED), ((280,), IGNORED, IGNORED),  # chmod, chown, utimensat
    ((302, 0), ALLOWED, ALLOWED), ((302, 77), ALLOWED, REFUSED),  # prlimit
    ((141, 0, 0), ALLOWED, ALLOWED), ((141, 0, 77), ALLOWED, IGNORED), ((203, 77), ALLOWED, IGNORED),
    ((62, 77, 9), ALLOWED, ALLOWED), ((0,), ALLOWED, ALLOWED), ((257,), ALLOWED, ALLOWED),  # kill, read, openat
])
def test_filter_is_stricter_without_namespaces(call, own_user, nothing):
    filters = [seccomp.filter_program("x86_64", around) for around in (seccomp.Around.OWN_USER, seccomp.Around.NOTHING)]
    assert [run_filter(program, *call) for program in filters] == [own_user, nothing]


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_what_namespaces_leave_open_is_a_part_of_what_is_open_without(machine):
    loose, own_user, nothing = (seccomp.filter_program(machine, around) for around in seccomp.Around)
    audit = seccomp.MACHINES[machine].audit
    for number in range(480):
        for arguments in ((0, 0), (1, 1), (2, 1), (77, 77)):
            answers = [run_filter(program, number, *arguments, audit=audit) for program in (nothing, own_user, loose)]
            for stricter, laxer in pairwise(answers):
                assert stricter != seccomp.ALLOW or laxer == seccomp.ALLOW


def test_unknown_machines_have_no_filter():
    assert seccomp.filter_program("riscv64") is None


# ------------------------------------------------------- what this machine offers


@pytest.fixture
def forget_bubblewrap():
    bubblewrap.find_bubblewrap.cache_clear()
    yield
    bubblewrap.find_bubblewrap.cache_clear()


@pytest.mark.usefixtures("forget_bubblewrap")
def test_without_bubblewrap_the_finding_says_what_to_install(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    monkeypatch.setattr(bubblewrap.util, "find_spec", lambda name: None)
    finding = available_levels()[0]
    assert not finding.usable
    assert "not found" in finding.reason
    assert "apt install bubblewrap" in finding.remedy


@pytest.mark.usefixtures("forget_bubblewrap")
def test_an_old_system_bubblewrap_is_passed_over(monkeypatch, tmp_path):
    old = tmp_path / "bwrap"
    old.write_text("#!/bin/sh\necho bubblewrap 0.6.1\n")
    old.chmod(0o755)
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: str(old))
    assert bubblewrap.find_bubblewrap() != old


@pytest.mark.usefixtures("forget_bubblewrap")
def test_a_new_system_bubblewrap_is_preferred(monkeypatch, tmp_path):
    new = tmp_path / "bwrap"
    new.write_text("#!/bin/sh\necho bubblewrap 0.11.0\n")
    new.chmod(0o755)
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: str(new))
    assert bubblewrap.find_bubblewrap() == new


@pytest.mark.usefixtures("forget_bubblewrap")
def test_a_bubblewrap_that_fails_is_quoted(monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\n[ $1 = --version ] && echo bubblewrap 1.0.0 && exit\n"
                      "echo 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: str(broken))
    finding = available_levels()[0]
    assert not finding.usable
    assert finding.reason == "bwrap: No permissions to create new namespace"
    assert finding.remedy


def test_other_systems_are_told_so(monkeypatch):
    monkeypatch.setattr(ladder.sys, "platform", "darwin")
    finding = available_levels()[0]
    assert not finding.usable
    assert "darwin" in finding.reason


def test_the_last_level_is_always_usable():
    assert available_levels()[-1].usable
