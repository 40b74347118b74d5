"""Attacks on memory, processes, disk and on the grader's own memory. The host stays safe, the outcome has a name."""

import os
import resource
import time
from dataclasses import replace

import psutil
import pytest

from tests.attacks.conftest import only_bubblewrap, only_landlock

MEBIBYTE = 1 << 20


def test_memory_bomb_is_a_memory_error_and_the_kernel_lives(fresh):
    victim = fresh()
    outcome = victim.execute("kept = 1\nhog = []\nwhile True: hog.append(bytearray(10_000_000))", 20)
    assert outcome.ended == "out_of_memory"
    assert victim.says("hog = None; print(kept)") == "1\n"


def test_one_enormous_array_is_a_memory_error(fresh):
    victim = fresh()
    outcome = victim.execute("import numpy as np\nnp.ones((1 << 20, 1 << 14))")
    assert outcome.ended == "out_of_memory"
    assert victim.session.alive


def test_shared_memory_bomb_is_killed(fresh):
    victim = fresh()
    outcome = victim.execute("""
        import mmap
        hog = []
        while True:
            hog.append(mmap.mmap(-1, 50_000_000))
            hog[-1].write(b"x" * 50_000_000)
    """, 20)
    assert outcome.ended == "out_of_memory"
    assert "512 MB" in outcome.failure.message
    assert not victim.session.alive
    assert victim.execute("1").ended == "out_of_memory"


def test_many_children_share_one_memory_limit(fresh):
    victim = fresh()
    outcome = victim.execute("""
        import os, time
        for _ in range(20):
            if os.fork() == 0:
                hog = bytearray(100_000_000)
                time.sleep(100)
        time.sleep(100)
    """, 20)
    assert outcome.ended == "out_of_memory"
    assert victim.session.process.peak_bytes < 1500 * MEBIBYTE


def test_memory_that_a_fork_shares_counts_once(fresh):
    victim = fresh()
    assert victim.says("""
        import os, time
        data = bytearray(200_000_000)
        children = []
        for _ in range(4):
            child = os.fork()
            if child == 0:
                time.sleep(1)
                os._exit(0)
            children.append(child)
        for child in children: os.waitpid(child, 0)
        print("done")
    """) == "done\n"


def test_fork_bomb_ends_with_the_session(fresh):
    victim = fresh()
    outcome = victim.execute("""
        import os
        while True:
            try: os.fork()
            except OSError: pass
    """, 2)
    assert outcome.ended in ("timed_out", "out_of_memory", "error")
    assert len(victim.left_running()) < 100


def test_thread_bomb_meets_the_limit(fresh):
    outcome = fresh().execute("""
        import threading
        for _ in range(10_000): threading.Thread(target=threading.Event().wait, daemon=True).start()
    """, 15)
    assert outcome.ended in ("error", "out_of_memory")


def test_open_files_meet_the_limit(fresh):
    victim = fresh()
    outcome = victim.execute("files = []\nwhile True: files.append(open('/dev/null'))", 15)
    assert outcome.ended == "error"
    assert "Too many open files" in outcome.failure.message
    assert victim.execute("files = None").ended == "ok"


@only_bubblewrap
@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm", "/home/student"])
def test_disk_flood_meets_the_limit(victim, folder):
    written = victim.says(f"""
        import os
        folder, written, names = {folder!r}, 0, []
        try:
            while True:
                names.append(os.path.join(folder, f"flood-{{len(names)}}"))
                with open(names[-1], "wb", buffering=0) as stream:
                    for _ in range(10): written += stream.write(bytes(1 << 20))
        except OSError as error: print(written >> 20, error.strerror)
        for name in names: os.path.exists(name) and os.unlink(name)
    """)
    megabytes, reason = written.split(maxsplit=1)
    assert reason == "No space left on device\n"
    assert int(megabytes) <= 32


@only_landlock
@pytest.mark.parametrize("folder", ["os.curdir", "tempfile.gettempdir()", "os.path.expanduser('~')"])
def test_disk_flood_is_a_named_death(fresh, folder):
    outcome = fresh().execute(f"""
        import os, tempfile
        for number in range(1000):
            with open(os.path.join({folder}, f"flood-{{number}}"), "wb") as stream:
                stream.write(bytes(8 << 20))
    """, 20)
    assert outcome.ended == "died"
    assert outcome.failure.name == "DiskFull"


def test_one_large_file_meets_the_limit(victim):
    outcome = victim.execute("with open('large', 'wb') as stream:\n"
                             "    while True: stream.write(bytes(1 << 20))")
    assert outcome.ended == "error"
    assert "File too large" in outcome.failure.message
    victim.says("import os; os.unlink('large')")


@pytest.mark.parametrize("folder", ["/", "/dev", "/etc", "/grader", "/usr", "/usr/lib", "/run", "/var"])
def test_other_folders_cannot_be_written(victim, folder):
    outcome = victim.execute(f"open({folder!r} + '/flood', 'w')")
    assert outcome.ended == "error"
    assert outcome.failure.name in ("OSError", "PermissionError", "FileNotFoundError")


def test_a_million_empty_files_count_as_memory(fresh, small):
    victim = fresh(limits=replace(small, memory_mb=200))
    outcome = victim.execute("import tempfile\n"
                             "for number in range(10**6): open(f'{tempfile.gettempdir()}/{number}', 'w').close()", 30)
    assert outcome.ended in ("out_of_memory", "died") or "No space left" in outcome.failure.message


def test_uncounted_memory_is_refused(victim):
    assert "PermissionError" in victim.says(
        "try: import os; os.memfd_create('x')\nexcept OSError as error: print(type(error).__name__)")
    assert victim.says("import ctypes\nprint(ctypes.CDLL(None).shmget(0, 1 << 30, 0o1600))") == "-1\n"


def test_output_flood_is_cut_and_costs_us_nothing(fresh):
    victim = fresh()
    before = psutil.Process().memory_info().rss
    outcome = victim.execute("while True: print('A' * 1000)", 3)
    assert outcome.ended == "timed_out"
    assert victim.session.alive
    assert len(outcome.text) < 70 * 1024
    assert outcome.dropped_bytes > MEBIBYTE
    assert psutil.Process().memory_info().rss - before < 100 * MEBIBYTE


def test_output_flood_of_flushed_words_is_cut(fresh):
    victim = fresh()
    outcome = victim.execute("import sys\nwhile True:\n    print('A'); sys.stdout.flush()", 2)
    assert outcome.ended == "timed_out"
    assert victim.says("print('here')").endswith("here\n")


def test_millions_of_printed_lines_do_not_use_up_the_time(fresh):
    victim = fresh()
    outcome = victim.execute("for number in range(2_000_000): print(number)\nprint('end')", 30)
    assert outcome.ended == "ok"
    assert outcome.text.startswith("0\n1\n")
    assert outcome.text.endswith("1999999\nend\n")


def test_enormous_exception_is_cut(victim):
    outcome = victim.execute("raise ValueError('x' * 10**8)")
    assert outcome.ended == "error"
    assert outcome.failure.name == "ValueError"
    assert len(outcome.failure.message) <= 4000
    assert sum(map(len, outcome.failure.traceback)) < 10**6


def test_enormous_display_is_not_sent(victim):
    assert victim.says("from IPython.display import HTML, display\ndisplay(HTML('x' * 10**8))\nprint('here')")


def test_enormous_string_is_cut(victim):
    outcome = victim.execute("print('x' * 10**8)")
    assert outcome.ended == "ok"
    assert len(outcome.text) < 70 * 1024


def test_terminal_escapes_are_removed(victim):
    assert victim.says(r"print('\x1b]0;title\x07\x1b[2J\x1b[31mred\x1b[0m\x9b1m')") == "red\n"


def test_limits_of_the_kernel_are_hard(victim):
    said = victim.says("""
        import resource
        for name in ("DATA", "FSIZE", "NPROC", "NOFILE", "CORE"):
            kind = getattr(resource, "RLIMIT_" + name)
            soft, hard = resource.getrlimit(kind)
            try: resource.setrlimit(kind, (hard + 1, hard + 1))
            except (ValueError, OSError): print(name, soft == hard)
    """)
    assert said == "DATA True\nFSIZE True\nNPROC True\nNOFILE True\nCORE True\n"


def test_our_own_limits_are_untouched():
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] == resource.RLIM_INFINITY


def test_the_hosts_memory_killer_takes_the_kernel_first(victim):
    assert int(victim.says("print(open('/proc/self/oom_score_adj').read())")) > 500


def test_closing_is_quick(fresh):
    victim = fresh()
    victim.execute("import os, time\nfor _ in range(20):\n    if os.fork() == 0: time.sleep(100)", 5)
    started = time.monotonic()
    victim.close()
    assert time.monotonic() - started < 3
    assert os.listdir("/proc/self/fd")
