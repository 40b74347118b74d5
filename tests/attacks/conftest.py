"""A victim to attack: one kernel per module where the attack leaves it alive, a fresh one where it does not."""

import asyncio
import textwrap
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import psutil
import pytest

from grader.kernel import KernelSession, Outcome
from grader.ladder import available_levels
from grader.sandbox import Level
from grader.spec import Limits
from grader.zygote import Zygote
from tests.attacks.attack import LEVELS, STARTS
from tests.attacks.traces import Traces

SMALL = Limits(cell_s=5, submission_s=60, cpu_s=30, memory_mb=512, file_mb=16, disk_mb=32, processes=64,
               output_kb=64, message_mb=4)


@pytest.fixture
def small() -> Limits:
    return SMALL


class Victim:
    """A kernel session driven from ordinary (not async) tests."""

    def __init__(self, runner: asyncio.Runner, **options: Any) -> None:
        self._run: Callable[[Coroutine[Any, Any, Any]], Any] = runner.run
        options = {"limits": SMALL, "workdir": {}} | options
        self.session = KernelSession(**options)
        before = psutil.Process().children(recursive=True)
        self._run(self.session.__aenter__())
        self.traces = Traces(self.session.process, before)

    def execute(self, code: str, timeout_s: float = 5.0) -> Outcome:
        outcome: Outcome = self._run(self.session.execute(textwrap.dedent(code), timeout_s))
        return outcome

    def says(self, code: str, timeout_s: float = 10.0) -> str:
        """What a cell prints that must run without error."""
        outcome = self.execute(code, timeout_s)
        assert outcome.ended == "ok", outcome
        return outcome.text

    def probe(self, name: str = "f", *arguments: Any, timeout_s: float = 5.0) -> Outcome:
        """Have the probe call one function of the submission."""
        step = {"i": 0, "do": "call", "name": name, "args": list(arguments)}
        request = {"op": "run", "check": "c", "seed": 0, "call_s": 2.0, "steps": [step]}
        outcome: Outcome = self._run(self.session.run_probe(request, timeout_s))
        return outcome

    def close(self) -> None:
        self._run(self.session.__aexit__(None, None, None))

    def left_running(self) -> list[str]:
        """Processes of the sandbox that still exist."""
        return self.traces.left_running()


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest) -> Level:
    """Each level that claims to stop these attacks."""
    if request.param not in {finding.level for finding in available_levels() if finding.usable}:
        pytest.skip(f"no {request.param} here")
    return Level(request.param)


@pytest.fixture(scope="module", params=STARTS)
def zygote(request: pytest.FixtureRequest, level: Level) -> Iterator[Zygote | None]:
    """What the kernels are forked from; they are started anew, too."""
    if request.param == "cold":
        yield None
        return
    zygote = Zygote(level=level, modules=["numpy"])
    zygote.start()
    yield zygote
    zygote.close()


# what states something of one level's own ways: namespaces and folders in memory, or a watchdog and a user of its own
only_bubblewrap = pytest.mark.parametrize("level", ["bubblewrap"], indirect=True)
only_landlock = pytest.mark.parametrize("level", ["landlock"], indirect=True)
only_cold = pytest.mark.parametrize("zygote", ["cold"], indirect=True)


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def fresh(runner: asyncio.Runner, level: Level, zygote: Zygote | None) -> Iterator[Callable[..., Victim]]:
    """Makes kernels; afterwards nothing of them may be left."""
    victims: list[Victim] = []
    zygotes: list[Zygote] = []

    def make(**options: Any) -> Victim:
        parent = zygote
        if zygote is not None and "hidden" in options:  # that is the zygote's to do, as all of the host's files are
            zygotes.append(parent := Zygote(level=level, modules=["numpy"], hidden=options["hidden"]))
        victims.append(Victim(runner, level=level, zygote=parent, **options))
        return victims[-1]

    yield make
    for victim in victims:
        victim.close()
    for victim in victims:
        assert victim.left_running() == []
        assert not victim.session.process.folder.exists()
    for parent in zygotes:
        parent.close()


@pytest.fixture(scope="module")
def victim(runner: asyncio.Runner, level: Level, zygote: Zygote | None) -> Iterator[Victim]:
    """One kernel for a whole module; it must have survived it all."""
    victim = Victim(runner, level=level, zygote=zygote)
    yield victim
    alive = victim.session.alive
    victim.close()
    assert alive
    assert victim.left_running() == []
