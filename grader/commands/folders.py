"""Formats of `grade export` that are folders: the report of the class, and feedback for each student."""

from pathlib import Path

import click

from grader.commands.options import COURSE, EXERCISES, GRADEBOOK, LANG, OUT

TO_FOLDER = click.option("--to", "target", required=True, type=click.Path(path_type=Path),
                         help="Folder to write: a new or empty one, or one that was written so before.")


@click.command("html")
@EXERCISES
@LANG
@OUT
@GRADEBOOK
@TO_FOLDER
@COURSE
def html_command(exercises: tuple[str, ...], lang: str | None, out: Path, url: str | None, target: Path,
                 course_path: Path | None) -> None:
    """The class report, for its teacher: a folder of pages with the expected values in it."""
    from grader.commands.book import open_book
    from grader.publishing import publish_class

    with open_book(out, url, course_path) as book:
        students, submissions = publish_class(book, book.only(exercises), target, book.lang(lang))
    click.echo(f"{target / 'index.html'}: {students} students, {submissions} submissions")


@click.command("feedback")
@EXERCISES
@OUT
@GRADEBOOK
@TO_FOLDER
@COURSE
def feedback_command(exercises: tuple[str, ...], out: Path, url: str | None, target: Path,
                     course_path: Path | None) -> None:
    """What each student gets back: a page, and the notebook with remarks, in a folder for each student."""
    from grader.commands.book import open_book
    from grader.publishing import publish_feedback

    with open_book(out, url, course_path) as book:
        students, submissions = publish_feedback(book, book.only(exercises), target)
    click.echo(f"{target}: {students} students, {submissions} submissions")
