"""A virtual environment for each peer, made once and kept."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

LIBRARIES = ("numpy>=2.0", "scipy>=1.14", "tensorflow>=2.19")


def default_folder() -> Path:
    """Where environments and assignments are kept: in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grade-benchmarks"


def make_environment(folder: Path, *peer: str) -> Path:
    """The Python of an environment that holds a peer's packages and the libraries of the exercises."""
    python = folder / "bin" / "python"
    wanted = "\n".join([sys.version, *peer, *LIBRARIES])
    stamp = folder / "installed.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"installing {peer[0]} in {folder} …", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        run([str(python), "-m", "pip", "install", "--quiet", *peer, *LIBRARIES])
        stamp.write_text(wanted, encoding="utf-8")
    return python


def activated(python: str | Path) -> dict[str, str]:
    """The environment's variables with this Python's commands first: nbgrader calls others by their names."""
    return os.environ | {"PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"}


def run(command: Sequence[str], folder: Path | None = None) -> str:
    """Standard output of a command; its complaints are shown only where it fails."""
    done = subprocess.run(command, cwd=folder, env=activated(command[0]), capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout
