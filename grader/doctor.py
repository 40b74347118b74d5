"""What this machine offers: isolation, kernel, libraries. Looks only; prints nothing."""

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from grader.ladder import available_levels
from grader.sandbox import Level

LIBRARIES = ("tensorflow", "keras", "numpy", "ipykernel", "jupyter_client", "nbclient", "nbformat", "matplotlib",
             "pandas", "scikit-learn")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `needed` if grading depends on it."""

    subject: str
    text: str
    good: bool
    needed: bool = True
    remedy: str | None = None


def examine() -> Iterator[Finding]:
    """Everything that grading on this machine depends on."""
    yield Finding("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}, "
                            f"{os.cpu_count()} cores", sys.version_info >= (3, 11))
    levels = available_levels()
    isolated = [found.level for found in levels if found.usable and found.level is not Level.NONE]
    for found in levels:
        chosen = " (what `--sandbox auto` takes)" if [found.level] == isolated[:1] else ""
        yield Finding(f"sandbox {found.level}", found.reason + chosen, found.usable, needed=not isolated,
                      remedy=found.remedy or None)
    for library in LIBRARIES:
        try:
            yield Finding(library, metadata.version(library), True)
        except metadata.PackageNotFoundError:
            yield Finding(library, "not installed", False, remedy=f"pip install {library}")
