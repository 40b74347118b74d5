"""The course under test: a sound exercise passes, and every way to be unsound is told with what to do."""

from dataclasses import replace

import numpy as np
import pytest

from grader.authoring import arguments, check, function, integer, made, real_array
from grader.authoring import build_plan as build
from grader.observation import CheckEvidence, Evidence
from grader.spec import CheckSpec, Exercise, Text
from grader.vet import uncovered, vet
from tests import toy

TEXT = Text("글", "text")


def files(**changes):
    """Evidence of every file of the toy exercise; a change replaces the files of a role."""
    sources = {"starter": {"starter": toy.STARTER}, "solution": {"solution": toy.SOLUTION},
               "variant": dict(toy.VARIANTS), "mutant": dict(toy.MUTANTS)}
    return {role: {name: toy.evidence(source) for name, source in named.items()} for role,
            named in (sources | changes).items()}


def problems(spec=None, **changes):
    """What vetting tells: of files by name, and of the exercise as a whole."""
    report = vet(spec or toy.exercise().spec, toy.plan(), files(**changes))
    told = {row.name: row.problems for row in report.rows if row.problems}
    assert report.passed == (not told and not report.problems)
    return told, report.problems


def test_a_sound_exercise_passes():
    report = vet(toy.exercise().spec, toy.plan(), files())
    assert report.passed and report.max_points == 10 and report.seed == 0
    assert {(row.role, row.name) for row in report.rows} == {("starter", "starter"), ("solution", "solution"),
                                                             *(("variant", name) for name in toy.VARIANTS),
                                                             *(("mutant", name) for name in toy.MUTANTS)}
    assert [row.points for row in report.rows if row.role in ("solution", "variant")] == [10.0] * 4
    row = next(row for row in report.rows if row.name == "ddof_ignored")
    assert (row.points, row.failed, row.diagnoses) == (8.0, ("spreading",), ("ddof_ignored",))


def test_a_starter_that_passes_is_told():
    problem = "must lose points, but no check fails: add a check that kills it"
    assert problems(starter={"starter": toy.SOLUTION}) == ({"starter": (problem,)}, ())


def test_a_starter_with_a_name_for_its_mistake_is_told():
    problem = "is named ddof_ignored, though nothing is filled in"
    assert problems(starter={"starter": toy.MUTANTS["ddof_ignored"]}) == ({"starter": (problem,)}, ())


def test_a_variant_that_loses_points_is_told_with_the_call_that_shows_it():
    told, whole = problems(variant={**toy.VARIANTS, "wrong": toy.MUTANTS["bias_forgotten"]})
    assert whole == ()
    (problem,) = told["wrong"]
    assert problem.startswith("must get full points, but counting failed: ")
    assert "total(sizes=[784, 100, 10])" in problem and "79400" in problem and "79510" in problem


def test_a_mutant_that_survives_is_told():
    told, whole = problems(mutant={**toy.MUTANTS, "adds_two": toy.SOLUTION})
    assert told["adds_two"] == ("must lose points, but no check fails: add a check that kills it",)
    assert whole == ()


def test_a_mutant_that_is_named_otherwise_is_told():
    told, _ = problems(mutant={**toy.MUTANTS, "adds_two": toy.MUTANTS["factor_ignored"]})
    assert told == {"factor_ignored": ("is named adds_two instead of factor_ignored",)}


def test_a_mutant_without_a_name_is_told():
    whole = toy.evidence(toy.STARTER)
    silent = Evidence({name: CheckEvidence({}) for name in whole.checks})
    seen = files()
    seen["mutant"]["silent"] = silent
    report = vet(toy.exercise().spec, toy.plan(), seen)
    (row,) = [row for row in report.rows if row.name == "silent"]
    assert row.problems[0].startswith("is not named: no diagnosis in scaling")


def test_a_mutant_without_a_text_is_told():
    _, whole = problems(mutant={**toy.MUTANTS, "another": toy.planted(("(left + 1)", "(left + 3)"))})
    assert whole == ("mutant another has no text: add [mistakes.another] to exercise.toml",)


def test_a_mistake_without_a_mutant_is_told():
    _, whole = problems(mutant={name: source for name, source in toy.MUTANTS.items() if name != "factor_ignored"})
    assert whole == ("mistake factor_ignored has no mutant: write mutants/factor_ignored.py",)


def test_a_check_that_kills_nothing_is_told():
    spec = toy.exercise().spec
    spec = replace(spec, mistakes=tuple(item for item in spec.mistakes if item.id != "ddof_ignored"))
    _, whole = problems(spec, mutant={name: source for name, source in toy.MUTANTS.items() if name != "ddof_ignored"})
    assert whole == ("check spreading kills no mutant: plant one, or drop the check",)


def test_too_few_variants_are_told():
    _, whole = problems(variant={"loops": toy.VARIANTS["loops"]})
    assert whole == ("only 1 variants: write at least three right answers in other styles",)


def test_a_solution_that_does_not_answer_is_told_and_judges_nobody():
    report = vet(toy.exercise().spec, toy.plan(), files(solution={"solution": toy.STARTER}))
    assert not report.passed and report.rows == () and len(report.problems) == 1
    assert report.problems[0].startswith("scaling: the reference gives Raised")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_toy_exercise_is_sound_at_other_seeds(seed):
    seen = {role: {name: toy.evidence(source, seed) for name, source in named.items()} for role, named in {
        "starter": {"starter": toy.STARTER}, "solution": {"solution": toy.SOLUTION}, "variant": toy.VARIANTS,
        "mutant": toy.MUTANTS}.items()}
    report = vet(toy.exercise().spec, toy.plan(seed), seen)
    assert [(row.name, row.problems) for row in report.rows if row.problems] == [] and report.problems == ()


def test_a_rule_that_no_step_serves_is_told():
    plan = toy.plan()
    wrong = replace(plan.functions["total"], parameters=("sizes", "x"))
    plan = replace(plan, functions={**plan.functions, "total": wrong})
    report = vet(toy.exercise().spec, plan, files())
    assert report.problems == ("total: argument x takes fewer than two values",)


# --- rules that no step serves ---------------------------------------------------------------------------------------

def plan_of(*items):
    exercise = Exercise("exercise_01", TEXT, "numpy", (), (CheckSpec("first", 1.0, TEXT, TEXT),), ())
    return build(exercise, {f"name {k}": item for k, item in enumerate(items)}, 0, source="checks.py",
                 observers="observers")


def test_derived_calls_cover_the_rules():
    fn = function("f", arguments(x=real_array((3,)), k=integer(low=1)), home="first")
    assert uncovered(plan_of(fn)) == []


def test_an_argument_that_never_varies_is_told():
    fn = function("f", arguments(x=real_array((3,)), k=integer(low=2, high=2)), home="first")
    assert uncovered(plan_of(fn)) == ["f: argument k takes fewer than two values"]


def test_another_memory_layout_is_no_other_value():
    fn = function("f", arguments(x=made(lambda at: np.ones(3))), home="first")
    assert uncovered(plan_of(fn)) == ["f: argument x takes fewer than two values"]


def test_a_function_that_is_never_called_by_keyword_is_told():
    fn = function("f", arguments(k=integer(low=1)), home="first", limit=0)

    @check
    def first(student):
        student.f(1)
        student.f(2)

    assert uncovered(plan_of(fn, first)) == ["f: is never called by keyword"]
