"""`grade list`, `grade vet` and `grade doctor`: the course, and the machine that it runs on."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.commands.options import COURSE, LANGUAGES, SANDBOX
from grader.errors import ExitCode
from grader.spec import MAX_SEED

if TYPE_CHECKING:
    from grader.vet import MutationReport, Spread, VetReport

SPREAD_SEEDS = 20


@click.command("list")
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


@click.command("vet")
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


@click.command("doctor")
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
