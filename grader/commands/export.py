"""`grade export`: a gradebook in the forms that others read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import COURSE, GRADEBOOK, OUT
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.catalog import CourseFolder


@click.command("export")
@click.argument("kind", metavar="FORMAT", type=click.Choice(["csv"]))
@OUT
@GRADEBOOK
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="File to write (default: standard output).")
@COURSE
def export_command(kind: str, out: Path, url: str | None, target: Path | None, course_path: Path | None) -> None:
    """Write the grades in a gradebook, what counts of each student at each exercise: csv."""
    from grader.classroom import entries_in, show_time
    from grader.exports.table import render_csv
    from grader.gradebook import FILE, Gradebook

    if url is None and not (out / FILE).is_file():
        raise UsageError(f"{out}: holds no gradebook; `grade batch SUBMISSIONS -o {out}` makes one")
    with (Gradebook(url) if url else Gradebook.in_folder(out)) as gradebook:
        text = render_csv(entries_in(gradebook, _course(course_path)), show_time)
    if target is None:
        click.echo(text, nl=False)
        return
    try:
        target.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error


def _course(given: Path | None) -> "CourseFolder | None":
    """The course whose rules count, if one is named or near."""
    from grader.catalog import find_course

    try:
        return find_course(given)
    except UsageError:
        if given is not None:
            raise
        return None
