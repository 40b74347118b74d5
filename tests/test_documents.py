"""What the documents state of the repository is so."""

import ast
import re

import pytest

from tests.attacks.attack import read_attacks
from tests.conftest import ROOT

SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ATTACKS = SECURITY.partition("## What proves it")[2].partition("Beside them")[0]


def test_every_attack_is_listed_once():
    listed = re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+){2,})`", ATTACKS)
    assert sorted(listed) == sorted(attack.name for attack in read_attacks())


def test_every_group_of_attacks_has_the_number_that_is_told():
    groups = re.findall(r"^- \*\*.+\*\* \((\d+)\)\n((?:  .+\n)+)", ATTACKS, re.MULTILINE)
    assert groups
    for number, names in groups:
        assert names.count("`") == 2 * int(number)


@pytest.mark.parametrize("test", sorted(set(re.findall(r"`(test_\w+)`", SECURITY))))
def test_every_test_that_proves_something_is_there(test):
    functions = {node.name for path in (ROOT / "tests").rglob("test_*.py")
                 for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}
    assert test in functions


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:grader|tests|benchmarks|docs)/[\w./]+)`", SECURITY))))
def test_every_file_that_is_named_is_there(path):
    assert (ROOT / path).exists()
