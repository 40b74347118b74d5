"""`grade export canvas` and `grade export moodle`: points into a file that the platform handed out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.console import print_text
from grader.commands.files import read_file, write_file
from grader.commands.options import COURSE, EXERCISES, GRADEBOOK, OUT, TO
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.commands.book import Book
    from grader.entries import Entry
    from grader.exports.filling import Filled
    from grader.exports.sheet import Sheet

FILL = click.option("--fill", "filled_path", type=click.Path(path_type=Path, dir_okay=False), metavar="CSV",
                    help="The platform's own file; what --to writes is this file with points in it.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Print every change and write nothing.")
SCALE = click.option("--scale", is_flag=True, help="Convert where the platform has other maximum points.")


@click.command("canvas")
@FILL
@EXERCISES
@click.option("--column", "columns", multiple=True, metavar='EXERCISE="Title (123)"',
              help="Where an exercise goes, if the column's title does not tell.")
@SCALE
@DRY_RUN
@TO
@OUT
@GRADEBOOK
@COURSE
def canvas_command(filled_path: Path | None, exercises: tuple[str, ...], columns: tuple[str, ...], scale: bool,
                   dry_run: bool, target: Path | None, out: Path, url: str | None, course_path: Path | None) -> None:
    """Fill the gradebook that you exported from Canvas; import it there again."""
    from grader.commands.book import open_book
    from grader.exports.canvas import fill_canvas

    if filled_path is None:
        raise UsageError("canvas: export the gradebook from Canvas (Grades, Export) and give that file with --fill CSV")
    named = dict(_pair(column) for column in columns)
    sheet = _sheet(filled_path)
    with open_book(out, url, course_path) as book:
        entries = book.known_by(book.only(exercises), of_attempt_first=False)
        _finish(fill_canvas(sheet, entries, book.titles(), named, scale=scale), target, dry_run)


@click.command("moodle")
@FILL
@EXERCISES
@click.option("--column", "grade_column", metavar="HEADER", help="The grade's column, if its name is not known here.")
@click.option("--comments", is_flag=True, help="Fill the column of feedback comments too, with one line each.")
@SCALE
@DRY_RUN
@TO
@OUT
@GRADEBOOK
@COURSE
def moodle_command(filled_path: Path | None, exercises: tuple[str, ...], grade_column: str | None, comments: bool,
                   scale: bool, dry_run: bool, target: Path | None, out: Path, url: str | None,
                   course_path: Path | None) -> None:
    """Fill an assignment's grading worksheet; without --fill write a CSV for the gradebook's import."""
    from grader.commands.book import open_book
    from grader.exports.moodle import fill_worksheet, render_import

    if filled_path is None:
        if dry_run or scale or comments or grade_column is not None:
            raise UsageError("moodle: download the grading worksheet from the assignment and give it with --fill CSV")
        with open_book(out, url, course_path) as book:
            write_file(target, render_import(book.only(exercises)).encode())
        return
    if len(exercises) != 1:
        raise UsageError("moodle: a grading worksheet is that of one assignment; say with -e EXERCISE which")
    sheet = _sheet(filled_path)
    with open_book(out, url, course_path) as book:
        entries = book.known_by(book.only(exercises), of_attempt_first=True)
        texts = _comments(book, entries) if comments else None
        _finish(fill_worksheet(sheet, entries, grade_column=grade_column, scale=scale, comments=texts), target, dry_run)


def _pair(column: str) -> tuple[str, str]:
    exercise, equals, header = column.partition("=")
    if not (exercise.strip() and equals and header.strip()):
        raise UsageError(f'--column {column}: write it like exercise_03="HW 3 (123)"')
    return exercise.strip(), header.strip()


def _sheet(path: Path) -> "Sheet":
    from grader.exports.sheet import read_sheet

    return read_sheet(read_file(path), str(path))


def _comments(book: "Book", entries: "list[Entry]") -> dict[str, str]:
    from grader.exports.moodle import comment

    grades = [(entry, book.grade(entry)) for entry in entries if entry.points is not None]
    return {entry.student.login: comment(entry, grade) for entry, grade in grades if grade is not None}


def _finish(filled: "Filled", target: Path | None, dry_run: bool) -> None:
    """Tell what was left alone and what is replaced, and write the file; or only print what would change."""

    content = filled.content
    for note in filled.notes:
        click.echo(note, err=True)
    if dry_run:
        for change in filled.changes:
            print_text(filled.told(change))
    else:
        for change in filled.replaced:
            click.echo(f"replaced: {filled.told(change)}", err=True)
        write_file(target, content)
    counts = f"{len(filled.changes)} cells change, {len(filled.replaced)} of them replace another value"
    click.echo(f"{counts}; nothing was written" if dry_run else counts, err=True)
