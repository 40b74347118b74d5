"""Attacks on what a submission may see and touch: files, environment, processes, network, privileges."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import grader
from grader import sandbox
from grader.sandbox import Level
from tests.attacks.conftest import only_bubblewrap, only_landlock

CANARY = f"canary-{secrets.token_hex(8)}"

# Looks at every name; reads every file that is not too large to hold a solution, but for TensorFlow's
# own and the system's, which are the same to everybody.
WALK = """
    import os
    canaries = {canaries!r}
    found, names_seen, files_read = set(), 0, 0
    for folder, folders, names in os.walk("/"):
        if folder in ("/proc", "/sys"):
            folders[:] = [name for name in folders if name in ("1", "2", "self")]
        folders[:] = [name for name in folders if name not in ("task", "map_files")]
        for name in names + folders:
            names_seen += 1
            if canaries[0] in name: found.add(("name", os.path.join(folder, name)))
        if folder.startswith(("/usr/", "/lib", "/bin", "/sbin")) or "/tensorflow/" in folder:
            continue
        for name in names:
            path = os.path.join(folder, name)
            try:
                if os.path.isfile(path) and os.path.getsize(path) < 50_000:
                    with open(path, "rb") as stream: content = stream.read(50_000)
                    files_read += 1
                    found.update((path, canary) for canary in canaries if canary.encode() in content)
            except OSError: pass
    print(sorted(found), names_seen > 20_000, files_read > 5_000)
"""
LIBRARIES = sandbox.library_folders()


@only_bubblewrap
def test_walk_of_all_files_finds_no_canary_and_no_source_of_ours(fresh, small, tmp_path, monkeypatch):
    """Solutions, course, grader source, and a secret in a folder of whoever grades."""
    library = tmp_path / "library"
    for path in (library / "open.txt", library / "course" / "solutions" / f"{CANARY}.py", tmp_path / "private.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{CANARY} {path.name}")
    monkeypatch.setattr(sandbox, "library_folders", lambda: (*LIBRARIES, library))
    victim = fresh(hidden=[library / "course"], limits=replace(small, submission_s=300, cpu_s=300))
    canaries = [CANARY, "def parse_" + "exercise(", "class Kernel" + "Process:"]
    said = victim.says(WALK.format(canaries=canaries), 300)
    assert said == f"[('{library}/open.txt', '{CANARY}')] True True\n"


@only_bubblewrap
def test_grader_package_is_hidden_where_it_is_installed(fresh, tmp_path, monkeypatch):
    library = tmp_path / "site-packages"
    package = library / "grader"
    package.mkdir(parents=True)
    (package / "judge.py").write_text(CANARY)
    (library / "numpy.txt").write_text("seen")
    monkeypatch.setattr(sandbox, "library_folders", lambda: (*LIBRARIES, library))
    monkeypatch.setattr(sandbox, "own_folders", lambda: (package,))
    victim = fresh(hidden=[])
    assert victim.says(f"import os\nprint(os.listdir({str(library)!r}))") in (
        "['grader', 'numpy.txt']\n", "['numpy.txt', 'grader']\n")
    assert victim.says(f"print(os.listdir({str(package)!r}))") == "[]\n"
    assert victim.execute(f"open({str(package)!r} + '/x', 'w')").ended == "error"


@only_landlock
def test_what_is_hidden_cannot_be_read(fresh, tmp_path, monkeypatch):
    """Names in a library folder can be listed at this level, contents not read."""
    secret = tmp_path / "library" / "course" / "solution.py"
    secret.parent.mkdir(parents=True)
    secret.write_text(CANARY)
    (tmp_path / "library" / "open.txt").write_text("seen")
    monkeypatch.setattr(sandbox, "library_folders", lambda: (*LIBRARIES, tmp_path / "library"))
    victim = fresh(hidden=[secret.parent])
    assert victim.says(f"print(open({str(tmp_path / 'library' / 'open.txt')!r}).read())") == "seen\n"
    assert victim.execute(f"open({str(secret)!r})").failure.name == "PermissionError"


@only_bubblewrap
def test_hidden_folder_is_hidden_behind_links_too(fresh, tmp_path, monkeypatch):
    secret = tmp_path / "real" / "course"
    secret.mkdir(parents=True)
    (secret / "solution.py").write_text(CANARY)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    shown = (*LIBRARIES, tmp_path / "real", tmp_path / "link")
    monkeypatch.setattr(sandbox, "library_folders", lambda: shown)
    victim = fresh(hidden=[secret])
    for way in ("real", "link"):
        assert victim.says(f"import os; print(os.listdir({str(tmp_path / way / 'course')!r}))") == "[]\n"


def test_grader_cannot_be_imported(victim):
    outcome = victim.execute("import grader.judge")
    assert outcome.ended == "error"
    assert outcome.failure.name in ("ModuleNotFoundError", "PermissionError")


@only_bubblewrap
def test_only_inside_code_is_shown(victim):
    inside = Path(grader.__path__[0]) / "inside"
    shown = victim.says("import os; print(sorted(os.listdir('/grader')))")
    assert shown == f"{sorted(path.name for path in inside.glob('*.py') if path.name != '__init__.py')}\n"


@pytest.mark.parametrize("path", ["/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/root/.bashrc", "/var/log",
                                  "/run", "/proc/1/environ", "/proc/kcore", "/dev/sda",
                                  "/dev/vda", "/dev/mem", "/sys/class", "/sys/firmware", "/home/student/../root"])
def test_the_hosts_private_places_are_closed(victim, path):
    said = victim.says(f"""
        import os
        try: print(os.listdir({path!r}) if os.path.isdir({path!r}) else open({path!r}, 'rb').read(100))
        except OSError as error: print(type(error).__name__)
    """)
    assert said.strip() in ("FileNotFoundError", "PermissionError", "['.pyenv']", "[]", "b''")


def test_home_of_the_grading_user_is_not_shown(victim):
    home = str(Path.home())
    listed = victim.says(f"""
        import os
        try: print(os.listdir({home!r}))
        except OSError: print([])
    """)
    needed = {folder.relative_to(home).parts[0] for folder in LIBRARIES if folder.is_relative_to(home)}
    assert set(eval(listed, {"__builtins__": {}})) <= needed  # noqa: S307 - it is our own small list


def test_environment_holds_nothing_of_the_host(fresh, monkeypatch):
    monkeypatch.setenv("CANARY", CANARY)
    victim = fresh()
    said = victim.says("""
        import glob, os
        print(sorted(os.environ))
        for path in glob.glob("/proc/*/environ"):
            try: print(open(path, "rb").read())
            except OSError: pass
    """)
    assert CANARY not in said
    assert "PYTEST" not in said
    assert "JPY_PARENT_PID" not in said


def test_command_lines_tell_nothing_of_the_host(victim):
    said = victim.says("import glob\nfor path in glob.glob('/proc/*/cmdline'): print(open(path).read())")
    assert "--ro-bind" not in said
    assert "solutions" not in said


@only_bubblewrap
def test_only_the_sandboxs_processes_are_seen(victim):
    seen = victim.says("import os; print(sorted(int(name) for name in os.listdir('/proc') if name.isdigit()))")
    assert seen == "[1, 2]\n"


def test_host_processes_cannot_be_signalled(victim):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"]) as bystander:
        try:
            said = victim.says(f"""
                import os, signal
                for number in ({bystander.pid}, {os.getpid()}, {os.getppid()}, -{os.getpgrp()}):
                    try: os.kill(number, signal.SIGKILL)
                    except OSError as error: print(type(error).__name__)
            """)
            assert set(said.split()) <= {"ProcessLookupError", "PermissionError"}
            assert len(said.split()) == 4
            assert bystander.poll() is None
        finally:
            bystander.kill()


def test_network_is_out_of_reach(victim):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = victim.says(f"""
            import socket
            for address in (("127.0.0.1", {port}), ("1.1.1.1", 53), ("169.254.169.254", 80), ("10.0.2.2", 22)):
                try: socket.create_connection(address, timeout=1); print("connected", address)
                except OSError as error: print("refused")
            try: print(socket.getaddrinfo("example.org", 80))
            except OSError: print("refused")
            try: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("1.1.1.1", 53))
            except OSError: print("refused")
        """, 20)
    assert said.split() == ["refused"] * 6


def test_abstract_sockets_of_the_host_are_out_of_reach(victim):
    name = f"\0{CANARY}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        said = victim.says(f"""
            import socket
            try: socket.socket(socket.AF_UNIX).connect({name!r}); print("connected")
            except OSError: print("refused")
        """)
    assert said == "refused\n"


@pytest.mark.parametrize("family", ["AF_VSOCK", "AF_PACKET", "AF_CAN", "AF_ALG", "AF_BLUETOOTH"])
def test_unconfined_socket_families_are_refused(victim, family):
    said = victim.says(f"""
        import socket
        try: socket.socket(getattr(socket, {family!r}, 40), socket.SOCK_STREAM); print("made")
        except OSError: print("refused")
    """)
    assert said == "refused\n"


@pytest.mark.parametrize("path", ["/usr/bin/python3", "/etc/passwd", "/grader/probe.py", "/grader/launcher.py",
                                  sys.executable, os.__file__, pytest.__file__])
def test_host_files_cannot_be_changed(victim, path):
    before = state_of(Path(path))
    said = victim.says(f"""
        import os
        for attempt in (lambda: open({path!r}, "ab"), lambda: os.unlink({path!r}), lambda: os.rename({path!r}, {path!r} + "x")):
            try: attempt(); print("done")
            except OSError: print("refused")
        for attempt in (lambda: os.chmod({path!r}, 0o777), lambda: os.utime({path!r}), lambda: os.utime({path!r}, (0, 0))):
            try: attempt()  # without namespaces, these do nothing and say nothing
            except OSError: pass
    """)
    assert said.split() == ["refused"] * 3
    assert state_of(Path(path)) == before


def state_of(path):
    if not path.exists():
        return None
    seen = path.stat()
    return path.read_bytes(), seen.st_mode, seen.st_uid, seen.st_gid, seen.st_mtime_ns, seen.st_ctime_ns


def test_no_folder_outside_the_private_ones_can_be_written(victim):
    said = victim.says("""
        import os
        for folder, folders, _ in os.walk("/"):
            if folder in ("/proc", "/sys", "/home/student", "/tmp", "/dev/shm"):
                folders[:] = []
            elif os.access(folder, os.W_OK):
                try: open(os.path.join(folder, "x"), "w"); print(folder)
                except OSError: pass
    """, 60)
    assert said == ""


def test_submission_is_nobody(victim, level):
    said = victim.says("""
        import os
        print(os.getresuid()[0] == os.geteuid() != 0, os.getgroups())
        status = open("/proc/self/status").read()
        print([line.split()[1] for line in status.splitlines() if line.startswith(("Cap", "NoNewPrivs", "Seccomp:"))])
    """)
    assert said.splitlines()[0] in ("True []", f"True [{os.getgid()}]")
    *capabilities, unprivileged, filtered = eval(said.splitlines()[1], {"__builtins__": {}})  # noqa: S307 - our own list
    to_read = 1 << 2 if level is Level.LANDLOCK else 0  # CAP_DAC_READ_SEARCH, where Python lies in a closed folder
    if level is Level.LANDLOCK and os.geteuid() != 0:
        del capabilities[3]  # what programs could be given that nobody starts: only root may shorten it
    assert {int(word, 16) & ~to_read for word in capabilities} == {0}
    assert (unprivileged, filtered) == ("1", "2")


@pytest.mark.parametrize("call", ["setuid(0)", "setgid(0)", "setgroups([0])", "chroot('/tmp')",
                                  "mknod('/tmp/disk', 0o60600, os.makedev(8, 0))", "nice(-5)", "kill(1, 9)",
                                  "setpriority(os.PRIO_PROCESS, 0, -5)"])
def test_privileged_calls_are_refused(victim, call):
    said = victim.says(f"""
        import os
        try: os.{call}; print("done")
        except OSError as error: print("refused")
    """)
    assert said == "refused\n" or (call == "kill(1, 9)" and victim.session.alive)


@pytest.mark.parametrize(("call", "arguments"), [
    ("unshare", "0x10000000"), ("unshare", "0x20000"), ("setns", "3, 0"), ("ptrace", "0, 0, 0, 0"),
    ("mount", "b'tmpfs', b'/tmp', b'tmpfs', 0, 0"), ("umount2", "b'/tmp', 2"), ("syscall", "321, 0, 0, 0"),
    ("syscall", "425, 8, 0"), ("syscall", "298, 0, 0, -1, -1, 0")])
def test_new_namespaces_mounts_and_tracing_are_refused(victim, call, arguments):
    assert victim.says(f"import ctypes\nprint(ctypes.CDLL(None).{call}({arguments}))") == "-1\n"


def test_setuid_programs_give_nothing(victim):
    said = victim.says("""
        import subprocess
        done = subprocess.run(["su", "-c", "id -u"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        print(done.stdout.strip() == "0")
    """)
    assert said == "False\n"


@only_bubblewrap
def test_other_submissions_cannot_be_seen(fresh):
    first, second = fresh(), fresh()
    first.says("open('/tmp/mine', 'w').write('secret'); open('/dev/shm/mine', 'w').write('secret')")
    assert second.says("import os; print(os.path.exists('/tmp/mine'), os.path.exists('/dev/shm/mine'))") == (
        "False False\n")
    assert second.says("print(sorted(name for name in os.listdir('/proc') if name.isdigit()))") == "['1', '2']\n"
    if os.getuid() == 0:
        assert first.says("import os; print(os.getuid())") != second.says("print(os.getuid())")


def test_workdir_files_are_there_and_private(fresh):
    victim = fresh(workdir={"data/digits.npz": b"\x00digits", "notes.txt": "메모".encode()})
    assert victim.says("print(open('data/digits.npz', 'rb').read(), open('notes.txt').read())") == (
        "b'\\x00digits' 메모\n")
    victim.says("open('data/digits.npz', 'wb').write(b'changed'); open('data/more', 'w'); open('model.keras', 'w')")
    assert victim.says("print(open('data/digits.npz').read())") == "changed\n"


def test_kernel_dies_with_the_grader(tmp_path):
    """Even a SIGKILL to the grader leaves no process behind."""
    code = """
import asyncio, os, sys, time
from grader.kernel import KernelSession
from grader.sandbox import Level
from grader.spec import Limits
async def main():
    session = KernelSession(level=Level.BUBBLEWRAP, limits=Limits(), workdir={})
    await session.__aenter__()
    print(os.readlink(f"/proc/{session.process.kernel_pid}/ns/pid"), session.process.folder, flush=True)
    await session.execute("import time; time.sleep(1000)", 1000)
asyncio.run(main())
"""
    source = str(Path(grader.__path__[0]).parent)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=source) as process:
        assert process.stdout is not None
        namespace, folder = process.stdout.readline().split()
        process.send_signal(signal.SIGKILL)
    gone = threading.Event()
    for _ in range(50):
        if not _members(namespace):
            break
        gone.wait(0.1)
    assert _members(namespace) == []
    assert not Path(folder).exists()


def _members(namespace: str) -> list[str]:
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                zombie = (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
                if os.readlink(entry / "ns" / "pid") == namespace and not zombie:
                    members.append(entry.name)
            except OSError:
                continue
    return members
