"""Names of files and folders for what strangers are called: they differ on every file system, and none escapes."""

import re
import unicodedata
from collections.abc import Callable, Iterable

MAX_BYTES = 80
MAX_SLUG = 24
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
PORTABLE = re.compile(r"[\w.@+-]+(?: [\w.@+-]+)*")


def folder_names(names: Iterable[str]) -> dict[str, str]:
    """A folder's name for each: as it is where every system can have it, else a number and what is left of it."""
    return _distinct(names, lambda name: _as_it_is(name) or "")


def page_names(names: Iterable[str]) -> dict[str, str]:
    """A name in plain ASCII for each, that stands for itself in an address: a number and what is left of it."""
    return _distinct(names, lambda name: "")


def _distinct(names: Iterable[str], wanted: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, name in enumerate(dict.fromkeys(names), start=1):
        chosen = wanted(name)
        while not chosen or _folded(chosen) in taken:
            chosen = "-".join(filter(None, (f"{number:04d}", _slug(name))))
            number += 10_000
        taken.add(_folded(chosen))
        found[name] = chosen
    return found


def _as_it_is(name: str) -> str | None:
    """The name in composed form, if it may be that of a folder everywhere."""
    name = unicodedata.normalize("NFC", name)
    fits = len(name.encode("utf-8", "replace")) <= MAX_BYTES and PORTABLE.fullmatch(name)
    return name if fits and name[0] not in ".-" and name[-1] != "." and not RESERVED.fullmatch(name) else None


def _folded(name: str) -> str:
    """What a file system that ignores case and forms of letters takes a name for."""
    return unicodedata.normalize("NFKC", name).casefold()


def _slug(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name.lower())[:MAX_SLUG].strip("-")
