"""A toy course in a folder: three small functions, and everything else that an exercise has. Observed without a kernel.

`grade(source)` is what a student would get for a module's source; `planted(old, new)` is the solution with a mistake.
"""

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from grader.assess import assess
from grader.catalog import ExerciseFolder, load_course, load_exercise
from grader.judge import Judgement, judge
from grader.observation import Evidence
from grader.plan import Plan
from grader.verdict import CheckResult, total_points
from tests.inprocess import observe

COURSE = """
title.ko = "장난감 과정"
title.en = "Toy course"
"""

CHECKS = """
\"\"\"exercise_01 - toy functions.\"\"\"

from grader.authoring import arguments, check, clue, fact, function, integer, made, real, real_array

scale = function(
    "scale",
    arguments(x=real_array(("m",), (2, 3)), factor=real(above=0, default=2.0, typical=(0.3, 4.0), refuse=True)),
    sizes={"m": (4, 1)}, returns="array", errors="bad_input", dtype="dtype_kept", unchanged="inputs_kept",
    owners={"keyword": "names", "mixed": "names"})

spread = function(
    "spread", arguments(x=real_array(("m",), dtypes=["float64"]),
                        ddof=integer(low=0, high=1, default=0, typical=(0, 1), refuse=True)),
    sizes={"m": (5, 3)}, errors="bad_input", unchanged="inputs_kept")

total = function(
    "total", arguments(sizes=made(lambda context: [int(n) for n in context.rng.integers(2, 40, 4)])),
    returns="int", unchanged="inputs_kept")


@check
def scaling(student, draw):
    for shape in (0, 1):
        student.scale(**draw(scale, shape=shape))


@check
def spreading(student, draw):
    for ddof in (0, 1):
        student.spread(draw.reals(6), ddof)


@check
def twice(student, draw):
    x = draw.reals(5)
    once = student.scale(x, 1.5)
    return {"x": x.copy(), "once": once, "twice": student.scale(once, 3.0)}


@twice.measure
def _(seen):
    yield fact("slope of the two steps", (seen["twice"][1] - seen["twice"][0]) / (seen["x"][1] - seen["x"][0]),
               expected=4.5, rtol=1e-6, atol=1e-9, function="scale")
    yield clue("first offset", seen["once"][0] - 1.5 * seen["x"][0])


@check
def counting(student):
    student.total([784, 100, 10])
    student.total([3])


@check
def names(student, draw):
    student.scale(**draw(scale, shape=1)).judged("form")


@check
def dtype_kept(student, draw):
    student.scale(**draw(scale, shape=1, dtype="float32")).judged("form")


@check
def inputs_kept(student, draw):
    student.spread(draw.reals(6)).judged("form")
"""

SOLUTION = """
import numpy as np


def scale(x, factor=2.0):
    x = np.asarray(x)
    if not factor > 0:
        raise ValueError("factor must be above 0")
    return x * factor + 1


def spread(x, ddof=0):
    if ddof not in (0, 1):
        raise ValueError("ddof must be 0 or 1")
    mean = np.sum(x) / len(x)
    return float(mean), float(np.sum((x - mean) ** 2) / (len(x) - ddof))


def total(sizes):
    return sum((left + 1) * right for left, right in zip(sizes[:-1], sizes[1:]))
"""

STARTER = """
def scale(x, factor=2.0):
    raise NotImplementedError


def spread(x, ddof=0):
    raise NotImplementedError


def total(sizes):
    raise NotImplementedError
"""


def planted(*changes: tuple[str, str]) -> str:
    """The solution with some of its text replaced."""
    source = SOLUTION
    for old, new in changes:
        assert old in source, f"{old!r} is not in the solution"
        source = source.replace(old, new)
    return source


MUTANTS: Mapping[str, str] = {
    "adds_two": planted(("factor + 1", "factor + 2")),
    "factor_ignored": planted(("x * factor + 1", "x * 2.0 + 1")),
    "works_in_place": planted(("    return x * factor + 1", "    x *= factor\n    x += 1\n    return x")),
    "always_float64": planted(("np.asarray(x)", "np.asarray(x, dtype=float)")),
    "wrong_name": planted(("factor", "faktor")),
    "accepts_anything": planted(("not factor > 0", "False"), ("ddof not in (0, 1)", "False")),
    "ddof_ignored": planted(("(len(x) - ddof)", "len(x)")),
    "bias_forgotten": planted(("(left + 1)", "left")),
}

VARIANTS: Mapping[str, str] = {
    "loops": """
import numpy as np


def scale(x, factor=2.0):
    if factor <= 0:
        raise ValueError(factor)
    result = np.empty_like(x)
    for place in np.ndindex(x.shape):
        result[place] = x[place] * factor + 1
    return result


def spread(x, ddof=0):
    if ddof < 0 or ddof > 1:
        raise ValueError(ddof)
    mean = 0.0
    for value in x:
        mean += value / len(x)
    return [mean, sum((value - mean) ** 2 for value in x) / (len(x) - ddof)]


def total(sizes):
    found = 0
    for k in range(1, len(sizes)):
        found += sizes[k] * sizes[k - 1] + sizes[k]
    return found
""",
    "numpy_words": """
import numpy as np


class NotAllowed(ValueError):
    pass


def scale(x, factor=2.0):
    if factor <= 0:
        raise NotAllowed
    return np.add(np.multiply(x, factor, dtype=x.dtype), 1, dtype=x.dtype)


def spread(x, ddof=0):
    if ddof not in range(2):
        raise NotAllowed
    return np.array([np.mean(x), np.var(x, ddof=ddof)])


def total(sizes):
    return int(np.dot(np.add(sizes[:-1], 1), sizes[1:]))
""",
    "helpers_and_dataclass": """
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass
class Line:
    slope: float
    start: float = 1.0

    def at(self, x):
        return self.start + self.slope * x


def scale(x, factor=2.0):
    if not factor > 0:
        raise ValueError("not above 0")
    return Line(factor).at(x)


def spread(x, ddof=0):
    if ddof not in (0, 1):
        raise ValueError("neither 0 nor 1")
    mean = x.mean()
    return mean, np.square(x - mean).sum() / (x.size - ddof)


def total(sizes):
    pairs = list(zip(sizes, sizes[1:]))
    return sum(a * b for a, b in pairs) + sum(b for _, b in pairs)
""",
}

POINTS = {"scaling": 3.0, "spreading": 2.0, "twice": 1.0, "counting": 1.0, "names": 0.5, "bad_input": 1.0,
          "dtype_kept": 0.5, "inputs_kept": 1.0}


def exercise_toml() -> str:
    """The declared part: every text names its check, so that tests can tell them apart."""
    lines = ['title.ko = "장난감"', 'title.en = "Toys"', 'kind = "numpy"', "topics = [1]"]
    for check_id, points in POINTS.items():
        lines += [f"[checks.{check_id}]", f"points = {points}", f'title.ko = "{check_id} 검사"',
                  f'title.en = "{check_id} check"', f'hint.ko = "{check_id} 힌트"', f'hint.en = "{check_id} hint"']
        if check_id == "twice":
            lines.append('needs = ["scaling"]')
    for name in MUTANTS:
        lines += [f"[mistakes.{name}]", f'message.ko = "{name} 실수"', f'message.en = "{name} mistake"',
                  f'hint.ko = "{name} 도움말"', f'hint.en = "{name} help"']
    return "\n".join(lines)


def files() -> dict[str, str]:
    """The whole course: its files by path."""
    staff = "solutions/exercise_01"
    return {"course.toml": COURSE, "exercises/exercise_01/exercise.toml": exercise_toml(),
            "exercises/exercise_01/checks.py": CHECKS, "exercises/exercise_01/starter.py": STARTER,
            f"{staff}/solution.py": SOLUTION,
            **{f"{staff}/mutants/{name}.py": source for name, source in MUTANTS.items()},
            **{f"{staff}/variants/{name}.py": source for name, source in VARIANTS.items()}}


def write_course(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the course; `changes` replaces files by path, None leaves one out."""
    for name, text in (files() | dict(changes or {})).items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


@cache
def exercise() -> ExerciseFolder:
    """The toy exercise, read from a folder that is gone by now."""
    with tempfile.TemporaryDirectory() as folder:
        return load_exercise(load_course(write_course(Path(folder))), "exercise_01")


@cache
def plan(seed: int = 0) -> Plan:
    return exercise().plan(seed)


@cache
def evidence(source: str, seed: int = 0) -> Evidence:
    return observe(source, plan(seed))


def reference(seed: int = 0) -> Evidence:
    return evidence(SOLUTION, seed)


def judged(seen: Evidence, seed: int = 0) -> Judgement:
    return judge(exercise().spec, plan(seed), seen, reference(seed))


@cache
def mutants(seed: int = 0) -> dict[str, Judgement]:
    return {name: judged(evidence(source, seed), seed) for name, source in MUTANTS.items()}


def assessed(seen: Evidence, seed: int = 0, lang: str = "en") -> dict[str, CheckResult]:
    """Every check's result for some evidence."""
    results = assess(exercise().spec, plan(seed), seen, judged(seen, seed), mutants(seed), lang)
    return {result.id: result for result in results}


def grade(source: str, seed: int = 0, lang: str = "en") -> dict[str, CheckResult]:
    """Every check's result for a module's source."""
    return assessed(evidence(source, seed), seed, lang)


def lost(results: Mapping[str, CheckResult]) -> set[str]:
    """The checks that gave no points."""
    return {name for name, result in results.items() if result.points == 0}


def points(results: Mapping[str, CheckResult]) -> float:
    return total_points(tuple(results.values()))


def diagnoses(results: Mapping[str, CheckResult]) -> dict[str, str | None]:
    """What is named, by failed check."""
    return {name: result.diagnosis.id if result.diagnosis else None
            for name, result in results.items() if result.points == 0}
