"""Rules that hold for all reports: they are pure, and their words exist in both languages."""

import ast
import string
from pathlib import Path

import pytest

from grader.messages import MESSAGES

REPORTS = sorted((Path(__file__).parents[1] / "grader" / "reports").glob("*.py"))
IMPORTS = {"grader.messages", "grader.verdict", "grader.reports.escape", "grader.reports.record", "grader.reports.view"}


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.name)
def test_reports_touch_nothing_and_know_only_results(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert not called & {"open", "print", "input", "eval", "exec"}
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert {name for name in imported if name and name.startswith("grader")} <= IMPORTS
    assert not imported & {"os", "sys", "time", "pathlib", "subprocess", "socket", "datetime"}


@pytest.mark.parametrize("key", MESSAGES)
def test_every_message_exists_in_both_languages(key: str) -> None:
    text = MESSAGES[key]
    fields = [{name for _, name, _, _ in string.Formatter().parse(version) if name is not None}
              for version in (text.ko, text.en)]
    assert text.ko.strip() and text.en.strip()
    assert fields[0] == fields[1]
    assert "" not in fields[0], "placeholders have names"


def test_every_report_message_is_used_and_every_used_one_exists() -> None:
    """A key counts as used if its text, or its stem before a verdict or a form, stands in the reports."""
    folder = REPORTS[0].parent
    source = "".join(path.read_text(encoding="utf-8") for path in [*REPORTS, folder / "report.html.j2"])
    for key in (key.removeprefix("report.") for key in MESSAGES if key.startswith("report.")):
        stem = key.rpartition(".")[0]
        assert f'"{key}"' in source or f'"report.{key}"' in source or f"report.{stem}.{{" in source, key
