"""One of our exercises as an assignment for every grader: files, checks with points, the same submissions."""

import asyncio
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.catalog import INSIDE, ExerciseFolder, load_course, load_exercise
from grader.inside.codec import encode
from grader.judge import judge
from grader.kernels import CORES, Kernels
from grader.ladder import choose_level
from grader.observation import Evidence, dump_evidence
from grader.plan import CheckPlan, Plan, Reference, probe_request, uses_float32
from grader.reference import mutant_evidence, reference_evidence

ROOT = Path(__file__).resolve().parents[2]
SEED = 0


@dataclass(frozen=True)
class Submission:
    """One student's work; `right` tells what every grader must find."""

    student: str
    notebook: Path
    module: Path
    made_from: str
    right: bool


@dataclass(frozen=True)
class Assignment:
    """`files` lie beside the notebook while it is graded; `checks` are ids and points."""

    exercise: str
    checks: Mapping[str, float]
    files: Mapping[str, bytes]
    submissions: tuple[Submission, ...]

    @property
    def max_points(self) -> float:
        return sum(self.checks.values())


def make_assignment(exercise_id: str, folder: Path, count: int) -> Assignment:
    """Write `count` submissions to the folder; the reference's and the mutants' evidence is gathered on the way."""
    exercise = load_exercise(load_course(ROOT), exercise_id)
    plan = exercise.plan(SEED)
    evidence = asyncio.run(_evidence(exercise, plan))
    files = {"checking.py": (Path(__file__).parent / "checking.py").read_bytes(),
             "codec.py": (INSIDE / "codec.py").read_bytes(),
             "checks.py": (exercise.folder / "checks.py").read_bytes(),
             "expected.json": json.dumps(_expected(exercise, plan, evidence)).encode(),
             **exercise.observers, **exercise.data}
    if exercise.observers:
        files["keras_observers.py"] = (INSIDE / "keras_observers.py").read_bytes()
    return Assignment(exercise_id, {check.id: check.points for check in exercise.spec.checks}, files,
                      tuple(_hand_in(exercise, folder, count)))


async def _evidence(exercise: ExerciseFolder, plan: Plan) -> Evidence:
    with Kernels(choose_level("auto"), warm=True, side_by_side=CORES) as kernels:
        await mutant_evidence(exercise, plan, kernels)
        return await reference_evidence(exercise, plan, kernels)


def _hand_in(exercise: ExerciseFolder, folder: Path, count: int) -> Iterable[Submission]:
    """The solution and its variants, then planted mistakes, from the start again where there are not enough."""
    right = {"solution": exercise.solution, **exercise.variants}
    sources = itertools.islice(itertools.cycle([*right.items(), *exercise.mutants.items()]), count)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, path) in enumerate(sources, start=1):
        student = f"student{number:02}"
        text = f"{path.read_text(encoding='utf-8')}\n# {student}\n"
        module, file = folder / f"{student}.py", folder / f"{student}.ipynb"
        module.write_text(text, encoding="utf-8")
        file.write_text(json.dumps(notebook([code_cell("answer", text)])), encoding="utf-8")
        yield Submission(student, file, module, name, name in right)


# --- notebooks -----------------------------------------------------------------------------------------------------

def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "cells": cells,
            "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}}


def code_cell(name: str, source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "source": source, "metadata": metadata, "outputs": [],
            "execution_count": None}


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# --- steps and what the reference gave -----------------------------------------------------------------------------

def _expected(exercise: ExerciseFolder, plan: Plan, evidence: Evidence) -> dict[str, Any]:
    """Every check as `checking.py` reads it."""
    facts = judge(exercise.spec, plan, evidence, evidence)
    observed = dump_evidence(evidence)
    found = {}
    for check in plan.checks:
        tolerance = exercise.spec.check(check.id).tolerance
        found[check.id] = {
            "seed": plan.seed, "steps": list(_steps(check, plan, observed[check.id]["observations"])),
            "bands": {name: (band.rtol, band.atol) for name, band in (("float64", tolerance.float64),
                                                                     ("float32", tolerance.float32))},
            "returned": _returned(check.returned),
            "facts": {record.fact.name: encode(record.fact.actual) for record in facts[check.id].records
                      if record.fact is not None}}
    return found


def _steps(check: CheckPlan, plan: Plan, observations: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    asked = probe_request(check, plan.seed, 0.0)["steps"]
    for step, data, seen in zip(check.steps, asked, observations, strict=True):
        outcome = {"error": seen["err"]["kinds"][0]} if "err" in seen else {"value": seen.get("ok")}
        yield {**data, **outcome, "form": step.form, "single": uses_float32(step),
               "judged": step.topic.kind != "disturb"}


def _returned(value: Any) -> Any:
    if isinstance(value, Reference):
        return {"r": [value.step, *value.path]}
    if isinstance(value, Mapping):
        return {key: _returned(item) for key, item in value.items()}
    return [_returned(item) for item in value] if isinstance(value, list) else value
