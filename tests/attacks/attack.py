"""Reads the attacks of `submissions/`: each begins by saying what is tried, and states what must come of it.

    verdict: failed | crashed      the verdicts that it may end with
    points: 9                      what its honest part earns; `at most 9` where a death or a limit may cost some of it
    levels: bubblewrap landlock    the levels that claim to stop it
    shows: loot: []                text that the report must hold: the attack got that far (optional)

A module says so in its docstring, a notebook in its first cell. Two lines are completed before the attack is graded:
`PLACES = {}  # attack:places` tells where everything lies that it is after, and in place of `# attack:honest` stand
right answers to the exercise.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.verdict import Verdict

FOLDER = Path(__file__).parent / "submissions"
HONEST = (Path(__file__).parent / "honest.py").read_text(encoding="utf-8")
LEVELS = ("bubblewrap", "landlock")
STARTS = ("cold", "warm")
KEYS = ("verdict", "points", "levels", "shows")


@dataclass(frozen=True)
class Attack:
    """One submission that means harm, and what must come of it."""

    path: Path
    tried: str
    verdicts: tuple[Verdict, ...]
    points: float
    exact: bool
    levels: tuple[str, ...]
    shows: str

    @property
    def name(self) -> str:
        return self.path.stem

    def completed(self, places: Mapping[str, Any]) -> str:
        """The text to grade."""
        text = self.path.read_text(encoding="utf-8")
        if self.path.suffix == ".py":
            return _complete(text, places)
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            cell["source"] = _complete("".join(cell["source"]), places)
        return json.dumps(notebook)


def read_attacks() -> tuple[Attack, ...]:
    """Every attack, by name."""
    return tuple(_read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in (".py", ".ipynb"))


def _complete(text: str, places: Mapping[str, Any]) -> str:
    # by a function, for the text may hold backslashes
    text = re.sub(r"^PLACES = \{\}  # attack:places$", lambda _: f"PLACES = {dict(places)!r}", text, flags=re.MULTILINE)
    return re.sub(r"^# attack:honest$", lambda _: HONEST, text, flags=re.MULTILINE)


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    head = (ast.get_docstring(ast.parse(text)) if path.suffix == ".py"
            else "".join(json.loads(text)["cells"][0]["source"])) or ""
    tried, _, rest = head.partition("\n\n")
    stated = dict(re.fullmatch(r"(\w+): (.+)", line).groups() for line in rest.splitlines())
    if not stated.keys() <= set(KEYS) or not stated.keys() >= set(KEYS[:3]) or not tried.endswith("."):
        raise ValueError(f"{path.name}: needs a sentence, an empty line, then {', '.join(KEYS[:3])}")
    levels = tuple(stated["levels"].split())
    if not levels or not set(levels) <= set(LEVELS):
        raise ValueError(f"{path.name}: unknown level in {levels}")
    most = stated["points"].removeprefix("at most ")
    return Attack(path=path, tried=" ".join(tried.split()), exact=most == stated["points"], points=float(most),
                  verdicts=tuple(Verdict(word) for word in stated["verdict"].split(" | ")), levels=levels,
                  shows=stated.get("shows", ""))
