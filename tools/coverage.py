"""Writes exercises/README.md: the exercises, and which topic of the lectures is practised in which of them.

    python tools/coverage.py

The topics are in exercises/topics.toml; each exercise.toml names the numbers of its own. Exit code 1 and one line that
says why, if an exercise names a topic that is not there, or if a topic is neither practised nor only mentioned.
"""

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
# 연습 문제 / Exercises

폴더 하나가 연습 문제 하나입니다. 문제는 폴더의 `README.md`에 있고, `starter.py`에서 시작합니다.
아래의 표는 강의의 각 주제를 어느 문제에서 연습하는지 보여 줍니다.<br>
One folder is one exercise: its `README.md` is the task, its `starter.py` the place to begin.
The tables tell which exercise practises which topic of the lectures.

이 파일은 `python tools/coverage.py`가 `topics.toml`과 각 문제의 `exercise.toml`에서 만듭니다. 직접 고치지 마세요.<br>
This file is made by `python tools/coverage.py` from `topics.toml` and each `exercise.toml`; edit those instead.
"""


def coverage(root: Path) -> str:
    """The text of `exercises/README.md`. Raises `ValueError` if an exercise names a topic that is not there."""
    listed, practised = _listed(root), _practised(root)
    lines = [HEAD, *_table("#", "제목 / title", "점수 / points", "종류 / kind")]
    for name, exercise in _exercises(root).items():
        points = sum(check["points"] for check in exercise["checks"].values())
        lines.append(_row(_link(name), _both(exercise["title"]), f"{points:g}", exercise["kind"]))
    for letter, section in listed["sections"].items():
        lines += ["", f"## {letter}. {section['title']['ko']} / {section['title']['en']}", ""]
        lines += _table("#", "주제 / topic", "강의 / lectures", "연습 / exercise")
        for topic in listed["topics"]:
            if topic["section"] == letter:
                number = topic["number"]
                lines.append(_row(str(number), _both(topic["title"]), ", ".join(topic["lectures"]),
                                  _where(practised[number], topic.get("context"))))
    return "\n".join(lines) + "\n"


def uncovered(root: Path) -> list[int]:
    """The numbers of the topics that no exercise practises, although nothing says that they are only mentioned."""
    practised = _practised(root)
    return [topic["number"] for topic in _listed(root)["topics"]
            if "context" not in topic and not practised[topic["number"]]]


def _practised(root: Path) -> dict[int, list[str]]:
    """The exercises of every topic."""
    practised: dict[int, list[str]] = {topic["number"]: [] for topic in _listed(root)["topics"]}
    for name, exercise in _exercises(root).items():
        for number in exercise["topics"]:
            if number not in practised:
                raise ValueError(f"exercises/{name}/exercise.toml: topics: there is no topic {number} in topics.toml")
            practised[number].append(name)
    return practised


def _listed(root: Path) -> dict[str, Any]:
    return _load(root / "exercises" / "topics.toml")


def _exercises(root: Path) -> dict[str, dict[str, Any]]:
    return {path.parent.name: _load(path) for path in sorted((root / "exercises").glob("*/exercise.toml"))}


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _where(names: list[str], context: Mapping[str, str] | None) -> str:
    """The exercises of a topic, and why it is only mentioned."""
    parts = [", ".join(map(_link, names))] if names else []
    return "<br>".join([*parts, _both(context)] if context else parts)


def _link(name: str) -> str:
    return f"[{name.removeprefix('exercise_')}]({name}/)"


def _both(text: Mapping[str, str]) -> str:
    return f"{text['ko']}<br>{text['en']}"


def _table(*titles: str) -> list[str]:
    return [_row(*titles), "|" + "---|" * len(titles)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the file, then complain about what nobody practises."""
    try:
        text, missing = coverage(ROOT), uncovered(ROOT)
    except ValueError as error:
        sys.exit(str(error))
    (ROOT / "exercises" / "README.md").write_text(text, encoding="utf-8")
    if missing:
        sys.exit(f"exercises/topics.toml: no exercise names topic {', '.join(map(str, missing))}")


if __name__ == "__main__":
    main()
