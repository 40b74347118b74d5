"""The student's best result so far, per exercise: a small file in the user's state folder."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from grader.verdict import Grade


def _path(course_root: Path) -> Path:
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    name = str(course_root).strip("/").replace("/", "-") or "course"
    return Path(base) / "grade" / f"{name[-120:]}.json"


def read_best(course_root: Path) -> dict[str, float]:
    """Best points by exercise; empty if nothing was kept."""
    try:
        data: Any = json.loads(_path(course_root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): float(points) for name, points in data.items()
            if isinstance(points, int | float)} if isinstance(data, dict) else {}


def keep_best(course_root: Path, grade: Grade) -> None:
    """Keep a grade's points if they are the best so far; a folder that cannot be written is no reason to fail."""
    best = read_best(course_root)
    if grade.points is None or grade.points <= best.get(grade.exercise, -1.0):
        return
    path = _path(course_root)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(best | {grade.exercise: grade.points}, file)
        Path(file.name).replace(path)
    except OSError:
        return
