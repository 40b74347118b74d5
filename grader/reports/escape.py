"""Text of strangers made harmless to show: the one gate through which student text enters a report.

What passes it holds no control characters (terminal escapes, XML-invalid characters), no bidirectional or
other invisible formatting and no lone surrogates: each becomes its visible Python escape, such as `\\x1b`.
HTML and XML markup is the business of those renderers' libraries, rich markup is never interpreted.
"""

import re
import unicodedata
from collections.abc import Iterable

# Longest run of combining marks kept: real scripts need two or three, towers of them hide other lines.
_MAX_MARKS = 3
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
MAX_CELL = 10_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


def plain(text: object, limit: int) -> str:
    """One line of at most `limit` characters that is safe in a terminal, in HTML and in XML."""
    line = re.sub(r"\r\n|[\t\n\r\x0b\x0c\x85\u2028\u2029]", " ", _start(text, limit))
    return end_cropped(_visible(line).strip(), limit)


def cell(value: object) -> str:
    """A value for a table: plain, and never what spreadsheets take for a formula."""
    text = plain(value, MAX_CELL)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(text) else text


def plain_lines(lines: Iterable[object], limit: int, most: int) -> tuple[str, ...]:
    """At most `most` safe lines with their indentation kept: the last ones, nearest to the error."""
    pieces = [piece for entry in lines for piece in _start(entry, limit * most).splitlines()]
    kept = [code_line(piece, limit) for piece in pieces]
    return tuple([line for line in kept if line.strip()][-most:])


def code_line(line: str, limit: int) -> str:
    """A line of code of at most `limit` characters, made safe, its indentation kept."""
    return end_cropped(_visible(_start(line, limit).expandtabs(4)).rstrip(), limit)


def markdown(text: object, limit: int) -> str:
    """One safe line that Markdown, and the HTML and mathematics in it, shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#+\-!|~$&])", r"\\\1", plain(text, limit))


def markdown_code(text: object, limit: int) -> str:
    """One safe line as a block of code in Markdown, which nothing in it can end."""
    line = plain(text, limit)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}python\n{line}\n{fence}"


def end_cropped(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, with `…` for what is left off at the end."""
    return text if len(text) <= limit else text[:limit - 1].rstrip() + "…"


def without_commands(line: str) -> str:
    """`line` in the same width, but never a workflow command to a CI runner that reads the output.

    GitHub takes `::name` at the start of a line and `##[name]` anywhere for a command, Azure `##vso[name]`.
    """
    return re.sub(r"##(?=\[|vso\[)", "# ", re.sub(r"^(\s*):(?=:)", "\\1\u2236", line))


def _start(text: object, limit: int) -> str:
    # Only the part that can be shown is looked at, so that a gigabyte of text costs nothing.
    # NFC, because macOS hands out Hangul in pieces whose width terminals disagree on.
    return unicodedata.normalize("NFC", str(text)[:4 * limit + 1])


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    shown = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category == "Zs":
            shown.append(" ")
        elif category in _HIDDEN or _is_noncharacter(char):
            shown.append(_escaped(char))
        elif marks <= _MAX_MARKS:
            shown.append(char)
    return "".join(shown)


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def _escaped(char: str) -> str:
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
