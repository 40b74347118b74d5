"""Every topic of the lectures is practised in an exercise, or it is said why not; exercises/README.md tells which."""

import shutil
import tomllib

import pytest

from tests.conftest import ROOT
from tools.coverage import coverage, uncovered

LISTED = tomllib.loads((ROOT / "exercises" / "topics.toml").read_text(encoding="utf-8"))
EXERCISES = {path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))
             for path in sorted(ROOT.glob("exercises/*/exercise.toml"))}
TEXTS = {f"topic {topic['number']}, {key}": topic[key]
         for topic in LISTED["topics"] for key in ("title", "context") if key in topic}
TEXTS |= {f"section {letter}": section["title"] for letter, section in LISTED["sections"].items()}


def test_the_topics_are_numbered_from_1_to_144():
    assert [topic["number"] for topic in LISTED["topics"]] == list(range(1, 145))


def test_the_topics_follow_the_sections():
    letters = [topic["section"] for topic in LISTED["topics"]]
    assert list(LISTED["sections"]) == sorted(set(letters)) and letters == sorted(letters)


def test_every_text_is_there_in_both_languages():
    assert {name for name, text in TEXTS.items() if set(text) != {"ko", "en"} or not all(map(str.strip, text.values()))} == set()


def test_no_topic_has_an_unknown_key():
    assert {key for topic in LISTED["topics"] for key in topic} == {"number", "section", "title", "lectures", "context"}


def test_every_topic_is_from_a_lecture():
    assert [topic["number"] for topic in LISTED["topics"]
            if not topic["lectures"] or not set(topic["lectures"]) <= {"000", "001", "002", "003", "004"}] == []


def test_every_topic_is_practised_or_only_mentioned():
    assert uncovered(ROOT) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_names_known_topics_once(name):
    topics = EXERCISES[name]["topics"]
    assert len(topics) == len(set(topics)) and set(topics) <= {topic["number"] for topic in LISTED["topics"]}


def test_the_readme_is_up_to_date():
    assert (ROOT / "exercises" / "README.md").read_text(encoding="utf-8") == coverage(ROOT), "run `python tools/coverage.py`"


@pytest.fixture
def course(tmp_path):
    """A course with all topics and one exercise, which names what the test lets it name."""
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=lambda folder, names: {
        name for name in names if name.startswith("exercise_")})

    def build(topics):
        folder = tmp_path / "exercises" / "exercise_01"
        folder.mkdir()
        (folder / "exercise.toml").write_text(f'title = {{ko = "하나", en = "One | two"}}\nkind = "numpy"\n'
                                              f"topics = {topics}\nchecks.a.points = 10\n", encoding="utf-8")
        return tmp_path

    return build


def test_the_tables_link_an_exercise_and_say_why_a_topic_is_only_mentioned(course):
    lines = coverage(course([3, 144])).splitlines()
    assert "| [01](exercise_01/) | 하나<br>One \\| two | 10 | numpy |" in lines
    for start, end in {"| 3 |": "| 001 | [01](exercise_01/) |", "| 17 |": "<br>figures are not graded |", "| 4 |": "| 003 |  |",
                       "| 144 |": " | [01](exercise_01/)<br>강의 안내라 풀 문제가 없음<br>about the course; no task in it |"}.items():
        assert next(line for line in lines if line.startswith(start)).endswith(end)


def test_what_nobody_practises_is_found(course):
    missing = uncovered(course([3]))
    assert 3 not in missing and 17 not in missing and missing[:3] == [1, 2, 4]


def test_an_unknown_topic_is_named(course):
    with pytest.raises(ValueError, match=r"^exercises/exercise_01/exercise.toml: topics: there is no topic 145 in topics.toml$"):
        coverage(course([145]))
