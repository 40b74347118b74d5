"""Observations of a submission against those of the reference: every check's findings. Pure.

A *record* is one graded item of a check: a step's observation, or a fact measured outside. One mistake costs once:
a record's findings are shared out by aspect, values to the check that asked, dtype and changed arguments to the check
that the function names for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import zip_longest
from typing import Any

import numpy as np

from grader.compare import Finding, compare_arguments, compare_outcomes, compare_values
from grader.errors import StaffCodeError
from grader.observation import (
    CheckEvidence,
    Evidence,
    Laid,
    Late,
    Missing,
    NotRun,
    Observation,
    Opaque,
    Outcome,
    Raised,
    Returned,
)
from grader.plan import CheckPlan, Clue, Fact, FunctionPlan, Plan, Reference, Step, parameter_names, uses_float32
from grader.spec import Band, Exercise, Tolerance
from grader.verdict import Mismatch

TYPE_ASPECTS = ("dtype", "type")
HARMLESS = ("value", "unchanged", *TYPE_ASPECTS)  # with these, values still have the form that measuring code expects
WORTH_ASPECTS = ("value", "shape", "kind")


@dataclass(frozen=True)
class Record:
    """One judged item. `group` is the function (or measured thing) it examines, `step` None for a fact."""

    check: str
    key: str
    group: str
    step: Step | None
    actual: Outcome
    expected: Outcome
    findings: tuple[Finding, ...]
    fact: Fact | None = None
    size: int = 0


@dataclass(frozen=True)
class CheckFindings:
    """What one check has to answer for: its own records, and findings counted here from other checks' records."""

    id: str
    records: tuple[Record, ...]
    counted: tuple[tuple[Record, Finding], ...]
    clues: Mapping[str, Any]
    ended: str | None

    @property
    def failed(self) -> bool:
        return bool(self.counted) or self.ended is not None

    @cached_property
    def counted_records(self) -> frozenset[tuple[str, str]]:
        """Check and key of the records that count here."""
        return frozenset((record.check, record.key) for record, _ in self.counted)


class Judgement(dict[str, CheckFindings]):
    """Every check's findings, by its id."""

    @cached_property
    def groups(self) -> dict[str, dict[tuple[str, str], Record]]:
        """All records by what they examine, then by check and key."""
        found: dict[str, dict[tuple[str, str], Record]] = {}
        for check in self.values():
            for record in check.records:
                found.setdefault(record.group, {})[record.check, record.key] = record
        return found


class Judge:
    """Holds evidence against the reference's.

    What the reference alone decides is worked out once: the expected facts, and what is found where a run gave the
    reference's very own observations (`read_observations` makes them the same objects).
    """

    def __init__(self, exercise: Exercise, plan: Plan, reference: Evidence) -> None:
        self._exercise = exercise
        self._plan = plan
        self.reference = reference
        self._own_records: dict[tuple[str, int], Record] = {}
        self._own_facts: dict[str, Facts] = {}
        self._expected_facts: dict[str, dict[str, Fact]] = {}

    def judge(self, actual: Evidence) -> Judgement:
        """Every check's findings. Raises `StaffCodeError` if the reference's evidence or a measure is broken."""
        plan = self._plan
        counted: dict[str, list[tuple[Record, Finding]]] = {check.id: [] for check in plan.checks}
        records: dict[str, tuple[Record, ...]] = {}
        clues: dict[str, Mapping[str, Any]] = {}
        for check in plan.checks:
            left = actual.of(check.id)
            own = tuple(self._step(check, step, left) for step in check.steps)
            facts = self._facts(check, own, left) if check.measure is not None else Facts((), {})
            records[check.id], clues[check.id] = own + facts.records, facts.clues
            for record in records[check.id]:
                for finding in record.findings:
                    counted[_owner(check.id, record, finding, plan.functions)].append((record, finding))
        return Judgement((check.id, CheckFindings(check.id, records[check.id], tuple(counted[check.id]),
                                                  clues[check.id], actual.of(check.id).ended)) for check in plan.checks)

    def _step(self, check: CheckPlan, step: Step, left: CheckEvidence) -> Record:
        right, place = self.reference.of(check.id), (check.id, step.index)
        if not _is_same(left, right, step.looks_at) or left.at(step.index).after is not right.at(step.index).after:
            return _judge_step(check, step, left, right, self._tolerance(check), self._plan.functions)
        if place not in self._own_records:
            self._own_records[place] = _judge_step(check, step, right, right, self._tolerance(check),
                                                   self._plan.functions)
        return self._own_records[place]

    def _facts(self, check: CheckPlan, own: Sequence[Record], left: CheckEvidence) -> "Facts":
        """Facts of the submission against their own expected values, or against the reference's facts.

        They are measured only where the observations themselves have the reference's form.
        """
        right = self.reference.of(check.id)
        if left.ended is not None or any(finding.aspect not in HARMLESS for record in own
                                         for finding in record.findings):
            return Facts((), {})
        if check.id not in self._expected_facts:
            measured = _measured(check, right, right)
            self._expected_facts[check.id] = {item.name: item for item in measured if isinstance(item, Fact)}
        judged = partial(_judge_facts, check, right=right, expected=self._expected_facts[check.id],
                         tolerance=self._tolerance(check))
        if not _is_same(left, right, range(len(check.steps))):
            return judged(left)
        if check.id not in self._own_facts:
            self._own_facts[check.id] = judged(right)
        return self._own_facts[check.id]

    def _tolerance(self, check: CheckPlan) -> Tolerance:
        return self._exercise.check(check.id).tolerance


def judge(exercise: Exercise, plan: Plan, actual: Evidence, expected: Evidence) -> Judgement:
    """One run's findings; see `Judge.judge`."""
    return Judge(exercise, plan, expected).judge(actual)


def _is_same(left: CheckEvidence, right: CheckEvidence, steps: Iterable[int]) -> bool:
    """Whether the outcomes of these steps are the same objects."""
    return all(left.at(step).outcome is right.at(step).outcome for step in steps)


def _owner(check_id: str, record: Record, finding: Finding, functions: Mapping[str, FunctionPlan]) -> str:
    """The check that counts a finding."""
    if record.step is None or record.step.do not in ("call", "again") or record.step.name not in functions:
        return check_id
    function = functions[record.step.name]
    if finding.aspect in TYPE_ASPECTS:
        return function.dtype
    if finding.aspect == "unchanged":
        return function.unchanged
    if record.step.topic.kind == "border" and check_id == function.errors and finding.aspect in WORTH_ASPECTS:
        return function.home  # that a legal neighbour is accepted counts with the errors, its value with the formula
    return check_id


def _judge_step(check: CheckPlan, step: Step, left: CheckEvidence, right: CheckEvidence, tolerance: Tolerance,
                functions: Mapping[str, FunctionPlan]) -> Record:
    actual, expected = left.at(step.index), right.at(step.index)
    if step.topic.kind == "disturb":
        return Record(check.id, str(step.index), step.target, step, actual.outcome, expected.outcome, ())
    if isinstance(expected.outcome, Missing | Late | NotRun) or (
            isinstance(expected.outcome, Raised) and step.topic.kind in ("dtype", "signature", "option", "layout",
                                                                         "border", "repeat")):
        raise StaffCodeError(f"{check.id}: the reference gives {expected.outcome!r} for {step.do} "
                             f"{step.name} ({step.topic.kind} {step.topic.about}); mend the solution or checks.py")
    if step.topic.kind == "error" and not isinstance(expected.outcome, Raised):
        raise StaffCodeError(f"{check.id}: the reference accepts what {step.name} must refuse ({step.topic.about}); "
                             "mend the solution or checks.py")
    if step.form != "nothing" and isinstance(expected.outcome, Returned) and _withheld(expected.outcome.value):
        raise StaffCodeError(f"{check.id}: what the reference returns for {step.do} {step.name} is too much to be sent "
                             "and compared; ask for less in checks.py")
    findings = compare_outcomes(actual.outcome, expected.outcome, step.form, tolerance, float32=uses_float32(step))
    if step.topic.about == "read-only" and isinstance(actual.outcome, Raised) and "read-only" in actual.outcome.message:
        findings = [_wrote_into(step, functions)]
    elif isinstance(actual.outcome, Returned | Raised):
        findings += [*compare_arguments(actual, _given(step, left, functions)), *_unseen(step, actual)]
    return Record(check.id, str(step.index), step.target, step, actual.outcome, expected.outcome,
                  tuple(_renamed(finding, step, functions) for finding in findings),
                  size=argument_size(asked_call(check, step)))


def _withheld(value: Any) -> bool:
    """Whether any part of a value could not be sent: two such parts would look alike."""
    if isinstance(value, list | tuple | dict):
        return any(map(_withheld, value.values() if isinstance(value, dict) else value))
    return isinstance(value, Opaque) and value.withheld


def _wrote_into(step: Step, functions: Mapping[str, FunctionPlan]) -> Finding:
    """A call that NumPy stopped has tried to change one of its read-only arrays."""
    names = [name for name, value in zip(parameter_names(step, functions), step.args, strict=True)
             if isinstance(value, Laid)]
    return Finding("unchanged", Mismatch(" / ".join(names), None, None))


def _unseen(step: Step, actual: Observation) -> list[Finding]:
    """Mutable arguments of which no evidence came that they are unchanged."""
    return [Finding("unchanged", Mismatch(str(name), None, None))
            for name, value in [*enumerate(step.args), *step.kwargs.items()]
            if isinstance(value, Laid | np.ndarray | list | dict) and str(name) not in actual.after]


def _given(step: Step, evidence: CheckEvidence, functions: Mapping[str, FunctionPlan]) -> dict[str, Any]:
    """What the mutable arguments of a step held before it, as far as that is known, by position or name."""
    given = {}
    for name, value in [*enumerate(step.args), *step.kwargs.items()]:
        if isinstance(value, Laid):
            value = value.array
        if isinstance(value, Reference):
            value = resolve(value, evidence)
        if not _holds_reference(value):
            given[str(name)] = value
    return given


def _holds_reference(value: Any) -> bool:
    return isinstance(value, Reference) or value is _UNKNOWN or (
        isinstance(value, list) and any(_holds_reference(item) for item in value))


_UNKNOWN: Any = object()


def resolve(reference: Reference, evidence: CheckEvidence) -> Any:
    """The observed value that a reference stands for."""
    outcome = evidence.at(reference.step).outcome
    if not isinstance(outcome, Returned):
        return _UNKNOWN
    value = outcome.value
    for index in reference.path:
        try:
            value = value[index]
        except (TypeError, KeyError, IndexError):
            return _UNKNOWN
    return value


def resolve_argument(value: Any, evidence: CheckEvidence) -> Any:
    """An argument of a step, earlier results filled in as far as they were observed."""
    if isinstance(value, Reference):
        found = resolve(value, evidence)
        return Opaque("…") if found is _UNKNOWN else found
    return [resolve_argument(item, evidence) for item in value] if isinstance(value, list) else value


def _renamed(finding: Finding, step: Step, functions: Mapping[str, FunctionPlan]) -> Finding:
    """A changed argument is told by its name."""
    if finding.aspect != "unchanged" or not finding.mismatch.path.isdigit():
        return finding
    name = parameter_names(step, functions)[int(finding.mismatch.path)]
    return replace(finding, mismatch=replace(finding.mismatch, path=name))


def asked_call(check: CheckPlan, step: Step) -> Step:
    """The call that a step is about: itself, or the one whose result it looks at again."""
    return check.steps[step.on.step] if step.do == "again" and step.on is not None else step


def argument_size(step: Step) -> int:
    """How much there is to read in a call: elements of all arguments."""
    return sum(_elements(value) for value in [*step.args, *step.kwargs.values()])


def _elements(value: Any) -> int:
    if isinstance(value, Laid):
        value = value.array
    if isinstance(value, list | tuple | dict):
        return 1 + sum(_elements(item) for item in (value.values() if isinstance(value, dict) else value))
    return int(value.size) if isinstance(value, np.ndarray) else 1


# --- facts ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Facts:
    """What was measured in one check's observations."""

    records: tuple[Record, ...]
    clues: Mapping[str, Any]


def _judge_facts(check: CheckPlan, left: CheckEvidence, right: CheckEvidence, expected: Mapping[str, Fact],
                 tolerance: Tolerance) -> Facts:
    measured = _measured(check, left, right)
    facts = {item.name: item for item in measured if isinstance(item, Fact)}
    records = [_judge_fact(check, item, expected, tolerance) for item in measured if isinstance(item, Fact)]
    records += [_absent_fact(check, item) for item in expected.values()
                if item.expected is None and item.name not in facts]
    return Facts(tuple(records), {item.name: item.value for item in measured if isinstance(item, Clue)})


def _absent_fact(check: CheckPlan, item: Fact) -> Record:
    """A fact of the reference that could not be measured in the submission: no evidence, no points."""
    finding = Finding("kind", Mismatch(item.name, None, item.actual))
    return Record(check.id, item.name, item.function or check.id, None, Returned(None), Returned(item.actual),
                  (finding,), fact=item)


def _measured(check: CheckPlan, evidence: CheckEvidence, reference: CheckEvidence) -> list[Fact | Clue]:
    assert check.measure is not None
    values = _fill(check.returned, evidence, reference)
    try:
        with np.errstate(all="ignore"):
            return list(check.measure(values))
    except Exception as error:
        raise StaffCodeError(f"{check.id}: measuring raised {type(error).__name__}: {error}; mend checks.py") from error


def _fill(value: Any, evidence: CheckEvidence, reference: CheckEvidence) -> Any:
    if isinstance(value, Reference):
        found = resolve(value, evidence)
        return None if found is _UNKNOWN else _held_as(resolve(value, reference), found)
    if isinstance(value, Mapping):
        return {key: _fill(item, evidence, reference) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, evidence, reference) for item in value]
    return value


def _held_as(wanted: Any, value: Any) -> Any:
    """A value in the reference's containers: measuring code may rely on arrays, and a list of numbers is as right."""
    if isinstance(wanted, np.ndarray) and isinstance(value, list | tuple):
        try:
            array = np.asarray(value)
        except ValueError:
            return value
        return array if array.dtype.kind in "biufcU" else value
    if isinstance(wanted, list | tuple) and (isinstance(value, list | tuple)
                                             or (isinstance(value, np.ndarray) and value.ndim)):
        return [_held_as(left, right) for left, right in zip_longest(wanted[:len(value)], value)]
    if isinstance(wanted, Mapping) and isinstance(value, Mapping):
        return {key: _held_as(wanted.get(key), item) for key, item in value.items()}
    return value


def _judge_fact(check: CheckPlan, item: Fact, expected: Mapping[str, Fact], tolerance: Tolerance) -> Record:
    goal = item.expected
    if goal is None:
        if item.name not in expected:
            raise StaffCodeError(f"{check.id}: fact {item.name!r} is not measured in the reference; mend checks.py")
        goal = expected[item.name].actual
    findings = compare_values(item.actual, goal, item.form, fact_tolerance(item, tolerance), path=item.name)
    if item.expected is not None and not _is_finite(goal):  # what was recomputed from NaN agrees with any NaN
        findings = [Finding("value", Mismatch(item.name, item.actual, goal))]
    return Record(check.id, item.name, item.function or check.id, None, Returned(item.actual), Returned(goal),
                  tuple(findings), fact=item)


def fact_tolerance(item: Fact, tolerance: Tolerance) -> Tolerance:
    """A fact's own tolerance, else that of its check."""
    if item.rtol is None or item.atol is None:
        return tolerance
    band = Band(item.rtol, item.atol)
    return Tolerance(float64=band, float32=band)


def _is_finite(value: Any) -> bool:
    """Whether there is no NaN and no infinity among the numbers of a value."""
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.all(np.isfinite(array)))
