"""Mutations by machine: what they change, what they leave alone, and what a report makes of them."""

import ast

import pytest

from grader.mutation import Mutation, mutations
from grader.spec import Equivalent
from grader.vet import MutationReport


def made(source: str) -> set[str]:
    """The changed lines of all mutations, without parentheses that only keep things together."""
    return {mutation.after for mutation in mutations(source)}


@pytest.mark.parametrize("source, wanted", [
    ("y = a + b", {"y = a - b", "y = a", "y = b"}),
    ("y = a - b", {"y = a + b", "y = a", "y = (-b)"}),
    ("y = a / b", {"y = a * b", "y = a"}),
    ("y = a ** 2", {"y = a * 2", "y = a", "y = a ** 3", "y = a ** 1"}),
    ("y = a @ b", {"y = a"}),
    ("y = (a + b) * c", {"y = (a + b) / c", "y = (a - b) * c", "y = (a + b)", "y = c", "y = (a) * c", "y = (b) * c"}),
    ("y += a", {"y -= a", "pass"}),
    ("y = -a", {"y = a"}),
    ("y = a < b", {"y = a <= b", "y = a >= b"}),
    ("y = 0 <= a < 1", {"y = 0 < a < 1", "y = 0 > a < 1", "y = 0 <= a <= 1", "y = 0 <= a >= 1", "y = 1 <= a < 1",
                        "y = -1 <= a < 1", "y = 0 <= a < 2", "y = 0 <= a < 0"}),
    ("y = a not in b", {"y = a in b"}),
    ("y = a and b", {"y = (a or b)", "y = (a)", "y = (b)"}),
    ("y = True", {"y = False"}),
    ("y = 0.5", {"y = 0.55"}),
    ("y = f(a, b)", {"y = f(b, a)"}),
    ("y = f(a, axis=1)", {"y = f(a)", "y = f(a, axis=2)", "y = f(a, axis=0)"}),
    ("y = np.abs(a)", {"y = a"}),
    ("y = a.copy()", {"y = a"}),
    ("y = np.maximum(a, b)", set()),
    ("y = a, b", {"y = b, a"}),
    ("y = a if b else c", {"y = a", "y = c"}),
    ("f(a)", {"pass", "a"}),
    ("for k in a:\n    break", {"continue"}),
    ("if a:\n    b = c", {"if False:", "if not a:"}),
    ("raise ValueError(f'{a} + {b}')", {"raise RuntimeError(f'{a} + {b}')"}),
    ("가 = 값 + 하나  # 더하기", {"가 = 값 - 하나  # 더하기", "가 = 값  # 더하기", "가 = 하나  # 더하기"}),
])
def test_what_is_changed(source, wanted):
    assert made(source) == wanted


@pytest.mark.parametrize("source", [
    "import numpy as np", '"""2 + 2"""', "text = 'a' + b", "def f(a: 1 + 1) -> 2 + 2:\n    return a",
    "if __name__ == '__main__':\n    print(1 + 1)", "y = f'{a + b}'",
])
def test_what_only_people_read_stays(source):
    assert made(source) == set()


def test_defaults_and_places_are_told():
    source = "def step(x, lr=0.5):\n    if x:\n        return (x\n                + lr)\n"
    found = {(each.function, each.line, each.before, each.after) for each in mutations(source)}
    assert ("step", 1, "def step(x, lr=0.5):", "def step(x, lr=0.55):") in found
    assert ("step", 4, "+ lr)", "- lr)") in found
    assert ("step", 3, "return (x + lr)", "return (x)") in found


def test_every_mutation_is_another_module_and_comes_once():
    source = "def f(a, b=2):\n    return [a[k] * b - 1 for k in range(len(a)) if k % 2 == 0 and not b > 3]\n"
    found = [mutation.source for mutation in mutations(source)]
    assert len(found) == len(set(found)) > 20
    assert ast.dump(ast.parse(source)) not in {ast.dump(ast.parse(each)) for each in found}


def report(killers: dict[str, tuple[str, ...]], *equivalents: Equivalent) -> MutationReport:
    made = {Mutation("f", 1, "y = x", after, after): checks for after, checks in killers.items()}
    return MutationReport("toy", made, equivalents, ())


def test_a_survivor_counts_unless_it_is_explained():
    killers = {f"y = {k}": ("one",) for k in range(49)} | {"y = x + 0": ()}
    assert report(killers).score == 0.98
    assert report(killers).passed
    explained = report(killers, Equivalent("f", "y = x", ("y = x + 0",), "adds nothing"))
    assert explained.score == 1 and not explained.survivors and explained.passed
    assert report({"y = 1": ("one",), "y = 2": ()}).passed is False


@pytest.mark.parametrize("row", [
    Equivalent("f", "y = x", ("y = 1",), "is killed"), Equivalent("g", "y = x", ("y = 2",), "another function"),
    Equivalent("f", "y = z", ("y = 2",), "another line"),
])
def test_a_stale_explanation_is_a_problem(row):
    found = report({"y = 1": ("one",), "y = 2": ("one", "two")}, row)
    assert found.stale == [(row.before, row.after[0])]
    assert not found.passed


def test_the_kill_matrix_counts():
    found = report({"y = 1": ("one",), "y = 2": ("one", "two"), "y = 3": ()})
    assert found.killed_by("one") == (2, 1)
    assert found.killed_by("two") == (1, 0)
    assert [mutation.after for mutation in found.survivors] == ["y = 3"]
