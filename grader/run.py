"""Drives one submission through a kernel: its own code first, then the probe, check by check. What came is returned."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.catalog import ExerciseFolder
from grader.errors import StaffCodeError
from grader.inside.codec import CodecError
from grader.kernel import KernelSession, Outcome
from grader.kernels import Kernels
from grader.messages import say
from grader.observation import CheckEvidence, Evidence, Raised, read_observations, read_raised
from grader.plan import Plan, probe_request
from grader.spec import Limits
from grader.submission import Submission
from grader.verdict import RunError, Verdict

PLATFORM_MODULES = ("otter", "client", "learntools", "babypandas", "piplite", "pyspark", "google.colab", "nbgrader")
ENDINGS = {"timed_out": Verdict.TIMED_OUT, "died": Verdict.CRASHED, "out_of_memory": Verdict.OUT_OF_MEMORY,
           "error": Verdict.CRASHED}
MAX_LINES = 6


@dataclass(frozen=True)
class Run:
    """One submission's run: evidence, how it ended early (if so), and what went wrong on the way, first cause first."""

    evidence: Evidence
    ended: Verdict | None
    notices: tuple[RunError, ...]


Like = Callable[[], Evidence | None]  # the reference's evidence once it is known: see `read_observations`


def nothing_known() -> None:
    """For who has no reference."""


async def run_submission(exercise: ExerciseFolder, submission: Submission, plan: Plan, kernels: Kernels,
                         limits: Limits, lang: str, like: Like = nothing_known) -> Run:
    """Run a submission's code and gather the evidence that the plan asks for."""
    async def run(session: KernelSession) -> Run:
        if submission.kind == "notebook":
            ended, notices = await _run_cells(session, submission.cells, limits, lang)
        else:
            ended, notices = await _run_module(session, exercise.spec.id, submission.cells[0], limits, lang)
        evidence, broken = await probe_all(session, plan, limits, ended, like=like)
        if ended is None:
            ended = next((Verdict(check.ended) for check in evidence.checks.values() if check.ended), None)
            if ended is not None:
                notices.append(_ending(ended, say("run.checks", lang), limits, lang, broken))
        return Run(evidence, ended, tuple(notices))

    return await kernels.run(exercise, limits, run)


async def probe_all(session: KernelSession, plan: Plan, limits: Limits, ended: Verdict | None,
                    chance: int | None = None, like: Like = nothing_known) -> tuple[Evidence, Outcome | None]:
    """Evidence of every check, and the first outcome that was not a reply.

    A check that the kernel did not live to see ended as the kernel did. What is random inside the kernel follows
    from the plan's seed, or from `chance`.
    """
    checks: dict[str, CheckEvidence] = {}
    first_broken: Outcome | None = None
    for check in plan.checks:
        if not session.alive:
            checks[check.id] = CheckEvidence({}, ended or Verdict.CRASHED)
            continue
        request = probe_request(check, plan.seed if chance is None else chance, limits.call_s)
        outcome = await session.run_probe(request, limits.cell_s)
        broken = None if outcome.ended == "ok" else ENDINGS[outcome.ended]
        reference = like()
        checks[check.id] = CheckEvidence(read_observations(
            outcome.payloads, check.id, reference.of(check.id) if reference is not None else None), broken)
        if broken:
            ended, first_broken = ended or broken, first_broken or outcome
    return Evidence(checks), first_broken


# --- the submission's own code -------------------------------------------------------------------------------------

async def _run_module(session: KernelSession, name: str, source: str, limits: Limits,
                      lang: str) -> tuple[Verdict | None, list[RunError]]:
    outcome = await load_module(session, name, source, limits)
    place = say("run.module", lang)
    if outcome.ended == "out_of_memory" or outcome.ended in ("timed_out", "died"):
        ended = ENDINGS[outcome.ended]
        return ended, [_ending(ended, place, limits, lang, outcome)]
    raised = load_error(outcome.payloads)
    if raised is None:
        return None, []
    return _module_verdict(raised), [_module_error(raised, lang)]


async def load_module(session: KernelSession, name: str, source: str, limits: Limits,
                      seed: int | None = None) -> Outcome:
    """Run a module's source in the kernel under its own name; with a `seed` its random numbers can be had again."""
    return await session.run_probe({"op": "load", "name": name, "source": source, "seed": seed}, limits.cell_s)


def load_error(payloads: Sequence[Any]) -> Raised | None:
    """The error that ended a module, as far as the kernel told."""
    for payload in payloads:
        load = payload.get("load") if isinstance(payload, Mapping) else None
        if load == "ok":
            return None
        try:
            return read_raised(load)
        except CodecError:
            continue
    return Raised(("builtins.RuntimeError",), "")


def _module_verdict(raised: Raised) -> Verdict:
    if "builtins.MemoryError" in raised.kinds:  # NumPy has one of its own
        return Verdict.OUT_OF_MEMORY
    return Verdict.TIMED_OUT if raised.full_name == "builtins.KeyboardInterrupt" else Verdict.CRASHED


def _module_error(raised: Raised, lang: str) -> RunError:
    lines = tuple(f"{frame.line}: {frame.text}" for frame in raised.frames)[-MAX_LINES:]
    place = raised.frames[-1] if raised.frames else None
    if "builtins.SyntaxError" in raised.kinds:
        reason = raised.message.partition(" (")[0]
        if "Missing parentheses in call to 'print'" in raised.message:
            reason = say("run.python2", lang)
        return RunError("syntax_error", say("unreadable.syntax", lang, line=place.line if place else 0, reason=reason,
                                            code=place.text if place else ""), say("run.module", lang), lines)
    text = explain(raised.name, raised.message, lang)
    message = say("run.line", lang, line=place.line, error=text) if place else text
    return RunError("exited" if raised.name == "SystemExit" else "module_failed", message, say("run.module", lang),
                    lines)


async def _run_cells(session: KernelSession, cells: Sequence[str], limits: Limits,
                     lang: str) -> tuple[Verdict | None, list[RunError]]:
    """Run every cell, also after one that failed. One cause is told, its cascade of NameErrors is folded.

    A cell that was stopped at a limit names the verdict, even if the kernel lives on and the checks earn points.
    """
    ended: Verdict | None = None
    notices: list[RunError] = []
    cascade: list[int] = []
    first_failed: int | None = None
    for number, source in enumerate(cells, start=1):
        outcome = await session.execute(source, limits.cell_s)
        place = say("run.cell", lang, cell=number)
        if outcome.ended == "ok":
            continue
        if outcome.ended == "error":
            if first_failed is not None and outcome.failure is not None and outcome.failure.name == "NameError":
                cascade.append(number)
                continue
            first_failed = first_failed or number
            notices.append(_cell_error(number, outcome, lang))
            continue
        notices.append(_ending(ENDINGS[outcome.ended], place, limits, lang, outcome))
        first_failed = first_failed or number
        ended = ended or ENDINGS[outcome.ended]
        if not session.alive:
            break
    if cascade:
        shown = ", ".join(map(str, cascade[:8])) + (", …" if len(cascade) > 8 else "")
        notices.append(RunError("cascade", say("run.cascade", lang, cells=shown, cell=first_failed,
                                               count=len(cascade))))
    return ended, notices


def _cell_error(number: int, outcome: Outcome, lang: str) -> RunError:
    failure = outcome.failure
    name, message = (failure.name, failure.message) if failure else ("Error", "")
    text = explain(name, message, lang)
    return RunError("cell_failed", say("run.cell_failed", lang, cell=number, error=text),
                    say("run.cell", lang, cell=number), student_lines(failure.traceback if failure else ()))


def _ending(ended: Verdict, place: str, limits: Limits, lang: str, outcome: Outcome | None = None) -> RunError:
    """What ended or stopped a part of the run."""
    cause = outcome.failure.message if outcome and outcome.failure else ""
    if ended is Verdict.TIMED_OUT:
        return RunError("timed_out", say("run.timed_out", lang, place=place, seconds=f"{limits.cell_s:g}"), place)
    if ended is Verdict.OUT_OF_MEMORY:
        return RunError("out_of_memory", say("run.out_of_memory", lang, place=place, limit=limits.memory_mb), place)
    if outcome is not None and outcome.ended == "error":
        return RunError("no_evidence", say("run.no_evidence", lang, place=place, cause=cause), place)
    return RunError("died", say("run.died", lang, place=place, cause=cause or "exit"), place)


def explain(name: str, message: str, lang: str) -> str:
    """An error as one line, with a word of help where its cause lies in how submissions are run."""
    line = message.splitlines()[0][:300] if message.strip() else ""
    text = f"{name}: {line}" if line else name
    if name == "StdinNotImplementedError":
        return say("run.input", lang)
    if name == "SyntaxError" and "Missing parentheses in call to 'print'" in message:
        return say("run.python2", lang)
    missing = re.match(r"No module named '([\w.]+)'", message)
    if missing and missing[1].startswith(PLATFORM_MODULES):
        return f"{text} ({say('run.platform', lang, module=missing[1])})"
    unfetched = re.search(r"URL fetch failure on \S*?([^/\s]+): ", message)
    if unfetched:
        return f"{unfetched[1]}: {say('run.download', lang)}"
    if name in ("URLError", "gaierror", "ConnectionError", "MaxRetryError") or (
            "Name or service not known" in message or "Temporary failure in name resolution" in message):
        return f"{text} ({say('run.download', lang)})"
    return text


def student_lines(traceback: Sequence[str]) -> tuple[str, ...]:
    """The lines of a traceback that lie in the student's own cells: `line number: code`."""
    lines: list[str] = []
    for block in traceback:
        if not re.match(r"\s*(?:Cell |Input )?In\s?\[|\s*<ipython-input|\s*File <ipython|\s*Cell In", block):
            continue
        for line in block.splitlines():
            arrow = re.match(r"-+>\s*(\d+)\s?(.*)", line)
            if arrow:
                lines.append(f"{arrow[1]}: {arrow[2].strip()}")
    return tuple(lines[-MAX_LINES:])


def require_ok(outcome: Outcome, what: str) -> None:
    """Raise `StaffCodeError` where code of the course did not run to its end."""
    if outcome.ended != "ok":
        raise StaffCodeError(f"{what} ended as {outcome.ended}"
                             + (f" ({outcome.failure.name}: {outcome.failure.message})" if outcome.failure else ""))
