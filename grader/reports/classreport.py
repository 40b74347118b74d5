"""The report of a class as pages: the overview, one for each exercise, student and submission. All links are relative.

Pages stand in a folder and in its `exercises`, `students` and `submissions`; every name of a page is plain ASCII.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from grader.entries import MISSING, Entry, Student
from grader.messages import say
from grader.reports.code import FAULT, SUSPECT, Block
from grader.reports.drawing import histogram
from grader.reports.escape import plain
from grader.reports.html import grade_values, render_page, render_template
from grader.reports.names import page_names
from grader.reports.summary import ClassSummary
from grader.reports.view import MAX_TITLE, Problem, build_view, points_text, verdict_text
from grader.verdict import Grade, Verdict

SHOWN_MISTAKES = 12  # on the overview
SHOWN_LINKS = 12     # of each of these
FEW = 3              # links that are not worth folding
MAX_PERSON = 60
SHOWN_ENDED = 50


@dataclass(frozen=True)
class Result:
    """What counts of a student at an exercise, with what its grade says, for the student's page."""

    entry: Entry
    problems: tuple[Problem, ...]


def result_of(entry: Entry, grade: Grade | None) -> Result:
    """What a student's page tells of one grade; small, whatever the grade holds."""
    return Result(entry, build_view(grade).problems if grade is not None else ())


class ClassPages:
    """Renders pages. `titles` are those of the exercises; who counts is known from the beginning."""

    def __init__(self, course: str, titles: Mapping[str, str], entries: Iterable[Entry], lang: str) -> None:
        self.lang = lang
        self.course = plain(course, MAX_TITLE)
        self._titles = {name: plain(title, MAX_TITLE) for name, title in titles.items()}
        students, exercises = {}, set()
        for entry in entries:
            students[entry.student.login] = entry.student
            exercises.add(entry.exercise)
        self._students = students
        self._student_pages = page_names(students)
        self._exercise_pages = page_names(sorted(exercises))

    def path_of_exercise(self, exercise: str) -> str:
        return f"exercises/{self._exercise_pages[exercise]}.html"

    def path_of_student(self, login: str) -> str:
        return f"students/{self._student_pages[login]}.html"

    def path_of_submission(self, entry: Entry) -> str:
        return f"submissions/{entry.attempt}.html"

    def overview(self, summary: ClassSummary) -> str:
        """The first page."""
        names = [one.id for one in summary.exercises]
        rows: dict[str, dict[str, Entry]] = {}
        for one in summary.exercises:
            for entry in one.entries:
                rows.setdefault(entry.student.login, {})[entry.exercise] = entry
        ended = summary.ended()
        return self._page("class.html.j2", "", summary=summary, names=names, rows=sorted(rows.items()),
                          mistakes=summary.by_count(), shown_mistakes=SHOWN_MISTAKES, shown_links=SHOWN_LINKS,
                          ended=[one for one in ended if one.entry.verdict != Verdict.NOT_GRADED][:SHOWN_ENDED],
                          ours=[one for one in ended if one.entry.verdict == Verdict.NOT_GRADED][:SHOWN_ENDED],
                          total=_total, script=_script(), script_digest=_digest(_script()))

    def exercise(self, summary: ClassSummary, exercise: str) -> str:
        """The page of an exercise."""
        (found,) = (one for one in summary.exercises if one.id == exercise)
        return self._page("class_exercise.html.j2", "../", found=found,
                          bars=histogram(found.points, found.max_points, 480, 150))

    def student(self, student: Student, results: Sequence[Result]) -> str:
        """The page of a student."""
        return self._page("class_student.html.j2", "../", student=student, results=results,
                          total=_total([result.entry for result in results]))

    def submission(self, entry: Entry, grade: Grade, code: Sequence[Block] | None) -> str:
        """The page of a submission; `code` is None where it was not kept."""
        marks = [mark for mark in (SUSPECT, FAULT) if any(mark in block.marks for block in code or ())]
        return self._page("class_submission.html.j2", "../", entry=entry, code=code, marks=marks,
                          **grade_values(grade))

    def _page(self, template: str, root: str, **values: Any) -> str:
        return render_page(template, self.lang, **{
            "root": root, "course": self.course, "pages": self, "person": self.person, "title_of": self.title_of,
            "points_of": points_of, "word": self.word, "histogram": histogram, "missing": MISSING, "few": FEW,
            "seconds": self.seconds, "late_text": self.late_text, "number": points_text} | values)

    def person(self, student: Student) -> str:
        """A student by name and login."""
        login, name = plain(student.login, MAX_PERSON), plain(student.name, MAX_PERSON)
        return f"{name} ({login})" if name and name != login else login or "?"

    def title_of(self, exercise: str) -> str:
        """An exercise's title, or what it is called."""
        return self._titles.get(exercise) or plain(exercise, MAX_TITLE)

    def word(self, verdict: str) -> str:
        """The word for what came of an entry."""
        if verdict == MISSING:
            return say("class.missing", self.lang)
        return verdict_text(Verdict(verdict), self.lang)

    def late_text(self, entry: Entry) -> str:
        """How late a submission was, and what that takes if it takes anything."""
        if entry.points is None or entry.earned is None or entry.points == entry.earned:
            return say("class.late.days", self.lang, days=entry.days_late)
        return say("class.late.points", self.lang, days=entry.days_late, earned=points_text(entry.earned),
                   points=points_text(entry.points))

    def seconds(self, duration_s: float) -> str:
        return say("report.seconds", self.lang, seconds=f"{duration_s:.1f}")


def points_of(entry: Entry) -> str:
    """Points that count out of the possible ones; a dash where there are none."""
    if entry.points is None:
        return "–"
    return f"{points_text(round(entry.points, 2))}/{points_text(entry.max_points)}"


def _total(entries: Iterable[Entry]) -> tuple[float, float]:
    """Points and possible points of what has points."""
    graded = [entry for entry in entries if entry.points is not None]
    return (round(sum(entry.points or 0.0 for entry in graded), 2), round(sum(entry.max_points for entry in graded), 2))


@cache
def _script() -> str:
    """What sorts and filters the table of students where scripts run; the page is complete without."""
    return render_template("class.js.j2")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
