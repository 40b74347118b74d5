"""Fixtures that many tests share: the course, a cache of reference observations for the session, the command."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Caches and results of this session only (a cache that the caller names is used: it saves minutes)."""
    folder = tmp_path_factory.mktemp("state")
    os.environ.setdefault("GRADE_CACHE", str(folder / "cache"))
    os.environ["XDG_STATE_HOME"] = str(folder)


@dataclass(frozen=True)
class Answer:
    """What a run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def grade(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Run the command in this process, in the course's folder unless `cwd` says otherwise."""
    from grader import cli

    def run(*arguments: object, cwd: Path = ROOT) -> Answer:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr("sys.argv", ["grade", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as leave:
            cli.main()
        out, err = capfd.readouterr()
        return Answer(int(leave.value.code or 0), out, err)

    return run


def shown(value: object) -> str:
    """A value as part of a test's name: the same in every process."""
    if isinstance(value, set):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
