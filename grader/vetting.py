"""Gathers the evidence that vetting an exercise needs: every file of the course, on the path of a submission."""

from pathlib import Path

from grader.catalog import ExerciseFolder
from grader.kernels import Kernels
from grader.reference import observe_files
from grader.vet import SOLUTION, STARTER, VetReport, vet


async def vet_exercise(exercise: ExerciseFolder, seed: int, kernels: Kernels) -> VetReport:
    """Vet one exercise at one seed."""
    plan = exercise.plan(seed)
    files: dict[str, dict[str, Path]] = {
        STARTER: {STARTER: exercise.folder / "starter.py"}, SOLUTION: {SOLUTION: exercise.solution},
        "variant": exercise.variants, "mutant": exercise.mutants}
    names = {path: SOLUTION if role == SOLUTION else f"{role}-{name}"
             for role, paths in files.items() for name, path in paths.items()}
    found = await observe_files(exercise, plan, names, kernels)
    return vet(exercise.spec, plan, {role: {name: found[path] for name, path in paths.items()}
                                     for role, paths in files.items()})
