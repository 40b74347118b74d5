"""Grading on a Dask cluster: the same records as on this machine, whatever happens to workers and scheduler."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from grader.gradebook import FILE, Gradebook
from tests.conftest import ROOT
from tests.faulty_worker import DEADLY

pytest.importorskip("distributed", reason="no Dask: pip install 'keras-course-grader[cluster]'")

SOLUTIONS = ROOT / "solutions" / "exercise_11"
MUTANTS = ("no_bias_correction", "adamax_without_abs", "inplace_moments")
KILLER = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
WAIT_S = 180.0
QUICK = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}


def hand_in(folder: Path, files: dict[str, str]) -> Path:
    for student, content in files.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "exercise_11.py").write_text(content, encoding="utf-8")
    return folder


def right(number: int = 0) -> str:
    return f"{(SOLUTIONS / 'solution.py').read_text('utf-8')}\n# {number}\n"


def start(arguments: list[object], **changes: str) -> subprocess.Popen[str]:
    """A Python program beside us, in a session of its own; it hears Ctrl-C also where a shell let us not."""
    return subprocess.Popen([sys.executable, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=os.environ | QUICK | changes, cwd=ROOT, start_new_session=True,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def start_batch(folder: Path, out: Path, *options: object) -> subprocess.Popen[str]:
    return start(["-m", "grader", "batch", folder, "-o", out, "--seed", "0", *options])


def batch(folder: Path, out: Path, *options: object) -> subprocess.CompletedProcess[str]:
    run = start_batch(folder, out, *options)
    told, complaints = run.communicate(timeout=WAIT_S)
    return subprocess.CompletedProcess([], run.returncode, told, complaints)


def wait_for(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def records(out: Path) -> dict[str, dict]:
    """Each student's record, without its duration; a student has one."""
    found: dict[str, dict] = {}
    with Gradebook.in_folder(out) as book:
        for attempt in book.attempts():
            assert attempt.student not in found
            found[attempt.student] = json.loads(book.read(attempt.id)[0]) | {"duration_s": None}
    return found


def begun(out: Path) -> bool:
    """Whether a submission has been graded."""
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True)) as book:
        return book.execute("SELECT count(*) FROM attempts").fetchone() > (0,)
    return False


class DaskCluster:
    """A scheduler, and workers that come when they are asked; what they leave lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show")
        wait_for(self._file.exists)
        wait_for(self._file.read_text)
        self.address: str = json.loads(self._file.read_text())["address"]
        self.nannies: list[subprocess.Popen[str]] = []

    def add_worker(self, **changes: str) -> None:
        number = len(self.nannies)
        self.nannies.append(self._start(
            "worker", "--nthreads", "1", "--no-dashboard", "--local-directory", self.folder / f"worker{number}", "--preload",
            ROOT / "tests" / "faulty_worker.py", **changes))

    def workers(self) -> list[psutil.Process]:
        return [process for nanny in self.nannies for process in psutil.Process(nanny.pid).children()
                if "spawn_main" in " ".join(process.cmdline())]

    def courses(self) -> list[Path]:
        """Courses that workers have unpacked."""
        return list(self.folder.glob("worker*/*/worker-*/course-*"))

    def close(self) -> None:
        for process in (self.scheduler, *self.nannies):
            for one in (*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
            process.communicate()

    def _start(self, kind: str, *options: object, **changes: str) -> subprocess.Popen[str]:
        return start(["-m", "dask", kind, "--scheduler-file", self._file, *options], **changes)


@pytest.fixture
def new_cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    cluster = DaskCluster(tmp_path)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    cluster = DaskCluster(tmp_path_factory.mktemp("dask"))
    cluster.add_worker()
    cluster.add_worker()
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def small_class(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Right, wrong, hostile, broken and empty submissions."""
    files = {"syntax": "def adam_step(:\n", "empty": "", "killer": KILLER}
    files |= {name: (SOLUTIONS / "mutants" / f"{name}.py").read_text("utf-8") for name in MUTANTS}
    files |= {f"right{number}": right(number) for number in range(6)}
    return hand_in(tmp_path_factory.mktemp("class") / "in", files)


@pytest.fixture(scope="module")
def undisturbed(small_class: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What grading on this machine gives."""
    out = tmp_path_factory.mktemp("undisturbed")
    run = batch(small_class, out)
    assert run.returncode == 0, run.stderr
    return records(out)


def test_a_cluster_gives_the_records_that_this_machine_gives(small_class, undisturbed, cluster, tmp_path):
    wait_for(lambda: len(cluster.workers()) == 2)
    workers = cluster.workers()
    run = batch(small_class, tmp_path, "--dask", cluster.address)
    assert run.returncode == 0, run.stderr
    assert records(tmp_path) == undisturbed
    assert cluster.workers() == workers, "a submission that ends its kernel ends no worker"
    wait_for(lambda: not cluster.courses())
    assert batch(small_class, tmp_path, "--dask", cluster.address).stdout.startswith("12 submissions: nothing new")


def test_workers_of_this_machine_can_be_asked_for(small_class, undisturbed, tmp_path):
    run = batch(small_class, tmp_path, "--dask", "local", "-j", "2")
    assert (run.returncode, run.stderr) == (0, "10 of 12 done\n")
    assert records(tmp_path) == undisturbed


def test_what_a_killed_worker_had_is_graded_again(small_class, undisturbed, cluster, tmp_path):
    run = start_batch(small_class, tmp_path, "--dask", cluster.address)
    wait_for(lambda: begun(tmp_path))
    cluster.workers()[0].kill()
    _, complaints = run.communicate(timeout=WAIT_S)
    assert run.returncode == 0, complaints
    assert records(tmp_path) == undisturbed
    wait_for(lambda: not cluster.courses())


def test_what_ends_every_worker_costs_nobody_points(cluster, tmp_path):
    folder = hand_in(tmp_path / "in", {"kim": f"{DEADLY}\n", "lee": right()})
    run = batch(folder, tmp_path / "out", "--dask", cluster.address)
    assert run.returncode == 3
    found = records(tmp_path / "out")
    assert found["lee"]["points"] == 10.0
    assert (found["kim"]["verdict"], found["kim"]["points"]) == ("not_graded", None)
    assert "2 workers ended while they had this submission" in found["kim"]["error"]["message"]


def test_a_killed_command_leaves_nothing_on_the_workers(small_class, cluster, tmp_path):
    run = start_batch(small_class, tmp_path, "--dask", cluster.address)
    wait_for(lambda: begun(tmp_path))
    assert cluster.courses()
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    wait_for(lambda: not cluster.courses())


def test_a_worker_of_another_version_is_left_out(tmp_path, new_cluster):
    folder = hand_in(tmp_path / "in", {"kim": right()})
    new_cluster.add_worker(FAULTY_VERSION="0.0.9")
    run = batch(folder, tmp_path / "out", "--dask", new_cluster.address)
    last = run.stderr.splitlines()[-1]
    assert run.returncode == 3 and records(tmp_path / "out") == {}
    assert "no worker can grade" in last and "version 0.0.9 of this toolkit" in last
    new_cluster.add_worker()
    wait_for(lambda: len(list(new_cluster.folder.glob("worker1/*/*"))))
    run = batch(folder, tmp_path / "out", "--dask", new_cluster.address)
    assert (run.returncode, len(records(tmp_path / "out"))) == (0, 1), run.stderr


def test_a_lost_scheduler_is_one_line_and_loses_nothing(small_class, undisturbed, new_cluster, tmp_path):
    out = tmp_path / "out"
    new_cluster.add_worker()
    run = start_batch(small_class, out, "--dask", new_cluster.address)
    wait_for(lambda: begun(out))
    new_cluster.scheduler.kill()
    _, complaints = run.communicate(timeout=WAIT_S)
    assert run.returncode == 3
    assert complaints.splitlines()[-1] == (f"grade: --dask {new_cluster.address}: the scheduler is gone; what was graded is in the "
                                           "gradebook, and the same command goes on from there")
    assert batch(small_class, out).returncode == 0
    assert records(out) == undisturbed


@pytest.mark.parametrize("address, words", [("tcp://127.0.0.1:1", "no scheduler answers"), ("nonsense://x:1", "nonsense"),
                                            ("127.0.0.1", "no scheduler answers")])
def test_an_address_where_nobody_answers_is_one_line(tmp_path, address, words):
    folder = hand_in(tmp_path / "in", {"kim": right()})
    run = batch(folder, tmp_path / "out", "--dask", address)
    assert run.returncode == 2 and words in run.stderr and len(run.stderr.splitlines()) == 1, run.stderr


def test_an_interrupt_leaves_cleanly(tmp_path):
    folder = hand_in(tmp_path / "in", {"kim": right(), "lee": "import time\ntime.sleep(50)\n"})
    run = start_batch(folder, tmp_path, "--dask", "local", "-j", "2")
    wait_for(lambda: begun(tmp_path))
    children = psutil.Process(run.pid).children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)
    _, complaints = run.communicate(timeout=WAIT_S)
    assert (run.returncode, complaints.strip()) == (130, "grade: interrupted")
    wait_for(lambda: not any(child.is_running() for child in children))


def test_a_missing_library_is_one_line(tmp_path, grade, monkeypatch):
    monkeypatch.delitem(sys.modules, "grader.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    answer = grade("batch", hand_in(tmp_path / "in", {"kim": right()}), "-o", tmp_path / "out", "--dask", "local")
    assert answer.code == 2 and answer.err.endswith("needs distributed: pip install 'keras-course-grader[cluster]'\n")
