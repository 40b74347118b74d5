"""What a gradebook holds, as folders: the report of a class for its teacher, and feedback for every student.

A folder appears whole or not at all: it is written beside its place and then put there.
"""

import contextlib
import json
import logging
import re
import secrets
import shutil
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from grader.catalog import CourseFolder, load_spec
from grader.commands.book import Book
from grader.entries import Entry
from grader.errors import UsageError
from grader.exports.words import late_text
from grader.messages import say
from grader.reports.classreport import ClassPages, result_of
from grader.reports.code import Block, marked_code
from grader.reports.html import render_html
from grader.reports.names import folder_names
from grader.reports.notebook import annotate_notebook
from grader.reports.summary import ClassSummary
from grader.spec import Exercise
from grader.submission import HALVES, kind_of, parse_submission
from grader.verdict import CheckResult, Grade, RunError

MARK = ".grade-export"  # in a folder of ours: it may be replaced
REPORT, FEEDBACK = "class report", "folder of feedback"


def publish_class(book: Book, entries: Sequence[Entry], target: Path, lang: str) -> tuple[int, int]:
    """Write the report of a class into the folder `target`; how many students and submissions it tells of.

    Raises `UsageError`. Submissions are read one by one, and their pages are written at once.
    """
    specs = _specs(book.course, entries)
    titles = {name: spec.title.to(lang) for name, spec in specs.items()}
    course = book.course.course.title.to(lang) if book.course else say("class.course", lang)
    pages, summary = ClassPages(course, titles, entries, lang), ClassSummary(titles)
    with _new_folder(target, REPORT) as folder:
        for _, own in groupby(entries, key=lambda entry: entry.student.login):
            results = []
            for entry in own:
                grade = book.grade(entry)
                if grade is not None:
                    code = _code(book, entry, grade)  # places are told in the language of the grade
                    grade = _translated(grade, specs.get(entry.exercise), lang)
                    _write(folder / pages.path_of_submission(entry), pages.submission(entry, grade, code))
                summary.add(entry, grade)
                results.append(result_of(entry, grade))
            student = results[0].entry.student
            _write(folder / pages.path_of_student(student.login), pages.student(student, results))
        for exercise in summary.exercises:
            _write(folder / pages.path_of_exercise(exercise.id), pages.exercise(summary, exercise.id))
        _write(folder / "index.html", pages.overview(summary))
    return len(summary.logins), summary.handed_in


def publish_feedback(book: Book, entries: Sequence[Entry], target: Path) -> tuple[int, int]:
    """Write what each student gets back, `target/<student>/<exercise>.html`, and `.ipynb` where it was a notebook.

    How many students and submissions those are; raises `UsageError`.
    """
    students = folder_names(entry.student.login for entry in entries)
    exercises = folder_names(entry.exercise for entry in entries)
    told: set[str] = set()
    submissions = 0
    with _new_folder(target, FEEDBACK) as folder:
        for entry in entries:
            grade = book.grade(entry)
            if grade is None:
                continue
            grade = _with_lateness(grade, entry)
            place = folder / students[entry.student.login] / exercises[entry.exercise]
            _write(place.with_name(f"{place.name}.html"), render_html(grade))
            notebook = _annotated(book, entry, grade)
            if notebook is not None:
                _write(place.with_name(f"{place.name}.ipynb"), notebook)
            told.add(entry.student.login)
            submissions += 1
    return len(told), submissions


def _with_lateness(grade: Grade, entry: Entry) -> Grade:
    """A grade that says what came of its being late, if it was."""
    text = late_text(entry, grade.lang)
    if not text:
        return grade
    return replace(grade, notices=(*grade.notices, RunError("late", text, say("class.late", grade.lang))))


def _specs(course: CourseFolder | None, entries: Sequence[Entry]) -> dict[str, Exercise]:
    """The exercises that these entries are about, as far as the course has them."""
    if course is None:
        return {}
    return {name: load_spec(course, name) for name in course.exercise_ids if name in {one.exercise for one in entries}}


def _translated(grade: Grade, spec: Exercise | None, lang: str) -> Grade:
    """A grade with its titles, hints and planted mistakes in this language; what was said of the run stays as it is."""
    if spec is None or lang == grade.lang:
        return replace(grade, lang=lang)
    ids = {check.id for check in spec.checks}
    return replace(grade, lang=lang, exercise_title=spec.title.to(lang), checks=tuple(
        _translated_check(check, spec, lang) if check.id in ids else check for check in grade.checks))


def _translated_check(check: CheckResult, spec: Exercise, lang: str) -> CheckResult:
    declared = spec.check(check.id)
    hint, diagnosis = declared.hint, check.diagnosis
    mistake = spec.mistake(diagnosis.id) if diagnosis else None
    if diagnosis is not None and mistake is not None:
        hint, diagnosis = mistake.hint, replace(diagnosis, message=mistake.message.to(lang))
    return replace(check, title=declared.title.to(lang), hint=hint.to(lang) if check.hint else None,
                   diagnosis=diagnosis)


def _code(book: Book, entry: Entry, grade: Grade) -> tuple[Block, ...] | None:
    """What was handed in, with its marks; None if it was not kept, or cannot be read as code."""
    content = book.gradebook.content(entry.sha256)
    if content is None:
        return None
    path = PurePosixPath(entry.path)
    submission = parse_submission(Path(path), kind_of(path), content)
    return None if submission.problem is not None else marked_code(submission.cells, submission.kind, grade)


def _annotated(book: Book, entry: Entry, grade: Grade) -> str | None:
    """The student's notebook with remarks; None where it is no notebook, or none that can be read."""
    content = book.gradebook.content(entry.sha256) if kind_of(PurePosixPath(entry.path)) == "notebook" else None
    try:
        notebook = annotate_notebook(_in_format_4(content.decode("utf-8-sig")), grade) if content is not None else None
    except (ValueError, TypeError, RecursionError):
        return None
    if notebook is None:
        return None
    # Halves of pairs have no form in UTF-8: in JSON, inside texts, they are escapes.
    return HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(notebook, ensure_ascii=False, indent=1)) + "\n"


def _in_format_4(text: str) -> dict[str, Any]:
    """A notebook's JSON; nbformat brings older ones up to date. Raises `ValueError`."""
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("not a notebook")
    if data.get("nbformat") == 4:
        return data
    import nbformat

    quiet = logging.getLogger("traitlets")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of ids that are made up
            converted = nbformat.convert(nbformat.from_dict(data), 4)  # type: ignore[no-untyped-call]
        return json.loads(json.dumps(converted))  # type: ignore[no-any-return]
    except Exception as error:  # whatever nbformat trips over is in the student's file
        raise ValueError("not a notebook that can be converted") from error
    finally:
        quiet.setLevel(level)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


@contextlib.contextmanager
def _new_folder(target: Path, kind: str) -> Iterator[Path]:
    """A folder to write into, which takes the place of `target` at the end; raises `UsageError`.

    Only an empty folder, or one that was made so before, is replaced.
    """
    _refuse_others(target, kind)
    folder = target.parent / f".{target.name}-{secrets.token_hex(4)}"
    old = folder.with_name(f"{folder.name}-old")
    try:
        folder.mkdir()
        _write(folder / MARK, f"{kind}\n")
        yield folder
        if target.exists():
            target.rename(old)
        try:
            folder.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror or error}); give another folder with --to") \
            from error
    finally:
        for left in (folder, old):
            shutil.rmtree(left, ignore_errors=True)


def _refuse_others(target: Path, kind: str) -> None:
    if not re.search(r"[^./\\]", str(target)) or not target.name:
        raise UsageError(f"{target}: give a folder of its own with --to")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: its folder does not exist; make it first")
    if not target.is_symlink() and not target.exists():
        return
    if target.is_symlink() or not target.is_dir():
        raise UsageError(f"{target}: is no folder; give another one with --to")
    mark = target / MARK
    ours = mark.is_file() and mark.read_text(encoding="utf-8", errors="replace").strip() == kind
    if not ours and any(target.iterdir()):
        raise UsageError(f"{target}: holds something else (only a {kind} is replaced by a {kind}); give an empty or a "
                         "new folder with --to")
