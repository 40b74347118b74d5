"""The course under test: starters fail, right answers pass, every mutant is killed and named, every check kills.

Pure: the evidence of all these files is gathered by `grader.vetting`, in kernels, on the path of every submission.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.assess import assess
from grader.compare import share_of_band
from grader.errors import StaffCodeError
from grader.judge import Judge, Judgement, Record, fact_tolerance
from grader.mutation import Mutation
from grader.observation import Evidence, Laid, Returned
from grader.plan import Plan, uses_float32
from grader.spec import Equivalent, Exercise, Tolerance
from grader.verdict import CheckResult, Verdict, total_points

STARTER, SOLUTION = "starter", "solution"


@dataclass(frozen=True)
class VetRow:
    """What vetting one file of the course showed; `problems` is empty if all is as it should be."""

    role: str
    name: str
    points: float
    failed: tuple[str, ...]
    diagnoses: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class VetReport:
    """All rows of one exercise at one seed, and problems of the exercise as a whole."""

    exercise: str
    seed: int
    max_points: float
    rows: tuple[VetRow, ...]
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems and not any(row.problems for row in self.rows)


def vet(exercise: Exercise, plan: Plan, evidence: Mapping[str, Mapping[str, Evidence]]) -> VetReport:
    """Judge the evidence of every planted file: `evidence[role][name]`, roles starter, solution, variant, mutant."""
    judge = Judge(exercise, plan, evidence[SOLUTION][SOLUTION]).judge
    try:
        mutants = {name: judge(seen) for name, seen in evidence["mutant"].items()}
        rows = []
        for role in evidence:
            for name, seen in evidence[role].items():
                judgement = mutants[name] if role == "mutant" else judge(seen)
                rows.append(_row(role, name, assess(exercise, plan, seen, judgement, mutants, "en")))
    except StaffCodeError as error:
        return VetReport(exercise.id, plan.seed, exercise.max_points, (), (str(error),))
    return VetReport(exercise.id, plan.seed, exercise.max_points, tuple(rows),
                     tuple(_whole(exercise, plan, mutants, evidence)))


def _row(role: str, name: str, results: Sequence[CheckResult]) -> VetRow:
    points = total_points(tuple(results))
    failed = tuple(result.id for result in results if result.verdict is not Verdict.PASSED)
    diagnoses = tuple(dict.fromkeys(result.diagnosis.id for result in results if result.diagnosis))
    problems = []
    if role in (SOLUTION, "variant") and failed:
        first = next(result for result in results if result.id == failed[0])
        problems.append(f"must get full points, but {first.id} failed: {first.rationale}"
                        + (f" [{first.counterexample.call}: {first.counterexample.actual} for "
                           f"{first.counterexample.expected}]" if first.counterexample else ""))
    if role in (STARTER, "mutant") and not failed:
        problems.append("must lose points, but no check fails: add a check that kills it")
    if role == STARTER and diagnoses:
        problems.append(f"is named {', '.join(diagnoses)}, though nothing is filled in")
    if role == "mutant" and failed:
        if not diagnoses:
            problems.append(f"is not named: no diagnosis in {', '.join(failed)}")
        elif set(diagnoses) != {name}:
            problems.append(f"is named {', '.join(diagnoses)} instead of {name}")
    return VetRow(role, name, points, failed, diagnoses, tuple(problems))


def _whole(exercise: Exercise, plan: Plan, mutants: Mapping[str, Judgement],
           evidence: Mapping[str, Mapping[str, Evidence]]) -> list[str]:
    """Problems that no single file shows."""
    problems = [f"check {check.id} kills no mutant: plant one, or drop the check" for check in exercise.checks
                if not any(judgement[check.id].counted for judgement in mutants.values())]
    declared = {mistake.id for mistake in exercise.mistakes}
    problems += [f"mistake {name} has no mutant: write mutants/{name}.py" for name in sorted(declared - set(mutants))]
    problems += [f"mutant {name} has no text: add [mistakes.{name}] to exercise.toml"
                 for name in sorted(set(mutants) - declared)]
    if len(evidence["variant"]) < 3:
        problems.append(f"only {len(evidence['variant'])} variants: write at least three right answers in other styles")
    return problems + uncovered(plan)


def uncovered(plan: Plan) -> list[str]:
    """Rules of the curriculum (4.2) that no step of the plan serves, per function: arguments, calls, errors."""
    problems = []
    for name, function in plan.functions.items():
        steps = [step for check in plan.checks for step in check.steps if step.do == "call" and step.name == name]
        seen: dict[str, set[str]] = {parameter: set() for parameter in function.parameters}
        for step in steps:
            for parameter, value in [*zip(function.parameters, step.args, strict=False), *step.kwargs.items()]:
                if parameter in seen:
                    seen[parameter].add(repr(value.array if isinstance(value, Laid) else value))
        kinds = {step.topic.kind for step in steps}
        problems += [f"{name}: argument {parameter} takes fewer than two values"
                     for parameter, values in seen.items() if len(values) < 2]
        if function.parameters and "signature" not in kinds:
            problems.append(f"{name}: is never called by keyword")
    return problems


# --- mistakes by machine -------------------------------------------------------------------------------------------

MUTATION_SCORE = 0.98


@dataclass(frozen=True)
class MutationReport:
    """Which checks kill which mutation of one exercise's solution; `problems` is empty if all is as it should be."""

    exercise: str
    killers: Mapping[Mutation, tuple[str, ...]]
    equivalents: Sequence[Equivalent]
    problems: tuple[str, ...]

    @property
    def survivors(self) -> list[Mutation]:
        """Mutations that no check notices, and nobody has explained."""
        return [mutation for mutation, checks in self.killers.items() if not checks and not self._explained(mutation)]

    @property
    def score(self) -> float:
        """The share of mutations killed, of those that are not equivalent."""
        killed = sum(bool(checks) for checks in self.killers.values())
        return killed / max(1, killed + len(self.survivors))

    @property
    def stale(self) -> list[tuple[str, str]]:
        """Explanations of mutations that are killed after all, or that there are no longer."""
        return [(each.before, after) for each in self.equivalents for after in each.after if not any(
            _is_about(each, mutation) and mutation.after == after and not checks
            for mutation, checks in self.killers.items())]

    @property
    def passed(self) -> bool:
        return self.score >= MUTATION_SCORE and not self.stale and not self.problems

    def killed_by(self, check: str) -> tuple[int, int]:
        """How many mutations a check kills, and how many it alone."""
        kills = [checks for checks in self.killers.values() if check in checks]
        return len(kills), sum(len(checks) == 1 for checks in kills)

    def _explained(self, mutation: Mutation) -> bool:
        return any(_is_about(each, mutation) for each in self.equivalents)


def _is_about(each: Equivalent, mutation: Mutation) -> bool:
    return (each.function, each.before) == (mutation.function, mutation.before) and mutation.after in each.after


# --- chance --------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Spread:
    """How far the reference differs from itself in one check, when only chance and the number of threads differ."""

    check: str
    share: float        # of what is allowed: the greatest of all runs
    place: str
    failures: int


def spreads(exercise: Exercise, judgements: Sequence[Judgement]) -> list[Spread]:
    """The spread of every check over runs of the reference against itself."""
    found = []
    for check in exercise.checks:
        shares = [(share(record, check.tolerance), record.group) for judgement in judgements
                  for record in judgement[check.id].records if record.findings == ()]
        largest, place = max(shares, default=(0.0, ""))
        found.append(Spread(check.id, largest, place, sum(judgement[check.id].failed for judgement in judgements)))
    return found


def share(record: Record, tolerance: Tolerance) -> float:
    """How much of its band a record uses that agrees."""
    if record.fact is not None:
        tolerance = fact_tolerance(record.fact, tolerance)
    form = record.fact.form if record.fact else record.step.form if record.step else "nothing"
    if form in ("form", "nothing") or not (isinstance(record.actual, Returned)
                                           and isinstance(record.expected, Returned)):
        return 0.0
    return share_of_band(record.actual.value, record.expected.value, tolerance,
                         float32=record.step is not None and uses_float32(record.step))
