"""Folders of pages: complete, linked, whole or not there at all; and nobody's name leads out of them."""

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from grader import publishing
from grader.errors import UsageError
from grader.publishing import publish_class, publish_feedback
from tests.report.classes import class_book, notebook, submissions
from tests.report_samples import samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both kinds of folders, of one class."""
    root = tmp_path_factory.mktemp("class")
    with class_book(root / "grades") as book:
        for lang in ("ko", "en"):
            publish_class(book, book.entries, root / lang, lang)
        publish_feedback(book, book.entries, root / "feedback")
    return root


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.links: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.links += [named["href"] or ""] if "href" in named else []
        self.ids += [named["id"] or ""] if "id" in named else []
        assert not {name for name in named if name.startswith("on") or name in ("style", "src")}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def pages(folder: Path) -> list[Page]:
    return [Page(path) for path in sorted(folder.rglob("*.html"))]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_link_leads_to_a_page_of_the_folder_and_every_page_is_linked(folder, lang):
    found = {page.path: page for page in pages(folder / lang)}
    reached = {folder / lang / "index.html"}
    for page in found.values():
        assert len(page.ids) == len(set(page.ids)), page.path
        for link in page.links:
            target, _, anchor = link.partition("#")
            path = Path(os.path.normpath(page.path.parent / unquote(target))) if target else page.path
            assert path in found, (page.path, link)
            assert not anchor or anchor in found[path].ids, (page.path, link)
            reached.add(path)
    assert reached == set(found)


def test_there_is_a_page_for_each_exercise_student_and_submission(folder):
    handed_in = submissions()
    for part, count in (("exercises", 2), ("students", len({name for name, _, _ in handed_in}) + 1), ("submissions", len(handed_in))):
        names = [path.name for path in (folder / "ko" / part).iterdir()]
        assert len(names) == count
        assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) for name in names)


def test_nothing_of_students_is_markup(folder):
    for page in pages(folder / "ko"):
        text = page.path.read_text(encoding="utf-8")
        assert "<script>alert" not in text and "<script>x" not in text
        assert text.count("<script>") == (page.path.name == "index.html")
        assert all(char.isprintable() or char == "\n" for char in text if char < "\u0100")


def test_what_is_missing_or_was_not_graded_is_no_zero(folder):
    (page,) = [page for page in pages(folder / "ko" / "students") if "김 99" in page.text]
    assert page.text.count("미제출") >= 3 and "0/10" not in page.text
    index = Page(folder / "ko" / "index.html").text
    assert "채점하지 못한 제출물" not in index and "학생의 잘못이 아닙니다" in index
    number = list(samples("ko")).index("not_graded")
    (page,) = [page for page in pages(folder / "ko" / "students") if f"김 {number:02}" in page.text]
    assert "채점하지 못함–" in page.text


def test_late_days_are_told_with_what_they_take(folder):
    (page,) = [page for page in pages(folder / "ko" / "students") if "김 00" in page.text]
    assert "2일 늦어 10점이 8점으로" in page.text


def test_a_class_reads_the_language_that_is_asked_for(folder):
    assert "The mistakes of the class" in Page(folder / "en" / "index.html").text
    assert not re.search("[가-힣]", re.sub(r"김|철수", "", Page(folder / "en" / "exercises" / "0001-exercise-03.html").text.split("Pass rate")[0]))


def test_feedback_tells_what_lateness_takes(folder):
    late = [page.path.parent.name for page in pages(folder / "feedback") if "일 늦어" in page.text]
    assert late == ["202600"]


def test_feedback_has_a_folder_for_each_student_and_stays_in_its_place(folder):
    names = {path.name for path in (folder / "feedback").iterdir()} - {".grade-export"}
    assert {"202600", "김철수", "a b", "Kim"} <= names
    assert len(names) == len({name for name, _, _ in submissions()}) == len({name.casefold() for name in names})
    assert {path.name for path in folder.iterdir()} == {"grades", "ko", "en", "feedback"}
    for name in names:
        assert {path.name for path in (folder / "feedback" / name).iterdir()} <= {
            "exercise_03.html", "exercise_11.html", "exercise_11.ipynb"}


def test_feedback_shows_a_training_but_no_chart_of_expected_values(folder):
    page = Page(folder / "feedback" / "김철수" / "exercise_11.html").text
    assert "훈련 곡선" in page and "오차 지도" not in page and "나온 값과 기대한 값 단계" not in page
    (teachers,) = [page for page in pages(folder / "ko" / "submissions") if "김철수" in page.text]
    assert "오차 지도" in teachers.text


def test_feedback_on_a_notebook_is_a_notebook(folder):
    data = json.loads((folder / "feedback" / "김철수" / "exercise_11.ipynb").read_text(encoding="utf-8"))
    nbformat.validate(data)
    given = json.loads(next(content for name, _, content in submissions() if name == "김철수"))
    assert [cell for cell in data["cells"] if "grade" not in cell["metadata"]] == given["cells"]


def test_an_older_notebook_is_brought_up_to_date():
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [
        {"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "input": ["x = 1\n", "y = 2"]}]}]}
    assert publishing._in_format_4(json.dumps(old))["cells"][0]["source"] == ["x = 1\n", "y = 2"]


@pytest.mark.parametrize("text", ["[]", '{"nbformat": 3}', '{"nbformat": "x"}', "{", '{"nbformat": 3, "worksheets": 7}'])
def test_what_is_no_notebook_gives_none(text):
    with pytest.raises(ValueError):  # the caller leaves the notebook out
        publishing.annotate_notebook(publishing._in_format_4(text), samples("ko")["one_mistake"])


def test_halves_of_letters_survive_in_a_notebook(tmp_path):
    with class_book(tmp_path / "grades") as book:
        entry = next(entry for entry in book.entries if entry.path.endswith(".ipynb"))
        book.gradebook.content = lambda sha256: notebook('x = "\ud800"')
        grade = book.grade(entry)
        assert grade is not None
        text = publishing._annotated(book, entry, grade)
    assert json.loads(text)["cells"][2]["source"] == ['x = "\ud800"']
    text.encode()


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_cell_that_ended_a_run_is_marked_in_both_languages(tmp_path, lang):
    with class_book(tmp_path / "grades") as book:
        entry = next(entry for entry in book.entries if entry.verdict == "timed_out")
        book.gradebook.content = lambda sha256: notebook("x = 1", "y = 2", "while True:\n    pass")
        publish_class(book, [replace(entry, path="in/exercise_03.ipynb")], tmp_path / "out", lang)
    text = (tmp_path / "out" / "submissions" / f"{entry.attempt}.html").read_text(encoding="utf-8")
    assert text.count('<span class="line fault"') == 2


# --- whole, or not there ---------------------------------------------------------------------------------------------

def test_a_folder_of_ours_is_replaced_whole(tmp_path):
    target = tmp_path / "out"
    with class_book(tmp_path / "grades") as book:
        publish_class(book, book.entries, target, "ko")
        (target / "submissions" / "old.html").write_text("")
        publish_class(book, book.entries, target, "en")
    assert not (target / "submissions" / "old.html").exists()
    assert 'lang="en"' in (target / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"grades", "out"}


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "out").mkdir()
    with class_book(tmp_path / "grades") as book:
        publish_feedback(book, book.entries, tmp_path / "out")
    assert (tmp_path / "out" / "202600" / "exercise_11.html").is_file()


def make_file(path):
    path.write_text("")


def make_other(path):
    path.mkdir()
    (path / "thesis.tex").write_text("")


def make_link(path):
    (path.parent / "elsewhere").mkdir()
    path.symlink_to(path.parent / "elsewhere")


def make_feedback(path):
    path.mkdir()
    (path / ".grade-export").write_text("folder of feedback\n")


@pytest.mark.parametrize("make, words", [(make_file, "is no folder"), (make_other, "holds something else"), (make_link, "is no folder"),
                                         (make_feedback, "holds something else"), (lambda path: None, "does not exist")],
                         ids=["file", "other", "link", "feedback", "no parent"])
def test_what_is_not_ours_is_left_alone(tmp_path, make, words):
    target = tmp_path / "out" if words != "does not exist" else tmp_path / "no" / "out"
    make(target)
    before = sorted(tmp_path.rglob("*"))
    with class_book(tmp_path.parent / f"{tmp_path.name}-grades") as book, pytest.raises(UsageError, match=words) as told:
        publish_class(book, book.entries, target, "ko")
    assert "\n" not in str(told.value)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("target", [".", "..", "/"])
def test_a_folder_without_a_name_of_its_own_is_refused(tmp_path, monkeypatch, target):
    monkeypatch.chdir(tmp_path)
    with class_book(tmp_path / "grades") as book, pytest.raises(UsageError, match="folder of its own"):
        publish_class(book, book.entries, Path(target), "ko")


def test_what_fails_halfway_leaves_the_old_folder(tmp_path, monkeypatch):
    target = tmp_path / "out"
    with class_book(tmp_path / "grades") as book:
        publish_class(book, book.entries, target, "ko")
        before = sorted(target.rglob("*"))
        monkeypatch.setattr(publishing, "result_of", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish_class(book, book.entries, target, "ko")
    assert sorted(target.rglob("*")) == before
    assert {path.name for path in tmp_path.iterdir()} == {"grades", "out"}


def test_the_commands_write_both_folders(tmp_path, grade):
    with class_book(tmp_path / "grades"):
        pass
    answer = grade("export", "html", "-o", tmp_path / "grades", "--to", tmp_path / "report", "--lang", "en")
    assert answer.code == 0 and "24 students, 24 submissions" in answer.out, answer
    assert 'lang="en"' in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    answer = grade("export", "feedback", "-o", tmp_path / "grades", "--to", tmp_path / "feedback", "-e", "exercise_11")
    assert answer.code == 0 and (tmp_path / "feedback" / "202600" / "exercise_11.html").is_file()
    assert not (tmp_path / "feedback" / "202600" / "exercise_03.html").exists()
    answer = grade("export", "html", "-o", tmp_path / "grades", "--to", tmp_path / "feedback")
    assert answer.code == 2 and answer.err.count("\n") == 1
