"""A PostgreSQL server of our own: in a temporary folder, on a Unix socket only, gone after the tests."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

ADMIN = "grader"
START_S = 60.0


def find_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: on the PATH, else the newest of Debian's and Ubuntu's."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Server:
    """A cluster of databases in a folder, and the server on it."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.folder = folder
        self._binaries = binaries
        self._process: subprocess.Popen[bytes] | None = None
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
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=", "-c",
                 "timezone=UTC"],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, cwd="/", **self._as)
        deadline = time.monotonic() + START_S
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                self.execute("SELECT 1")
                return
            assert self._process.poll() is None and time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: by SIGINT without waiting for clients, by SIGKILL as a power cut would."""
        assert self._process is not None
        if how is signal.SIGKILL:
            os.killpg(self._process.pid, how)
        self._process.send_signal(how)
        self._process.wait()

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
