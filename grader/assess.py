"""Findings and causes as what a student reads: verdicts, points, rationale, hint, smallest failing call. Pure."""

import reprlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.charts import training_chart, worst_chart
from grader.compare import Finding, describe, is_number
from grader.diagnose import Cause, diagnose
from grader.judge import CheckFindings, Judgement, Record, asked_call, resolve_argument
from grader.messages import say
from grader.observation import Evidence, Laid, Missing, NotRun, Opaque, Outcome, Raised, Returned
from grader.plan import Fact, FunctionPlan, Plan, Step, parameter_names
from grader.spec import CheckSpec, Exercise
from grader.verdict import Chart, CheckResult, Counterexample, Diagnosis, Mismatch, Verdict

MAX_MISMATCHES = 10
MAX_CALL = 300
MAX_VALUE = 160
MAX_LINES = 6
MAX_CHARTS = 3  # of one grade, besides the curves of its training
# The worst thing first: what to say of a check whose findings are of several aspects.
SEVERITY = ("late", "missing", "raised", "error", "kind", "shape", "value", "type", "dtype", "unchanged", "notrun")


def assess(exercise: Exercise, plan: Plan, evidence: Evidence, submission: Judgement,
           mutants: Mapping[str, Judgement], lang: str) -> tuple[CheckResult, ...]:
    """The result of every check, in the order of the exercise."""
    causes = diagnose(submission, mutants)
    results: dict[str, CheckResult] = {}
    for spec in exercise.checks:
        check = submission[spec.id]
        waits = [need for need in spec.needs if results[need].verdict is not Verdict.PASSED]
        if not check.failed:
            results[spec.id] = CheckResult(spec.id, spec.title.to(lang), Verdict.PASSED, spec.points, spec.points)
        elif waits and check.ended is None:
            first = results[waits[0]].title
            results[spec.id] = CheckResult(spec.id, spec.title.to(lang), Verdict.SKIPPED, 0.0, spec.points,
                                           rationale=say("rationale.waits", lang, title=first))
        else:
            results[spec.id] = _failed(exercise, spec, check, plan, evidence, causes.get(spec.id), lang)
    return _with_training(_with_few_charts(tuple(results.values())), submission)


def _with_few_charts(results: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """The charts of the checks that cost most."""
    drawn = sorted((result for result in results if result.charts), key=lambda result: -result.max_points)
    kept = {result.id for result in drawn[:MAX_CHARTS]}
    return tuple(result if result.id in kept else replace(result, charts=()) for result in results)


def _with_training(results: tuple[CheckResult, ...], submission: Judgement) -> tuple[CheckResult, ...]:
    found = training_chart(submission)
    return results if found is None else tuple(
        replace(result, charts=(*result.charts, found[1])) if result.id == found[0] else result for result in results)


def _failed(exercise: Exercise, spec: CheckSpec, check: CheckFindings, plan: Plan, evidence: Evidence,
            cause: Cause | None, lang: str) -> CheckResult:
    worst = _worst(check, cause.group if cause is not None else None)
    diagnosis, hint = _named(exercise, spec, cause, lang)
    mismatches: tuple[Mismatch, ...] = ()
    counterexample = None
    if worst is not None:
        record, finding = worst
        mismatches = tuple(_named_place(item.mismatch, record, lang) for other, item in check.counted
                           if other is record and item.aspect == finding.aspect)[:MAX_MISMATCHES]
        if record.step is not None:
            counterexample = Counterexample(
                render_call(_asked(plan, record.check, record.step), plan.functions, evidence, record.check),
                render(describe(record.actual), MAX_VALUE),
                render(record.expected.name if isinstance(record.expected, Raised) else describe(record.expected),
                       MAX_VALUE))
    return CheckResult(spec.id, spec.title.to(lang), _verdict(check), 0.0, spec.points,
                       rationale=_rationale(check, worst, lang), hint=hint, diagnosis=diagnosis,
                       mismatches=mismatches, counterexample=counterexample, traceback=_traceback(worst),
                       charts=_charts(exercise, check, plan, evidence, cause, lang))


def _traceback(worst: tuple[Record, Finding] | None) -> tuple[str, ...]:
    """The student's lines on the way to the error that is shown."""
    if worst is None or not isinstance(worst[0].actual, Raised):
        return ()
    return tuple(f"{frame.line}: {frame.text}" for frame in worst[0].actual.frames)[-MAX_LINES:]


def _charts(exercise: Exercise, check: CheckFindings, plan: Plan, evidence: Evidence, cause: Cause | None,
            lang: str) -> tuple[Chart, ...]:
    found = worst_chart(exercise, check, cause.group if cause is not None else None)
    if found is None:
        return ()
    record, chart = found
    if record.step is not None:
        title = render_call(_asked(plan, record.check, record.step), plan.functions, evidence, record.check)
    else:
        title = _fact_name(record.fact, lang) if record.fact is not None else record.group
    return (replace(chart, title=title),)


def _named_place(mismatch: Mismatch, record: Record, lang: str) -> Mismatch:
    """A mismatch whose place is told in the student's language."""
    if record.fact is None:
        return mismatch
    return replace(mismatch, path=mismatch.path.replace(record.fact.name, _fact_name(record.fact, lang), 1))


def _fact_name(fact: Fact, lang: str) -> str:
    return fact.ko if lang == "ko" and fact.ko else fact.name


def _asked(plan: Plan, check_id: str, step: Step) -> Step:
    return asked_call(next(check for check in plan.checks if check.id == check_id), step)


def _verdict(check: CheckFindings) -> Verdict:
    if check.ended is not None:
        return Verdict(check.ended)
    if any(finding.aspect == "late" for _, finding in check.counted):
        return Verdict.TIMED_OUT
    if any(isinstance(record.actual, Raised) and "builtins.MemoryError" in record.actual.kinds
           and not isinstance(record.expected, Raised) for record, _ in check.counted):
        return Verdict.OUT_OF_MEMORY
    return Verdict.FAILED


def _named(exercise: Exercise, spec: CheckSpec, cause: Cause | None, lang: str) -> tuple[Diagnosis | None, str]:
    """The diagnosis, and the hint that goes with it (the check's own where the cause has none)."""
    if cause is None:
        return None, spec.hint.to(lang)
    if not cause.planted:
        return Diagnosis(cause.id, say(f"diagnosis.{cause.id}", lang, **cause.values)), spec.hint.to(lang)
    mistake = exercise.mistake(cause.id)
    if mistake is None:  # a mutant without a text: vetting tells
        return None, spec.hint.to(lang)
    return Diagnosis(cause.id, mistake.message.to(lang)), mistake.hint.to(lang)


def _worst(check: CheckFindings, group: str | None) -> tuple[Record, Finding] | None:
    """The finding to show: of the function that the diagnosis is about, the gravest aspect, the smallest call."""
    counted = [pair for pair in check.counted if pair[0].group == group] or list(check.counted)
    # What the submission itself gave comes before what observers then made of it.
    counted = [pair for pair in counted if pair[0].step is not None and pair[0].step.do in ("call", "get")] or counted
    aspects = {finding.aspect for _, finding in counted}
    aspect = next((name for name in SEVERITY if name in aspects), None)
    candidates = [(record, finding) for record, finding in counted if finding.aspect == aspect]
    return min(candidates, key=lambda pair: (pair[0].size, int(pair[0].key) if pair[0].key.isdigit() else 0),
               default=None)


def _rationale(check: CheckFindings, worst: tuple[Record, Finding] | None, lang: str) -> str:
    """One sentence why the check failed."""
    if check.ended is not None:
        return say(f"rationale.{check.ended}", lang)
    assert worst is not None
    record, finding = worst
    group = _fact_name(record.fact, lang) if record.fact is not None else record.group
    mismatch, actual = finding.mismatch, record.actual
    if finding.aspect == "raised" and isinstance(actual, Raised):
        if actual.name == "NotImplementedError":
            return say("rationale.not_started", lang, name=group)
        place = actual.frames[-1] if actual.frames else None
        text = describe(actual)
        return say("rationale.raised_at", lang, name=group, error=text, line=place.line, code=place.text) if place \
            else say("rationale.raised", lang, name=group, error=text)
    if finding.aspect == "missing":
        return say("rationale.missing", lang, name=actual.name if isinstance(actual, Missing) else group)
    if finding.aspect == "error":
        key = "rationale.wrong_error" if isinstance(actual, Raised) else "rationale.no_error"
        return say(key, lang, name=group, expected=mismatch.expected, actual=render(mismatch.actual, 80))
    if finding.aspect in ("value", "kind") and isinstance(actual, Returned) and actual.value is None:
        called = record.step is not None and record.step.do != "get"
        return say("rationale.returned_none" if called else "rationale.still_none", lang, name=group)
    return say(f"rationale.{finding.aspect}", lang, name=group, path=mismatch.path,
               actual=render(mismatch.actual, 60), expected=render(mismatch.expected, 60))


def is_untouched(submission: Judgement) -> bool:
    """Whether nothing has been filled in: every answer is missing, None, `...` or a NotImplementedError.

    An object that can be made says nothing yet: the starter of a class can be made, too.
    """
    answers = [record.actual for check in submission.values() for record in check.records
               if record.step is not None and record.step.do in ("call", "get")]
    answers = [answer for answer in answers if not isinstance(answer, NotRun) and not _is_bare_object(answer)]
    return bool(answers) and all(_is_blank(answer) for answer in answers)


def _is_bare_object(answer: Outcome) -> bool:
    return isinstance(answer, Returned) and isinstance(answer.value, Opaque) and not _is_blank(answer)


def _is_blank(answer: Outcome) -> bool:
    if isinstance(answer, Raised):
        return answer.name == "NotImplementedError"
    if isinstance(answer, Returned):
        value = answer.value
        return value is None or (isinstance(value, Opaque) and value == Opaque("builtins.ellipsis"))
    return isinstance(answer, Missing)


# --- values and calls as text --------------------------------------------------------------------------------------

def render_call(step: Step, functions: Mapping[str, FunctionPlan], evidence: Evidence, check_id: str) -> str:
    """A step as the student could type it, arguments by name, long values cut."""
    def shown(value: Any) -> str:
        value = resolve_argument(value, evidence.of(check_id))
        return repr(value) if isinstance(value, str) and len(value) < 80 else render(value, 80)

    if step.do == "get":
        return step.name
    arguments = [shown(value) if name.isdigit() else f"{name}={shown(value)}"
                 for name, value in zip(parameter_names(step, functions), step.args, strict=True)]
    arguments += [f"{name}={shown(value)}" for name, value in step.kwargs.items()]
    call = f"{step.target}({', '.join(arguments)})"
    return call if len(call) <= MAX_CALL else call[:MAX_CALL - 2] + "…)"


class _Short(reprlib.Repr):
    """Values as short text: four significant digits for long fractions, lists for arrays."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = 8
        self.maxstring = self.maxother = 120
        self.maxlevel = 6

    def repr1(self, value: Any, level: int) -> str:
        if isinstance(value, np.generic) and not isinstance(value, str):
            return render(value, self.maxother)
        return super().repr1(value, level)

    def repr_float(self, value: float, level: int) -> str:
        return format_number(value)

    def repr_ndarray(self, value: np.ndarray[Any, Any], level: int) -> str:
        if value.dtype.kind == "U":
            return self.repr1(value.tolist(), level)
        if value.size > 64:
            return f"array{value.shape} {value.dtype}"
        body = self.repr1(value.tolist(), level)
        return body if value.dtype in (np.float64, np.int64) else f"{value.dtype}({body})"

    def repr_Laid(self, value: Laid, level: int) -> str:  # noqa: N802 (reprlib looks methods up by class name)
        return f"{self.repr1(value.array, level)} ({value.layout})"

    def repr_Opaque(self, value: Any, level: int) -> str:  # noqa: N802
        return str(value.class_name).rpartition(".")[2]

    def repr_FilePath(self, value: str, level: int) -> str:  # noqa: N802
        return self.repr_str(str(value), level)


_short = _Short()


def render(value: Any, limit: int) -> str:
    """A value as text of at most `limit` characters."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, np.generic) or is_number(value):
        plain = value.item() if isinstance(value, np.generic | np.ndarray) else value
        text = format_number(plain) if isinstance(plain, float) else str(plain)
        dtype = getattr(value, "dtype", None)
        text = f"{dtype}({text})" if dtype is not None and dtype.name not in ("float64", "int64", "bool") else text
    else:
        text = _short.repr(value)
    return text if len(text) <= limit else text[:limit - 1] + "…"


def format_number(value: float) -> str:
    """A float to six significant digits, whole ones with one decimal."""
    text = f"{value:.6g}"
    return f"{text}.0" if text.lstrip("-").isdigit() else text
