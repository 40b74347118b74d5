"""A kernel that was forked from a warm process gives the record that a new one gives, over the whole course."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.catalog import find_course, load_exercise
from grader.grading import Grader, Memo, Request
from grader.kernels import Kernels
from grader.ladder import choose_level
from grader.reports.record import render_record
from grader.submission import read_submission
from tests.conftest import ROOT

EXERCISES = sorted(path.name for path in (ROOT / "exercises").glob("exercise_*"))


@pytest.fixture(scope="module")
def graders() -> Iterator[tuple[Grader, Grader]]:
    level = choose_level("auto")
    with Kernels(level) as cold, Kernels(level, warm=True) as warm:
        yield Grader(cold), Grader(warm)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("kind", ["solution", "starter", "variant", "mutant"])
def test_records_are_equal_but_for_durations(graders, exercise, kind):
    folder = load_exercise(find_course(ROOT), exercise)
    path = {"solution": folder.solution, "starter": folder.folder / "starter.py",
            "variant": min(folder.variants.values()), "mutant": min(folder.mutants.values())}[kind]
    cold, warm = (record(grader, exercise, path) for grader in graders)
    assert warm == cold


def record(grader: Grader, exercise: str, path: Path) -> dict[str, object]:
    folder = load_exercise(find_course(ROOT), exercise)
    grade = asyncio.run(grader.grade(Request(
        exercise=folder, submission=read_submission(path), shown_path=path, seed=0, lang="en", sandbox="auto",
        limits=folder.spec.limits)))
    return dict(json.loads(render_record(replace(grade, duration_s=0))))


def test_what_was_made_is_not_made_again():
    async def twice() -> list[int]:
        memo, made = Memo(), iter(range(10))

        async def make() -> int:
            await asyncio.sleep(0)
            return next(made)

        return [*await asyncio.gather(memo.get("a", make), memo.get("a", make)), await memo.get("b", make),
                await memo.get("a", make)]

    assert asyncio.run(twice()) == [0, 0, 1, 0]


def test_what_failed_is_tried_again():
    async def thrice() -> list[object]:
        memo, outcomes = Memo(), iter([OSError("once"), 5])

        async def make() -> int:
            outcome = next(outcomes)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return [await asyncio.gather(memo.get("a", make), return_exceptions=True), await memo.get("a", make),
                await memo.get("a", make)]

    failed, *others = asyncio.run(thrice())
    assert [type(failed[0]), *others] == [OSError, 5, 5]


def test_one_who_stops_waiting_does_not_trouble_the_others():
    async def cancel_one() -> int:
        memo, may_end = Memo(), asyncio.Event()

        async def make() -> int:
            await may_end.wait()
            return 7

        impatient = asyncio.create_task(memo.get("a", make))
        patient = asyncio.create_task(memo.get("a", make))
        await asyncio.sleep(0)
        impatient.cancel()
        may_end.set()
        return await patient

    assert asyncio.run(cancel_one()) == 7
