"""The gradebook keeps every attempt, none twice, whatever happens to it; and says in one line what a database refuses."""

import stat
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from grader import gradebook
from grader.entries import Roster, Student
from grader.errors import UsageError
from grader.gradebook import FILE, MAX_CONTENT, Attempt, Gradebook, key_of


def attempt(student: str = "kim", points: float | None = 7.5, **changes: object) -> Attempt:
    values: dict[str, object] = {
        "student": student, "exercise": "exercise_03", "sha256": "aa", "exercise_version": "v1", "toolkit_version": "0.1",
        "seed": 5, "round": 0, "path": f"{student}/exercise_03.py", "platform_id": None, "late": None, "handed_in": 1772400000.5,
        "verdict": "not_graded" if points is None else "failed", "points": points, "max_points": 10.0, "duration_s": 0.2,
        "graded_at": 1772500000.0, "record": "{}", "details": "{}"}
    return Attempt(**values | changes)


def test_an_attempt_is_kept_once(book):
    assert not book.has(key_of(attempt()))
    assert book.add(attempt())
    assert book.has(key_of(attempt()))
    assert not book.add(attempt(points=9.0))
    assert [kept.points for kept in book.attempts()] == [7.5]


@pytest.mark.parametrize("change", [{"sha256": "bb"}, {"exercise_version": "v2"}, {"toolkit_version": "0.2"}, {"seed": 6}, {"round": 1},
                                    {"student": "lee"}, {"exercise": "exercise_11"}], ids=str)
def test_what_is_new_or_changed_is_another_attempt(book, change):
    book.add(attempt())
    assert not book.has(key_of(attempt(**change)))
    assert book.add(attempt(**change))
    assert len(book.attempts()) == 2


def test_what_could_not_be_graded_is_tried_again_and_replaced(book):
    book.add(attempt(points=None))
    assert not book.has(key_of(attempt()))
    book.add(attempt(points=None))
    assert [kept.verdict for kept in book.attempts()] == ["not_graded"]
    book.add(attempt())
    assert [kept.verdict for kept in book.attempts()] == ["failed"]


def test_the_seed_is_drawn_once_and_kept(gradebook_url, tmp_path):
    with Gradebook(gradebook_url) as one, Gradebook.in_folder(tmp_path / "two") as two:
        seed = one.seed(None)
        assert one.seed(None) == one.seed(seed) == seed != two.seed(None)
        with pytest.raises(UsageError, match=f"--seed {seed}"):
            one.seed(seed + 1)
    with Gradebook(gradebook_url) as again:
        assert again.seed(None) == seed


def test_attempts_are_there_for_others_at_once_and_for_good(gradebook_url):
    with Gradebook(gradebook_url) as book, Gradebook(gradebook_url) as other:
        book.add(attempt())
        assert [kept.points for kept in other.attempts()] == [7.5]
    with Gradebook(gradebook_url) as book:
        assert [kept.points for kept in book.attempts()] == [7.5]


def test_a_broken_database_is_one_line(tmp_path):
    (tmp_path / FILE).write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(UsageError) as told, Gradebook.in_folder(tmp_path):
        pass
    assert FILE in str(told.value) and "not a database" in str(told.value) and "\n" not in str(told.value)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made"):
        Gradebook.in_folder(tmp_path / "file" / "out")


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path):
    with Gradebook.in_folder(tmp_path) as book:
        book.add(attempt())
        with book._engine.connect() as connection:  # what a full disk answers, for this connection
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        from sqlalchemy import event

        event.listen(book._engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {pages}"))
        book._engine.dispose()
        with pytest.raises(UsageError, match=r"full; nothing that was recorded is lost"):
            book.add(attempt("lee", record="x" * 1_000_000))
    with Gradebook.in_folder(tmp_path) as book:
        assert [kept.student for kept in book.attempts()] == ["kim"]


def test_a_read_only_gradebook_is_one_line(tmp_path):
    with Gradebook.in_folder(tmp_path) as book:
        book.add(attempt())
    (tmp_path / FILE).chmod(stat.S_IRUSR)
    with Gradebook(f"sqlite:///file:{tmp_path / FILE}?mode=ro&uri=true") as book:
        assert len(book.attempts()) == 1
        with pytest.raises(UsageError, match=r"readonly|read-only"):
            book.add(attempt("lee"))


def test_moments_keep_their_zone(gradebook_url):
    with Gradebook(gradebook_url) as book:
        book.add(attempt())
    with Gradebook(gradebook_url) as book, book._engine.connect() as connection:
        assert [(kept.handed_in, kept.graded_at) for kept in book.attempts()] == [(1772400000.5, 1772500000.0)]
        shown = str(connection.exec_driver_sql("SELECT handed_in FROM attempts").scalar())
        assert shown.startswith("2026-03-01 21:20:00.500000")


def test_what_was_handed_in_is_kept_once_and_records_are_read_one_by_one(book):
    book.add(attempt(record='{"a": 1}', details="[1]"), "notebook", b"handed in" * 100)
    book.add(attempt("lee"), "notebook", b"handed in" * 100)
    book.add(attempt("park", sha256="bb"), "module", b"x" * (MAX_CONTENT + 1))
    assert book.content("aa") == b"handed in" * 100
    assert book.content("bb") is None
    assert book.read(book.attempts()[0].id) == ('{"a": 1}', "[1]")


def test_a_new_round_is_kept_until_the_next(gradebook_url):
    with Gradebook(gradebook_url) as book:
        assert [book.round(), book.round(new=True), book.round(), book.round(new=True)] == [0, 1, 1, 2]
    with Gradebook(gradebook_url) as book:
        assert book.round() == 2


def test_the_newest_roster_replaces_the_last(book):
    assert book.roster() == Roster()
    book.keep_roster(Roster((Student("lee"), Student("kim", "김철수", "2026-1", "k@x.kr", "1반", "77", 2.0))))
    assert book.roster() == Roster((Student("kim", "김철수", "2026-1", "k@x.kr", "1반", "77", 2.0), Student("lee")))
    book.keep_roster(Roster((Student("park"),)))
    assert [student.login for student in book.roster().students] == ["park"]


def test_a_gradebook_of_the_first_version_is_brought_up_to_date(gradebook_url):
    """And back: what the older version cannot hold is what it never had."""
    config = Config()
    config.set_main_option("script_location", str(Path(gradebook.__file__).parent / "migrations"))
    engine = Gradebook(gradebook_url)._engine
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO attempts (student, exercise, sha256, exercise_version, toolkit_version, seed, path, late, verdict, points, "
            "max_points, duration_s, graded_at, record) VALUES ('kim', 'exercise_03', 'aa', 'v1', '0.1', 5, 'kim/exercise_03.py', "
            "FALSE, 'failed', 7.5, 10.0, 0.2, '2026-03-01 12:30:00.000000', '{}')")
    with Gradebook(gradebook_url) as book:
        assert book.has(key_of(attempt())) and not book.has(key_of(attempt(round=1)))
        assert not book.add(attempt()) and book.add(attempt(round=1))
        assert [(kept.points, kept.handed_in, kept.late) for kept in book.attempts()] == [(7.5, None, False), (7.5, 1772400000.5, None)]
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert connection.exec_driver_sql("SELECT student, late FROM attempts").fetchall() == [("kim", 0)]
    engine.dispose()
