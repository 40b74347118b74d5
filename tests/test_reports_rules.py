"""Rules that hold for all reports: they are pure, and their words exist in both languages."""

import ast
import string
from pathlib import Path

import pytest

from grader.messages import MESSAGES

REPORTS = sorted((Path(__file__).parents[1] / "grader" / "reports").glob("*.py"))
IMPORTS = {"grader.messages", "grader.verdict", "grader.entries"}  # besides one another


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_reports_touch_nothing_and_know_only_results(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"open", "print", "input", "eval", "exec"}
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    known = {name for name in imported if name and name.startswith("grader")}
    assert {name for name in known if not name.startswith("grader.reports.")} <= IMPORTS
    assert not imported & {"os", "sys", "time", "pathlib", "subprocess", "socket", "datetime"}


@pytest.mark.parametrize("key", MESSAGES)
def test_every_message_exists_in_both_languages(key: str) -> None:
    text = MESSAGES[key]
    fields = [{name for _, name, _, _ in string.Formatter().parse(version) if name is not None}
              for version in (text.ko, text.en)]
    assert text.ko.strip() and text.en.strip()
    assert fields[0] == fields[1]
    assert "" not in fields[0], "placeholders have names"


@pytest.mark.parametrize("group", ["report", "class", "feedback"])
def test_every_report_message_is_used_and_every_used_one_exists(group: str) -> None:
    """A key counts as used if its text, or its stem before what is filled in, stands in the reports."""
    folder = REPORTS[0].parent
    source = "".join(path.read_text(encoding="utf-8") for path in [*REPORTS, *folder.glob("*.j2")]).replace("'", '"')
    for key in (key.removeprefix(f"{group}.") for key in MESSAGES if key.startswith(f"{group}.")):
        stem = key.rpartition(".")[0]
        uses = (f'"{key}"', f'"{group}.{key}"', f"{group}.{stem}.{{", f'"{stem}." ~')
        assert any(use in source for use in uses), key
