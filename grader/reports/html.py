"""A grade as one self-contained web page: no script, nothing loaded from elsewhere, light and dark."""

from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.messages import say
from grader.reports.view import Form, build_view, verdict_text
from grader.verdict import ENDED_EARLY, Grade, Verdict

RING = 100.0


def render_html(grade: Grade, *, next_command: str = "") -> str:
    """The report of `grade` as a page; `next_command` is what to type next, empty for no advice."""
    view = build_view(grade)
    return _environment().get_template("report.html.j2").render(
        view=view, form=Form, text=partial(_label, grade.lang), verdict_text=partial(_verdict, grade.lang),
        lang=grade.lang if grade.lang == "ko" else "en", symbols=_SYMBOLS, tone=_tone(view.form, view.share),
        filled=f"{RING * view.share:.1f}", ended_early=grade.verdict in ENDED_EARLY, next_command=next_command)


_SYMBOLS = {verdict: {Verdict.PASSED: "✔", Verdict.SKIPPED: "○"}.get(verdict, "✘") for verdict in Verdict}


def _label(lang: str, key: str, **values: object) -> str:
    return say(f"report.{key}", lang, **values)


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
