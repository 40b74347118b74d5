"""Every text that a student sees is there in Korean and in English, and each is in its own language."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import nbformat
import pytest

from grader import messages
from grader.judge import judge
from grader.spec import Text
from tests.conftest import ROOT
from tests.test_inputs import COURSE, EXERCISES, evidence_of, exercise_of, plan_of

HANGUL = re.compile("[가-힣]")
# Signs, numbers, names of Python, and titles that are the same in both languages, need no Hangul.
WORDS = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b")
CODE = re.compile(r"`[^`]*`|\([^()]*\)|\[[^\]]*\]|'[^']*'|\"[^\"]*\"")


def texts(value: object, path: str = "") -> Iterator[tuple[str, Text]]:
    """All texts below a value, with their places."""
    if isinstance(value, Text):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from texts(item, f"{path}[{getattr(item, 'id', number)}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, f"{path}[{key}]")


def in_their_languages(found: Iterator[tuple[str, Text]]) -> list[str]:
    problems = []
    for path, text in found:
        if WORDS.search(CODE.sub("", text.en)) and not HANGUL.search(text.ko):
            problems.append(f"{path}: the Korean text has no Korean: {text.ko}")
        if HANGUL.search(text.en):
            problems.append(f"{path}: the English text has Korean in it: {text.en}")
        if not text.ko.strip() or not text.en.strip():
            problems.append(f"{path}: is empty")
    return problems


@pytest.mark.parametrize("name", EXERCISES)
def test_texts_of_an_exercise(name):
    assert in_their_languages(texts(exercise_of(name).spec, name)) == []


def test_texts_of_the_course_and_of_the_program():
    assert in_their_languages(texts(COURSE.course, "course.toml")) == []
    assert in_their_languages(texts(messages.MESSAGES, "messages")) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_measured_has_a_name_in_korean(name):
    spec, plan = exercise_of(name).spec, plan_of(name)
    judgement = judge(spec, plan, evidence_of(name), evidence_of(name))
    facts = [record.fact for check in judgement.values() for record in check.records if record.fact]
    assert [fact.name for fact in facts if WORDS.search(CODE.sub("", fact.name)) and not HANGUL.search(fact.ko or "")] == []


@pytest.mark.parametrize("name", EXERCISES)
def test_the_halves_of_a_readme_tell_the_same(name):
    text = (ROOT / "exercises" / name / "README.md").read_text(encoding="utf-8")
    korean, english = re.split(r"^## English$", text, flags=re.MULTILINE)
    assert HANGUL.search(korean)
    assert not HANGUL.search(re.sub(r"```.*?```|`[^`]*`", "", english, flags=re.DOTALL))
    for mark in (r"^### ", r"^```", r"\$\$", r"^\|"):
        assert len(re.findall(mark, korean, re.MULTILINE)) == len(re.findall(mark, english, re.MULTILINE)), mark


@pytest.mark.parametrize("name", EXERCISES)
def test_starters_speak_both_languages(name):
    folder = exercise_of(name).folder
    module = ast.parse((folder / "starter.py").read_text(encoding="utf-8"))
    documented = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node)]
    for node in documented:
        text = ast.get_docstring(node) or ""
        if HANGUL.search(text):
            assert " / " in text or not all(HANGUL.search(line) for line in text.splitlines() if line.strip()), node.name
        else:
            assert not WORDS.search(text), node.name  # a formula is in no language
    for cell in nbformat.read(folder / "starter.ipynb", as_version=4).cells:
        if cell.cell_type == "markdown" and HANGUL.search(cell.source):
            assert re.search(r"[A-Za-z]{2,} [a-z]{2,}|/ [A-Z0-9$]", cell.source), cell.source


def test_observers_complain_in_both_languages():
    problems = []
    for path in [ROOT / "grader/inside/keras_observers.py", *ROOT.glob("exercises/*/observers.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and node.exc is not None and not HANGUL.search(ast.unparse(node)):
                problems.append(f"{path.name}:{node.lineno}: {ast.unparse(node)}")
    assert problems == []
