"""What counts of a class: which attempt, what lateness takes, who is on the roster."""

import csv
import io
from dataclasses import dataclass, replace

import pytest

from grader.entries import DAY, MISSING, Class, Roster, Student, parse_roster
from grader.errors import CourseError, UsageError
from grader.exports.table import render_csv
from grader.spec import ClassRules, parse_course

DUE = 1_773_673_140.0  # 2026-03-16T23:59:00+09:00


@dataclass(frozen=True)
class Tried:
    """An attempt, as a gradebook tells it."""

    id: int
    points: float | None
    sha256: str = "aa"
    handed_in: float | None = None
    late: bool | None = None
    student: str = "kim"
    exercise: str = "exercise_03"
    verdict: str = "failed"
    max_points: float = 10.0
    duration_s: float = 0.2
    seed: int = 5
    path: str = "kim/exercise_03.py"
    platform_id: str | None = None
    graded_at: float = 1_773_000_000.0


def counted(*attempts: Tried, students: tuple[Student, ...] = (), **rules: object):
    """What counts, and nothing besides that is missing."""
    return Class(ClassRules(**rules), Roster(students)).entries(attempts, {})  # type: ignore[arg-type]


def test_the_best_attempt_counts_and_of_equal_ones_the_latest():
    tried = [Tried(1, 7.5, "a"), Tried(2, 9.0, "b"), Tried(3, None, "c"), Tried(4, 9.0, "d"), Tried(5, 3.0, "e")]
    entry, = counted(*tried)
    assert (entry.points, entry.attempt, entry.attempts) == (9.0, 4, 5)


def test_the_last_attempt_counts_where_the_course_says_so():
    entry, = counted(Tried(1, 9.0, "a", handed_in=20.0), Tried(2, 7.5, "b", handed_in=30.0), Tried(3, 8.0, "c", handed_in=10.0), attempts="last")
    assert (entry.points, entry.attempt) == (7.5, 2)


def test_of_one_submission_the_newest_grading_counts_though_it_was_better_once():
    entry, = counted(Tried(1, 9.0), Tried(2, 7.5))
    assert (entry.points, entry.attempts) == (7.5, 1)


def test_a_file_that_was_copied_later_was_handed_in_when_it_first_was():
    entry, = counted(Tried(1, 9.0, handed_in=DUE - 1), Tried(2, 7.5, handed_in=DUE + 9 * DAY), due={"exercise_03": DUE}, late_penalty_per_day=0.1)
    assert (entry.points, entry.days_late, entry.handed_in) == (7.5, 0, DUE - 1)


def test_a_failure_of_ours_replaces_no_grade_and_is_no_zero():
    assert [entry.points for entry in counted(Tried(1, 7.5), Tried(2, None, verdict="not_graded"))] == [7.5]
    entry, = counted(Tried(1, None, verdict="not_graded"))
    assert (entry.points, entry.earned, entry.verdict) == (None, None, "not_graded")


@pytest.mark.parametrize("after, days, points", [
    (-1.0, 0, 8.0), (0.0, 0, 8.0), (600.0, 0, 8.0), (601.0, 1, 7.2), (DAY + 600, 1, 7.2), (DAY + 601, 2, 6.4), (30 * DAY, 30, 4.0)])
def test_lateness_takes_its_share_for_each_day_begun_after_the_grace_and_at_most_so_much(after, days, points):
    entry, = counted(Tried(1, 8.0, handed_in=DUE + after), due={"exercise_03": DUE}, late_penalty_per_day=0.1, late_penalty_max=0.5,
                     grace_minutes=10)
    assert (entry.days_late, entry.points, entry.earned) == (days, points, 8.0)


def test_an_extension_moves_the_due_date_of_one_student():
    tried = [Tried(1, 8.0, handed_in=DUE + 2 * DAY), Tried(2, 8.0, handed_in=DUE + 2 * DAY, student="lee")]
    kim, lee = counted(*tried, students=(Student("lee", extra_days=3.0),), due={"exercise_03": DUE}, late_penalty_per_day=0.1)
    assert (kim.points, lee.points) == (6.4, 8.0)


@pytest.mark.parametrize("late, handed_in, days", [(True, None, 1), (True, DUE - 5, 1), (True, DUE + 3 * DAY, 3), (False, DUE + DAY, 0), (None, None, 0)])
def test_what_the_platform_says_of_lateness_goes_before_the_times_of_files(late, handed_in, days):
    entry, = counted(Tried(1, 8.0, late=late, handed_in=handed_in), due={"exercise_03": DUE}, late_penalty_per_day=0.1)
    assert entry.days_late == days


def test_without_a_due_date_nothing_is_late():
    entry, = counted(Tried(1, 8.0, late=True, handed_in=DUE + DAY), late_penalty_per_day=0.1)
    assert (entry.days_late, entry.points) == (0, 8.0)


def test_an_early_weaker_attempt_can_be_worth_more_than_a_late_better_one():
    entry, = counted(Tried(1, 8.0, "a", handed_in=DUE - 1), Tried(2, 9.0, "b", handed_in=DUE + 5 * DAY), due={"exercise_03": DUE},
                     late_penalty_per_day=0.1)
    assert (entry.points, entry.attempt) == (8.0, 1)


def test_who_handed_nothing_in_is_missing_and_has_no_points():
    entries = Class(roster=Roster((Student("kim"), Student("lee", "이영희")))).entries([Tried(1, 8.0)], {"exercise_03": 10.0, "exercise_04": 5.0})
    assert [(entry.student.login, entry.exercise, entry.verdict, entry.points, entry.max_points) for entry in entries] == [
        ("kim", "exercise_03", "failed", 8.0, 10.0), ("kim", "exercise_04", MISSING, None, 5.0),
        ("lee", "exercise_03", MISSING, None, 10.0), ("lee", "exercise_04", MISSING, None, 5.0)]


# --- the roster ------------------------------------------------------------------------------------------------------

def test_a_roster_is_read_by_the_names_of_its_columns():
    text = "\ufeffName,SIS Login ID,Section,ID number,extra_days,Colour\r\n\"Kim, Cheolsu\",kim,1반,2026-1,,red\r\n\r\n이영희,lee,,,1.5,\r\n"
    assert parse_roster(text, "r.csv").students == (Student("kim", "Kim, Cheolsu", "2026-1", section="1반"), Student("lee", "이영희", extra_days=1.5))


@pytest.mark.parametrize("text, words", [
    ("", "is empty"), ("name,id\nKim,1\n", "has no column `login`"), ("login\nkim\nkim\n", "r.csv:3: kim is there twice"),
    ("login,name\n,Kim\n", "r.csv:2: the login is empty"), ("login,extra_days\nkim,two\n", "r.csv:2: extra_days must be a number of days, not 'two'"),
    ("login,extra_days\nkim,-1\n", "extra_days must be"), ("login,extra_days\nkim,nan\n", "extra_days must be"), ('login\n"kim\n', "is not CSV"),
])
def test_a_broken_roster_is_told_with_its_line(text, words):
    with pytest.raises(UsageError, match=r"r\.csv") as told:
        parse_roster(text, "r.csv")
    assert words in str(told.value)


ROSTER = Roster((Student("kim", "김 철수", "2026-1", "kim@x.kr", platform_id="77"), Student("lee", "이영희", "77"), Student("lee2", "이영희")))


@pytest.mark.parametrize("keys, login", [
    (("kim",), "kim"), (("KIM",), "kim"), (("2026-1",), "kim"), (("김철수",), "kim"), (("nobody", None, "", "kim@x.kr"), "kim"),
    (("77",), None), (("이영희",), None), (("nobody",), None), (("lee", "kim"), "lee")])
def test_a_student_is_found_by_any_name_that_only_one_bears(keys, login):
    found = ROSTER.find(*keys)
    assert (found.login if found else None) == login


# --- rules of the course ---------------------------------------------------------------------------------------------

TITLE = {"ko": "과목", "en": "course"}


def test_a_course_states_how_attempts_count(tmp_path):
    import tomllib

    data = tomllib.loads('[class]\nattempts = "last"\nlate_penalty_per_day = 0.1\nlate_penalty_max = 0.5\ngrace_minutes = 10\n'
                         "[class.due]\nexercise_03 = 2026-03-16T23:59:00+09:00\n")
    assert parse_course({"title": TITLE, **data}, "course.toml").rules == ClassRules("last", {"exercise_03": DUE}, 0.1, 0.5, 10.0, 32400.0)


@pytest.mark.parametrize("text, words", [
    ('attempts = "worst"', "class.attempts: must be one of best, last"), ("late_penalty_per_day = 1.5", "must be a number from 0 to 1"),
    ("grace_minutes = -1", "class.grace_minutes"), ("due.exercise_03 = 2026-03-16T23:59:00", "class.due.exercise_03: must be a date, a time and a zone"),
    ("due.exercise_03 = 2026-03-16", "and a zone"), ("lateness = 1", "class.lateness: unknown key")])
def test_broken_rules_are_told_with_their_key(text, words):
    import tomllib

    with pytest.raises(CourseError, match=r"course\.toml") as told:
        parse_course({"title": TITLE, "class": tomllib.loads(text)}, "course.toml")
    assert words in str(told.value)


# --- our own CSV -----------------------------------------------------------------------------------------------------

def test_the_csv_begins_as_promised_and_holds_no_formula():
    entry, = counted(Tried(1, 7.5, handed_in=DUE))
    hostile = [replace(entry, student=Student(login)) for login in ('=HYPERLINK("http://x")', "김철수", 'a,"b"\r\nc')]
    text = render_csv([replace(hostile[0], points=None), *hostile[1:]], lambda moment: f"at {moment:g}")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert text.startswith('"student","exercise","points","max_points",')
    assert [(row["points"], row["earned"], row["max_points"]) for row in rows] == [("", "7.5", "10"), ("7.5", "7.5", "10"), ("7.5", "7.5", "10")]
    assert rows[0]["student"] == "'=HYPERLINK(\"http://x\")" and rows[1]["student"] == "김철수" and rows[2]["student"].startswith('a,"b"')
