"""The pages in a real Chromium: nothing fails, nothing overflows, everything has a name and can be reached by keyboard."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from grader.publishing import publish_class, publish_feedback
from tests.report.classes import class_book

api = pytest.importorskip("playwright.sync_api", reason="no browser: pip install playwright")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCHEMES, LANGUAGES, WIDTHS = ("light", "dark"), ("ko", "en"), (360, 1280)
KINDS = ("index", "exercise", "student", "submission", "notebook", "crashed", "feedback")

# Each returns what is wrong: nothing is right.
CHECKS = {
    "the page overflows": "document.documentElement.scrollWidth > innerWidth ? [document.documentElement.scrollWidth] : []",
    "headings out of order": """(() => {
        const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((h) => Number(h.tagName[1]));
        return levels.filter((level, k) => level > (levels[k - 1] ?? 0) + 1)
            .concat(levels.filter((level) => level === 1).length === 1 ? [] : ["h1"]);
    })()""",
    "drawings without a name": """[...document.querySelectorAll("svg, img")].filter((one) =>
        one.getAttribute("aria-hidden") !== "true" && !((one.getAttribute("role") === "img") &&
        (one.getAttribute("aria-labelledby") ?? "").split(" ").every((id) => document.getElementById(id)?.textContent.trim() !== undefined)
        && document.getElementById(one.getAttribute("aria-labelledby").split(" ")[0]).textContent.trim())).map((one) => one.outerHTML)""",
    "links and buttons without a name": """[...document.querySelectorAll("a, button, summary")].filter((one) =>
        !one.textContent.trim()).map((one) => one.outerHTML)""",
    "inputs without a label": "[...document.querySelectorAll('input')].filter((one) => !one.labels.length).map((one) => one.outerHTML)",
    "tables without a caption": "[...document.querySelectorAll('table')].filter((one) => !one.caption?.textContent.trim()).length || []",
    "cells of a head without a scope": "[...document.querySelectorAll('th:not([scope])')].map((one) => one.outerHTML)",
    "ids that are there twice": """(() => {
        const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        return ids.filter((id, k) => ids.indexOf(id) !== k);
    })()""",
    "landmarks": """document.querySelectorAll("main").length === 1 && document.documentElement.lang && document.title.trim()
        ? [] : ["main, language or title"]""",
    "names of regions": """[...document.querySelectorAll("[tabindex], nav")].filter((one) => !(one.getAttribute("aria-label") ||
        document.getElementById(one.getAttribute("aria-labelledby"))?.textContent)).map((one) => one.outerHTML.slice(0, 99))""",
    "text without contrast": """(() => {
        const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
        const light = (color) => numbers(color).slice(0, 3).map((part) => part / 255)
            .map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, k) => sum + part * [0.2126, 0.7152, 0.0722][k], 0);
        const ground = (one) => {
            for (; one; one = one.parentElement) {
                const color = getComputedStyle(one).backgroundColor;
                if ((numbers(color)[3] ?? 1) > 0) return color;
            }
            return "rgb(255, 255, 255)";
        };
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const poor = new Set();
        while (texts.nextNode()) {
            const text = texts.currentNode.textContent.trim(), parent = texts.currentNode.parentElement;
            if (!text || parent.closest("script, style, title, desc, .hidden") || !parent.checkVisibility()) continue;
            const style = getComputedStyle(parent), ink = parent.closest("svg") ? style.fill : style.color;
            const pair = [light(ink), light(ground(parent))].sort((a, b) => b - a);
            if ((pair[0] + 0.05) / (pair[1] + 0.05) < 4.5) poor.add(`${text.slice(0, 40)}: ${ink} on ${ground(parent)}`);
        }
        return [...poor];
    })()""",
}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """A page of each kind in both languages."""
    root, found = tmp_path_factory.mktemp("pages"), {}
    for lang in LANGUAGES:
        with class_book(root / f"grades-{lang}", lang) as book:
            publish_class(book, book.entries, root / lang, lang)
            publish_feedback(book, book.entries, root / f"feedback-{lang}")
            number = {entry.student.login: entry.attempt for entry in book.entries if entry.exercise == "exercise_11"}
        pages = {"index": "index.html", "exercise": "exercises/0002-exercise-11.html",
                 "submission": f"submissions/{number['202602']}.html", "notebook": f"submissions/{number['김철수']}.html",
                 "crashed": f"submissions/{number['202607']}.html"}
        paths = {kind: root / lang / page for kind, page in pages.items()}
        (paths["student"],) = (root / lang / "students").glob("*-202602.html")
        paths["feedback"] = root / f"feedback-{lang}" / "202602" / "exercise_11.html"
        found |= {(lang, kind): path.as_uri() for kind, path in paths.items()}
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests here: the system's."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # only our own pages are opened
        yield browser
        browser.close()


@pytest.fixture(scope="module", params=SCHEMES)
def tab(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A tab in one colour scheme that remembers what went wrong."""
    page = browser.new_page(color_scheme=request.param)
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(message.text))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("requestfailed", lambda asked: page.troubles.append(asked.url))
    page.on("request", lambda asked: asked.url.startswith("file:") or page.troubles.append(asked.url))
    yield page
    page.close()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_fits_and_can_be_read_by_everybody(addresses, tab, lang, kind):
    tab.goto(addresses[lang, kind])
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found = {name: tab.evaluate(check) for name, check in CHECKS.items()}
        assert {name: wrong for name, wrong in found.items() if wrong} == {}, width
    assert tab.evaluate("document.documentElement.lang") == lang
    assert tab.troubles == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "feedback"])
def test_the_keyboard_reaches_every_link_in_the_order_of_the_page(addresses, browser, kind):
    page = browser.new_page()
    page.goto(addresses["ko", kind])
    wanted = page.evaluate("""(() => { const all = [...document.querySelectorAll("a")].filter((one) => one.checkVisibility());
        all.forEach((one, k) => { one.dataset.k = k; }); return all.length; })()""")
    reached = []
    for _ in range(3 * wanted + 60):
        page.keyboard.press("Tab")
        number = page.evaluate("document.activeElement.dataset.k")
        if number is not None:
            reached.append(int(number))
        if len(reached) == wanted:
            break
    assert reached == list(range(wanted)) and wanted > 2
    page.close()


def first_column(page):
    return page.locator("#students-table tbody tr:visible th").all_inner_texts()


def test_the_table_of_students_sorts_and_filters_by_keyboard(addresses, browser):
    page = browser.new_page()
    page.goto(addresses["ko", "index"])
    heads = page.locator("#students-table thead button")
    everybody = first_column(page)
    column = 2  # exercise_11
    heads.nth(column).focus()
    values = []
    for direction in ("ascending", "descending"):
        page.keyboard.press("Enter")
        assert page.locator("#students-table th[aria-sort]").get_attribute("aria-sort") == direction
        values.append(page.evaluate("[...document.querySelectorAll('#students-table tbody tr')].map((row) => row.cells[2].dataset.value)"))
    numbers = [[float(value) for value in some if value] for some in values]
    assert numbers[0] == sorted(numbers[0]) and numbers[1] == sorted(numbers[0], reverse=True)
    assert all(some[-1] == "" for some in values), "what is missing comes last"
    page.get_by_label("학생 찾기").fill("철수")
    assert first_column(page) == ["김철수"]
    page.get_by_label("학생 찾기").fill("")
    assert sorted(first_column(page)) == sorted(everybody)
    page.close()


def test_without_scripts_the_page_is_complete(addresses, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(addresses["ko", "index"])
    assert len(first_column(page)) == 24
    assert not page.get_by_label("학생 찾기").is_visible()
    context.close()


def test_no_other_script_would_run(addresses, browser):
    page = browser.new_page()
    page.goto(addresses["ko", "index"])
    page.evaluate("""document.body.append(Object.assign(document.createElement("script"), {textContent: "document.title = 'owned'"}))""")
    assert page.title() != "owned"
    page.close()


@pytest.mark.parametrize("kind", ["submission", "feedback"])
def test_charts_are_drawn(addresses, tab, kind):
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(addresses["en", kind])
    sizes = tab.evaluate("""[...document.querySelectorAll("figure > .scroll > svg, figure > svg")].map((one) => {
        const box = one.getBBox(); return [box.width, box.height]; })""")
    assert len(sizes) == {"submission": 3, "feedback": 1}[kind]
    assert all(width > 60 and height > 40 for width, height in sizes)
