"""`grade EXERCISE [SUBMISSION]` and `grade watch`: one student, one exercise."""

import asyncio
import contextlib
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.console import (
    MAX_COMMAND,
    announce,
    print_text,
    report_of,
    require_writable,
)
from grader.commands.files import write_file
from grader.commands.options import COURSE, LANG, SANDBOX, SEED, TIMEOUT
from grader.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from grader.catalog import CourseFolder, ExerciseFolder
    from grader.grading import Request
    from grader.verdict import Grade
    from grader.watching import Event


@click.command("exercise", hidden=True)
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("given", metavar="[SUBMISSION]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "json_path", metavar="FILE", help="Write the record (- is standard output).")
@click.option("--junit", "junit_path", metavar="FILE", help="Write JUnit XML.")
@click.option("--html", "html_path", metavar="FILE", help="Write the report as one HTML page.")
@click.option("--gradescope", "gradescope_path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write Gradescope's results.json, whatever happens; SUBMISSION is the folder that was handed in.")
@click.option("--github", is_flag=True, help="Annotate, and append to $GITHUB_STEP_SUMMARY, in GitHub Actions.")
@LANG
@SEED
@SANDBOX
@TIMEOUT
@COURSE
@click.option("-q", "quiet", is_flag=True, help="One line only.")
@click.option("-v", "verbose", count=True, help="Everything that was found.")
def exercise_command(exercise_id: str, given: Path | None, json_path: str | None, junit_path: str | None,
                     html_path: str | None, gradescope_path: Path | None, github: bool, lang: str | None, seed: int,
                     sandbox: str, timeout: float | None, course_path: Path | None, quiet: bool, verbose: int) -> None:
    """Grade one submission: a .py or .ipynb file, or a folder or .zip that holds EXERCISE.ipynb or EXERCISE.py."""
    from grader.catalog import find_course, load_exercise
    from grader.grading import grade_or_explain, grade_submission
    from grader.progress import keep_best
    from grader.submission import locate_submission

    require_writable(json_path, junit_path, html_path)
    if gradescope_path is not None:
        _write_unfinished(gradescope_path)
    course = find_course(course_path)
    exercise = load_exercise(course, exercise_id)
    if gradescope_path is not None and given is not None and given.is_dir():
        given = _file_handed_in(given, exercise_id, gradescope_path, lang or course.course.language)
    path = locate_submission(exercise_id, given, exercise.folder)
    request = _request(course, exercise, path, lang, seed, sandbox, timeout)
    grade = asyncio.run(grade_or_explain(request, grade_submission))
    keep_best(course.root, grade)
    if json_path != "-":
        _print_report(grade, given, quiet, verbose)
    _write_files(grade, json_path, junit_path, html_path, gradescope_path)
    if github:
        _tell_github(grade, request.submission.cells)
    raise click.exceptions.Exit(_exit_code(grade))


def _request(course: "CourseFolder", exercise: "ExerciseFolder", path: Path, lang: str | None, seed: int,
             sandbox: str, timeout: float | None) -> "Request":
    """Everything that grading needs, from the arguments and the file."""
    from dataclasses import replace

    from grader.archive import submission_in_archive
    from grader.grading import Request
    from grader.submission import read_submission

    submission = submission_in_archive(path, exercise.spec.id) if path.suffix == ".zip" else read_submission(path)
    limits = exercise.spec.limits
    if timeout is not None:
        limits = replace(limits, cell_s=timeout, call_s=min(limits.call_s, timeout))
    return Request(exercise=exercise, submission=submission, shown_path=submission.path, seed=seed,
                   lang=lang or course.course.language, sandbox=sandbox, limits=limits, announce=announce)


def _exit_code(grade: "Grade") -> ExitCode:
    if grade.points is None:
        return ExitCode.NOT_GRADED
    return ExitCode.FULL_POINTS if grade.points >= grade.max_points else ExitCode.NOT_FULL_POINTS


def _print_report(grade: "Grade", given: Path | None, quiet: bool, verbose: int) -> None:
    from grader.reports.escape import plain

    command = f"grade {grade.exercise}" + (f" {shlex.quote(str(given))}" if given is not None else "")
    print_text(report_of(grade, quiet=quiet, verbose=verbose, next_command=plain(command, MAX_COMMAND)))


def _write_files(grade: "Grade", json_path: str | None, junit_path: str | None, html_path: str | None,
                 gradescope_path: Path | None) -> None:
    if json_path is not None:
        from grader.reports.record import render_record
        write_file(Path(json_path), render_record(grade).encode())
    if junit_path is not None:
        from grader.reports.junit import render_junit
        write_file(Path(junit_path), render_junit(grade).encode())
    if html_path is not None:
        from grader.reports.html import render_html
        write_file(Path(html_path), render_html(grade).encode())
    if gradescope_path is not None:
        from grader.exports.gradescope import render_results
        write_file(gradescope_path, render_results(grade).encode())


def _write_unfinished(gradescope_path: Path) -> None:
    """Results that hold until there are better ones: whatever ends this command, they say whose fault it is."""
    from grader.exports.gradescope import render_unfinished

    write_file(gradescope_path, render_unfinished().encode())


def _file_handed_in(folder: Path, exercise_id: str, gradescope_path: Path, lang: str) -> Path:
    """The one file in what Gradescope hands on; where there is none, results without points, and the end."""
    from grader.commands.autograder import files_to_grade
    from grader.exports.gradescope import render_nothing

    found = files_to_grade(folder, exercise_id)
    if len(found) == 1:
        return found[0]
    write_file(gradescope_path, render_nothing(exercise_id, len(found), lang).encode())
    click.echo(f"{folder}: holds {len(found)} files that could be meant; no points", err=True)
    raise click.exceptions.Exit(ExitCode.NOT_FULL_POINTS)


def _tell_github(grade: "Grade", cells: Sequence[str]) -> None:
    """Annotations for the runner, and the step's summary where there is one."""
    from dataclasses import replace

    from grader.commands.actions import annotate_step, append_summary, in_workspace, summary_file
    from grader.exports.github import annotate, render_annotations, summarise

    grade = replace(grade, submission=replace(grade.submission, path=in_workspace(grade.submission.path)))
    annotate_step(render_annotations(annotate(grade, "\n".join(cells)), grade.lang))
    summary = summary_file()
    if summary is not None:
        append_summary(summary, lambda room: summarise(grade, room))


@click.command("watch")
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("given", metavar="[SUBMISSION]", required=False, type=click.Path(path_type=Path))
@LANG
@SEED
@SANDBOX
@TIMEOUT
@COURSE
@click.option("-v", "verbose", count=True, help="Everything that was found.")
def watch_command(exercise_id: str, given: Path | None, lang: str | None, seed: int, sandbox: str,
                  timeout: float | None, course_path: Path | None, verbose: int) -> None:
    """Grade again at every save, on a warm kernel; Ctrl-C ends."""
    from grader.catalog import find_course, load_exercise
    from grader.grading import Grader, grade_or_explain
    from grader.kernels import Kernels
    from grader.ladder import choose_level
    from grader.progress import keep_best
    from grader.submission import locate_submission
    from grader.watching import Graded, saves_of, watch

    course = find_course(course_path)
    exercise = load_exercise(course, exercise_id)
    path = locate_submission(exercise_id, given, exercise.folder)
    if path.suffix == ".zip":
        raise UsageError(f"{path}: an archive is not watched; give the .ipynb or .py file")
    screen = _Screen(path, lang or course.course.language, verbose)

    def show(event: "Event") -> None:
        if isinstance(event, Graded):
            keep_best(course.root, event.grade)
        screen.show(event)

    with Kernels(choose_level(sandbox), warm=True) as kernels:
        grader = Grader(kernels)
        kernels.warm_up(exercise)
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(watch(lambda: _request(course, exercise, path, lang, seed, sandbox, timeout),
                              lambda request: grade_or_explain(request, grader.grade), show, saves_of(path)))
    screen.leave()
    raise click.exceptions.Exit(ExitCode.INTERRUPTED)


class _Screen:
    """What `grade watch` shows: on a terminal always the newest report in place of the last, else one below another."""

    def __init__(self, path: Path, lang: str, verbose: int) -> None:
        self._path = path
        self._lang = lang
        self._verbose = verbose
        self._redraws = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._report = ""

    def show(self, event: "Event") -> None:
        from grader.messages import say
        from grader.reports.changes import render_changes
        from grader.reports.escape import plain
        from grader.watching import Graded, Grading

        if isinstance(event, Graded):
            changes = render_changes(event.before, event.grade) if event.before is not None else ""
            self._report = "\n\n".join(filter(None, (report_of(event.grade, verbose=self._verbose).rstrip(), changes)))
            self._draw(self._report, say("watch.ready", self._lang))
        elif isinstance(event, Grading):
            self._draw(self._report if self._redraws else "", say("watch.grading", self._lang))
        else:
            self._draw("", say("watch.waiting", self._lang, path=plain(str(self._path), MAX_COMMAND)))

    def _draw(self, report: str, status: str) -> None:
        text = "\n\n".join(filter(None, (report, f" {status}")))
        if self._redraws:  # over what was there, line by line: clearing it all first would flicker
            text = "\x1b[H" + text.replace("\n", "\x1b[K\n") + "\x1b[K\x1b[J"
        print_text(text)

    def leave(self) -> None:
        """Put the prompt below the report."""
        if self._redraws:
            click.echo()
