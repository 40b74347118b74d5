"""`grade batch`: a class's submissions into a gradebook."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.console import MAX_COMPLAINT
from grader.commands.files import write_file
from grader.commands.options import COURSE, GRADEBOOK, LANG, OUT
from grader.errors import ExitCode, UsageError
from grader.spec import MAX_SEED

if TYPE_CHECKING:
    import logging

    from grader.batch import Told
    from grader.catalog import CourseFolder, ExerciseFolder
    from grader.classroom import Tally
    from grader.entries import Roster
    from grader.gradebook import Gradebook
    from grader.grading import Request
    from grader.intake import Intake
    from grader.verdict import Grade

MAX_PAIRS = 20


@click.command("batch")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("-e", "only", metavar="EXERCISE", help="Grade this exercise only; also that of files that name none.")
@click.option("-j", "jobs", type=click.IntRange(1), help="How many at a time (default: as many as there are cores).")
@OUT
@GRADEBOOK
@click.option("--seed", type=click.IntRange(0, MAX_SEED),
              help="Decides the generated inputs (default: drawn once for each gradebook).")
@click.option("--roster", "roster_path", type=click.Path(path_type=Path, dir_okay=False), metavar="CSV",
              help="Who takes the course: login, name, id, email, section, platform_id, extra_days.")
@click.option("--similar", is_flag=True, help="Tell at the end whose submissions look alike; all in OUT/similar.csv.")
@click.option("--force", is_flag=True, help="Grade all anew; the gradebook keeps what it has besides.")
@click.option("--dask", "address", metavar="ADDRESS",
              help="Grade on the workers of a Dask cluster: its scheduler's tcp://… or tls://…, or `local`.")
@LANG
@click.option("--sandbox", type=click.Choice(["auto", "bubblewrap", "landlock"]), default="auto", show_default=True,
              help="How submissions are kept apart.")
@COURSE
def batch_command(submissions: Path, only: str | None, jobs: int | None, out: Path, url: str | None, seed: int | None,
                  roster_path: Path | None, similar: bool, force: bool, address: str | None, lang: str | None,
                  sandbox: str, course_path: Path | None) -> None:
    """Grade a folder or .zip of submissions into a gradebook. Run again, it goes on where it stopped.

    \b
    SUBMISSIONS holds, as .ipynb or .py:
      STUDENT/EXERCISE.ipynb              a folder per student
      STUDENT/EXERCISE/any name.ipynb     nbgrader's submitted/
      STUDENT.ipynb                       with -e EXERCISE
      NAME_ID_assignsubmission_file_/…    what Moodle hands out
      NAME_ID_NUMBER_FILE.ipynb           what Canvas hands out
    """
    from grader.catalog import find_course, load_exercise
    from grader.intake import find_submissions

    started = time.monotonic()
    course = find_course(course_path)
    if only is not None:
        load_exercise(course, only)
    intake = find_submissions(submissions, course.exercise_ids, only, utc_offset_s=course.course.rules.utc_offset_s)
    exercises = {name: load_exercise(course, name) for name in sorted({place.exercise for place in intake.places})}
    with contextlib.ExitStack() as stack:
        here = None
        if address is None:  # at once, so that what kernels need is imported beside what this command needs
            here = stack.enter_context(_on_kernels(sandbox, jobs, exercises.values()))
        from grader.batch import Told, grade_all
        from grader.classroom import ClassBook, Tally, line_of, open_log, read_roster
        from grader.gradebook import Gradebook

        roster, tally = read_roster(roster_path) if roster_path is not None else None, Tally()
        gradebook = stack.enter_context(Gradebook(url) if url else Gradebook.in_folder(out))
        log = stack.enter_context(open_log(out))
        if roster is not None:
            gradebook.keep_roster(roster)
        intake = intake.listed(gradebook.roster())
        _tell_of_intake(intake, submissions, only, gradebook.roster(), log)
        book = ClassBook(gradebook, intake, gradebook.seed(seed), gradebook.round(new=force))
        log.info("begin      %d submissions in %s, seed %d, round %d", len(intake.places), submissions, book.seed,
                 book.round)
        with _progress(len(intake.places), tally) as advance:

            def tell(told: Told) -> None:
                tally.count(told)
                log.info(line_of(told))
                advance(told)

            async def work() -> None:
                async with (_on_cluster(address, course, sandbox, jobs, log) if address is not None
                            else contextlib.nullcontext(here)) as graders:
                    assert graders is not None
                    await grade_all(intake, exercises, book, graders.grade, seed=book.seed, jobs=graders.jobs,
                                    lang=lang or course.course.language, sandbox=graders.sandbox, tell=tell)

            asyncio.run(work())
        summary = _summary(tally, time.monotonic() - started, book.seed, gradebook.name if url else str(out))
        log.info("end        %s", summary)
        if similar:
            _tell_of_similar(gradebook, course, out)
    click.echo(summary)
    raise click.exceptions.Exit(ExitCode.NOT_GRADED if tally.not_graded else ExitCode.FULL_POINTS)


@dataclass(frozen=True)
class _Graders:
    """What grades, in which sandbox, and how many submissions it should have at a time."""

    grade: "Callable[[Request], Awaitable[Grade]]"
    sandbox: str
    jobs: int


@contextlib.contextmanager
def _on_kernels(sandbox: str, jobs: int | None, exercises: "Iterable[ExerciseFolder]") -> "Iterator[_Graders]":
    """This machine's kernels for these exercises, on their way."""
    from grader.kernels import CORES, Kernels
    from grader.ladder import choose_level

    with Kernels(choose_level(sandbox), warm=True, side_by_side=jobs or CORES) as kernels:
        for exercise in exercises:
            kernels.warm_up(exercise)
        from grader.grading import Grader

        yield _Graders(Grader(kernels).grade, kernels.level.value, jobs or CORES)


@contextlib.asynccontextmanager
async def _on_cluster(address: str, course: "CourseFolder", sandbox: str, jobs: int | None,
                      log: "logging.Logger") -> "AsyncIterator[_Graders]":
    """The workers of a Dask cluster."""
    try:
        from grader.cluster import Cluster
    except ModuleNotFoundError as error:
        raise UsageError(f"--dask: needs {error.name}: pip install 'keras-course-grader[cluster]'") from error

    def tell(note: str) -> None:
        click.echo(note, err=True)
        log.info(note)

    async with Cluster(address, course, sandbox=sandbox, jobs=jobs, tell=tell) as cluster:
        yield _Graders(cluster.grade, sandbox, cluster.jobs)


def _tell_of_intake(intake: "Intake", submissions: Path, only: str | None, roster: "Roster",
                    log: "logging.Logger") -> None:
    """What was left out, and who is not on the roster; raises `UsageError` if nothing is left."""
    from grader.reports.escape import plain

    if not intake.places:
        raise UsageError(f"{submissions}: holds no submission" + (f" to {only}" if only else "")
                         + "; see `grade batch --help` for the layouts")
    notes = [f"left out: {plain(path, MAX_COMPLAINT)}: {reason}" for path, reason in intake.left_out.items()]
    if roster.students:
        known = {student.login for student in roster.students}
        notes += [f"not on the roster: {plain(name, MAX_COMPLAINT)}"
                  for name in dict.fromkeys(place.student for place in intake.places) if name not in known]
    for note in notes:
        click.echo(note, err=True)
        log.info(note)


def _tell_of_similar(gradebook: "Gradebook", course: "CourseFolder", out: Path) -> None:
    """Name the pairs that are most alike, and write them all down."""
    from grader.classroom import entries_in
    from grader.exports.similar import render_similar
    from grader.reports.escape import plain
    from grader.similar import similar_in_class

    found = similar_in_class(entries_in(gradebook, course), gradebook.content, course)
    write_file(out / "similar.csv", render_similar(found).encode())
    pairs = [(exercise, pair) for exercise, alike in found.items() for pair in alike]
    for exercise, pair in pairs[:MAX_PAIRS]:
        (one, other), (share, other_share) = pair.students, pair.shares
        click.echo(f"similar: {exercise}: {plain(one, MAX_COMPLAINT)} ({share:.0%} of it) and "
                   f"{plain(other, MAX_COMPLAINT)} ({other_share:.0%} of it)")
    click.echo(f"similar: {len(pairs)} pairs, all in {out / 'similar.csv'}; look at both before you think of anybody")


def _summary(tally: "Tally", seconds: float, seed: int, gradebook: str) -> str:
    counts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.verdicts.items()))
    known = f", {tally.known} known already" if tally.known and counts else ""
    return (f"{tally.done} submissions: {counts or 'nothing new'}{known}; {seconds:.1f} s, seed {seed}, "
            f"gradebook {gradebook}")


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
