"""Names of files: different everywhere, and never a way out of their folder."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports.names import folder_names, page_names
from tests.report_strategies import texts

HOSTILE = ["..", ".", "", "/", "\\", "a/b", "con", "CON.txt", "nul", "-rf", ".hidden", "a.", "a ", " a", "Kim", "kim", "KIM", "k\u0131m",
           "x" * 300, "김" * 100, "a:b", "a\x00b", "a\nb", "a\u202eb", "*", "~", "0003", "\u1100\u1161", "가", "ﬁ", "fi", "LPT1"]


def folded(name):
    return unicodedata.normalize("NFKC", name).casefold()


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), texts)))
def test_no_two_are_one_on_any_file_system(names):
    for given_names in (folder_names(names), page_names(names)):
        assert set(given_names) == set(names)
        assert len({folded(name) for name in given_names.values()}) == len(given_names)


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), texts)))
def test_none_leads_elsewhere(names):
    for name in folder_names(names).values():
        assert name not in (".", "..", "") and not re.search(r"[/\\:*?\"<>|\x00-\x1f]", name)
        assert name[0] not in ".- " and name[-1] not in ". " and len(name.encode()) <= 120
    for name in page_names(names).values():
        assert re.fullmatch("[a-z0-9-]+", name)


@pytest.mark.parametrize("name", ["20260001", "kim", "김철수", "kim chul-soo", "kim@school.kr", "김철수_123"])
def test_ordinary_names_stay_as_they_are(name):
    assert folder_names([name]) == {name: name}


@pytest.mark.parametrize("name, start", [("con", "0001-con"), ("a/b", "0001-a-b"), ("..", "0001"), ("é/", "0001-e")])
def test_others_are_numbered(name, start):
    assert folder_names([name]) == {name: start}
