"""The command `grade`: arguments in, text and exit code out.

Kernels and reports are imported by the commands that need them, so that `grade --help` answers at once.
"""

import asyncio
import os
import sys

import click
from click_default_group import DefaultGroup

from grader.commands.batch import batch_command
from grader.commands.console import complain
from grader.commands.course import doctor_command, list_command, vet_command
from grader.commands.export import export_command
from grader.commands.single import exercise_command, watch_command
from grader.errors import ExitCode, GraderError, internal_error


def main() -> None:
    """Run the command and leave with the contract's exit code."""
    try:
        code = cli.main(prog_name="grade", standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.UsageError as error:
        code = complain(error.format_message(), ExitCode.BAD_USAGE)
    except click.ClickException as error:
        code = complain(error.format_message(), ExitCode.BAD_USAGE)
    except GraderError as error:
        code = complain(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort, asyncio.CancelledError):
        code = complain("interrupted", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.BAD_USAGE
    except Exception as error:  # a bug of ours is never a grade
        if "GRADE_DEBUG" in os.environ:
            raise
        code = complain(internal_error(error), ExitCode.NOT_GRADED)
    sys.exit(int(code or 0))


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


for command in (exercise_command, watch_command, list_command, vet_command, batch_command, export_command,
                doctor_command):
    cli.add_command(command)
