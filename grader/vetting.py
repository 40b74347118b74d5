"""Gathers the evidence that vetting an exercise needs: every file of the course, on the path of a submission."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.catalog import ExerciseFolder
from grader.errors import StaffCodeError
from grader.judge import Judge, Judgement, judge
from grader.kernels import Kernels
from grader.mutation import Mutation, mutations
from grader.plan import Plan
from grader.reference import for_each, observe_files, observe_source, reference_evidence
from grader.spec import Limits
from grader.vet import SOLUTION, STARTER, MutationReport, Spread, VetReport, spreads, vet

ANOTHER_CHANCE = 1_000_000      # added to a plan's seed: its random numbers are others than the reference's


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


async def mutate_exercise(exercise: ExerciseFolder, seed: int, kernels: Kernels) -> MutationReport:
    """Run every mutation of the solution, and see which checks notice."""
    plan = exercise.plan(seed)
    expert = Judge(exercise.spec, plan, await reference_evidence(exercise, plan, kernels))
    problems: list[str] = []

    async def killers(mutation: Mutation) -> tuple[str, ...]:
        _, evidence = await observe_source(exercise, plan, mutation.source, kernels, _impatient(exercise.spec.limits))
        try:
            judgement = expert.judge(evidence)
        except StaffCodeError as error:
            problems.append(f"line {mutation.line}, {mutation.after!r}: {error}")
            return ("?",)
        return tuple(check for check, findings in judgement.items() if findings.failed)

    made = mutations(exercise.solution.read_text(encoding="utf-8"))
    found = await for_each(killers, made)
    return MutationReport(exercise.spec.id, dict(zip(made, found, strict=True)), exercise.equivalents, tuple(problems))


async def measure_spread(exercise: ExerciseFolder, seeds: Sequence[int], kernels: Kernels) -> list[Spread]:
    """Run the reference against itself: at every seed with other random numbers, with one thread and with two."""
    async def run(case: tuple[int, int]) -> Judgement:
        seed, threads = case
        plan: Plan = exercise.plan(seed)
        _, evidence = await observe_source(exercise, plan, exercise.solution.read_text(encoding="utf-8"), kernels,
                                           replace(exercise.spec.limits, threads=threads), chance=ANOTHER_CHANCE + seed)
        return judge(exercise.spec, plan, evidence, await reference_evidence(exercise, plan, kernels))

    return spreads(exercise.spec, await for_each(run, [(seed, threads) for seed in seeds for threads in (1, 2)]))


def _impatient(limits: Limits) -> Limits:
    """Many a mutation loops for ever, and none of the course's own calls takes as long."""
    return replace(limits, call_s=min(limits.call_s, 3.0))
