"""A kernel session as the grader uses it, in the sandbox and without one."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import grader
from grader import bubblewrap, process
from grader.catalog import load_course, load_exercise
from grader.errors import SandboxError
from grader.kernel import KernelSession, Outcome
from grader.kernels import Kernels
from grader.ladder import available_levels, choose_level
from grader.process import KernelProcess
from grader.sandbox import Level
from grader.spec import Limits
from grader.text import BoundedText, plain

SOURCE = Path(grader.__path__[0]).parent
LIMITS = Limits(memory_mb=1024, disk_mb=64, output_kb=8, submission_s=120)
USABLE = {finding.level for finding in available_levels() if finding.usable}
LEVELS = pytest.mark.parametrize("level", [
    pytest.param(level, marks=pytest.mark.skipif(level not in USABLE, reason="not on this machine"))
    for level in Level])
WITHOUT_NAMESPACES = pytest.mark.parametrize("level", sorted(USABLE - {Level.BUBBLEWRAP}))


class Kernel:
    """A session for ordinary tests."""

    def __init__(self, runner: asyncio.Runner, **options: Any) -> None:
        self.runner = runner
        self.session = KernelSession(**({"limits": LIMITS, "workdir": {}} | options))

    def __enter__(self) -> "Kernel":
        self.run(self.session.__aenter__())
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.run(self.session.__aexit__(*exc_info))
        assert self.session.process.gone
        assert not self.session.process.folder.exists()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    def execute(self, code: str, timeout_s: float = 20.0) -> Outcome:
        return self.run(self.session.execute(textwrap.dedent(code), timeout_s))

    def probe(self, *steps: dict[str, Any], timeout_s: float = 20.0) -> Outcome:
        request = {"op": "run", "check": "c", "seed": 0, "call_s": 5.0,
                   "steps": [{"i": place, "do": "call"} | step for place, step in enumerate(steps)]}
        return self.run(self.session.run_probe(request, timeout_s))


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module", params=[
    pytest.param(level, marks=pytest.mark.skipif(level not in USABLE, reason="not on this machine"))
    for level in Level])
def kernel(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Kernel]:
    with Kernel(runner, level=request.param, workdir={"data/notes.txt": "메모\n".encode()}) as kernel:
        yield kernel


# ------------------------------------------------------------------ cells


def test_a_cell_that_prints(kernel):
    outcome = kernel.execute("print('안녕')\nimport sys\nprint('err', file=sys.stderr)")
    assert outcome.ended == "ok"
    assert outcome.failure is None
    assert sorted(outcome.text.splitlines()) == ["err", "안녕"]
    assert outcome.duration_s > 0


def test_names_stay_between_cells(kernel):
    kernel.execute("x = 20")
    assert kernel.execute("print(x + 1)").text == "21\n"


def test_an_empty_cell_is_fine(kernel):
    assert kernel.execute("  \n") == Outcome("ok")


def test_an_exception_has_name_message_and_frames(kernel):
    outcome = kernel.execute("def g(): raise ValueError('나쁜 값')\ng()")
    assert outcome.ended == "error"
    assert (outcome.failure.name, outcome.failure.message) == ("ValueError", "나쁜 값")
    assert "raise ValueError" in "".join(outcome.failure.traceback)
    assert "\x1b" not in "".join(outcome.failure.traceback)


@pytest.mark.parametrize(("code", "name"), [
    ("%nosuchmagic", "UsageError"), ("def f(:", "SyntaxError"), ("%%bash\nexit 3", "CalledProcessError"),
    ("raise ExceptionGroup('several', [ValueError(1), TypeError(2)])", "ExceptionGroup"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"), ("raise MemoryError", "MemoryError"),
    ("assert False, 'no'", "AssertionError"), ("raise SystemExit(3)", "SystemExit"),
])
def test_errors_that_jupyter_shows_differently_are_errors_all_the_same(kernel, code, name):
    outcome = kernel.execute(code)
    assert outcome.ended == ("out_of_memory" if name == "MemoryError" else "error")
    assert outcome.failure.name == name


def test_a_cell_that_never_gets_a_reply_is_an_error_at_once(kernel):
    outcome = kernel.execute("""
        import asyncio
        async def fail(): raise ValueError("inside")
        async with asyncio.TaskGroup() as group: group.create_task(fail())
    """)
    assert outcome.ended == "error"
    assert outcome.duration_s < 10
    assert kernel.execute("print('here')").text == "here\n"


def test_top_level_await_shell_escapes_and_magics_work(kernel):
    assert kernel.execute("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')").text == "awaited\n"
    assert "shell" in kernel.execute("!echo shell").text
    assert kernel.execute("%pwd").ended == "ok"
    assert kernel.execute("x?").ended == "ok"


def test_plots_work_without_a_display(kernel):
    outcome = kernel.execute("%matplotlib inline\nimport matplotlib.pyplot as plt\n"
                             "plt.plot([1, 2]); plt.title('제목'); plt.show()\nplt.figure()", 60)
    assert outcome.ended == "ok", outcome


def test_working_folder_is_private_writable_and_holds_the_files(kernel):
    assert kernel.execute("print(open('data/notes.txt', encoding='utf-8').read())").text == "메모\n\n"
    assert kernel.execute("import os\nos.makedirs('logs'); open('model.keras', 'w').close(); open('data/new', 'w')"
                          ).ended == "ok"
    assert kernel.execute("open('helper.py', 'w').write('value = 7')\nimport helper\nprint(helper.value)").text == "7\n"
    home = kernel.execute("import pathlib; print(pathlib.Path.home())").text.strip()
    assert home != str(Path.home())
    assert kernel.execute("import tempfile; print(tempfile.mkdtemp())").ended == "ok"


def test_long_output_keeps_head_and_tail(kernel):
    outcome = kernel.execute("print('first')\nprint('x' * 100_000)\nprint('last')")
    assert outcome.text.startswith("first\n")
    assert outcome.text.endswith("last\n")
    assert len(outcome.text) < 9000
    assert outcome.dropped_bytes > 90_000


def test_environment_is_ours(kernel):
    said = kernel.execute("import os; print(os.environ.get('PATH'), os.environ.get('JPY_PARENT_PID'),"
                          " os.environ.get('PYTEST_CURRENT_TEST'))").text
    assert said.startswith(sys.prefix)
    assert said.endswith("None None\n")


def test_interrupted_cell_keeps_the_session(kernel):
    outcome = kernel.execute("kept = 5\nwhile True: pass", 0.5)
    assert outcome.ended == "timed_out"
    assert kernel.session.alive
    assert kernel.execute("print(kept)").text == "5\n"


# ------------------------------------------------------------------ probe


def test_probe_calls_what_a_cell_defined(kernel):
    kernel.execute("def double(x): return 2 * x")
    outcome = kernel.probe({"name": "double", "args": [21]}, {"name": "missing", "args": []})
    assert outcome.ended == "ok"
    observations = [item for payload in outcome.payloads for item in payload["observations"]]
    assert observations[0]["ok"] == 42
    assert "missing" in observations[1]


def test_probe_leaves_no_trace_in_the_history(kernel):
    before = kernel.execute("print(len(In))").text
    kernel.probe({"name": "double", "args": [1]})
    assert int(kernel.execute("print(len(In))").text) == int(before) + 1


def test_text_printed_while_probed_is_kept_apart(kernel):
    kernel.execute("def talk(): print('talking')")
    outcome = kernel.probe({"name": "talk", "args": []})
    assert outcome.text == "talking\n"


def test_a_request_that_the_probe_cannot_read_is_an_error(kernel):
    outcome = kernel.run(kernel.session.run_probe({"op": "nonsense"}, 10))
    assert outcome.ended == "error"
    assert outcome.payloads == ()


def test_large_results_come_through(kernel):
    kernel.execute("import numpy as np\ndef large(): return np.arange(1_000_000, dtype=float)")
    outcome = kernel.probe({"name": "large", "args": []})
    assert outcome.ended == "ok"
    assert len(outcome.payloads[0]["observations"][0]["ok"]["a"][2]) > 10_000_000


@LEVELS
def test_what_was_sent_before_a_death_counts(runner, level):
    with Kernel(runner, level=level) as kernel:
        kernel.execute("import os, time\ndef slow(): time.sleep(0.2)\ndef die(): os._exit(1)")
        slow = {"name": "slow", "args": []}
        outcome = kernel.probe(slow, slow, slow, {"name": "die", "args": []})
        assert outcome.ended == "died"
        assert sum(len(payload["observations"]) for payload in outcome.payloads) >= 2
        assert not kernel.session.alive
        again = kernel.probe({"name": "slow", "args": []})
        assert (again.ended, again.payloads) == ("died", ())


@LEVELS
def test_modules_of_the_exercise_stand_beside_the_probe(runner, level):
    observers = b"import numpy as np\ndef shape(x): return list(np.shape(x))\n"
    with Kernel(runner, level=level, extra_probe_files={"observers_x.py": observers}) as kernel:
        kernel.execute("import sys, types\nsys.modules['observers_y'] = types.ModuleType('observers_y')\n"
                       "open('observers_x.py', 'w').write('def shape(x): return \"forged\"')")
        step = {"do": "observer", "name": "observers_x.shape", "args": [{"l": [1, 2]}]}
        for _ in range(2):
            outcome = kernel.probe(step)
            assert outcome.payloads[0]["observations"][0]["ok"] == {"l": [2]}
            kernel.execute("import sys, types\nforged = types.ModuleType('observers_x')\n"
                           "forged.shape = lambda x: 'forged'\nsys.modules['observers_x'] = forged")


# ------------------------------------------------------- failures of our own


def start(runner: asyncio.Runner, **options: Any) -> str:
    """The one line that says why a kernel cannot start."""
    with pytest.raises(SandboxError) as caught, Kernel(runner, **options):
        raise AssertionError("it started")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_bubblewrap_says_what_to_install(runner, monkeypatch):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: None)
    assert "apt install bubblewrap" in start(runner, level=Level.BUBBLEWRAP)


def test_bubblewrap_that_refuses_is_quoted(runner, monkeypatch, tmp_path):
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: broken)
    message = start(runner, level=Level.BUBBLEWRAP)
    assert "No permissions to create new namespace" in message
    assert "doctor" in message


def test_bubblewrap_that_is_no_program_is_named(runner, monkeypatch, tmp_path):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", lambda: tmp_path)
    assert "could not be started" in start(runner, level=Level.BUBBLEWRAP)


@LEVELS
def test_probe_that_cannot_be_imported_is_our_failure(runner, level):
    message = start(runner, level=level, extra_probe_files={"probe.py": b"import nosuchmodule"})
    assert "nosuchmodule" in message


@LEVELS
def test_kernel_that_never_answers_is_our_failure(runner, level, monkeypatch):
    monkeypatch.setattr("grader.client.START_S", 1.0)
    message = start(runner, level=level, extra_probe_files={"probe.py": b"import time; time.sleep(100)"})
    assert "did not answer" in message


def test_hidden_library_folder_is_our_failure_not_the_submissions(runner):
    folder = Path(psutil.__file__).parents[1]
    assert start(runner, level=Level.BUBBLEWRAP, hidden=[folder])


# ------------------------------------------------------------ nothing is left


@LEVELS
def test_cancelled_start_leaves_nothing(runner, level):
    session = KernelSession(level=level, limits=LIMITS, workdir={})

    async def cancelled() -> None:
        task = asyncio.create_task(session.__aenter__())
        await asyncio.sleep(0.05)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    runner.run(cancelled())
    if session.alive:
        runner.run(session.__aexit__(None, None, None))
    assert session.process.gone
    assert not session.process.folder.exists()


@LEVELS
def test_threads_descriptors_and_folders_are_given_back(runner, level):
    with Kernel(runner, level=level):
        pass
    folder = Path(tempfile.gettempdir())
    before = (threading.active_count(), len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0)
    kernels = [Kernel(runner, level=level) for _ in range(3)]
    for kernel in kernels:
        with kernel:
            assert kernel.execute("print(1)").text == "1\n"
    after = (threading.active_count(), len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0)
    assert after[0] <= before[0] + 2  # the event loop's pool may have grown
    assert after[1] <= before[1] + 2
    assert not any((folder / kernel.session.process.folder.name).exists() for kernel in kernels)


@WITHOUT_NAMESPACES
def test_detached_children_are_found(runner, level):
    with Kernel(runner, level=level) as kernel:
        outcome = kernel.execute("""
            import os, time
            reader, writer = os.pipe()
            if os.fork() == 0:
                os.setsid()
                stray = os.fork()
                if stray == 0:
                    time.sleep(1000)
                os.write(writer, str(stray).encode())
                os._exit(0)
            os.wait()
            print(os.read(reader, 100).decode())
        """)
        stray = int(outcome.text)
        assert psutil.pid_exists(stray)
    assert not psutil.pid_exists(stray) or psutil.Process(stray).status() == psutil.STATUS_ZOMBIE


@WITHOUT_NAMESPACES
def test_memory_of_all_children_is_watched(runner, level):
    with Kernel(runner, level=level, limits=Limits(memory_mb=300)) as kernel:
        outcome = kernel.execute("""
            import os, time
            for _ in range(8):
                if os.fork() == 0:
                    hog = bytearray(100_000_000)
                    time.sleep(100)
            time.sleep(100)
        """)
        assert outcome.ended == "out_of_memory"


@LEVELS
def test_interrupt_at_the_terminal_leaves_nothing(level):
    code = f"""
import asyncio, signal
from grader.kernel import KernelSession
from grader.sandbox import Level
from grader.spec import Limits
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born deaf to it
async def main():
    async with KernelSession(level=Level({str(level)!r}), limits=Limits(), workdir={{}}) as session:
        print(session.process.kernel_pid, session.process.folder, flush=True)
        await session.execute("import time; time.sleep(1000)", 1000)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          cwd=SOURCE, start_new_session=True) as run:
        assert run.stdout is not None
        pid, folder = run.stdout.readline().split()
        time.sleep(0.2)
        os.killpg(run.pid, signal.SIGINT)
        try:
            run.wait(15)
        finally:
            run.kill()
    assert not psutil.pid_exists(int(pid))
    assert not Path(folder).exists()


@LEVELS
def test_closing_twice_is_harmless(level):
    kernel_process = KernelProcess(level=level, limits=LIMITS)
    kernel_process.start()
    kernel_process.close()
    kernel_process.close()
    assert kernel_process.gone
    KernelProcess(level=level, limits=LIMITS).close()


@pytest.mark.skipif(bubblewrap.find_bubblewrap() is None, reason="no bubblewrap here")
def test_closing_at_any_moment_of_the_start_leaves_nothing():
    """Also when bwrap has just made its child, and the two have not spoken yet."""
    groups = set()
    for attempt in range(150):
        kernel_process = KernelProcess(level=Level.BUBBLEWRAP, limits=LIMITS)
        kernel_process.start()
        groups.add(os.getpgid(kernel_process._process.pid))
        time.sleep(attempt % 50 * 0.0003)
        kernel_process.close()
    deadline = time.monotonic() + 2
    while left := [pid for pid in psutil.pids() if group_of_running(pid) in groups]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)


def group_of_running(pid: int) -> int:
    """The group of a process that is more than an entry in a table, or -1."""
    try:
        return -1 if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE else os.getpgid(pid)
    except (OSError, psutil.Error):
        return -1


def test_several_kernels_at_once(runner):
    async def together() -> list[Outcome]:
        async def one(number: int) -> Outcome:
            async with KernelSession(level=Level.NONE, limits=LIMITS, workdir={}) as session:
                return await session.execute(f"print({number})", 20)
        return await asyncio.gather(*(one(number) for number in range(4)))

    assert [outcome.text for outcome in runner.run(together())] == ["0\n", "1\n", "2\n", "3\n"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has another user to be")
def test_without_a_sandbox_a_submission_of_root_is_still_nobody(runner):
    async def user() -> Outcome:
        async with KernelSession(level=Level.NONE, limits=LIMITS, workdir={}) as session:
            return await session.execute("import os; print(0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()))", 20)

    assert runner.run(user()).text == "False\n"


# ----------------------------------------------------------------- provisioner


def test_provisioner_serves_jupyter_itself(runner, tmp_path, monkeypatch):
    """A kernel specification that names our provisioner works with Jupyter's own manager and client."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import KernelProvisionerFactory

    from grader.provisioner import SandboxProvisioner

    class Entry:
        value = "grader.provisioner:SandboxProvisioner"

        def load(self) -> type[SandboxProvisioner]:
            return SandboxProvisioner

    monkeypatch.setattr(KernelProvisionerFactory, "_get_provisioner", lambda self, name: Entry())
    (tmp_path / "sandboxed").mkdir()
    (tmp_path / "sandboxed" / "kernel.json").write_text(
        '{"argv": ["ignored"], "display_name": "sandboxed", "language": "python", "metadata": '
        '{"kernel_provisioner": {"provisioner_name": "grader-sandbox", "config": {"level": "none"}}}}')
    specs = KernelSpecManager(kernel_dirs=[str(tmp_path)])
    monkeypatch.setattr(specs, "ensure_native_kernel", False)
    manager = AsyncKernelManager(kernel_name="sandboxed", kernel_spec_manager=specs, transport="ipc",
                                 connection_file=str(tmp_path / "connection.json"))

    async def talk() -> dict[str, Any]:
        await manager.start_kernel()
        client = manager.client()
        client.start_channels(stdin=False, hb=False)
        try:
            reply = await client._recv_reply(client.execute("6 * 7", user_expressions={"x": "6 * 7"}), timeout=20)
            assert await manager.is_alive()
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            manager.context.destroy(linger=0)
        return reply["content"]

    content = runner.run(talk())
    assert content["user_expressions"]["x"]["data"]["text/plain"] == "42"
    assert manager.provisioner.process.gone
    assert not manager.provisioner.process.folder.exists()


def test_importing_the_session_imports_no_jupyter():
    code = "import sys, grader.kernel; print([name for name in ('zmq', 'nbclient', 'psutil') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SOURCE)
    assert done.stdout == "[]\n"


# ------------------------------------------------------------------------ text


def test_plain_text_keeps_words_and_drops_control():
    assert plain("\x1b[31m빨강\x1b[0m\t\r\n\x07\x00\x9b2Jx\x1b]8;;http://x\x1b\\link\x1b]8;;\x07") == "빨강\t\r\nxlink"


@pytest.mark.parametrize("pieces", [["x" * 1000], ["x"] * 1000, ["xy" * 7] * 71 + ["xxxxxx"]])
def test_bounded_text_keeps_both_ends(pieces):
    text = BoundedText(100)
    text.add("HEAD")
    for piece in pieces:
        text.add(piece)
    text.add("TAIL")
    kept, dropped = text.result()
    assert kept.startswith("HEAD")
    assert kept.endswith("TAIL")
    assert dropped == 1008 - 100


def test_short_text_is_kept_whole():
    text = BoundedText(100)
    text.add("짧은 ")
    text.add("글")
    assert text.result() == ("짧은 글", 0)


def test_signal_names():
    assert process._signal_name(9) == "SIGKILL"
    assert process._signal_name(200) == "signal 200"


def test_matplotlibs_list_of_fonts_is_taken_along(monkeypatch, tmp_path):
    (tmp_path / "matplotlib").mkdir()
    (tmp_path / "matplotlib" / "fontlist-v390.json").write_text("{}")
    (tmp_path / "matplotlib" / "tex.cache").write_text("no")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    assert process.font_lists() == {".config/matplotlib/fontlist-v390.json": b"{}"}
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "missing"))
    assert process.font_lists() == {}


# --- a second try ----------------------------------------------------------------------------------------------------

KILL = "import os, signal\nos.kill(os.getpid(), signal.{})"


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("codes, tries", [
    (["x = 1"], 1), ([KILL.format("SIGKILL"), "x = 1"], 2), ([KILL.format("SIGTERM"), "x = 1"], 2), ([KILL.format("SIGKILL")] * 2, 2),
    ([KILL.format("SIGSEGV")], 1), (["import os\nos._exit(1)"], 1)], ids=["lives", "killed", "terminated", "killed again", "crashed", "left"])
def test_a_kernel_that_something_killed_has_a_second_try_and_no_third(warm, codes, tries, runner):
    waiting, ends = list(codes), []

    async def work(session: KernelSession) -> bool:
        ends.append((await session.execute(waiting.pop(0), 20.0)).ended)
        return session.alive

    exercise = load_exercise(load_course(SOURCE), "exercise_03")
    with Kernels(choose_level("auto"), warm=warm) as kernels:
        alive = runner.run(kernels.run(exercise, LIMITS, work))
    assert len(ends) == tries and not waiting
    assert alive == (codes[-1] == "x = 1") == (ends[-1] == "ok")


def test_a_kernel_that_cannot_be_had_has_a_second_try(monkeypatch, runner):
    opened = []

    async def fails_once(session: KernelSession) -> KernelSession:
        opened.append(session)
        if len(opened) == 1:
            raise SandboxError("out of processes for a moment")
        return await entered(session)

    async def work(session: KernelSession) -> str:
        return (await session.execute("x = 1", 20.0)).ended

    entered = KernelSession.__aenter__
    monkeypatch.setattr(KernelSession, "__aenter__", fails_once)
    exercise = load_exercise(load_course(SOURCE), "exercise_03")
    with Kernels(choose_level("auto")) as kernels:
        assert runner.run(kernels.run(exercise, LIMITS, work)) == "ok"
    assert len(opened) == 2
