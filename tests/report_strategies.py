"""Arbitrary grades for property tests of reports: any text, any numbers, any verdict."""

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from grader.verdict import (
    CheckResult,
    Counterexample,
    Diagnosis,
    Grade,
    Mismatch,
    RunError,
    SubmissionInfo,
    Verdict,
)

# Drawing a whole grade costs more than any test of it; no deadline, because machines of CI are shared.
quick = settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])

_NASTY = ("\x1b[31m", "\x9b2J", "\x07", "\r", "\n::error::", "##[error]", "\u202e", "\u200b", "\u2028", "\ud800",
          "\ufffe", "\x00", "[bold]", "[/]", "<script>", "]]>", "&amp;", "{{ x }}", "한글", "가나다라마바사 ", " ",
          "\t", "👨‍👩‍👧", "✔️", "e\u0301", "\u0301" * 9, "::", "a" * 45, "=")
_pieces = st.one_of(st.sampled_from(_NASTY), st.text(st.characters(), max_size=12))
texts = st.lists(_pieces, max_size=6).map("".join)
numbers = st.one_of(st.none(), st.floats())
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, st.complex_numbers(),
              st.floats(width=32).map(np.float32), st.integers(0, 255).map(np.uint8),
              st.lists(st.floats(width=32), max_size=4).map(np.array)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=3)), max_leaves=5)
points = st.floats(0, 100).map(lambda value: round(value, 2))
mismatches = st.builds(Mismatch, texts, values, values, numbers, numbers, numbers, numbers)
optional_texts = st.one_of(st.none(), texts)
checks = st.builds(
    CheckResult, id=texts, title=texts, verdict=st.sampled_from(Verdict), points=points, max_points=points,
    rationale=optional_texts, hint=optional_texts,
    diagnosis=st.one_of(st.none(), st.builds(Diagnosis, texts, texts)),
    mismatches=st.lists(mismatches, max_size=2).map(tuple),
    counterexample=st.one_of(st.none(), st.builds(Counterexample, texts, texts, texts)))
run_errors = st.builds(RunError, texts, texts, optional_texts, st.lists(texts, max_size=3).map(tuple))


def _consistent(grade: Grade) -> Grade:
    return replace(grade, points=None) if grade.verdict is Verdict.NOT_GRADED else grade


grades = st.builds(
    Grade, exercise=texts, exercise_title=texts, exercise_version=texts,
    submission=st.builds(SubmissionInfo, texts, texts, st.sampled_from(["module", "notebook"])),
    verdict=st.sampled_from(Verdict), points=points, max_points=points, seed=st.integers(0, 2**40),
    lang=st.sampled_from(["ko", "en"]), sandbox=st.sampled_from(["bubblewrap", "landlock", "none"]),
    duration_s=st.floats(0, 1e6), checks=st.lists(checks, max_size=4).map(tuple),
    error=st.one_of(st.none(), run_errors), notices=st.lists(run_errors, max_size=2).map(tuple),
    untouched=st.booleans()).map(_consistent)
