"""Manifests: a right one becomes plain data, a broken one is told in one line that names file, key and remedy."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import CourseError, ExitCode
from grader.spec import Band, Limits, Text, Tolerance, parse_course, parse_exercise
from tests import toy
from tests.strategies import some

RIGHT = """
title.ko = "제목"
title.en = "Title"
kind = "numpy"
topics = [6, 32]
limits.call_s = 2

[checks.first]
points = 2
title.ko = "첫째"
title.en = "first"
hint.ko = "힌트"
hint.en = "hint"
tolerance.float32 = {rtol = 1e-4, atol = 0}
tolerance.because.ko = "까닭"
tolerance.because.en = "a reason"

[checks.second]
points = 0.5
title = {ko = "둘째", en = "second"}
hint = {ko = "힌트", en = "hint"}
needs = ["first"]

[mistakes.wrong_sign]
message = {ko = "부호", en = "sign"}
hint = {ko = "보세요", en = "look"}
"""


def read(text=RIGHT, limits=None):
    return parse_exercise(tomllib.loads(text), "exercise_01", "exercise.toml", limits)


def changed(*changes):
    text = RIGHT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def complaint(text):
    with pytest.raises(CourseError) as caught:
        read(text)
    return str(caught.value)


# --- right manifests -------------------------------------------------------------------------------------------------

def test_a_right_manifest_is_read():
    exercise = read()
    assert (exercise.id, exercise.title, exercise.kind, exercise.topics) == ("exercise_01", Text("제목", "Title"),
                                                                             "numpy", (6, 32))
    assert [check.id for check in exercise.checks] == ["first", "second"]
    assert exercise.check("second").needs == ("first",)
    assert exercise.mistake("wrong_sign").hint == Text("보세요", "look")
    assert exercise.mistake("unknown") is None
    assert exercise.max_points == 2.5


def test_tolerances_default_one_by_one():
    assert read().check("first").tolerance == Tolerance(float32=Band(1e-4, 0.0), because=Text("까닭", "a reason"))
    assert read().check("second").tolerance == Tolerance()


def test_limits_of_an_exercise_override_the_courses_one_by_one():
    limits = read(limits=Limits(memory_mb=500, call_s=7)).limits
    assert (limits.call_s, limits.memory_mb, limits.cell_s) == (2.0, 500, Limits().cell_s)


def test_a_course_is_read():
    text = "title.ko = '과정'\ntitle.en = 'Course'\nlanguage = 'en'\nlimits.memory_mb = 9"
    course = parse_course(tomllib.loads(text), "course.toml")
    assert (course.title.en, course.language, course.limits.memory_mb) == ("Course", "en", 9)
    assert parse_course(tomllib.loads(toy.COURSE), "course.toml").language == "ko"


# --- broken manifests ------------------------------------------------------------------------------------------------

TOLERANCE = "tolerance.float32 = {rtol = 1e-4, atol = 0}"
BROKEN = {
    "unknown key, nearly known": ([("points = 2", "point = 2")],
                                  "checks.first.point: unknown key; did you mean `points`?"),
    "unknown key": ([("points = 2", "points = 2\nzzz = 1")],
                    "checks.first.zzz: unknown key; allowed are points, title, hint, needs, tolerance"),
    "unknown key on top": ([('kind = "numpy"', 'kind = "numpy"\nmistake = 1')],
                           "mistake: unknown key; did you mean `mistakes`?"),
    "unknown language": ([('title.en = "first"', 'title.de = "erstens"')],
                         "checks.first.title.de: unknown key; allowed are ko, en"),
    "unknown limit": ([("limits.call_s", "limits.calls_s")], "limits.calls_s: unknown key; did you mean `call_s`?"),
    "unknown key of a band": ([("atol = 0}", "atoll = 0}")],
                              "checks.first.tolerance.float32.atoll: unknown key; did you mean `atol`?"),
    "unknown key of a mistake": ([('hint = {ko = "보세요", en = "look"}', "hind = 1")],
                                 "mistakes.wrong_sign.hind: unknown key; did you mean `hint`?"),
    "no title": ([('title.ko = "제목"\ntitle.en = "Title"\n', "")], "title: is missing; give a table"),
    "title in one language": ([('title.en = "Title"\n', "")], "title.en: is missing; give a text"),
    "empty title": ([('title.en = "Title"', 'title.en = "  "')], "title.en: is empty; write the text"),
    "title is a text": ([('title.ko = "제목"\ntitle.en = "Title"', 'title = "Title"')],
                        "title: must be a table, not 'Title'"),
    "text is a number": ([('hint.en = "hint"', "hint.en = 3")], "checks.first.hint.en: must be a text, not 3"),
    "no hint": ([('hint.ko = "힌트"\nhint.en = "hint"\n', "")], "checks.first.hint: is missing; give a table"),
    "no kind": ([('kind = "numpy"\n', "")], "kind: is missing; give one of numpy, keras"),
    "unknown kind": ([('"numpy"', '"torch"')], "kind: must be one of numpy, keras, not 'torch'"),
    "no topics": ([("topics = [6, 32]\n", "")], "topics: is missing; give a list of row numbers"),
    "topics are texts": ([("[6, 32]", '["6"]')], "topics: must be a list of row numbers, not ['6']"),
    "no points": ([("points = 2\n", "")], "checks.first.points: is missing; give a number above 0"),
    "no points at all": ([("points = 2", "points = 0")], "checks.first.points: must be a number above 0, not 0.0"),
    "negative points": ([("points = 2", "points = -1")], "checks.first.points: must be a number above 0, not -1.0"),
    "endless points": ([("points = 2", "points = inf")], "checks.first.points: must be a number above 0, not inf"),
    "points that are none": ([("points = 2", "points = nan")],
                             "checks.first.points: must be a number above 0, not nan"),
    "points are a text": ([("points = 2", 'points = "2"')], "checks.first.points: must be a number above 0, not '2'"),
    "points are true": ([("points = 2", "points = true")], "checks.first.points: must be a number above 0, not True"),
    "need of a later check": ([("points = 2", 'points = 2\nneeds = ["second"]')],
                              "checks.first.needs: 'second' is not an earlier check; earlier ones are none"),
    "need of itself": ([('needs = ["first"]', 'needs = ["second"]')],
                       "checks.second.needs: 'second' is not an earlier check; earlier ones are first"),
    "need is a text": ([('needs = ["first"]', 'needs = "first"')],
                       "checks.second.needs: must be a list of strings, not 'first'"),
    "half a band": ([(", atol = 0}", "}")], "checks.first.tolerance.float32.atol: is missing; "
                                            "give a number, 0 or more; rtol and atol are given together"),
    "negative tolerance": ([("atol = 0}", "atol = -1}")],
                           "checks.first.tolerance.float32.atol: must be a number, 0 or more, not -1"),
    "endless tolerance": ([("atol = 0}", "atol = inf}")],
                          "checks.first.tolerance.float32.atol: must be a number, 0 or more, not inf"),
    "tolerance that is none": ([("atol = 0}", "atol = nan}")],
                               "checks.first.tolerance.float32.atol: must be a number, 0 or more, not nan"),
    "band is a number": ([(TOLERANCE, "tolerance.float32 = 1")],
                         "checks.first.tolerance.float32: must be a table, not 1"),
    "no band": ([(TOLERANCE + "\n", "")], "checks.first.tolerance.float64: is missing; give {rtol = …, atol = …}"),
    "no reason": ([('tolerance.because.ko = "까닭"\ntolerance.because.en = "a reason"\n', "")],
                  "checks.first.tolerance.because: is missing; give a table"),
    "limit of nothing": ([("limits.call_s = 2", "limits.call_s = 0")],
                         "limits.call_s: must be a number above 0, not 0.0"),
    "limit in halves": ([("limits.call_s = 2", "limits.memory_mb = 0.5")],
                        "limits.memory_mb: must be a whole number above 0, not 0.5"),
    "whole limit below 0": ([("limits.call_s = 2", "limits.processes = -1")],
                            "limits.processes: must be a whole number above 0, not -1"),
    "limits are a number": ([("limits.call_s = 2", "limits = 2")], "limits: must be a table, not 2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_manifest_is_told_with_file_key_and_remedy(name):
    changes, message = BROKEN[name]
    assert complaint(changed(*changes)) == f"exercise.toml: {message}"


def test_a_manifest_without_checks_is_told():
    head = RIGHT.partition("[checks")[0]
    assert complaint(head) == "exercise.toml: checks: is missing; an exercise needs at least one check"
    assert complaint(head + "[checks]") == "exercise.toml: checks: is missing; an exercise needs at least one check"
    assert complaint("checks = 3\n" + head) == "exercise.toml: checks: must be a table, not 3"
    assert complaint(head + "[checks]\nfirst = 3") == "exercise.toml: checks.first: must be a table, not 3"


@pytest.mark.parametrize(("text", "message"), [
    ("", "title: is missing; give a table"),
    ("title.ko = 'a'\ntitle.en = 'b'\nlanguage = 'de'", "language: must be one of ko, en, not 'de'"),
    ("title.ko = 'a'\ntitle.en = 'b'\nlangauge = 'en'", "langauge: unknown key; did you mean `language`?"),
    ("title.ko = 'a'\ntitle.en = 'b'\nlimits.cell_s = -1", "limits.cell_s: must be a number above 0, not -1.0")])
def test_a_broken_course_is_told(text, message):
    with pytest.raises(CourseError) as caught:
        parse_course(tomllib.loads(text), "course.toml")
    assert str(caught.value) == f"course.toml: {message}"


def test_a_broken_course_ends_in_bad_usage():
    assert CourseError("x").exit_code == ExitCode.BAD_USAGE == 2


tables = st.recursive(st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=4)),
                      lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["title", "kind", "topics", "checks", "mistakes", "limits", "points", "hint", "needs", "tolerance", "float32",
         "rtol", "atol", "because", "ko", "en", "first"]), inner, max_size=4)),
    max_leaves=12)


@some
@given(tables)
def test_any_table_is_an_exercise_or_a_complaint_of_one_line(data):
    for parse in (lambda: parse_exercise(data, "exercise_01", "exercise.toml"),
                  lambda: parse_course(data, "course.toml")):
        try:
            parse()
        except CourseError as error:
            assert "\n" not in str(error)
