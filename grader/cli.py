"""The command `grade`: arguments in, text and exit code out. The only place that prints.

Kernels and reports are imported by the commands that need them, so that `grade --help` answers at once.
"""

import asyncio
import contextlib
import os
import shlex
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click_default_group import DefaultGroup

from grader.errors import ExitCode, GraderError, NotGradedError, UsageError
from grader.spec import MAX_SEED

if TYPE_CHECKING:
    from grader.batch import Told
    from grader.catalog import CourseFolder, ExerciseFolder
    from grader.classroom import Tally
    from grader.grading import Request
    from grader.verdict import Grade
    from grader.vet import MutationReport, Spread, VetReport
    from grader.watching import Event

LANGUAGES = click.Choice(["ko", "en"])
SANDBOXES = click.Choice(["auto", "bubblewrap", "landlock", "none"])
COURSE = click.option("--course", "course_path", type=click.Path(path_type=Path), metavar="DIR",
                      help="Folder of the course (default: the nearest parent that holds course.toml).")
SANDBOX = click.option("--sandbox", type=SANDBOXES, default="auto", show_default=True,
                       help="How submissions are kept apart.")
LANG = click.option("--lang", type=LANGUAGES, help="Language of the report (default: the course's).")
SPREAD_SEEDS = 20
SEED = click.option("--seed", type=click.IntRange(0, MAX_SEED), default=0, show_default=True,
                    help="Decides the generated inputs.")
TIMEOUT = click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
                       help="Wall-clock limit of each cell and of each check.")
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
@LANG
@SEED
@SANDBOX
@TIMEOUT
@COURSE
@click.option("-q", "quiet", is_flag=True, help="One line only.")
@click.option("-v", "verbose", count=True, help="Everything that was found.")
def exercise_command(exercise_id: str, given: Path | None, json_path: str | None, junit_path: str | None,
                     html_path: str | None, lang: str | None, seed: int, sandbox: str, timeout: float | None,
                     course_path: Path | None, quiet: bool, verbose: int) -> None:
    """Grade one submission: a .py or .ipynb file, or a folder or .zip that holds EXERCISE.ipynb or EXERCISE.py."""
    from grader.catalog import find_course, load_exercise
    from grader.grading import grade_submission
    from grader.progress import keep_best
    from grader.submission import locate_submission

    _require_writable(json_path, junit_path, html_path)
    course = find_course(course_path)
    exercise = load_exercise(course, exercise_id)
    path = locate_submission(exercise_id, given, exercise.folder)
    request = _request(course, exercise, path, lang, seed, sandbox, timeout)
    grade = asyncio.run(_grade_or_explain(request, grade_submission))
    keep_best(course.root, grade)
    if json_path != "-":
        _print_report(grade, given, quiet, verbose)
    _write_files(grade, json_path, junit_path, html_path)
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
                   lang=lang or course.course.language, sandbox=sandbox, limits=limits, announce=_announce)


def _announce(text: str) -> None:
    """Tell a person, not a program, what takes long."""
    if sys.stderr.isatty():
        click.echo(f" {text}", err=True)


async def _grade_or_explain(request: "Request", grade: "Callable[[Request], Awaitable[Grade]]") -> "Grade":
    """The grade; a failure of ours becomes a record without points."""
    from grader.grading import not_graded

    started = time.monotonic()
    try:
        return await grade(request)
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

    command = f"grade {grade.exercise}" + (f" {shlex.quote(str(given))}" if given is not None else "")
    _print(_report(grade, quiet=quiet, verbose=verbose, next_command=plain(command, MAX_COMMAND)))


def _report(grade: "Grade", **options: Any) -> str:
    """The report as this terminal can show it."""
    from grader.reports.terminal import render_terminal

    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = max(40, min(shutil.get_terminal_size((80, 24)).columns, 100)) if sys.stdout.isatty() else 80
    return render_terminal(grade, width=width, color=color, **options)


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


# --- watch ---------------------------------------------------------------------------------------------------------

@cli.command("watch")
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
    from grader.grading import Grader
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
                              lambda request: _grade_or_explain(request, grader.grade), show, saves_of(path)))
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
            self._report = "\n\n".join(filter(None, (_report(event.grade, verbose=self._verbose).rstrip(), changes)))
            self._draw(self._report, say("watch.ready", self._lang))
        elif isinstance(event, Grading):
            self._draw(self._report if self._redraws else "", say("watch.grading", self._lang))
        else:
            self._draw("", say("watch.waiting", self._lang, path=plain(str(self._path), MAX_COMMAND)))

    def _draw(self, report: str, status: str) -> None:
        text = "\n\n".join(filter(None, (report, f" {status}")))
        if self._redraws:  # over what was there, line by line: clearing it all first would flicker
            text = "\x1b[H" + text.replace("\n", "\x1b[K\n") + "\x1b[K\x1b[J"
        _print(text)

    def leave(self) -> None:
        """Put the prompt below the report."""
        if self._redraws:
            click.echo()


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
@click.option("--mutate", is_flag=True, help="Change each solution in every small way, and see which checks notice.")
@click.option("--spread", is_flag=True,
              help="Run each solution against itself with 20 seeds and 1 and 2 threads: how far off may chance put it?")
@SANDBOX
@COURSE
@click.option("-v", "verbose", is_flag=True, help="Show every file, not only those with a problem.")
def vet_command(exercise_ids: tuple[str, ...], seeds: tuple[int, ...], mutate: bool, spread: bool, sandbox: str,
                course_path: Path | None, verbose: bool) -> None:
    """Check the course itself: starters fail, solutions and variants pass, every mutant is killed and named."""
    from grader.catalog import find_course, load_exercise
    from grader.kernels import CORES, Kernels
    from grader.ladder import choose_level
    from grader.vetting import measure_spread, mutate_exercise, vet_exercise

    course = find_course(course_path)
    exercises = [load_exercise(course, exercise_id) for exercise_id in exercise_ids or course.exercise_ids]
    passed = True
    with Kernels(choose_level(sandbox), warm=True, side_by_side=CORES) as kernels:
        for exercise in exercises:
            for seed in seeds:
                started = time.monotonic()
                report = asyncio.run(vet_exercise(exercise, seed, kernels))
                _print_vet(report, verbose, time.monotonic() - started)
                passed = passed and report.passed
            if mutate:
                mutated = asyncio.run(mutate_exercise(exercise, seeds[0], kernels))
                _print_mutations(mutated, verbose)
                passed = passed and mutated.passed
            if spread:
                rows = asyncio.run(measure_spread(exercise, range(seeds[0], seeds[0] + SPREAD_SEEDS), kernels))
                _print_spread(exercise.spec.id, rows, verbose)
                passed = passed and not any(row.failures for row in rows)
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


def _print_mutations(report: "MutationReport", verbose: bool) -> None:
    killed = sum(bool(checks) for checks in report.killers.values())
    explained = len(report.killers) - killed - len(report.survivors)
    click.echo(f"{'✔' if report.passed else '✘'} {report.exercise}: {killed} of {len(report.killers)} mutations "
               f"killed, {explained} equivalent, score {report.score:.1%}")
    if verbose:
        for check in dict.fromkeys(check for checks in report.killers.values() for check in checks):
            kills, alone = report.killed_by(check)
            click.echo(f"    {check}: kills {kills}, {alone} of them alone")
        for mutation, checks in report.killers.items():
            click.echo(f"    {mutation.line} {mutation.function}: {mutation.before}  =>  {mutation.after}: "
                       + (", ".join(checks) or "survives"))
    for mutation in report.survivors:
        click.echo(f"    survives: line {mutation.line}, {mutation.function}: {mutation.before}  =>  {mutation.after}")
    for before, after in report.stale:
        click.echo(f"    ✘ equivalent.toml: {before}  =>  {after}: is killed, or no longer a mutation; take it out")
    for problem in report.problems:
        click.echo(f"    ✘ {problem}")


def _print_spread(exercise_id: str, rows: "Sequence[Spread]", verbose: bool) -> None:
    widest = max(rows, key=lambda row: row.share)
    failed = [row for row in rows if row.failures]
    click.echo(f"{'✘' if failed else '✔'} {exercise_id}: of what is allowed, chance and threads take at most "
               f"{widest.share:.0%}" + (f" ({widest.check}: {widest.place})" if widest.place else ""))
    for row in rows:
        if verbose or row.failures:
            click.echo(f"    {'✘' if row.failures else ' '} {row.check}: {row.share:.0%}"
                       + (f", left its band in {row.failures} of {2 * SPREAD_SEEDS} runs" if row.failures else ""))


# --- batch and export ----------------------------------------------------------------------------------------------

OUT = click.option("-o", "out", type=click.Path(path_type=Path, file_okay=False), default=Path("grades"),
                   show_default=True, help="Folder of the gradebook.")
GRADEBOOK = click.option("--gradebook", "url", metavar="URL",
                         help="Database in place of the one in OUT, e.g. postgresql+psycopg://user@host/course.")


@cli.command("batch")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-e", "only", metavar="EXERCISE", help="Grade this exercise only; also that of files that name none.")
@click.option("-j", "jobs", type=click.IntRange(1), help="How many at a time (default: as many as there are cores).")
@OUT
@GRADEBOOK
@click.option("--seed", type=click.IntRange(0, MAX_SEED),
              help="Decides the generated inputs (default: drawn once for each gradebook).")
@click.option("--force", is_flag=True, help="Run again what is in the gradebook; it keeps what it has.")
@LANG
@click.option("--sandbox", type=click.Choice(["auto", "bubblewrap", "landlock"]), default="auto", show_default=True,
              help="How submissions are kept apart.")
@COURSE
def batch_command(submissions: Path, only: str | None, jobs: int | None, out: Path, url: str | None, seed: int | None,
                  force: bool, lang: str | None, sandbox: str, course_path: Path | None) -> None:
    """Grade a folder or .zip of submissions into a gradebook. Run again, it goes on where it stopped."""
    from grader.batch import Told, grade_all
    from grader.catalog import find_course, load_exercise
    from grader.classroom import ClassBook, Tally
    from grader.gradebook import Gradebook
    from grader.intake import find_submissions
    from grader.kernels import CORES, Kernels
    from grader.ladder import choose_level
    from grader.reports.escape import plain

    course = find_course(course_path)
    if only is not None:
        load_exercise(course, only)
    intake = find_submissions(submissions, course.exercise_ids, only)
    if not intake.places:
        raise UsageError(f"{submissions}: holds no submission" + (f" to {only}" if only else "")
                         + "; see `grade batch --help` for the layouts")
    for path, reason in intake.left_out.items():
        click.echo(f"left out: {plain(path, MAX_COMPLAINT)}: {reason}", err=True)
    exercises = {name: load_exercise(course, name) for name in sorted({place.exercise for place in intake.places})}
    level, jobs = choose_level(sandbox), jobs or CORES
    started, tally = time.monotonic(), Tally()
    with (Gradebook(url) if url else Gradebook.in_folder(out)) as gradebook, \
            Kernels(level, warm=True, side_by_side=jobs) as kernels, \
            _progress(len(intake.places), tally) as advance:
        book = ClassBook(gradebook, gradebook.seed(seed), force=force)

        def tell(told: Told) -> None:
            tally.count(told)
            advance(told)

        asyncio.run(grade_all(intake, exercises, kernels, book, seed=book.seed, lang=lang or course.course.language,
                              jobs=jobs, tell=tell))
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.verdicts.items()))
    click.echo(f"{tally.done} submissions: {counts or 'nothing new'}"
               + (f", {tally.known} known already" if tally.known and counts else "")
               + f"; {time.monotonic() - started:.1f} s, seed {book.seed}, gradebook {url or out}")
    raise click.exceptions.Exit(ExitCode.NOT_GRADED if tally.not_graded else ExitCode.FULL_POINTS)


@contextlib.contextmanager
def _progress(total: int, tally: "Tally") -> "Iterator[Callable[[Told], None]]":
    """A bar for people, a line every now and then for files; hears of each submission that is done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        every = max(10, total // 20)

        def line(told: "Told") -> None:
            if tally.done % every == 0 and tally.done < total:
                click.echo(f"{tally.done} of {total} done", err=True)

        yield line
        return
    with Progress(BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                  TextColumn("{task.fields[counts]}"), console=console, transient=True) as bar:
        task, started = bar.add_task("", total=total, rate="", counts=""), time.monotonic()

        def advance(told: "Told") -> None:
            rate = (tally.done - tally.known) / max(1e-3, time.monotonic() - started)
            bar.update(task, advance=1, rate=f"{rate:.1f}/s",
                       counts=" ".join(f"{verdict} {count}" for verdict, count in tally.verdicts.most_common()))

        yield advance


@cli.command("export")
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

