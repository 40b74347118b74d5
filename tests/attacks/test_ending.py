"""Attacks on the kernel's life: it ends itself, never ends, or cannot be ended. Named outcomes, nothing left."""

import time
from dataclasses import replace

import pytest

from grader import client
from grader.kernel import Outcome


def gone(outcome: Outcome, ended: str, word: str = "") -> bool:
    return outcome.ended == ended and outcome.failure is not None and word in outcome.failure.message


def test_sys_exit_is_an_error_and_the_next_cell_runs(victim):
    outcome = victim.execute("import sys; sys.exit(0)")
    assert outcome.ended == "error"
    assert outcome.failure.name == "SystemExit"
    assert victim.says("print('here')") == "here\n"


@pytest.mark.parametrize("call", ["exit()", "quit()", "exit", "raise KeyboardInterrupt"])
def test_exit_and_quit_end_nothing(victim, call):
    victim.execute(call)
    time.sleep(0.15)  # ipykernel would stop its loop after a tenth of a second
    assert victim.says("print('here')") == "here\n"


def test_input_fails_at_once(victim):
    outcome = victim.execute("input('name? ')")
    assert outcome.ended == "error"
    assert outcome.failure.name == "StdinNotImplementedError"
    assert outcome.duration_s < 2


def test_os_exit_is_a_death(fresh):
    victim = fresh()
    victim.execute("x = 1")
    outcome = victim.execute("import os; os._exit(0)")
    assert gone(outcome, "died", "exit code 0")
    assert not victim.session.alive
    assert victim.execute("print(x)").ended == "died"
    assert victim.probe().payloads == ()


def test_os_exit_inside_a_probed_call_is_a_death(fresh):
    victim = fresh()
    victim.execute("import os\ndef f(): os._exit(0)")
    assert gone(victim.probe("f"), "died")


def test_sigkill_to_self_is_a_death(fresh):
    assert gone(fresh().execute("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"), "died", "SIGKILL")


def test_segmentation_fault_is_a_death(fresh):
    assert gone(fresh().execute("import ctypes; ctypes.string_at(0)"), "died", "SIGSEGV")


def test_kill_everything_reaches_only_the_sandbox(fresh):
    outcome = fresh().execute("""
        import os, time
        if os.fork() == 0:
            os.kill(-1, 9)
        time.sleep(5)
    """)
    assert gone(outcome, "died", "SIGKILL")


def test_endless_loop_is_interrupted_and_earlier_names_stay(fresh):
    victim = fresh()
    outcome = victim.execute("kept = 42\nwhile True: pass", 0.5)
    assert outcome.ended == "timed_out"
    assert "while True" in "".join(outcome.failure.traceback)
    assert outcome.duration_s < 2
    assert victim.says("print(kept)") == "42\n"


def test_endless_sleep_in_an_async_cell_is_interrupted(fresh):
    victim = fresh()
    assert victim.execute("import asyncio\nawait asyncio.sleep(1000)", 0.5).ended == "timed_out"
    assert victim.says("print('here')") == "here\n"


def test_endless_subprocess_is_interrupted(fresh):
    victim = fresh()
    assert victim.execute("import subprocess; subprocess.run(['sleep', '1000'])", 0.5).ended == "timed_out"
    assert victim.says("print('here')") == "here\n"


@pytest.mark.parametrize("code", [
    "import time\nwhile True:\n    try: time.sleep(100)\n    except BaseException: pass",
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
], ids=["swallows", "ignores", "stops itself"])
def test_what_resists_interrupts_is_killed(fresh, monkeypatch, code):
    monkeypatch.setattr(client, "INTERRUPT_WAITS_S", (0.2, 0.2, 0.2))
    victim = fresh()
    outcome = victim.execute(code, 0.5)
    assert outcome.ended == "timed_out"
    assert outcome.duration_s < 3
    assert not victim.session.alive
    assert victim.execute("1").ended == "timed_out"


def test_whole_submission_has_a_budget(fresh, small):
    victim = fresh(limits=replace(small, submission_s=1.0))
    assert victim.execute("import time; time.sleep(0.6)").ended == "ok"
    outcome = victim.execute("time.sleep(0.6)")
    assert gone(outcome, "timed_out", "whole submission")
    assert not victim.session.alive


def test_processor_time_has_a_limit(fresh, small):
    victim = fresh(limits=replace(small, cpu_s=2))
    assert gone(victim.execute("while True: pass", 20), "timed_out", "processor time")


def test_thread_that_never_ends_does_not_outlive_the_session(fresh):
    victim = fresh()
    assert victim.execute("""
        import threading
        def forever():
            while True:
                try: threading.Event().wait()
                except BaseException: pass
        threading.Thread(target=forever, daemon=False).start()
    """).ended == "ok"


def test_child_that_detaches_itself_does_not_outlive_the_session(fresh):
    victim = fresh()
    assert victim.execute("""
        import os, signal, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                while True: time.sleep(1)
            os._exit(0)
        os.wait()
    """).ended == "ok"
    assert len(victim.left_running()) >= 2  # the kernel and the stray


def test_child_that_detaches_itself_does_not_outlive_a_dead_kernel(fresh):
    victim = fresh()
    outcome = victim.execute("""
        import os, time
        if os.fork() == 0:
            os.setsid()
            time.sleep(1000)
        os._exit(3)
    """)
    assert gone(outcome, "died", "exit code 3")
