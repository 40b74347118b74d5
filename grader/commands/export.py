"""`grade export`: a gradebook in the forms that others read."""

from pathlib import Path

import click

from grader.commands.options import GRADEBOOK, OUT
from grader.errors import UsageError


@click.command("export")
@click.argument("kind", metavar="FORMAT", type=click.Choice(["csv"]))
@OUT
@GRADEBOOK
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="File to write (default: standard output).")
def export_command(kind: str, out: Path, url: str | None, target: Path | None) -> None:
    """Write the grades in a gradebook, the best attempt of each: csv."""
    from grader.classroom import as_csv, best_attempts
    from grader.gradebook import FILE, Gradebook

    if url is None and not (out / FILE).is_file():
        raise UsageError(f"{out}: holds no gradebook; `grade batch SUBMISSIONS -o {out}` makes one")
    with (Gradebook(url) if url else Gradebook.in_folder(out)) as gradebook:
        text = as_csv(best_attempts(gradebook.attempts()))
    if target is None:
        click.echo(text, nl=False)
        return
    try:
        target.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror})") from error
