"""An autograder for Gradescope: the archive that an assignment takes, files in, bytes out. Pure."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOOLKIT = "toolkit"
COURSE = "course"
PYTHON = "(3, 11) <= sys.version_info[:2] <= (3, 13)"
MOMENT = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes

SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, as root, to build the image. The last command keeps what each grade would learn anew.
set -euo pipefail
root="${{AUTOGRADER_ROOT:-/autograder}}"

find_python() {{
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(not {python})' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}}

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq python3 python3-venv bubblewrap || apt-get install -y -qq python3 python3-venv
[ -n "$(find_python)" ] || apt-get install -y -qq python3.12 python3.12-venv ||
    apt-get install -y -qq python3.11 python3.11-venv
python=$(find_python)
if [ -z "$python" ]; then
    echo "setup: needs Python 3.11, 3.12 or 3.13; choose a newer base image in the assignment's settings" >&2
    exit 2
fi
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --quiet "$root/source/{toolkit}"

export GRADE_CACHE="$root/cache"
cd "$root/source/{course}"
"$root/venv/bin/grade" doctor || true
"$root/venv/bin/grade" vet {exercise} || echo "setup: the exercise could not be graded here; see above" >&2
"""

RUN = """\
#!/bin/sh
# Gradescope runs this for each submission. `--gradescope` writes results in any case: first that there are none yet.
root="${{AUTOGRADER_ROOT:-/autograder}}"
export GRADE_CACHE="${{GRADE_CACHE:-$root/cache}}"
mkdir -p "$root/results"
"${{GRADE:-$root/venv/bin/grade}}" {exercise} "$root/submission" --course "$root/source/{course}" \\
    --gradescope "$root/results/results.json"
[ $? -le 1 ] # 1: graded, not full points
"""


@dataclass(frozen=True)
class Package:
    """What installs a Python package from source."""

    name: str
    version: str
    requires_python: str
    dependencies: Sequence[str]
    scripts: Mapping[str, str]
    entry_points: Mapping[str, Mapping[str, str]]
    files: Mapping[str, bytes]  # of the package, by path


def render_bundle(exercise: str, course: Mapping[str, bytes], package: Package) -> bytes:
    """The archive: two scripts at its root, the course's files by path, and the package as source."""
    names = {"exercise": exercise, "course": COURSE, "toolkit": TOOLKIT, "python": PYTHON}
    scripts = {"setup.sh": SETUP.format(**names), "run_autograder": RUN.format(**names)}
    files = {f"{COURSE}/{path}": content for path, content in course.items()}
    files |= {f"{TOOLKIT}/{path}": content for path, content in package.files.items()}
    files[f"{TOOLKIT}/pyproject.toml"] = render_pyproject(package).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in scripts.items():
            _add(archive, name, text.encode(), 0o755)
        for path in sorted(files):
            _add(archive, path, files[path], 0o644)
    return packed.getvalue()


def render_pyproject(package: Package) -> str:
    """What pip needs to know of the package."""
    lines = ["[build-system]", 'requires = ["setuptools>=77"]', 'build-backend = "setuptools.build_meta"', "",
             "[project]", f"name = {_quoted(package.name)}", f"version = {_quoted(package.version)}",
             f"requires-python = {_quoted(package.requires_python)}", "dependencies = [",
             *(f"    {_quoted(dependency)}," for dependency in package.dependencies), "]", "", "[project.scripts]",
             *(f"{_quoted(name)} = {_quoted(target)}" for name, target in package.scripts.items())]
    for group, targets in package.entry_points.items():
        lines += ["", f"[project.entry-points.{_quoted(group)}]",
                  *(f"{_quoted(name)} = {_quoted(target)}" for name, target in targets.items())]
    lines += ["", "[tool.setuptools.packages.find]", 'include = ["grader*"]', "", "[tool.setuptools.package-data]",
              'grader = ["**/*"]', ""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as TOML takes it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    info = zipfile.ZipInfo(name, MOMENT)
    info.create_system = 3  # Unix: only then the mode counts
    info.external_attr = (0o100000 | mode) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)
