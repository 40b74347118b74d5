"""Grades a mixed class with `grade batch`, then again, killed at every turn: is anything lost, or graded twice?

    python benchmarks/classroom.py [--count 500] [--kills 20] [--jobs 2] [--exercises exercise_03 exercise_11]

80 % are right or half right answers, as modules and as notebooks, starters among them; 12 % are the attacks of
`tests/attacks/submissions`; 8 % are broken files of every sort, empty ones among them. After the undisturbed run the
same class goes into a second gradebook, whose batch is killed (`kill -9`) at random moments: itself, its kernels, what
keeps them warm. Then it is run once to its end, and both gradebooks must say the same. Exit code 1 if something does
not hold.
"""

import argparse
import csv
import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from soak import ROOT, SEED, Verdict, Work, as_notebook, honest_sources

from grader.catalog import load_course, load_exercise
from grader.ladder import choose_level
from tests.attacks.attack import read_attacks

ATTACKED = "exercise_03"  # the one that the attacks answer
BROKEN: dict[str, bytes] = {
    "empty.py": b"", "empty.ipynb": b"", "syntax.py": b"def f(:\n", "binary.py": bytes(range(256)),
    "json.ipynb": b"{ not", "list.ipynb": b"[1, 2]", "nul.py": b"x = 1\x00\n",
    "cells.ipynb": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"a": 1}]}',
    "latin.py": "# caf\xe9\nx = 1\n".encode("latin-1"), "deep.py": b"x = " + b"(" * 5000 + b")" * 5000}
LIMITS = "\n[limits]\ncell_s = 10\ncall_s = 2\nsubmission_s = 30\ncpu_s = 60\nmemory_mb = 1536\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=500)
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--exercises", nargs="+", default=["exercise_03", "exercise_11"])
    chosen = options.parse_args()
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        scene = Scene(Path(folder), chosen.jobs)
        roles = scene.hand_in(chosen.exercises, chosen.count)
        undisturbed = scene.path / "undisturbed"
        started = time.monotonic()
        run = scene.batch(undisturbed)
        code = run.wait()
        duration_s = time.monotonic() - started
        rows = scene.grades(undisturbed)
        print(f"    {len(rows)} submissions in {duration_s:.0f} s, {duration_s / len(rows):.2f} s each")
        for role in dict.fromkeys(roles.values()):
            ends = Counter(rows[student][0] for student in roles if roles[student] == role)
            print(f"    {role:<10} {', '.join(f'{count} {end}' for end, count in ends.most_common())}")
        ours = [student for student, row in rows.items() if row[0] == "not_graded"]
        verdict.must("submissions with one verdict", f"{len(rows)} of {len(roles)}", rows.keys() == roles.keys())
        verdict.must("exit code, and what we could not grade", f"{code}, {len(ours)}", code == (3 if ours else 0))
        disturbed = scene.path / "disturbed"
        kills = scene.disturb(disturbed, chosen.kills, duration_s)
        verdict.must("killed", ", ".join(f"{count} {what}" for what, count in kills.items()),
                     kills.total() >= chosen.kills)
        verdict.must("exit code of the last run", code := scene.batch(disturbed).wait(), code == 0)
        again = scene.grades(disturbed)
        different = sorted(student for student in roles if rows.get(student) != again.get(student))
        verdict.must("grades that differ", len(different), not different)
        for student in different[:10]:
            print(f"    {student} ({roles[student]}): {rows.get(student)} {again.get(student)}")
        verdict.must("graded twice", twice := scene.graded_twice(disturbed), twice == 0)
        verdict.must("processes left", left := scene.left_over(), not left)
    sys.exit(0 if verdict.holds else 1)


class Scene:
    """A class in a folder, and the command that grades it."""

    def __init__(self, path: Path, jobs: int) -> None:
        self.path = path
        self._jobs = jobs
        self._chance = random.Random(SEED)
        os.environ |= {"GRADE_CACHE": str(path / "cache"), "XDG_STATE_HOME": str(path / "state")}
        self.course = path / "course"
        self.course.mkdir()
        for part in ("exercises", "solutions"):
            (self.course / part).symlink_to(ROOT / part)
        text = (ROOT / "course.toml").read_text(encoding="utf-8")
        (self.course / "course.toml").write_text(text + LIMITS, encoding="utf-8")

    def hand_in(self, exercises: list[str], count: int) -> dict[str, str]:
        """Write the class's submissions; what each student is up to, by login."""
        course, level = load_course(ROOT), choose_level("auto")
        honest = [(name, list(honest_sources(load_exercise(course, name)))) for name in exercises]
        attacks = [attack for attack in read_attacks() if level in attack.levels]
        roles: dict[str, str] = {}
        for number in range(count):
            draw = number % 25
            if draw < 3:
                attack = attacks[(number // 25 * 3 + draw) % len(attacks)]
                work = Work(attack.name, attack.path.suffix, attack.completed({}), True)
                self._write(roles, "hostile", ATTACKED, work)
            elif draw < 5:
                name, content = list(BROKEN.items())[(number // 25 * 2 + draw - 3) % len(BROKEN)]
                self._write(roles, "broken", ATTACKED, Work(name, Path(name).suffix, "", False), content)
            else:
                exercise, sources = honest[number % len(honest)]
                name, text = sources[number // len(honest) % len(sources)]
                text = f"{text}\n# student {number}\n"
                work = as_notebook(name, text) if number % 2 else Work(name, ".py", text, False)
                self._write(roles, "honest", exercise, work)
        return roles

    def _write(self, roles: dict[str, str], role: str, exercise: str, work: Work,
               content: bytes | None = None) -> None:
        student = f"student_{len(roles):04}"
        roles[student] = role
        folder = self.path / "in" / student
        folder.mkdir(parents=True)
        (folder / f"{exercise}{work.suffix}").write_bytes(work.text.encode() if content is None else content)

    def batch(self, out: Path) -> subprocess.Popen[bytes]:
        """Begin or go on with the grading."""
        command = [sys.executable, "-m", "grader", "batch", self.path / "in", "-o", out, "-j", str(self._jobs),
                   "--seed", str(SEED), "--course", self.course]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(self.path / "errors").open("ab"))

    def disturb(self, out: Path, kills: int, duration_s: float) -> Counter[str]:
        """Kill the batch itself every second time, else one of its processes, at moments spread over a whole run."""
        done: Counter[str] = Counter()
        running = self.batch(out)
        while done.total() < kills:
            time.sleep(self._chance.uniform(0.2, 2 * max(1.0, duration_s / kills)))
            if running.poll() is not None:
                print(f"    ended by itself after {done.total()} kills")
                break
            victim = psutil.Process(running.pid)
            others = victim.children(recursive=True)
            if others and done.total() % 2:
                victim = self._chance.choice(others)
            try:
                name = "batch" if victim.pid == running.pid else "kernel or what keeps it warm"
                victim.kill()
            except psutil.NoSuchProcess:
                continue
            done[name] += 1
            if victim.pid == running.pid:
                running.wait()
                running = self.batch(out)
        if running.poll() is None:
            running.send_signal(signal.SIGKILL)
        running.wait()
        return done

    def grades(self, out: Path) -> dict[str, tuple[str, str]]:
        """Verdict and points by student; every one has one row."""
        command = [sys.executable, "-m", "grader", "export", "csv", "-o", out, "--course", self.course]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = list(csv.DictReader(io.StringIO(text)))
        grades = {row["student"]: (row["verdict"], row["points"]) for row in rows}
        if len(grades) != len(rows):
            raise SystemExit("somebody has two rows")
        return grades

    def graded_twice(self, out: Path) -> int:
        """Attempts beyond one for a submission."""
        with sqlite3.connect(out / "gradebook.db") as database:
            return int(database.execute("SELECT count(*) - count(DISTINCT student) FROM attempts").fetchone()[0])

    def left_over(self) -> list[str]:
        """Processes that work for this class though all batches have ended."""
        time.sleep(2)
        return [process.name() for process in psutil.process_iter() if str(self.path) in " ".join(_command(process))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


if __name__ == "__main__":
    main()
