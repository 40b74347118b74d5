"""The command `grade`: arguments in, text and exit code out. The only place that prints.

Kernels and reports are imported by the commands that need them, so that `grade --help` answers at once.
"""

import asyncio
import os
import shlex
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click_default_group import DefaultGroup

from grader.errors import ExitCode, GraderError, NotGradedError, UsageError

if TYPE_CHECKING:
    from grader.catalog import CourseFolder, ExerciseFolder
    from grader.grading import Request
    from grader.verdict import Grade
    from grader.vet import VetReport

LANGUAGES = click.Choice(["ko", "en"])
SANDBOXES = click.Choice(["auto", "bubblewrap", "landlock", "none"])
COURSE = click.option("--course", "course_path", type=click.Path(path_type=Path), metavar="DIR",
                      help="Folder of the course (default: the nearest parent that holds course.toml).")
SANDBOX = click.option("--sandbox", type=SANDBOXES, default="auto", show_default=True,
                       help="How submissions are kept apart.")
MAX_SEED = 2**31 - 1
MAX_COMPLAINT = 1000
MAX_COMMAND = 1000


def main() -> None:
    """Run the command and leave with the contract's exit code."""
    try:
        code = cli.main(prog_name="grade", standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.UsageError as error:
        code = _complain(error.format_message(), ExitCode.BAD_USAGE)
    except click.ClickException as error:
        code = _complain(error.format_message(), ExitCode.BAD_USAGE)
    except GraderError as error:
        code = _complain(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort, asyncio.CancelledError):
        code = _complain("interrupted", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.BAD_USAGE
    except Exception as error:  # a bug of ours is never a grade
        if "GRADE_DEBUG" in os.environ:
            raise
        code = _complain(internal_error(error), ExitCode.NOT_GRADED)
    sys.exit(int(code or 0))


def internal_error(error: Exception) -> str:
    """One line for an exception that nobody foresaw."""
    return (f"internal error: {type(error).__name__}: {error}; nothing was recorded, please report it "
            "(GRADE_DEBUG=1 shows where)")


def _complain(text: str, code: ExitCode) -> ExitCode:
    from grader.reports.escape import plain

    click.echo(f"grade: {plain(' '.join(text.split()), MAX_COMPLAINT)}", err=True)
    return code


@click.group(cls=DefaultGroup, default="exercise", default_if_no_args=False, invoke_without_command=True,
             context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keras-course-grader", prog_name="grade")
@click.pass_context
def cli(context: click.Context) -> None:
    """Grade deep-learning exercises by what they compute, and say why.

    \b
    grade EXERCISE [SUBMISSION]    grade one submission: the main job
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        raise click.exceptions.Exit(ExitCode.BAD_USAGE)


@cli.command("exercise", hidden=True)
@click.argument("exercise_id", metavar="EXERCISE")
@click.argument("given", metavar="[SUBMISSION]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "json_path", metavar="FILE", help="Write the record (- is standard output).")
@click.option("--junit", "junit_path", metavar="FILE", help="Write JUnit XML.")
@click.option("--html", "html_path", metavar="FILE", help="Write the report as one HTML page.")
@click.option("--lang", type=LANGUAGES, help="Language of the report (default: the course's).")
@click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True,
              help="Decides the generated inputs.")
@SANDBOX
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="Wall-clock limit of each cell and of each check.")
@COURSE
@click.option("-q", "quiet", is_flag=True, help="One line only.")
@click.option("-v", "verbose", count=True, help="Everything that was found.")
def exercise_command(exercise_id: str, given: Path | None, json_path: str | None, junit_path: str | None,
                     html_path: str | None, lang: str | None, seed: int, sandbox: str, timeout: float | None,
                     course_path: Path | None, quiet: bool, verbose: int) -> None:
    """Grade one submission: a .py or .ipynb file, or a folder or .zip that holds EXERCISE.ipynb or EXERCISE.py."""
    from grader.catalog import find_course, load_exercise
    from grader.progress import keep_best

    _require_writable(json_path, junit_path, html_path)
    course = find_course(course_path)
    exercise = load_exercise(course, exercise_id)
    request = _request(course, exercise, given, lang, seed, sandbox, timeout)
    grade = _grade_or_explain(request)
    keep_best(course.root, grade)
    if json_path != "-":
        _print_report(grade, given, quiet, verbose)
    _write_files(grade, json_path, junit_path, html_path)
    raise click.exceptions.Exit(_exit_code(grade))


def _request(course: "CourseFolder", exercise: "ExerciseFolder", given: Path | None, lang: str | None, seed: int,
             sandbox: str, timeout: float | None) -> "Request":
    """Everything that grading needs, from the arguments."""
    from dataclasses import replace

    from grader.archive import submission_in_archive
    from grader.grading import Request
    from grader.submission import locate_submission, read_submission

    path = locate_submission(exercise.spec.id, given, exercise.folder)
    submission = submission_in_archive(path, exercise.spec.id) if path.suffix == ".zip" else read_submission(path)
    limits = exercise.spec.limits
    if timeout is not None:
        limits = replace(limits, cell_s=timeout, call_s=min(limits.call_s, timeout))
    return Request(exercise=exercise, submission=submission, shown_path=submission.path, seed=seed,
                   lang=lang or course.course.language, sandbox=sandbox, limits=limits, announce=_announce)


def _announce(text: str) -> None:
    """Tell a person, not a program, what takes long."""
    if sys.stderr.isatty():
        click.echo(f" {text}", err=True)


def _grade_or_explain(request: "Request") -> "Grade":
    """The grade; a failure of ours becomes a record without points."""
    from grader.grading import grade_submission, not_graded

    started = time.monotonic()
    try:
        return asyncio.run(grade_submission(request))
    except NotGradedError as failure:
        return not_graded(request, failure, time.monotonic() - started)
    except GraderError:
        raise
    except Exception as error:
        if "GRADE_DEBUG" in os.environ:
            raise
        return not_graded(request, NotGradedError(internal_error(error)), time.monotonic() - started)


def _exit_code(grade: "Grade") -> ExitCode:
    if grade.points is None:
        return ExitCode.NOT_GRADED
    return ExitCode.FULL_POINTS if grade.points >= grade.max_points else ExitCode.NOT_FULL_POINTS


def _print_report(grade: "Grade", given: Path | None, quiet: bool, verbose: int) -> None:
    from grader.reports.escape import plain
    from grader.reports.terminal import render_terminal

    command = f"grade {grade.exercise}" + (f" {shlex.quote(str(given))}" if given is not None else "")
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 100)) if sys.stdout.isatty() else 80
    _print(render_terminal(grade, width=width, color=color, verbose=verbose, quiet=quiet,
                           next_command=plain(command, MAX_COMMAND)))


def _print(text: str) -> None:
    """Text to standard output, also where the terminal's encoding lacks a sign."""
    encoding = sys.stdout.encoding or "utf-8"
    click.echo(text.rstrip("\n").encode(encoding, "replace").decode(encoding))


def _require_writable(*paths: str | None) -> None:
    """Complain before the work, not after it."""
    for path in paths:
        if path is not None and path != "-" and not Path(path).absolute().parent.is_dir():
            raise UsageError(f"{path}: its folder does not exist; make it first")


def _write_files(grade: "Grade", json_path: str | None, junit_path: str | None, html_path: str | None) -> None:
    if json_path is not None:
        from grader.reports.record import render_record
        _write(json_path, render_record(grade))
    if junit_path is not None:
        from grader.reports.junit import render_junit
        _write(junit_path, render_junit(grade))
    if html_path is not None:
        from grader.reports.html import render_html
        _write(html_path, render_html(grade))


def _write(path: str, text: str) -> None:
    if path == "-":
        sys.stdout.buffer.write(text.rstrip("\n").encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


# --- list ----------------------------------------------------------------------------------------------------------

@cli.command("list")
@click.option("--lang", type=LANGUAGES, help="Language of the titles (default: the course's).")
@COURSE
def list_command(lang: str | None, course_path: Path | None) -> None:
    """List the exercises: title, points, your best result so far."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from grader.catalog import find_course, load_spec
    from grader.messages import say
    from grader.progress import read_best
    from grader.reports.view import points_text

    course = find_course(course_path)
    lang = lang or course.course.language
    best = read_best(course.root)
    table = Table(box=box.SIMPLE_HEAD, title=course.course.title.to(lang), title_justify="left", pad_edge=False)
    for key in ("exercise", "title"):
        table.add_column(say(f"list.{key}", lang), overflow="fold")
    for key in ("points", "best"):
        table.add_column(say(f"list.{key}", lang), justify="right", no_wrap=True)
    for exercise_id in course.exercise_ids:
        spec = load_spec(course, exercise_id)
        mine = best.get(exercise_id)
        table.add_row(exercise_id, spec.title.to(lang), points_text(spec.max_points),
                      "–" if mine is None else points_text(mine))
    Console(no_color="NO_COLOR" in os.environ, width=None if sys.stdout.isatty() else 80,
            highlight=False).print(table)


# --- vet -----------------------------------------------------------------------------------------------------------

@cli.command("vet")
@click.argument("exercise_ids", metavar="[EXERCISE]...", nargs=-1)
@click.option("--seed", "seeds", type=click.IntRange(0, MAX_SEED), multiple=True, default=(0,), show_default=True,
              help="Seed of the inputs; may be given several times.")
@SANDBOX
@COURSE
@click.option("-v", "verbose", is_flag=True, help="Show every file, not only those with a problem.")
def vet_command(exercise_ids: tuple[str, ...], seeds: tuple[int, ...], sandbox: str, course_path: Path | None,
                verbose: bool) -> None:
    """Check the course itself: starters fail, solutions and variants pass, every mutant is killed and named."""
    from grader.catalog import find_course, load_exercise
    from grader.ladder import choose_level
    from grader.vetting import vet_exercise

    course = find_course(course_path)
    level = choose_level(sandbox)
    exercises = [load_exercise(course, exercise_id) for exercise_id in exercise_ids or course.exercise_ids]
    passed = True
    for exercise in exercises:
        for seed in seeds:
            started = time.monotonic()
            report = asyncio.run(vet_exercise(exercise, seed, level))
            _print_vet(report, verbose, time.monotonic() - started)
            passed = passed and report.passed
    raise click.exceptions.Exit(ExitCode.FULL_POINTS if passed else ExitCode.NOT_FULL_POINTS)


def _print_vet(report: "VetReport", verbose: bool, seconds: float) -> None:
    from collections import Counter

    counts = Counter(row.role for row in report.rows)
    killed = sum(row.role == "mutant" and not row.problems for row in report.rows)
    click.echo(f"{'✔' if report.passed else '✘'} {report.exercise} (seed {report.seed}): {counts['variant']} variants, "
               f"{killed} of {counts['mutant']} mutants killed and named, {seconds:.1f} s")
    for row in report.rows:
        if verbose or row.problems:
            click.echo(f"    {row.role} {row.name}: {row.points:g}/{report.max_points:g}"
                       + (f", fails {', '.join(row.failed)}" if row.failed else ""))
        for problem in row.problems:
            click.echo(f"      ✘ {problem}")
    for problem in report.problems:
        click.echo(f"    ✘ {problem}")


# --- doctor --------------------------------------------------------------------------------------------------------

@cli.command("doctor")
def doctor_command() -> None:
    """Tell what isolation, kernels and libraries this machine offers, and what is missing."""
    from grader.doctor import examine

    findings = list(examine())
    for finding in findings:
        sign = "✔" if finding.good else ("✘" if finding.needed else "–")
        click.echo(f"{sign} {finding.subject}: {finding.text}")
        if not finding.good and finding.remedy:
            click.echo(f"    → {finding.remedy}")
    if any(finding.needed and not finding.good for finding in findings):
        raise click.exceptions.Exit(ExitCode.NOT_GRADED)

