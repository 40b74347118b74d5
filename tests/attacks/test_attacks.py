"""Every attack of `submissions/`, at every level that claims to stop it: no point, no secret, no trace, no crash.

After each of them an honest submission gets its full points on the same machine.
"""

import asyncio
import gc
import itertools
import json
import os
import re
import socket
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, ClassVar
from xml.etree import ElementTree

import numpy as np
import psutil
import pytest

from grader import kernel
from grader.catalog import ExerciseFolder, load_course, load_exercise
from grader.grading import Grader, Request
from grader.inside.codec import decode, encode
from grader.kernels import Kernels
from grader.ladder import available_levels
from grader.plan import Plan
from grader.process import KernelProcess
from grader.reference import cache_folder
from grader.reports.html import render_html
from grader.reports.junit import render_junit
from grader.reports.record import render_record
from grader.reports.terminal import render_terminal
from grader.sandbox import Level
from grader.spec import Limits
from grader.submission import read_submission
from grader.verdict import Grade, Verdict
from tests.attacks import honest
from tests.attacks.attack import HONEST, LEVELS, STARTS, Attack, read_attacks
from tests.attacks.places import Places
from tests.attacks.traces import Traces, keeps_warm

SMALL = Limits(cell_s=2, call_s=0.5, submission_s=6, cpu_s=10, memory_mb=384, file_mb=8, disk_mb=32, processes=64,
               open_files=256, output_kb=64, message_mb=1)
GRACE_S = 2.0  # the bound of issue 4
SEED, PUBLIC_SEED = 71, 0
MEBIBYTE = 1 << 20
HARMLESS_TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "article", "section", "div", "span",
    "p", "b", "ul", "li", "h1", "h2", "h3", "h4", "pre", "code", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "dl", "dt", "dd", "svg", "circle"}
CONTROLS = ("Cc", "Cf", "Cs", "Zl", "Zp")  # also what reverses or hides text
ATTACKS = read_attacks()
CASES = [pytest.param(level, start, attack, id=f"{level}-{start}-{attack.name}")
         for attack in ATTACKS for level in attack.levels for start in STARTS]


class WatchedProcess(KernelProcess):
    """A kernel process that is remembered, and what it would leave."""

    started: ClassVar[list["WatchedProcess"]] = []
    traces: Traces | None = None
    ready_at = 0.0

    def start(self) -> None:
        self.started.append(self)
        self._before = psutil.Process().children(recursive=True)
        super().start()
        self.watch(self._remember)

    def _remember(self) -> None:
        if self.traces is None and not self.gone:
            self.traces, self.ready_at = Traces(self, self._before), time.monotonic()


class Machine:
    """Grades in this process, on a machine full of secrets, and looks afterwards whether all is as it was."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.exercise: ExerciseFolder = load_exercise(load_course(places.course), "exercise_03")
        self.told = places.told(cache_folder())
        self.kernels = {(level, start): Kernels(Level(level), warm=start == "warm") for level in LEVELS for start in STARTS}
        self.graders = {way: Grader(kernels) for way, kernels in self.kernels.items()}

    def close(self) -> None:
        for kernels in self.kernels.values():
            kernels.close()

    def grade(self, source: str, level: str, start: str = "cold", *, suffix: str = ".py", seed: int = SEED,
              limits: Limits = SMALL) -> Grade:
        path = self.places.temporary / f"exercise_03{suffix}"
        path.write_text(source, encoding="utf-8")
        submission = read_submission(path)
        path.unlink()
        request = Request(exercise=self.exercise, submission=submission, shown_path=Path(path.name), seed=seed,
                          lang="en", sandbox=level, limits=limits)
        return asyncio.run(self.graders[level, start].grade(request))

    def state(self) -> dict[str, Any]:
        """What grading must leave as it was."""
        gc.collect()
        links = [_link(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
        references = sorted(cache_folder().rglob("solution.json"))
        return {
            "descriptors": Counter(re.sub(r"\W?\d+\W?$", "", link) for link in links if not link.startswith("pid:")),
            "mounts": Path("/proc/self/mountinfo").read_text(), "temporary": sorted(os.listdir(self.places.temporary)),
            "sockets": Path("/proc/net/unix").read_text().count(f"{self.places.temporary}/"), "folder": os.getcwd(),
            "processes": [child.pid for child in self.own_processes()],
            "references": {path: path.read_bytes() for path in references}}

    def own_processes(self) -> list[psutil.Process]:
        """What runs while nothing is graded: a neighbour of the sandboxes, and what keeps kernels warm."""
        return [child for child in psutil.Process().children()
                if child.pid == self.places.neighbour.pid or keeps_warm(child)]

    def memory(self) -> int:
        return int(psutil.Process().memory_info().rss)


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return "gone"


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with Places() as places, pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "KernelProcess", WatchedProcess)
        machine = Machine(places)
        yield machine
        machine.close()


@pytest.fixture(scope="module")
def usable(machine: Machine) -> set[str]:
    """The levels that this machine offers. What the libraries keep open once used (ZeroMQ a collector for large
    messages) they have open now, and the planted mistakes are in the cache."""
    levels = {str(finding.level) for finding in available_levels() if finding.usable} & set(LEVELS)
    for level, start in itertools.product(sorted(levels), STARTS):
        assert machine.grade(HONEST, level, start, limits=Limits()).points == 10
        assert machine.grade(f"softmax = '{'large ' * 20_000}'", level, start, limits=Limits()).points == 0
    return levels


@pytest.mark.parametrize(("level", "start", "attack"), CASES)
def test_attack_gains_nothing_and_harms_nobody(machine: Machine, usable: set[str], level: str, start: str,
                                               attack: Attack) -> None:
    if level not in usable:
        pytest.skip(f"no {level} here")
    told = machine.told | ({"answers": table_of_answers(machine.exercise.plan(PUBLIC_SEED))}
                           if "PLACES[\"answers\"]" in attack.path.read_text(encoding="utf-8") else {})
    before, memory = machine.state(), machine.memory()
    WatchedProcess.started.clear()
    grade = machine.grade(attack.completed(told), level, start, suffix=attack.path.suffix)
    duration_s = time.monotonic() - WatchedProcess.started[0].ready_at  # how long a start takes is the machine's affair

    assert grade.verdict in attack.verdicts, grade
    assert grade.points is not None
    assert grade.points == attack.points if attack.exact else grade.points <= attack.points, grade
    assert duration_s < SMALL.submission_s + GRACE_S, grade
    assert grade.sandbox == level
    assert attack.shows in " ".join(texts_of(json.loads(render_record(grade))))
    assert_harmless_reports(grade, machine.places.secret)
    assert_nothing_runs(machine)
    assert machine.memory() - memory < 200 * MEBIBYTE
    assert machine.state() == before
    assert machine.places.complaints() == []
    assert machine.grade(HONEST, level, "warm", limits=Limits()).points == 10


def assert_nothing_runs(machine: Machine) -> None:
    """Of none of the sandboxes; a killed process may take a moment to be gone."""
    assert all(process.traces for process in WatchedProcess.started)
    deadline = time.monotonic() + 2
    while left := [name for process in WatchedProcess.started for name in process.traces.left_running()]:
        assert time.monotonic() < deadline, left
        time.sleep(0.02)
    assert psutil.Process().children() == machine.own_processes()
    assert not any(process.folder.exists() for process in WatchedProcess.started)


def assert_harmless_reports(grade: Grade, secret: str) -> None:
    """Of a grade's four forms, none holds the secret, and none does anything where it is shown."""
    record, page, junit = render_record(grade), render_html(grade), render_junit(grade)
    terminal = render_terminal(grade, width=80, color=False, verbose=2)
    for report in (record, page, junit, terminal, render_terminal(grade, width=80, color=True, verbose=2)):
        for start in range(0, len(secret) - 12, 6):
            assert secret[start:start + 12] not in report
        assert len(report) < MEBIBYTE
    json.loads(record, parse_constant=pytest.fail)
    ElementTree.fromstring(junit)
    assert {char for char in terminal if unicodedata.category(char) in CONTROLS} <= {"\n"}
    lines = [*terminal.splitlines(), *record.splitlines()]
    assert not [line for line in lines if line.lstrip().startswith(("::", "##[", "##vso["))]
    Page().feed(page)


class Page(HTMLParser):
    """Complains of a tag or an attribute that could do something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS_TAGS, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("src", "href", "action", "srcset"), (name, value)


def texts_of(data: Any) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(data, str):
        yield data
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else []:
        yield from texts_of(item)


def table_of_answers(plan: Plan) -> dict[str, Any]:
    """What the calls of a plan return, by function and arguments: what a student can record who knows the seed."""
    answers = {}
    for step in (step for check in plan.checks for step in check.steps if step.do == "call"):
        args = [decode(encode(value)) for value in step.args]
        kwargs = {name: decode(encode(value)) for name, value in step.kwargs.items()}
        key = honest_key(step.name, [*args, *kwargs.values()])
        try:
            answers[key] = encode(getattr(honest, step.name)(*args, **kwargs))
        except Exception as error:
            answers[key] = type(error).__name__
    return answers


def honest_key(name: str, values: list[Any]) -> str:
    """The key under which `answers_from_a_table_for_the_public_seed.py` looks a call up."""
    arrays = [np.asarray(value) for value in values]
    return repr((name, [(array.dtype.str, array.tolist()) for array in arrays]))


# ------------------------------------------------------------------------------------------------- the suite itself


def test_there_are_sixty_attacks_and_each_is_described() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    for attack in ATTACKS:
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){2,}", attack.name), attack.name
        assert 20 < len(attack.tried) < 400, attack.name
        assert attack.verdicts
        assert Verdict.NOT_GRADED not in attack.verdicts
        assert 0 <= attack.points <= 10
        assert "solutions" not in re.findall(r"^(?:from|import) (\w+)", attack.path.read_text(), re.MULTILINE)


def test_files_named_twice_or_read_by_nobody_are_not_there() -> None:
    suffixes = Counter(path.suffix for path in (ATTACKS[0].path.parent).iterdir() if path.is_file())
    assert suffixes[".py"] + suffixes[".ipynb"] == len(ATTACKS)


@pytest.mark.parametrize("level", LEVELS)
def test_secret_that_a_submission_was_told_is_seen_in_the_reports(machine: Machine, usable: set[str],
                                                                  level: str) -> None:
    """Else the search for it above would prove nothing."""
    if level not in usable:
        pytest.skip(f"no {level} here")
    grade = machine.grade(f"def softmax(z): raise RuntimeError('loot: {machine.places.secret}')", level)
    assert grade.points == 0
    with pytest.raises(AssertionError):
        assert_harmless_reports(grade, machine.places.secret)


def test_harm_to_the_places_is_seen(machine: Machine) -> None:
    """Else their silence above would prove nothing."""
    places = machine.places
    assert places.complaints() == []
    places.files[0].chmod(0o600)
    places.files[0].chmod(0o644)
    assert len(places.complaints()) == 1
    for listener in places.sockets:
        with socket.socket(listener.family, listener.type) as client:
            client.connect(listener.getsockname())
            if listener.type == socket.SOCK_DGRAM:
                client.send(b"hello")
        assert places.complaints() == ["a socket was spoken to"]
    (places.temporary / places.mark).touch()
    assert len(places.complaints()) == 1
    (places.temporary / places.mark).unlink()
    assert len(places.complaints()) == 1
    assert places.complaints() == []


@pytest.mark.parametrize("level", LEVELS)
def test_table_of_answers_pays_at_the_seed_that_it_was_made_for(machine: Machine, usable: set[str], level: str) -> None:
    """Else it would prove nothing at another seed."""
    if level not in usable:
        pytest.skip(f"no {level} here")
    (attack,) = [attack for attack in ATTACKS if attack.name == "answers_from_a_table_for_the_public_seed"]
    told = machine.told | {"answers": table_of_answers(machine.exercise.plan(PUBLIC_SEED))}
    assert machine.grade(attack.completed(told), level, seed=PUBLIC_SEED).points >= 5
