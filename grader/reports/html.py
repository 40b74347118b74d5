"""A grade as one self-contained web page: no script, nothing loaded from elsewhere, light and dark."""

from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.messages import say
from grader.reports.drawing import drawings, for_students
from grader.reports.view import Form, build_view, verdict_text
from grader.verdict import ENDED_EARLY, Grade, Verdict

RING = 100.0
SYMBOLS = {verdict: {Verdict.PASSED: "✔", Verdict.SKIPPED: "○"}.get(verdict, "✘") for verdict in Verdict}


def render_html(grade: Grade, *, next_command: str = "") -> str:
    """The report of `grade` as a page for the student; `next_command` is what to type next, empty for no advice."""
    return render_page("report.html.j2", grade.lang, **grade_values(for_students(grade), next_command))


def render_page(template: str, lang: str, **values: Any) -> str:
    """A page in a language, made from one of the templates; `text` words it, `class_text` what is about a class."""
    return render_template(
        template, text=partial(_label, "report", lang), class_text=partial(_label, "class", lang), symbols=SYMBOLS,
        verdict_text=partial(_verdict, lang), lang=lang if lang == "ko" else "en", **{"script_digest": ""} | values)


def render_template(template: str, **values: Any) -> str:
    """What a template makes of some values."""
    return _environment().get_template(template).render(**values)


def grade_values(grade: Grade, next_command: str = "") -> dict[str, Any]:
    """What `grade.html.j2` needs of a grade, with all of its charts."""
    view = build_view(grade)
    return {"view": view, "form": Form, "tone": _tone(view.form, view.share), "filled": f"{RING * view.share:.1f}",
            "ended_early": grade.verdict in ENDED_EARLY, "next_command": next_command,
            "drawn": [drawing for check in grade.checks for drawing in drawings(check, grade.lang)]}


def _label(group: str, lang: str, key: str, **values: object) -> str:
    return say(f"{group}.{key}", lang, **values)


def _verdict(lang: str, verdict: Verdict) -> str:
    return verdict_text(verdict, lang)


def _tone(form: Form, share: float) -> str:
    """How the score is coloured."""
    if form in (Form.UNTOUCHED, Form.NOT_GRADED):
        return "calm"
    return "good" if form is Form.PRAISE else "part" if share else "none"


@cache
def _environment() -> Environment:
    # StrictUndefined: a misspelt field must fail in the tests, not vanish from a page.
    return Environment(loader=PackageLoader("grader", "reports"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
