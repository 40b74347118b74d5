"""Numbers of a class: what has no points is never a 0, a mistake counts once for each student."""

from dataclasses import replace

import pytest

from grader.entries import MISSING, Entry, Student
from grader.reports.summary import SLOWEST, ClassSummary
from grader.verdict import Diagnosis, Verdict
from tests.report_samples import samples

GRADES = samples("ko")


def entry(login, grade, **changes):
    return replace(Entry(Student(login), "exercise_11", str(grade.verdict), grade.points, grade.points, 10.0, attempts=1,
                         attempt=hash(login) % 1000, duration_s=1.0), **changes)


def summary_of(*names):
    summary = ClassSummary({"exercise_11": "Adam"})
    for number, name in enumerate(names):
        if name is None:
            summary.add(Entry(Student(str(number)), "exercise_11", MISSING, None, None, 10.0), None)
        else:
            summary.add(entry(str(number), GRADES[name]), GRADES[name])
    return summary, summary.exercises[0]


def test_missing_and_ungraded_are_counted_as_that():
    summary, one = summary_of("full_points", "one_mistake", "not_graded", None, None)
    assert (one.mean, one.median, len(one.points)) == (9.25, 9.25, 2)
    assert (one.missing, one.not_graded, one.full) == (2, 1, 1)
    assert (summary.handed_in, len(summary.logins)) == (3, 5)
    check = one.checks["two_hundred_steps"]
    assert (check.passed, check.failed, check.share) == (1, 1, 0.5)


def test_where_there_are_no_points_there_is_no_mean():
    _, one = summary_of("not_graded", None)
    assert one.mean is None and one.median is None and one.checks == {}


def test_mistakes_are_sorted_by_how_many_make_them():
    summary, one = summary_of("two_mistakes", "one_mistake", "one_mistake")
    assert [len(mistake.entries) for mistake in summary.by_count()] == [3, 1]
    assert [entry.student.login for entry in one.by_count()[0].entries] == ["0", "1", "2"]


def test_a_mistake_in_several_checks_counts_once_for_a_student():
    grade = GRADES["one_mistake"]
    everywhere = replace(grade, checks=tuple(replace(check, verdict=Verdict.FAILED, points=0.0, diagnosis=Diagnosis("x", "실수"))
                                             for check in grade.checks))
    summary = ClassSummary({})
    summary.add(entry("kim", everywhere), everywhere)
    (mistake,) = summary.by_count()
    assert (mistake.message, len(mistake.entries)) == ("실수", 1)


def test_what_nobody_could_name_is_kept_by_check_but_not_of_empty_starters():
    _, one = summary_of("failing_cell", "untouched")
    assert [check_id for check_id, check in one.checks.items() if check.unnamed] == ["nadam"]
    assert one.untouched == 1 and one.checks["nadam"].failed == 2


@pytest.mark.parametrize("name, told", [("crashed", 1), ("timed_out", 1), ("not_graded", 1), ("one_mistake", 0), (None, 0)])
def test_submissions_that_ended_early_are_told_with_their_reason(name, told):
    summary, _ = summary_of(name)
    assert len(summary.ended()) == told and all(ended.reason for ended in summary.ended())


def test_the_slowest_come_first_and_the_missing_not_at_all():
    summary = ClassSummary({})
    for k in range(30):
        summary.add(entry(str(k), GRADES["full_points"], duration_s=float(k)), GRADES["full_points"])
    summary.add(Entry(Student("x"), "exercise_11", MISSING, None, None, 10.0, duration_s=99.0), None)
    assert [one.duration_s for one in summary.slowest()] == [float(k) for k in range(29, 29 - SLOWEST, -1)]
