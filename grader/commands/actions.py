"""What a step of GitHub Actions gets: a summary in the file that the runner names, and annotations."""

import os
from collections.abc import Callable
from pathlib import Path

import click

from grader.errors import UsageError
from grader.exports.github import MAX_SUMMARY

SUMMARY = "GITHUB_STEP_SUMMARY"
WORKSPACE = "GITHUB_WORKSPACE"


def summary_file() -> Path | None:
    """Where the runner reads the step's summary, if there is a runner."""
    return Path(os.environ[SUMMARY]) if os.environ.get(SUMMARY) else None


def append_summary(path: Path, render: Callable[[int], str]) -> None:
    """Add to the step's summary what fits in beside what is there; `render` hears how many bytes that are."""
    try:
        there = path.stat().st_size if path.exists() else 0
        with path.open("ab") as file:
            file.write(render(max(0, MAX_SUMMARY - there - 1)).encode() + b"\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def annotate_step(commands: str) -> None:
    """Hand workflow commands to the runner, which reads both outputs: standard output may be a report or a file."""
    click.echo(commands, err=True, nl=False)


def in_workspace(path: str) -> str:
    """A path as annotations need it: from the root of the repository, if it lies there."""
    root = os.environ.get(WORKSPACE)
    whole = Path(os.path.abspath(path))  # noqa: PTH100  # no link is followed: the name is what counts
    return whole.relative_to(root).as_posix() if root and whole.is_relative_to(root) else path
