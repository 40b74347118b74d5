"""A PostgreSQL server of our own: in a temporary folder, on a Unix socket only, gone after the tests."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

ADMIN = "grader"
START_S = 60


def find_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: on the PATH, else the newest of Debian's and Ubuntu's."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


class Server:
    """A cluster of databases in a folder, and the server on it."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.folder = folder
        self._binaries = binaries
        self._databases = 0
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:  # whom PostgreSQL refuses
            somebody = _entry("postgres") or _entry("nobody")
            assert somebody is not None
            os.chown(folder, somebody.pw_uid, somebody.pw_gid)
            self._as = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
        subprocess.run([binaries / "initdb", "--pgdata", folder / "data", "--username", ADMIN, "--auth", "trust", "--encoding", "UTF8",
                        "--locale", "C", "--no-sync"], check=True, capture_output=True, cwd="/", **self._as)

    def start(self) -> None:
        """Start it, as nobody's child, and wait until it answers: other tests look at what is left of ours."""
        options = f"-k {self.folder} -c listen_addresses= -c timezone=UTC"
        done = self._control("start", "--log", str(self.folder / "log"), "--options", options)
        assert done.returncode == 0, (self.folder / "log").read_text()

    def stop(self) -> None:
        """Stop it without waiting for clients."""
        self._control("stop", "--mode", "fast")

    def kill(self) -> None:
        """Stop it as a power cut would."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=START_S)

    def _control(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([self._binaries / "pg_ctl", "--pgdata", self.folder / "data", "--wait", "--timeout", str(START_S), *arguments],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self._as)

    def execute(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(host=str(self.folder), user=ADMIN, dbname=database, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._databases += 1
        self.execute(f"CREATE DATABASE book{self._databases}")
        return f"postgresql://{ADMIN}@/book{self._databases}?host={self.folder}"

    def require_password(self, user: str, password: str) -> None:
        """A user who is let in by a password only."""
        self.execute(f"CREATE ROLE {user} LOGIN SUPERUSER PASSWORD '{password}'")
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n" + rules.read_text())
        self.execute("SELECT pg_reload_conf()")


def _entry(user: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(user)
    return None


@contextlib.contextmanager
def running_server(binaries: Path) -> Iterator[Server]:
    """A new cluster with its server running; the name of a socket is short, so the folder lies right in /tmp."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = Server(binaries, Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
