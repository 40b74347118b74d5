"""A Jupyter kernel provisioner whose kernels live in a sandbox.

`grader.kernel` hands it a process that has started already. As the entry point `grader-sandbox` of a kernel
specification it starts one itself:

    "metadata": {"kernel_provisioner": {"provisioner_name": "grader-sandbox", "config": {"level": "bubblewrap"}}}
"""

import asyncio
import signal
from collections.abc import Callable
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from grader.process import Death, KernelProcess
from grader.sandbox import Level
from grader.spec import Limits


class SandboxProvisioner(KernelProvisionerBase):
    """Starts, signals and kills a sandboxed kernel; knows the cause of its death."""

    def __init__(self, *, process: KernelProcess | None = None, level: str = Level.BUBBLEWRAP,
                 limits: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.process = process or KernelProcess(level=Level(level), limits=Limits(**(limits or {})))
        self._reaped = False

    @property
    def has_process(self) -> bool:
        return self.process.started and not self._reaped

    @property
    def death(self) -> Death | None:
        """How the kernel ended, or None while it runs."""
        return self.process.death() if self.process.started and self.process.gone else None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing of this process is handed on: no command, no environment, no working directory."""
        return {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the process, unless it has started; the sockets that are listened on."""
        if not self.process.started:
            self.process.start()
        connection = self.process.connection
        self.connection_info = cast(KernelConnectionInfo, connection | {"key": connection["key"].encode()})
        return self.connection_info

    async def poll(self) -> int | None:
        return self.process.exit_code if self.process.gone else None

    async def wait(self) -> int | None:
        """Wait until the process and all its children are gone."""
        gone = asyncio.Event()
        unwatch = notify(self.process, lambda: gone.set() if self.process.gone else None)
        try:
            await gone.wait()
        finally:
            unwatch()
        self._reaped = True
        return self.process.exit_code

    async def send_signal(self, signum: int) -> None:
        if signum in (signal.SIGKILL, signal.SIGTERM):
            self.process.kill()
        elif signum:
            self.process.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        self.process.kill()

    async def terminate(self, restart: bool = False) -> None:
        self.process.kill()

    async def cleanup(self, restart: bool = False) -> None:
        self.process.close()


def notify(process: KernelProcess, callback: Callable[[], object]) -> Callable[[], None]:
    """Call `callback` in the running event loop at every turn of the process's life; returns how to stop that."""
    loop = asyncio.get_running_loop()

    def watcher() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(callback)

    process.watch(watcher)
    return lambda: process.unwatch(watcher)
