"""Our failures, as a tree of exceptions, and the exit codes they end in.

GraderError
├── UsageError          2  the command was called wrongly, or names something that is not there
├── CourseError         2  the course is broken: names file, key and remedy
├── LostError           3  what grades is gone, for this submission and for those that follow
└── NotGradedError      3  we could not grade: never the student's fault, no points are recorded
    ├── SandboxError       isolation or kernel cannot be had on this machine
    └── StaffCodeError     the reference or a check of the course crashed

A student's failure is never in this tree: it is a value (`grader.verdict`, `grader.observation.Raised`),
so that the two can never meet in one `except`.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command `grade`."""

    FULL_POINTS = 0
    NOT_FULL_POINTS = 1
    BAD_USAGE = 2
    NOT_GRADED = 3
    INTERRUPTED = 130


class GraderError(Exception):
    """A failure of ours or of the caller; its text is one line for the terminal."""

    exit_code = ExitCode.NOT_GRADED


class UsageError(GraderError):
    exit_code = ExitCode.BAD_USAGE


class CourseError(GraderError):
    exit_code = ExitCode.BAD_USAGE


class LostError(GraderError):
    exit_code = ExitCode.NOT_GRADED


class NotGradedError(GraderError):
    exit_code = ExitCode.NOT_GRADED


class SandboxError(NotGradedError):
    """Isolation or kernel cannot be had: the text says what to install or to switch on."""


class StaffCodeError(NotGradedError):
    """The reference or a check crashed: the course has a bug, the student has not."""


def internal_error(error: Exception) -> str:
    """One line for an exception that nobody foresaw."""
    return (f"internal error: {type(error).__name__}: {error}; nothing was recorded, please report it "
            "(GRADE_DEBUG=1 shows where)")
