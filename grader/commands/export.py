"""`grade export FORMAT`: a gradebook in the forms that others read. Each format is a command of its own."""

from pathlib import Path

import click

from grader.commands.files import write_file
from grader.commands.filling import canvas_command, moodle_command
from grader.commands.folders import feedback_command, html_command
from grader.commands.options import COURSE, EXERCISES, GRADEBOOK, LANG, OUT, TO
from grader.errors import UsageError


@click.group("export", invoke_without_command=True, subcommand_metavar="FORMAT [OPTIONS]")
@click.pass_context
def export_command(context: click.Context) -> None:
    """Write what counts of each student at each exercise in the form that others read."""
    if context.invoked_subcommand is None:
        raise UsageError(f"export: say which format: {', '.join(sorted(export_command.commands))}")


@click.command("csv")
@OUT
@GRADEBOOK
@TO
@COURSE
def csv_command(out: Path, url: str | None, target: Path | None, course_path: Path | None) -> None:
    """A table: student, exercise, points, max_points, and more."""
    from grader.classroom import show_time
    from grader.commands.book import open_book
    from grader.exports.table import render_csv

    with open_book(out, url, course_path) as book:
        write_file(target, render_csv(book.entries, show_time).encode())


@click.command("junit")
@EXERCISES
@OUT
@GRADEBOOK
@TO
@COURSE
def junit_command(exercises: tuple[str, ...], out: Path, url: str | None, target: Path | None,
                  course_path: Path | None) -> None:
    """JUnit XML: a test suite for each student and exercise."""
    from grader.classroom import show_time
    from grader.commands.book import open_book
    from grader.exports.junit import render_class

    with open_book(out, url, course_path) as book:
        graded = ((entry, book.grade(entry)) for entry in book.only(exercises))
        text = render_class(((entry, grade) for entry, grade in graded if grade is not None), show_time)
    write_file(target, text.encode())


@click.command("github")
@EXERCISES
@LANG
@OUT
@GRADEBOOK
@TO
@COURSE
def github_command(exercises: tuple[str, ...], lang: str | None, out: Path, url: str | None, target: Path | None,
                   course_path: Path | None) -> None:
    """A summary in Markdown, appended to $GITHUB_STEP_SUMMARY where there is one, and annotations."""
    from grader.commands.actions import annotate_step, append_summary, summary_file
    from grader.commands.book import open_book
    from grader.exports.github import annotate_class, render_annotations, summarise_class

    with open_book(out, url, course_path) as book:
        entries, lang = book.only(exercises), book.lang(lang)
    summary = summary_file()
    if target is None and summary is not None:
        append_summary(summary, lambda room: summarise_class(entries, lang, room))
    else:
        write_file(target, summarise_class(entries, lang).encode())
    annotate_step(render_annotations(annotate_class(entries, lang), lang))


@click.command("gradescope")
@click.option("--student", metavar="LOGIN", help="Whose results.")
@EXERCISES
@click.option("--bundle", "bundled", metavar="EXERCISE", help="Write the autograder of an exercise, to be uploaded.")
@OUT
@GRADEBOOK
@TO
@COURSE
def gradescope_command(student: str | None, exercises: tuple[str, ...], bundled: str | None, out: Path,
                       url: str | None, target: Path | None, course_path: Path | None) -> None:
    """One student's results.json; with --bundle the autograder itself as a .zip, solution and all."""
    from grader.commands.book import open_book
    from grader.exports.gradescope import render_results

    if bundled is not None:
        _bundle(bundled, target, course_path)
        return
    with open_book(out, url, course_path) as book:
        graded = [entry for entry in book.only(exercises, student) if entry.attempt is not None]
        if len(graded) != 1:
            raise UsageError(f"gradescope: {len(graded)} attempts could be meant; results.json is that of one: give "
                             "--student LOGIN and -e EXERCISE")
        grade = book.grade(graded[0])
    assert grade is not None
    write_file(target, render_results(grade, graded[0]).encode())


def _bundle(exercise: str, target: Path | None, course_path: Path | None) -> None:
    from grader.catalog import find_course
    from grader.commands.autograder import pack_autograder

    if target is None:
        raise UsageError("gradescope: --bundle writes an archive; say where with --to autograder.zip")
    write_file(target, pack_autograder(find_course(course_path), exercise))
    click.echo(f"{target}: upload it as the autograder of the assignment; it holds the solution", err=True)


# formats that write one file or none
for command in (csv_command, canvas_command, moodle_command, gradescope_command, junit_command, github_command):
    export_command.add_command(command)
# formats that write a folder
for command in (html_command, feedback_command):
    export_command.add_command(command)
