"""Text of strangers, made safe in size and free of terminal control."""

import contextlib
import re

_CONTROL = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and other strings
    r"|[\x1b\x9b][\[\]()#;?]*(?:\d{0,4}(?:;\d{0,4})*)?[0-9A-PR-TZcf-ntqry=><~]"  # colours, cursor
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_JSON_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_LIBRARY_LOG = re.compile(r"^(?:WARNING: All log messages before absl.*|[IW]0000 00:00:\d+\.\d+ .*)\n?", re.MULTILINE)


def plain(text: str) -> str:
    """The text without terminal escapes and control characters (tab, newline, carriage return stay)."""
    return _CONTROL.sub("", text)


def decode_text(raw: bytes) -> tuple[str, str] | None:
    """Text that is UTF-8 or, as Korean Windows and its Excel write it, CP949, and which; None if it is neither."""
    for encoding in ("utf-8", "cp949"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding), encoding
    return None


def count_parts(raw: bytes, most: int) -> int:
    """About how many values JSON holds: each costs some 100 bytes once it is read, however short it is.

    Where there seem to be more than `most`, but few texts, a second look leaves out the brackets and commas of those.
    """
    count = _separators(raw)
    if count <= most or 2 * (raw.count(b'"') - raw.count(b'\\"')) > most:
        return count
    return _separators(_JSON_TEXT.sub(b"", raw))


def _separators(raw: bytes) -> int:
    return sum(map(raw.count, (b"[", b"{", b",")))


class BoundedText:
    """Collects text of any size, keeps its beginning and its end (without TensorFlow's log lines)."""

    def __init__(self, limit: int) -> None:
        self._room = limit // 2
        self._tail_limit = limit - self._room
        self._head: list[str] = []
        self._tail: list[str] = []
        self._tail_size = 0
        self._tail_dropped = 0

    def add(self, text: str) -> None:
        head, text = text[:self._room], text[self._room:]
        self._room -= len(head)
        if head:
            self._head.append(head)
        if text:
            self._tail.append(text)
            self._tail_size += len(text)
            if self._tail_size > 4 * self._tail_limit:
                self._trim()

    def drop(self, characters: int) -> None:
        """Note text that was left out before it came here."""
        self._tail_dropped += max(0, characters)

    def _trim(self) -> None:
        tail = "".join(self._tail)
        kept = tail[-self._tail_limit:]
        self._tail_dropped += len(tail) - len(kept)
        self._tail, self._tail_size = [kept], len(kept)

    def result(self) -> tuple[str, int]:
        """The text that was kept, and how many characters were not."""
        self._trim()
        head, tail, dropped = "".join(self._head), "".join(self._tail), self._tail_dropped
        middle = f"\n… {dropped:,} …\n" if dropped else ""
        return _LIBRARY_LOG.sub("", plain(head + middle + tail)), dropped
