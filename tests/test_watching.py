"""`grade watch`: every save is graded once, the newest counts, half a save is waited for."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.catalog import find_course, load_exercise
from grader.errors import StaffCodeError, UsageError
from grader.grading import Request
from grader.reports.changes import render_changes
from grader.submission import read_submission
from grader.verdict import Grade, Verdict
from grader.watching import Event, Graded, Grading, Waiting, saves_of, watch
from tests.conftest import ROOT
from tests.report_samples import full_points, one_mistake

CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": "right"}
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [CELL]})


class Desk:
    """A student's file, a grader that takes as long as it is told, and what was shown."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shown: list[Event] = []
        self.begun: list[str] = []
        self.seconds = 0.0
        self._exercise = load_exercise(find_course(ROOT), "exercise_03")

    def read(self) -> Request:
        if not self.path.exists():
            raise UsageError("gone")
        return Request(exercise=self._exercise, submission=read_submission(self.path), shown_path=self.path, seed=0,
                       lang="en", sandbox="none", limits=self._exercise.spec.limits)

    async def grade(self, request: Request) -> Grade:
        text = "".join(request.submission.cells)
        self.begun.append(text)
        await asyncio.sleep(self.seconds)
        if "bug" in text:
            raise StaffCodeError("checks.py is broken")
        sample = full_points("en") if text == "right" else one_mistake("en")
        return replace(sample, submission=replace(sample.submission, sha256=request.submission.sha256))

    def run(self, *acts: Callable[["Desk"], Coroutine[Any, Any, None] | None]) -> list[Event]:
        """Do one thing after the other, each followed by a sign of a save."""
        async def saves() -> AsyncIterator[object]:
            await asyncio.sleep(0.02)
            for act in acts:
                doing = act(self)
                if doing is not None:
                    await doing
                yield act
                await asyncio.sleep(0.02)

        asyncio.run(watch(self.read, self.grade, self.shown.append, saves()))
        return self.shown

    def write(self, text: str) -> Callable[["Desk"], None]:
        def act(desk: Desk) -> None:
            desk.path.write_text(text, encoding="utf-8")

        return act


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    path = tmp_path / "exercise_03.py"
    path.write_text("wrong", encoding="utf-8")
    return Desk(path)


def points(events: list[Event]) -> list[float | None]:
    return [event.grade.points for event in events if isinstance(event, Graded)]


def test_what_is_there_is_graded_first_and_then_every_save(desk):
    events = desk.run(desk.write("right"), desk.write("wrong again"))
    assert [type(event) for event in events] == [Grading, Graded] * 3
    assert points(events) == [one_mistake("en").points, 10, one_mistake("en").points]


def test_each_grade_knows_the_one_before(desk):
    first, second = (event for event in desk.run(desk.write("right")) if isinstance(event, Graded))
    assert first.before is None
    assert second.before == first.grade


def test_save_of_the_same_content_is_not_graded_again(desk):
    events = desk.run(desk.write("wrong"), desk.write("wrong"))
    assert desk.begun == ["wrong"]
    assert [type(event) for event in events] == [Grading, Graded, Graded, Graded]
    assert events[1] == events[3]


def test_save_during_a_run_cancels_it(desk):
    desk.seconds = 30.0

    def hurry(desk: Desk) -> None:
        desk.seconds = 0.0
        desk.path.write_text("right", encoding="utf-8")

    started = time.monotonic()
    events = desk.run(hurry)
    assert time.monotonic() - started < 10
    assert desk.begun == ["wrong", "right"]
    assert points(events) == [10]


def test_half_a_notebook_is_waited_for(tmp_path):
    desk = Desk(tmp_path / "exercise_03.ipynb")
    desk.path.write_text(NOTEBOOK, encoding="utf-8")

    async def save_in_pieces(desk: Desk) -> None:
        desk.path.write_text("", encoding="utf-8")
        asyncio.get_running_loop().call_later(0.2, desk.path.write_text, NOTEBOOK[:20])
        asyncio.get_running_loop().call_later(0.4, desk.path.write_text, NOTEBOOK + " ")

    events = desk.run(save_in_pieces)
    assert [type(event) for event in events] == [Grading, Graded] * 2
    assert desk.begun == ["right", "right"]


def test_file_that_stays_broken_is_graded_as_what_it_is(tmp_path):
    desk = Desk(tmp_path / "exercise_03.ipynb")
    desk.path.write_text("{", encoding="utf-8")
    assert [type(event) for event in desk.run()] == [Grading, Graded]


def test_file_that_is_removed_is_waited_for(desk):
    async def remove(desk: Desk) -> None:
        desk.path.unlink()

    async def wait(desk: Desk) -> None:
        while not isinstance(desk.shown[-1], Waiting):
            await asyncio.sleep(0.02)
        desk.path.write_text("right", encoding="utf-8")

    events = desk.run(remove, wait)
    assert [type(event) for event in events] == [Grading, Graded, Waiting, Grading, Graded]


def test_file_that_an_editor_replaces_is_not_missed(desk):
    async def replace_slowly(desk: Desk) -> None:
        desk.path.rename(desk.path.with_suffix(".bak"))
        (new := desk.path.with_suffix(".new")).write_text("right", encoding="utf-8")
        asyncio.get_running_loop().call_later(0.2, new.rename, desk.path)

    assert points(desk.run(replace_slowly)) == [one_mistake("en").points, 10]


def test_failure_of_the_course_ends_it_at_once(desk):
    async def never(desk: Desk) -> None:
        await asyncio.sleep(60)

    desk.path.write_text("bug", encoding="utf-8")
    with pytest.raises(StaffCodeError, match=r"checks\.py is broken"):
        desk.run(never)


@pytest.mark.parametrize("save", [
    lambda path: path.write_text("2"),
    lambda path: path.with_suffix(".tmp").write_text("2") and path.with_suffix(".tmp").replace(path),
    lambda path: path.unlink(),
], ids=["written", "renamed", "removed"])
def test_saves_are_seen(tmp_path, save):
    path = tmp_path / "exercise_03.py"
    path.write_text("1")

    async def first() -> object:
        saves = saves_of(path)
        seen = asyncio.ensure_future(anext(saves))
        for _ in range(100):  # the watch takes a moment to stand
            (tmp_path / "other.py").write_text("not ours")
            await asyncio.sleep(0.05)
            if path.exists() and path.read_text() == "1":
                save(path)
            if seen.done():
                break
        found = await seen
        await saves.aclose()
        return found

    assert {Path(changed).name for _, changed in asyncio.run(first())} == {"exercise_03.py"}


# ------------------------------------------------------------------------------------------------ what has changed


def with_verdicts(lang: str, given: float, **verdicts: Verdict) -> Grade:
    sample = one_mistake(lang)
    return replace(sample, points=given, checks=tuple(
        replace(check, verdict=verdicts.get(check.id, Verdict.PASSED)) for check in sample.checks))


def test_points_and_turned_checks_are_told():
    one, two = (check for check in one_mistake("en").checks[:2])
    before = with_verdicts("en", 3, **{one.id: Verdict.FAILED})
    after = with_verdicts("en", 7, **{two.id: Verdict.TIMED_OUT})
    assert render_changes(before, after).splitlines() == [
        " 3 → 7 points", f"  ✔ {one.title}: now passes", f"  ✘ {two.title}: no longer passes"]


def test_many_turned_checks_are_counted():
    checks = one_mistake("ko").checks
    before = with_verdicts("ko", 0, **{check.id: Verdict.FAILED for check in checks})
    lines = render_changes(before, with_verdicts("ko", 10)).splitlines()
    assert lines[0] == " 0 → 10점"
    assert len(lines) == 1 + min(len(checks), 5)


def test_nothing_new_is_one_line():
    assert render_changes(one_mistake("ko"), one_mistake("ko")) == " 지난번과 같습니다."


# ------------------------------------------------------------------------------------------------------ the command


def test_command_grades_at_each_save_and_leaves_cleanly(tmp_path):
    path = tmp_path / "exercise_03.py"
    path.write_text((ROOT / "exercises/exercise_03/starter.py").read_text(encoding="utf-8"), encoding="utf-8")
    out = tmp_path / "out.txt"
    with out.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-m", "grader", "watch", "exercise_03", str(path), "--course", str(ROOT),
                                    "--lang", "en"], stdout=stream, stderr=subprocess.STDOUT, cwd=ROOT,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # CI may ignore it
        try:
            wait_for(out, "0 / 10")
            right = tmp_path / "exercise_03.new"
            right.write_text((ROOT / "solutions/exercise_03/solution.py").read_text(encoding="utf-8"), encoding="utf-8")
            right.replace(path)
            said = wait_for(out, "0 → 10 points")
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 130
        finally:
            process.kill()
            process.wait()
    assert said.count("Graded again at every save") >= 1
    assert "Traceback" not in out.read_text(encoding="utf-8")
    assert children
    _, running = psutil.wait_procs(children, timeout=5)
    assert running == []


def wait_for(file: Path, words: str) -> str:
    deadline = time.monotonic() + 60
    while words not in (said := file.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline, said
        time.sleep(0.05)
    return said


def test_archive_is_not_watched(grade, tmp_path):
    (tmp_path / "exercise_03.zip").write_bytes(b"PK")
    answer = grade("watch", "exercise_03", tmp_path / "exercise_03.zip")
    assert answer.code == 2
    assert "an archive is not watched" in answer.err


def test_missing_file_is_bad_usage(grade, tmp_path):
    assert grade("watch", "exercise_03", tmp_path / "exercise_03.py").code == 2


def test_terminal_is_redrawn_in_place(tmp_path, monkeypatch, capsys):
    from grader.commands import single

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setitem(os.environ, "TERM", "xterm")
    monkeypatch.setitem(os.environ, "NO_COLOR", "1")
    screen = single._Screen(tmp_path / "exercise_03.py", "ko", 0)
    screen.show(Graded(one_mistake("ko"), None))
    screen.show(Graded(full_points("ko"), one_mistake("ko")))
    said = capsys.readouterr().out
    assert said.count("\x1b[H") == 2
    assert said.count("\x1b[J") == 2
    assert " 저장하면 다시 채점합니다." in said
