"""Grading on the workers of a Dask cluster. Dask finds workers, carries orders and brings them to another worker where
one is lost; each worker has a `Workshop`, and the gradebook stays with whoever asks.
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import distributed
from distributed.comm.addressing import get_address_host_port
from distributed.diagnostics.plugin import SchedulerPlugin, WorkerPlugin
from distributed.scheduler import KilledWorker

from grader.catalog import CourseFolder
from grader.errors import LostError, NotGradedError, UsageError
from grader.grading import Request
from grader.kernels import CORES
from grader.verdict import Grade
from grader.workshop import Order, UnfitError, Workshop, pack_course, toolkit_version

LOCAL = "local"
INSTALL = "pip install 'keras-course-grader[cluster]'"
LEAST_ASKED = 1000  # at a time: what no worker has taken waits in the scheduler, for those that join too


class UnfitWorkerError(Exception):
    """Which worker cannot grade (its address), and why."""


class Cluster:
    """A Dask cluster that grades, an asynchronous context manager.

    `address` is that of its scheduler, or `local` for one on this machine, which lives as long as this, with `jobs`
    workers. `tell` hears, a line at a time, what a person should know meanwhile. Raises `UsageError` where no
    scheduler answers, and `LostError` once there is none any more or no worker can grade.
    """

    def __init__(self, address: str, course: CourseFolder, *, sandbox: str, jobs: int | None,
                 tell: Callable[[str], None]) -> None:
        self.jobs = jobs if jobs and address != LOCAL else LEAST_ASKED
        self._address = address
        self._course = course
        self._sandbox = sandbox
        self._workers = jobs or CORES
        self._tell = tell
        self._name = f"grade-{secrets.token_hex(8)}"
        self._unfit: dict[str, str] = {}
        self._resources = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with contextlib.AsyncExitStack() as resources:
            resources.enter_context(_only_our_words())
            self._client = await self._connect(resources)
            threads = sum((await self._client.nthreads()).values())
            if not threads:
                self._tell(f"no worker has joined {self._address} yet; waiting for the first")
            if self.jobs == LEAST_ASKED:
                self.jobs = max(LEAST_ASKED, 2 * threads)
            self._resources = resources.pop_all()
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._resources.aclose()

    async def _connect(self, resources: contextlib.AsyncExitStack) -> Any:
        """A client of the cluster, whose workers are told how to grade."""
        try:
            where: Any = self._address
            if self._address != LOCAL:
                get_address_host_port(self._address)  # a client that cannot read it would complain in many lines
            else:
                where = await resources.enter_async_context(_local_cluster(self._workers))
            client = await resources.enter_async_context(
                distributed.Client(where, asynchronous=True, set_as_default=False))
        except ImportError as error:
            raise UsageError(f"--dask {self._address}: {error}: {INSTALL}") from error
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(f"--dask {self._address}: no scheduler answers ({error}); start one with `dask scheduler` "
                             "and give its address, or --dask local") from error
        try:
            await client.register_plugin(_Departure(client.id, self._name), name=self._name)
            if self._address == LOCAL:
                await client.register_plugin(_Uninterrupted(), name="uninterrupted")
            workbench = _Workbench(pack_course(self._course.root), toolkit_version(), self._sandbox)
            await client.register_plugin(workbench, name=self._name)
        except Exception as error:  # whatever a machine without our code answers
            raise LostError(f"--dask {self._address}: the cluster cannot load this toolkit ({error}); install "
                            f"keras-course-grader {toolkit_version()} on its scheduler and workers") from error
        return client

    async def grade(self, request: Request) -> Grade:
        """The grade of one submission, by any worker; raises `LostError`, or `NotGradedError` if it ends them all."""
        order = Order(request.exercise.spec.id, request.exercise.version, request.submission, request.shown_path,
                      request.seed, request.lang, request.limits)
        while True:
            try:
                fit = await self._fit()
                grade: Grade = await self._client.submit(grade_there, self._name, order, pure=False, workers=fit,
                                                         allow_other_workers=fit is not None)
                return grade
            except UnfitWorkerError as error:
                self._leave_out(*error.args)
            except KilledWorker as error:
                raise NotGradedError(f"{error.allowed_failures + 1} workers ended while they had this submission; is "
                                     "there memory enough for it on a worker? docs/scale.md says how much") from error
            except Exception as error:
                if self._client.status == "running" and not isinstance(error, concurrent.futures.CancelledError):
                    raise
                raise LostError(f"--dask {self._address}: the scheduler is gone; what was graded is in the gradebook, "
                                "and the same command goes on from there") from error

    async def _fit(self) -> list[str] | None:
        """The workers to prefer, where some cannot grade; raises `LostError` if none can."""
        if not self._unfit:
            return None
        present = await self._client.nthreads()
        fit = [address for address in present if address not in self._unfit]
        if not fit and present:
            address, reason = next((address, self._unfit[address]) for address in present)
            raise LostError(f"--dask {self._address}: no worker can grade: {address} {reason}")
        return fit or None

    def _leave_out(self, address: str, reason: str) -> None:
        if address not in self._unfit:
            self._unfit[address] = reason
            self._tell(f"worker {address} is left out: it {reason}")


def grade_there(name: str, order: Order) -> Grade:
    """What a worker does with an order, in one of its threads; raises `UnfitWorkerError`."""
    worker = distributed.get_worker()
    workbench = worker.plugins.get(name)
    try:
        if not isinstance(workbench, _Workbench):
            raise concurrent.futures.CancelledError
        return workbench.grade(order)
    except UnfitError as error:
        raise UnfitWorkerError(worker.address, str(error)) from None
    except concurrent.futures.CancelledError:  # this worker takes its leave
        raise distributed.Reschedule from None


class _Workbench(WorkerPlugin):
    """A worker's workshop, from the client's coming, or the worker's, to the leave of either."""

    def __init__(self, course: bytes, version: str, sandbox: str) -> None:
        self._course = course
        self._version = version
        self._sandbox = sandbox

    async def setup(self, worker: distributed.Worker) -> None:
        self._workshop: Workshop | NotGradedError
        try:
            self._workshop = await asyncio.to_thread(Workshop, self._course, self._version, self._sandbox,
                                                     Path(worker.local_directory))
        except NotGradedError as error:
            self._workshop = error

    async def teardown(self, worker: distributed.Worker) -> None:
        if isinstance(self._workshop, Workshop):
            await asyncio.to_thread(self._workshop.close)

    def grade(self, order: Order) -> Grade:
        if isinstance(self._workshop, NotGradedError):
            raise UnfitError(str(self._workshop))
        return self._workshop.grade(order)


class _Uninterrupted(WorkerPlugin):
    """Ctrl-C reaches all processes of a terminal; the workers among them end when they are told to."""

    def setup(self, worker: distributed.Worker) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Departure(SchedulerPlugin):
    """Clears the workers when the client is gone, however it went."""

    def __init__(self, client: str, name: str) -> None:
        self._client = client
        self._name = name

    def remove_client(self, scheduler: distributed.Scheduler, client: str) -> None:
        if client == self._client:
            scheduler.remove_plugin(self._name)
            scheduler.worker_plugins.pop(self._name, None)
            scheduler.loop.add_callback(scheduler.broadcast, msg={"op": "plugin-remove", "name": self._name},
                                        on_error="ignore")


def _local_cluster(workers: int) -> distributed.LocalCluster:
    """Workers on this machine; other users of it cannot talk to them, for they have no certificate."""
    return distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, asynchronous=True, dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "http_prefix": secrets.token_hex(16)},
        security=distributed.Security.temporary(), silence_logs=logging.CRITICAL)


@contextlib.contextmanager
def _only_our_words() -> Iterator[None]:
    """Dask keeps its log to itself: what a person needs to know is told in our words."""
    levels = {handler: handler.level for handler in logging.getLogger("distributed").handlers}
    for handler in levels:
        handler.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for handler, level in levels.items():
            handler.setLevel(level)
