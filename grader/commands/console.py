"""What all commands do with the terminal."""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from grader.verdict import Grade

MAX_COMPLAINT = 1000
MAX_COMMAND = 1000


def complain(text: str, code: ExitCode) -> ExitCode:
    from grader.reports.escape import plain

    click.echo(f"grade: {plain(' '.join(text.split()), MAX_COMPLAINT)}", err=True)
    return code


def announce(text: str) -> None:
    """Tell a person, not a program, what takes long."""
    if sys.stderr.isatty():
        click.echo(f" {text}", err=True)


def report_of(grade: "Grade", **options: Any) -> str:
    """The report as this terminal can show it."""
    from grader.reports.terminal import render_terminal

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 100)) if sys.stdout.isatty() else 80
    return render_terminal(grade, width=width, color=color, **options)


def print_text(text: str) -> None:
    """Text to standard output, also where the terminal's encoding lacks a sign."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.rstrip("\n").encode(encoding, "replace").decode(encoding))


def require_writable(*paths: str | None) -> None:
    """Complain before the work, not after it."""
    for path in paths:
        if path is not None and path != "-" and not Path(path).absolute().parent.is_dir():
            raise UsageError(f"{path}: its folder does not exist; make it first")
