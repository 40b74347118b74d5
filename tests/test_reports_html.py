"""The web page: complete, self-contained, safe, readable by everybody."""

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from grader.reports.html import render_html
from grader.verdict import Grade
from tests.report_samples import LANGUAGES, samples
from tests.report_strategies import grades, quick

NAMES = tuple(samples("ko"))
VOID = {"meta", "circle"}
TEMPLATE = Path(__file__).parents[1] / "grader" / "reports" / "style.css.j2"


class Page(HTMLParser):
    """A page read strictly: tags must nest, and the tags, attributes and texts are kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_stands_alone(name: str, lang: str) -> None:
    text = render_html(samples(lang)[name], next_command="grade exercise_11")
    page = Page(text)
    assert ("lang", lang) in page.attributes
    assert page.tags["h1"] == page.tags["main"] == page.tags["title"] == 1
    assert page.tags["table"] == page.tags["caption"], "every table says what it is"
    assert not set(page.tags) & {"script", "link", "img", "iframe", "form", "object", "a"}
    assert not [name for name, _ in page.attributes if name in ("src", "href", "style") or name.startswith("on")]
    assert "url(" not in text and "@import" not in text
    assert "grade exercise_11" in page.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_tells_what_the_terminal_tells(lang: str) -> None:
    grade = samples(lang)["two_mistakes"]
    shown = "".join(Page(render_html(grade)).text)
    for check in grade.checks:
        assert check.title in shown
        if check.diagnosis and check.counterexample and check.hint:
            assert check.diagnosis.message in shown
            assert check.counterexample.call in shown
            assert check.hint in shown
    assert "7.5" in shown and "5.8e-06" in shown


@quick
@given(grades)
def test_text_of_students_stays_text(grade: Grade) -> None:
    text = render_html(grade)
    page = Page(text)
    assert not set(page.tags) & {"script", "img", "iframe", "a"}
    assert all(char.isprintable() or char == "\n" for char in text if char < "\u0100")
    text.encode()


def test_hostile_text_is_escaped() -> None:
    text = render_html(samples("ko")["hostile"])
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text, "a template of the student is text"


def _luminance(color: str) -> float:
    channels = [int(color[start:start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(scheme: str) -> None:
    """WCAG AA: text has at least 4.5 times the luminance of its ground, or the other way round."""
    blocks = re.findall(r":root \{(.*?)\}", TEMPLATE.read_text(encoding="utf-8"), re.DOTALL)
    colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[0 if scheme == "light" else 1]))
    pairs = [(ink, ground) for ink in ("ink", "soft", "good", "bad", "warn") for ground in ("page", "card")]
    pairs += [("good", "good-wash"), ("bad", "bad-wash"), ("warn", "warn-wash"), ("accent", "accent-wash"),
              ("ink", "accent-wash"), ("soft", "bad-wash"), ("ink", "sunk"), ("accent", "sunk")]
    for ink, ground in pairs:
        light, dark = sorted((_luminance(colors[ink]), _luminance(colors[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (scheme, ink, ground)
