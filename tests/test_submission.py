"""Reading submissions: whatever a file holds is cells, or a problem with a message in both languages."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.messages import say
from grader.submission import MAX_CELLS, MAX_MB, Submission, locate_submission, parse_submission, read_submission
from tests.strategies import anything_in_json, few, some

CODE = "x = 1"


def cell(source=CODE, kind="code", **more):
    data = {"cell_type": kind, "source": source, "metadata": {}}
    if kind == "code":
        data |= {"outputs": [], "execution_count": None}
    return data | more


def notebook(*cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | more


def read(content) -> Submission:
    if not isinstance(content, str | bytes):
        content = json.dumps(content)
    raw = content.encode() if isinstance(content, str) else content
    return parse_submission(Path("exercise_03.ipynb"), "notebook", raw)


def cells(content):
    found = read(content)
    assert found.problem is None, found.problem
    return found.cells


def problem(found: Submission) -> str:
    """The kind of problem; its message must exist in both languages."""
    assert found.problem is not None and found.cells == ()
    for lang in ("ko", "en"):
        text = say(f"unreadable.{found.problem.kind}", lang, **found.problem.values)
        assert text and "{" not in text.replace("{…}", "") and "\n" not in text
    return found.problem.kind


# --- notebooks as they come ------------------------------------------------------------------------------------------

def test_code_cells_come_in_order_and_others_are_left_out():
    mixed = [cell("a"), cell("# text", "markdown"), cell("b"), cell("raw", "raw"), cell(" \n"), cell("c")]
    assert cells(notebook(*mixed)) == ("a", "b", "c")


@pytest.mark.parametrize(("source", "code"), [
    ("a\nb", "a\nb"), (["a\n", "b"], "a\nb"), (["a"], "a"),
    ("%matplotlib inline\n!ls\nx?", "%matplotlib inline\n!ls\nx?"), ("print(1)  # 한글", "print(1)  # 한글")])
def test_a_source_is_a_text_or_a_list_of_lines(source, code):
    assert cells(notebook(cell(source))) == (code,)


@pytest.mark.parametrize("strange", [
    {"cell_type": "code", "metadata": {}}, cell("x", "future cell"), {"cell_type": "markdown"}, {},
    cell("# head", "heading", level=1),
    {"cell_type": "code", "source": [], "metadata": None}],
    ids=["no source", "unknown type", "no text", "nothing", "heading", "no metadata"])
def test_strange_cells_are_skipped(strange):
    assert cells(notebook(strange, cell())) == (CODE,)


@pytest.mark.parametrize("more", [
    {"outputs": [{"output_type": "stream", "text": "x" * 10000}]}, {"outputs": [{"no": "type"}]}, {"outputs": "none"},
    {"outputs": None},
    {"execution_count": "*"}, {"prompt_number": "*"}, {"id": "not allowed!"}, {"attachments": 3},
    {"metadata": {"tags": ["raises-exception", "skip-execution"]}}],
                         ids=str)
def test_outputs_counts_ids_and_metadata_do_not_matter(more):
    assert cells(notebook(cell(**more), cell("b", **more))) == (CODE, "b")


def test_duplicate_and_missing_ids_do_not_matter(capfd):
    assert cells(notebook(cell("a", id="same"), cell("b", id="same"), cell("c"))) == ("a", "b", "c")
    assert capfd.readouterr() == ("", "")


def old(version, *inputs, **more):
    code = [{"cell_type": "code", "language": "python", "input": source, "outputs": [], "collapsed": False}
            for source in inputs]
    return {"nbformat": version, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": code}]} | more


@pytest.mark.parametrize("version", [2, 3])
def test_old_notebooks_are_upgraded(version, capfd):
    assert cells(old(version, "a = 1\nb = 2", ["c = 3\n", "d = 4"])) == ("a = 1\nb = 2", "c = 3\nd = 4")
    assert capfd.readouterr() == ("", "")


def test_lines_of_version_2_get_their_newlines():
    assert cells(old(2, ["def f():", "    return 1"])) == ("def f():\n    return 1",)


def test_old_notebooks_may_lack_what_they_should_have(capfd):
    data = old(3, "a = 1")
    data["worksheets"][0]["cells"] += [{"cell_type": "heading", "level": 1, "source": "x"},
                                       {"cell_type": "code", "input": "b", "prompt_number": "*",
                                        "outputs": [{"output_type": "pyout"}]}]
    assert cells(data)[0] == "a = 1"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("data", [
    notebook(cell(), nbformat_minor=99), notebook(cell(), nbformat_minor="4"), notebook(cell(), nbformat_minor=None),
    notebook(cell(), metadata=None), notebook(cell(), metadata=[])])
def test_version_4_is_read_whatever_its_minor_version_and_metadata_are(data):
    assert cells(data) == (CODE,)


def test_a_byte_order_mark_does_not_matter():
    assert cells(b"\xef\xbb\xbf" + json.dumps(notebook(cell())).encode()) == (CODE,)


# --- which language --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("metadata", [
    {}, {"kernelspec": {"name": "conda-env-x-py", "language": "python", "display_name": "?"}},
    {"kernelspec": {"name": "python2"}},
    {"kernelspec": {"name": "python_defaultSpec_1598"}}, {"kernelspec": {"name": "widgets-tutorial"}},
    {"kernelspec": None}, {"kernelspec": "python"},
    {"language_info": {"name": "python", "version": 3}},
    {"language_info": {"name": "python", "version": "3.7\n(default)"}},
    {"language_info": {"name": "ipython"}}, {"language_info": {"name": ""}}, {"language_info": []},
    {"kernelspec": {"name": 3, "language": 4}}, {"kernelspec": {"language": "Python"}}], ids=str)
def test_a_notebook_is_python_unless_it_says_otherwise(metadata):
    assert cells(notebook(cell(), metadata=metadata)) == (CODE,)


@pytest.mark.parametrize(("metadata", "language"), [
    ({"kernelspec": {"name": "ir", "language": "R"}}, "R"), ({"kernelspec": {"name": "ir"}}, "R"),
    ({"language_info": {"name": "R"}}, "R"),
    ({"kernelspec": {"name": "julia-1.9"}}, "Julia"), ({"kernelspec": {"name": ".net-csharp"}}, "C#"),
    ({"kernelspec": {"name": ".net-csharp", "language": "C#"}}, "C#"),
    ({"kernelspec": {"name": "python3", "language": "scala"}}, "scala")])
def test_another_language_is_told(metadata, language):
    found = read(notebook(cell(), metadata=metadata))
    assert problem(found) == "language" and found.problem.values == {"language": language}


@pytest.mark.parametrize("metadata",
                         [{"dotnet_interactive": {"language": "csharp"}},
                          {"polyglot_notebook": {"kernelName": "csharp"}}])
def test_another_language_behind_a_python_kernel_is_told(metadata):
    found = read(notebook(cell("int x = 1;", metadata=metadata),
                          metadata={"kernelspec": {"name": "python3", "language": "python"}}))
    assert problem(found) == "language" and found.problem.values == {"language": "csharp"}


@pytest.mark.parametrize("metadata",
                         [{"dotnet_interactive": {"language": "python"}},
                          {"polyglot_notebook": {"kernelName": "python"}}, {"dotnet_interactive": 3},
                          {"polyglot_notebook": {}}])
def test_python_cells_of_a_polyglot_notebook_are_read(metadata):
    assert cells(notebook(cell(metadata=metadata))) == (CODE,)


# --- what is no notebook ---------------------------------------------------------------------------------------------

ONE = json.dumps(cell())
RIGHT = json.dumps(notebook(cell()))
UNREADABLE = {
    "nothing": (b"", "empty"), "blanks": (b" \n\t\n", "empty"), "a byte order mark": (b"\xef\xbb\xbf", "empty"),
    "truncated": (RIGHT[:-20], "not_json"), "trailing comma": (RIGHT.replace("]}", "],}"), "not_json"),
    "raw newline": (RIGHT.replace("x = 1", "x\n= 1"), "not_json"),
    "merge conflict": ("<<<<<<< HEAD\n" + RIGHT, "not_json"), "python": ("x = 1\n", "not_json"),
    "html": ("<!DOCTYPE html>", "not_json"), "two notebooks": (RIGHT + RIGHT, "not_json"),
    "UTF-16": (RIGHT.encode("utf-16"), "not_utf8"), "UTF-16 without mark": (RIGHT.encode("utf-16-le"), "not_json"),
    "cp949": ('{"a": "한글"}'.encode("cp949"), "not_utf8"),
    "zip": (b"PK\x03\x04\xff\xfe", "not_utf8"), "NULs": (b"\x00" * 100, "not_json"),
    "list": ("[]", "not_a_notebook"), "list of cells": ([cell()], "not_a_notebook"),
    "text": ('"cells"', "not_a_notebook"), "number": ("3", "not_a_notebook"), "null": ("null", "not_a_notebook"),
    "empty object": ("{}", "not_a_notebook"), "other object": ({"a": 1}, "not_a_notebook"),
    "cells are null": (notebook(cells=None), "not_a_notebook"),
    "cells are a number": (notebook(cells=3), "not_a_notebook"),
    "cells are a text": (notebook(cells="abc"), "not_a_notebook"),
    "cells are an object": (notebook(cells={"a": 1}), "not_a_notebook"),
    "cells are numbers": (notebook(cells=[1, 2]), "not_a_notebook"),
    "cells are null inside": (notebook(cells=[None]), "not_a_notebook"),
    "source of numbers": (notebook(cell([1, 2])), "not_a_notebook"),
    "version 5": (notebook(cell(), nbformat=5), "not_a_notebook"),
    "version is a text": (notebook(cell(), nbformat="4"), "not_a_notebook"),
    "worksheets are null": ({"nbformat": 3, "metadata": {}, "worksheets": None}, "not_a_notebook"),
    "worksheets are numbers": ({"nbformat": 3, "metadata": {}, "worksheets": [1]}, "not_a_notebook"),
    "a number too long": ("[" + "9" * 5000 + "]", "not_a_notebook"),
    "10,000 levels": ("[" * 10_000 + "]" * 10_000, "not_a_notebook"),
    "10,000 levels of metadata": (RIGHT.replace("{}", '{"a":' * 10_000 + "1" + "}" * 10_000, 1), "not_a_notebook"),
    "no cells": (notebook(), "no_code"),
    "text only": (notebook(cell("# text", "markdown"), cell("raw", "raw")), "no_code"),
    "blank code": (notebook(cell(""), cell(" \n")), "no_code"),
    "100,000 cells": (RIGHT.replace(ONE, ", ".join([ONE] * 100_000)), "not_a_notebook"),
    "100,000 empty cells": (RIGHT.replace(ONE, ", ".join(["{}"] * 100_000)), "no_code"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_told(name, capfd):
    content, kind = UNREADABLE[name]
    assert problem(read(content)) == kind
    assert capfd.readouterr() == ("", "")


def test_the_place_of_a_json_error_is_told():
    assert read('{\n  "cells": [,]\n}').problem.values == {"line": 2, "column": 13, "reason": "Expecting value"}


def test_the_place_of_a_foreign_byte_is_told():
    assert read(b'{"a": "\xc7"}').problem.values == {"offset": 7}


def test_a_notebook_may_have_many_cells():
    assert len(cells(notebook(*[cell()] * MAX_CELLS))) == MAX_CELLS


@few
@given(anything_in_json)
def test_any_json_is_cells_or_a_problem(data):
    found = read(data)
    assert found.cells or problem(found)


odd_cells = st.one_of(anything_in_json, st.fixed_dictionaries({}, optional={
    "cell_type": st.sampled_from(["code", "markdown", None, 3]), "source": anything_in_json,
    "metadata": anything_in_json,
    "outputs": anything_in_json, "input": anything_in_json, "language": anything_in_json}))


@some
@given(st.fixed_dictionaries({"nbformat": st.sampled_from([4, 3, 2, 1, 5, "4", None, 4.0, True])}, optional={
    "nbformat_minor": anything_in_json, "metadata": anything_in_json,
    "cells": st.one_of(anything_in_json, st.lists(odd_cells, max_size=3)),
    "worksheets": st.one_of(anything_in_json,
                            st.lists(st.fixed_dictionaries({}, optional={"cells": st.lists(odd_cells, max_size=3)}),
                                     max_size=2))}))
def test_any_notebook_is_cells_or_a_problem(data):
    found = read(data)
    assert all(isinstance(source, str) and source.strip() for source in found.cells)
    assert found.cells or problem(found)


@some
@given(st.binary(max_size=40), st.sampled_from(["notebook", "module"]))
def test_any_bytes_are_cells_or_a_problem(raw, kind):
    found = parse_submission(Path("a"), kind, raw)
    assert found.cells or problem(found)
    assert len(found.sha256) == 64


# --- modules ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("raw", "source"), [
    (b"x = 1\n", "x = 1\n"), (b"x = 1\r\ny = 2\r\n", "x = 1\ny = 2\n"), (b"\xef\xbb\xbfx = 1", "x = 1"),
    ("s = '한글'".encode(), "s = '한글'"), (b"def f(:", "def f(:")])
def test_a_module_is_one_piece(raw, source):
    assert parse_submission(Path("a.py"), "module", raw).cells == (source,)


@pytest.mark.parametrize(("raw", "kind"),
                         [(b"", "empty"), (b"\n \n", "empty"), (b"\xef\xbb\xbf\n", "empty"),
                          ("s = '한글'".encode("cp949"), "not_utf8"), ("x".encode("utf-16"), "not_utf8")])
def test_what_is_no_module_is_told(raw, kind):
    assert problem(parse_submission(Path("a.py"), "module", raw)) == kind


# --- files -----------------------------------------------------------------------------------------------------------

def test_a_file_is_read_by_its_ending(tmp_path):
    (tmp_path / "a.py").write_text("x = 1")
    (tmp_path / "a.ipynb").write_text(RIGHT)
    assert read_submission(tmp_path / "a.py").kind == "module"
    assert read_submission(tmp_path / "a.ipynb").kind == "notebook"
    assert read_submission(tmp_path / "a.py").cells == read_submission(tmp_path / "a.ipynb").cells == (CODE,)


def test_links_and_special_files_are_not_followed(tmp_path):
    (tmp_path / "real.py").write_text("x = 1")
    (tmp_path / "link.py").symlink_to(tmp_path / "real.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nothing")
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    for name in ("link", "dangling", "folder", "pipe"):
        assert problem(read_submission(tmp_path / f"{name}.py")) == "link"


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "a.py"
    with path.open("wb") as file:
        file.truncate((MAX_MB + 1) * 2**20)
    found = read_submission(path)
    assert problem(found) == "too_large" and found.problem.values == {"size": MAX_MB + 1, "limit": MAX_MB}


def test_a_file_that_is_gone_is_a_matter_of_usage(tmp_path):
    with pytest.raises(UsageError, match=r"cannot be read \(No such file or directory\)"):
        read_submission(tmp_path / "gone.py")


# --- which file ------------------------------------------------------------------------------------------------------

@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def touch(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")

    touch.root = tmp_path
    return touch


ORDER = ["here/exercise_03.ipynb", "here/exercise_03.py", "here/exercise_03/exercise_03.ipynb",
         "here/exercise_03/exercise_03.py", "course/starter.ipynb", "course/starter.py"]


@pytest.mark.parametrize("first", range(len(ORDER)))
def test_without_a_path_the_contracts_order_is_searched(workspace, first):
    workspace(*ORDER[first:])
    found = locate_submission("exercise_03", None, workspace.root / "course")
    assert found.resolve() == (workspace.root / ORDER[first]).resolve()


def test_a_folder_holds_the_submission_by_its_name(workspace):
    workspace("in/exercise_03.py", "in/exercise_04.ipynb")
    assert locate_submission("exercise_03", workspace.root / "in", Path("starter")).name == "exercise_03.py"
    workspace("in/exercise_03.ipynb")
    assert locate_submission("exercise_03", workspace.root / "in", Path("starter")).name == "exercise_03.ipynb"


@pytest.mark.parametrize(("name", "message"), [
    ("in/gone.py", "there is no such file; "
                   "give a .ipynb or .py file, or a folder that holds exercise_03.ipynb or exercise_03.py"),
    ("in", "holds neither exercise_03.ipynb nor exercise_03.py; name the file itself"),
    ("in/a.txt", "is neither .ipynb nor .py; give a notebook or a module")])
def test_what_is_no_submission_is_told_with_the_way_out(workspace, name, message):
    workspace("in/a.txt")
    with pytest.raises(UsageError) as caught:
        locate_submission("exercise_03", workspace.root / name, Path("starter"))
    assert str(caught.value) == f"{workspace.root / name}: {message}"


def test_where_nothing_lies_the_places_are_told(workspace):
    with pytest.raises(UsageError, match=r"^no submission found; looked for exercise_03\.ipynb, exercise_03\.py, "):
        locate_submission("exercise_03", None, workspace.root / "course")


def test_a_dangling_link_is_found_and_then_refused(workspace):
    path = workspace.root / "in.py"
    path.symlink_to("nothing")
    assert problem(read_submission(locate_submission("exercise_03", path, Path("starter")))) == "link"
