"""Fixtures that many tests share: the course, a cache of reference observations for the session, the command."""

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.gradebook import Gradebook
    from tests.postgresql import Server

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Caches and results of this session only (a cache that the caller names is used: it saves minutes)."""
    folder = tmp_path_factory.mktemp("state")
    os.environ.setdefault("GRADE_CACHE", str(folder / "cache"))
    os.environ["XDG_STATE_HOME"] = str(folder)


@pytest.fixture(scope="session")
def postgresql() -> Iterator["Server"]:
    """A PostgreSQL server of this session."""
    pytest.importorskip("psycopg", reason="no PostgreSQL: pip install 'keras-course-grader[postgresql]'")
    from tests.postgresql import find_binaries, running_server

    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed: scripts/setup-tests installs it")
    with running_server(binaries) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def gradebook_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a gradebook that is still to be made, in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gradebook.db'}"
    server: Server = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def book(gradebook_url: str) -> Iterator["Gradebook"]:
    """An empty gradebook, in each kind of database."""
    from grader.gradebook import Gradebook

    with Gradebook(gradebook_url) as book:
        yield book


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
