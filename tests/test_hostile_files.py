"""Files that are made to harm whoever opens them: one clear line, the contract's exit code, little time and memory."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.ladder import available_levels
from grader.messages import say
from grader.sandbox import Level
from grader.submission import MAX_MB, Problem, parse_submission, read_submission
from tests.conftest import ROOT

SOLUTION = (ROOT / "solutions/exercise_05/solution.py").read_text(encoding="utf-8")
MEBIBYTE = 2**20
NAME = "exercise_05"


def notebook(*cells: str, metadata: str = "{}", version: int = 4) -> str:
    """JSON of a notebook whose cells are JSON already."""
    return f'{{"nbformat": {version}, "nbformat_minor": 5, "metadata": {metadata}, "cells": [{", ".join(cells)}]}}'


def cell(source: str, **more: str) -> str:
    """JSON of a code cell whose parts are JSON already."""
    parts = {"cell_type": '"code"', "metadata": "{}", "outputs": "[]", "source": source} | more
    return "{" + ", ".join(f'"{key}": {value}' for key, value in parts.items()) + "}"


def read(text: str | bytes):
    return parse_submission(Path(f"{NAME}.ipynb"), "notebook", text.encode() if isinstance(text, str) else text)


# --- what costs ------------------------------------------------------------------------------------------------------

GRAVE = """
import resource, signal, sys
from pathlib import Path
from grader.submission import read_submission
import nbformat
resource.setrlimit(resource.RLIMIT_DATA, ({memory}, {memory}))
signal.alarm({seconds})
found = read_submission(Path(sys.argv[1]))
print(found.problem.kind if found.problem else len(found.cells))
"""


def read_within_bounds(path: Path, *, memory_mb: int = 900, seconds: int = 30) -> str:
    """The problem's kind or the number of cells, read by a process that may use so much memory and time."""
    code = GRAVE.format(memory=memory_mb * MEBIBYTE, seconds=seconds)
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def repeated(unit: str, size_mb: int = MAX_MB - 1, **more: str) -> str:
    """A notebook with nothing but one thing in its metadata, very many times."""
    return notebook(metadata='{"x": [' + unit * (size_mb * MEBIBYTE // len(unit)) + "0]}", **more)


OLD = '{{"nbformat": {version}, "nbformat_minor": 0, "metadata": {{"name": ""}}, "worksheets": [{sheets}]}}'
OLD_CELL = '{"cell_type": "code", "input": "x", "language": "python", "outputs": [], "collapsed": false}'
OUTPUT = '{"output_type": "stream", "name": "stdout", "text": "%s"}'

COSTLY = {
    "tiny objects": (lambda: repeated('{"":0},'), "not_a_notebook"),
    "empty objects": (lambda: repeated("{},"), "not_a_notebook"),
    "empty lists": (lambda: repeated("[],"), "not_a_notebook"),
    "lists in lists": (lambda: repeated("[" * 50 + "]" * 50 + ","), "not_a_notebook"),
    "small numbers": (lambda: repeated("-9,"), "not_a_notebook"),
    "small texts": (lambda: repeated('"ab",'), "not_a_notebook"),
    "no text that ends": (lambda: '{"cells": ["' + '\\"' * (30 * MEBIBYTE), "not_json"),
    "backslashes": (lambda: '{"cells": [' + "[" * 2**22 + "\\" * (50 * MEBIBYTE), "not_a_notebook"),
    "a few million values": (lambda: repeated('{"":0},', 12), "no_code"),
    "millions of values in an old notebook": (lambda: repeated('{"":0},', 12, version=3), "not_a_notebook"),
    "lines of one cell": (lambda: notebook(cell("[" + '"x\\n",' * 3_000_000 + '""]')), "1"),
    "one line of 60 MB": (lambda: notebook(cell('"' + "a" * (60 * MEBIBYTE) + '"')), "1"),
    "60 MB in wide letters": (lambda: notebook(cell('"\U0001f600' + "a" * (60 * MEBIBYTE) + '"')), "1"),
    "100,000 cells": (lambda: notebook(*[cell('"x"')] * 100_000), "not_a_notebook"),
    "100,000 old cells": (lambda: OLD.format(version=3, sheets=f'{{"cells": [{", ".join([OLD_CELL] * 100_000)}]}}'),
                          "not_a_notebook"),
    "300,000 worksheets": (lambda: OLD.format(version=2, sheets=", ".join(['{"cells": []}'] * 300_000)), "no_code"),
    "no version": (lambda: repeated("0.5,", 12).replace('"nbformat": 4,', ""), "no_code"),
    "output of 50 MB": (lambda: notebook(cell('"x"', outputs=f"[{OUTPUT % ('[0.1, 0.2], ' * (50 * 2**20 // 12))}]")), "1"),
    "attachment of 50 MB": (lambda: notebook(cell('"x"', attachments=json.dumps(
        {"a.png": {"image/png": "iVBORw0KGgo" * (50 * 2**20 // 11)}}))), "1"),
    "plot of a million points": (lambda: notebook(cell('"x"', outputs='[{"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": ['
                                                       + "0.8414709848078965, " * 1_000_000 + "0]}}]")), "1"),
    "integer of 60 million digits": (lambda: notebook(metadata='{"x": ' + "9" * (60 * MEBIBYTE) + "}"), "not_a_notebook"),
    "fraction of 60 million digits": (lambda: notebook(cell('"x"'), metadata='{"x": 0.' + "9" * (60 * MEBIBYTE) + "}"), "1"),
    "a million levels": (lambda: "[" * 1_000_000, "not_a_notebook"),
    "a million levels of objects": (lambda: '{"cells":' * 1_000_000, "not_a_notebook"),
    "NULs": (lambda: "\0" * (60 * MEBIBYTE), "not_json"), "blanks": (lambda: " " * (60 * MEBIBYTE), "empty"),
}


@pytest.mark.parametrize("case", COSTLY)
def test_a_costly_notebook_is_read_in_bounded_time_and_memory(tmp_path, case):
    content, expected = COSTLY[case]
    path = tmp_path / f"{NAME}.ipynb"
    path.write_text(content(), encoding="utf-8")
    assert read_within_bounds(path) == expected


def test_a_file_of_10_gb_that_holds_nothing_is_not_read(tmp_path):
    path = tmp_path / f"{NAME}.py"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    assert read_within_bounds(path, memory_mb=300) == "too_large"


# --- odd JSON --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "code"), [
    (notebook(cell('"first"')).replace('"source"', '"source": "other", "source"'), "first"),
    (notebook(cell('"x"'), metadata='{"a": NaN, "b": [Infinity, -Infinity], "c": 1e999, "d": -0.0}'), "x"),
    (notebook(cell('"x"', execution_count="NaN")), "x"),
    (notebook(cell('["x", "\\n", "", "y"]')), "x\ny"),
    (notebook(cell('"s = \'\\ud800\'"')), "s = '\\ud800'"),
    (notebook(cell('"s = \'\\ud83d\\ude00\'"')), "s = '\U0001f600'"),
    (notebook(cell('["\\ud83d", "\\ude00"]')), "\\ud83d\\ude00"),
    (notebook(cell('"x = \'\\u0000\'"')), "x = '\0'"), (notebook(cell('"\\ufeffx"')), "\ufeffx"),
    ("\ufeff" + notebook(cell('"x"')), "x"),
    (notebook(cell("null"), cell('"x"')), "x"),
], ids=["duplicate keys", "NaN and Infinity", "NaN as a count", "pieces", "half a pair", "a pair", "halves apart", "NUL",
        "mark in a cell", "mark", "null"])
def test_odd_json_is_read_as_jupyter_reads_it_and_can_be_sent(text, code):
    found = read(text)
    assert found.cells == (code,)
    code.encode()


@pytest.mark.parametrize("source", ["3", "true", "NaN", '{"a": 1}', "[[1]]", '[["x"]]', '["x", null]', "9" * 4000,
                                    '["x", {"y": 1}]'])
def test_a_source_that_is_no_text_is_no_notebook(source):
    assert read(notebook(cell(source))).problem == Problem(
        "not_a_notebook", {"reason": read(notebook(cell(source))).problem.values["reason"]})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949", "utf-7"])
@pytest.mark.parametrize("kind", ["notebook", "module"])
def test_other_encodings_are_told_or_have_no_letters_of_their_own(encoding, kind):
    text = notebook(cell('"x = \'한글\'"')) if kind == "notebook" else "x = '한글'"
    found = parse_submission(Path("a"), kind, text.encode(encoding))
    assert found.problem is None or found.problem.kind in ("not_utf8", "not_json")


@pytest.mark.parametrize("metadata", ['{"kernelspec": {"language": "%s"}}', '{"language_info": {"name": "%s"}}',
                                      '{"kernelspec": {"name": "ir-%s", "language": ""}}'])
def test_a_language_with_a_long_or_hostile_name_is_one_short_line(metadata):
    found = read(notebook(cell('"x"'), metadata=metadata % ("\\n\\u001b[2J{0}<b>[bold]" + "x" * 10_000)))
    for lang in ("ko", "en"):
        text = say(f"unreadable.{found.problem.kind}", lang, **found.problem.values)
        assert len(text) < 200 and "\n" not in text


# --- links, devices, pipes -------------------------------------------------------------------------------------------

def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path is a short one
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


def make_device(path: Path) -> None:
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))
    except OSError:
        pytest.skip("devices cannot be made here")


SPECIAL = {
    "link to a file": lambda path: path.symlink_to(ROOT / "solutions/exercise_05/solution.py"),
    "link to nothing": lambda path: path.symlink_to("nothing"), "link to itself": lambda path: path.symlink_to(path.name),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(), "pipe": os.mkfifo, "socket": make_socket, "device": make_device,
}


@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
@pytest.mark.parametrize("kind", SPECIAL)
def test_in_a_submissions_folder_only_files_are_read(grade, tmp_path, kind, suffix):
    SPECIAL[kind](tmp_path / f"{NAME}{suffix}")
    answer = grade(NAME, tmp_path, "--json", "-", "--lang", "en")
    assert answer.code == 1
    assert (answer.record["verdict"], answer.record["points"]) == ("crashed", 0)
    assert "symbolic links and special files are not graded" in answer.record["error"]["message"]


@pytest.mark.parametrize("suffix", [".py", ".ipynb", ".zip"])
@pytest.mark.parametrize("kind", [kind for kind in SPECIAL if kind != "folder"])
def test_as_a_submission_only_files_are_read(grade, tmp_path, kind, suffix):
    SPECIAL[kind](tmp_path / f"work{suffix}")
    answer = grade(NAME, tmp_path / f"work{suffix}", "--lang", "en")
    assert answer.code == 1
    assert "symbolic links and special files are not graded" in " ".join(answer.out.split())


@pytest.mark.parametrize("suffix", [".py", ".ipynb", ".zip"])
def test_a_folder_named_like_a_file_is_a_folder(grade, tmp_path, suffix):
    (tmp_path / f"work{suffix}").mkdir()
    answer = grade(NAME, tmp_path / f"work{suffix}")
    assert answer.code == 2
    assert f"holds neither {NAME}.ipynb nor {NAME}.py" in answer.err


def test_a_hard_link_is_a_file_like_any_other(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    os.link(tmp_path / "a.py", tmp_path / "b.py")
    assert read_submission(tmp_path / "b.py").cells == ("x = 1",)


def test_a_link_in_the_callers_own_path_is_the_callers(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.py").write_text("x = 1")
    (tmp_path / "way").symlink_to("real")
    assert read_submission(tmp_path / "way/a.py").cells == ("x = 1",)


# --- files that change while they are read ---------------------------------------------------------------------------

@pytest.fixture
def looks_small(tmp_path, monkeypatch):
    """Whatever is looked at before it is opened seems to be a small file."""
    (tmp_path / "small").write_text("x")
    status = (tmp_path / "small").lstat()
    monkeypatch.setattr(Path, "lstat", lambda path: status)


@pytest.mark.usefixtures("looks_small")
@pytest.mark.parametrize("kind", [kind for kind in SPECIAL if kind != "folder"])
def test_a_file_that_becomes_something_else_before_it_is_opened_is_not_read(tmp_path, kind):
    SPECIAL[kind](tmp_path / "a.py")
    assert read_submission(tmp_path / "a.py").problem == Problem("link")


@pytest.mark.usefixtures("looks_small")
def test_a_file_that_becomes_a_folder_is_a_matter_of_usage(tmp_path):
    (tmp_path / "a.py").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        read_submission(tmp_path / "a.py")


@pytest.mark.usefixtures("looks_small")
def test_a_file_that_grows_while_it_is_read_is_too_large(tmp_path):
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(10 * 2**30)
    assert read_submission(tmp_path / "a.py").problem == Problem("too_large", {"size": MAX_MB + 1, "limit": MAX_MB})


def test_a_file_that_changes_is_read_as_it_was_at_one_moment(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    with (tmp_path / "a.py").open("r+") as file:
        found = read_submission(tmp_path / "a.py")
        file.write("y = 2")
    assert found.cells == ("x = 1",)
    assert found.sha256 == parse_submission(tmp_path / "a.py", "module", b"x = 1").sha256


# --- names -----------------------------------------------------------------------------------------------------------

NAMES = {
    "newline": "a\nb\r\nc", "escapes": "\x1b[2J\x1b]0;title\x07\x9b31m", "rich markup": "[bold red]a[link=x]y[bold]",
    "HTML": "<script>alert(1)<|script>&amp;", "workflow command": "::error::a ##[error]b", "dots": "..a.. ..",
    "braces": "{0} {path!r} {{ x }} %s %(x)s", "leading dash": "-rf --json", "blanks": " a  b ", "quotes": "'a' \"b\" `c`",
    "other directions": "\u202egpj.\u2066a", "longest": "가" * 80, "no UTF-8": os.fsdecode(b"\xff\xfe\xc7\xd1"),
    "combining": "Z" + "\u0337" * 60, "formula": "=1+1", "dollar": "$(touch x) $HOME ; rm *",
}


def assert_harmless(text: str) -> None:
    """No control characters but newlines, no hidden ones, nothing that cannot be encoded."""
    assert not [sign for sign in text if sign != "\n" and (not sign.isprintable() and sign != " ")]
    text.encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_and_not_obeyed(grade, tmp_path, name):
    path = tmp_path / f"{NAMES[name]}.py"
    path.write_bytes(b"\xff")
    answer = grade(NAME, path, "--json", tmp_path / "r.json", "--html", tmp_path / "r.html", "--junit",
                   tmp_path / "r.xml", "--lang", "en")
    assert answer.code == 1
    assert_harmless(answer.out)
    assert "not UTF-8" in " ".join(answer.out.split())
    record = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (record["verdict"], record["points"]) == ("crashed", 0)
    assert "\n" not in record["error"]["message"]
    assert "<script>alert" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>alert" not in (tmp_path / "r.xml").read_text(encoding="utf-8")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted(["r.json", "r.html", "r.xml", path.name])


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_of_nothing_is_one_harmless_line(grade, tmp_path, name):
    answer = grade(NAME, tmp_path / f"{NAMES[name]}.py")
    assert (answer.code, answer.out) == (2, "")
    assert "no such file" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert_harmless(answer.err)


@pytest.mark.parametrize("path", ["x" * 4000 + ".py", "x" * 4000, "x/" * 3000 + "a.py", "x" * 300 + ".zip"],
                         ids=["file", "no ending", "many folders", "archive"])
def test_a_name_that_no_file_can_have_is_one_line(grade, tmp_path, path):
    answer = grade(NAME, tmp_path / path)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1 and len(answer.err) < 1200


@pytest.mark.parametrize("path", ["a.py/b.py", "a.py/", "a.py/.."])
def test_a_file_is_no_folder(grade, tmp_path, path):
    (tmp_path / "a.py").write_bytes(b"\xff")
    assert grade(NAME, f"{tmp_path}/{path}").code in (1, 2)


def test_dashes_and_dots_lead_to_files_too(grade, tmp_path):
    (tmp_path / "-q.py").write_bytes(b"\xff")
    (tmp_path / "inner").mkdir()
    for arguments in (["--", "-q.py"], ["./-q.py"], ["inner/../-q.py"]):
        answer = grade(NAME, "--course", ROOT, *arguments, cwd=tmp_path)
        assert answer.code == 1, answer


# --- and what can be run ---------------------------------------------------------------------------------------------

HOSTILE_CELLS = ["x = 'a\0b'", "s = '\ud800'\nprint(s, len(s))", "\ufeffy = 1", "z = '" + "a" * 1_000_000 + "'",
                 "(" * 1000, "a" + ".a" * 10_000, "\x0c\x1b[2J", "print('\\udcff')", "raise ValueError('\ud800\x1b[2J')",
                 "9" * 5000, "\u202e = 1", "\r\r\n\x0b", "# -*- coding: utf-16 -*-\nx = 1", "%%javascript\nalert(1)"]


@pytest.mark.parametrize("level", ["bubblewrap", "landlock"])
@pytest.mark.parametrize("ending", ["ipynb", "zip"])
def test_cells_that_no_file_could_hold_cost_an_honest_answer_nothing(grade, tmp_path, level, ending):
    if not any(finding.usable for finding in available_levels() if finding.level is Level(level)):
        pytest.skip(f"no {level} here")
    text = notebook(*[cell(json.dumps(source)) for source in [SOLUTION, *HOSTILE_CELLS]])
    path = tmp_path / f"{NAME}.{ending}"
    if ending == "zip":
        import zipfile
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"홍길동/{NAME}.ipynb", text)
    else:
        path.write_text(text, encoding="utf-8")
    answer = grade(NAME, path, "--sandbox", level, "-v", "--lang", "en")
    assert answer.code == 0
    assert "10 / 10" in answer.out
    assert_harmless(answer.out)
