"""The gradebook keeps every attempt, none twice, whatever happens to it; and says in one line what a database refuses."""

import datetime
import sqlite3
import stat

import pytest

from grader.classroom import as_csv, best_attempts
from grader.errors import UsageError
from grader.gradebook import FILE, Attempt, Gradebook, key_of


def attempt(student: str = "kim", points: float | None = 7.5, **changes: object) -> Attempt:
    values: dict[str, object] = {
        "student": student, "exercise": "exercise_03", "sha256": "aa", "exercise_version": "v1", "toolkit_version": "0.1",
        "seed": 5, "path": f"{student}/exercise_03.py", "platform_id": None, "late": False,
        "verdict": "not_graded" if points is None else "failed", "points": points, "max_points": 10.0, "duration_s": 0.2,
        "graded_at": datetime.datetime(2026, 3, 1, 12, 30, tzinfo=datetime.UTC), "record": "{}"}
    return Attempt(**values | changes)


@pytest.fixture
def book(tmp_path):
    with Gradebook.in_folder(tmp_path / "out") as book:
        yield book


def test_an_attempt_is_kept_once(book):
    assert not book.has(key_of(attempt()))
    assert book.add(attempt())
    assert book.has(key_of(attempt()))
    assert not book.add(attempt(points=9.0))
    assert [kept.points for kept in book.attempts()] == [7.5]


@pytest.mark.parametrize("change", [{"sha256": "bb"}, {"exercise_version": "v2"}, {"toolkit_version": "0.2"}, {"seed": 6},
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


def test_the_seed_is_drawn_once_and_kept(tmp_path):
    with Gradebook.in_folder(tmp_path / "one") as one, Gradebook.in_folder(tmp_path / "two") as two:
        seed = one.seed(None)
        assert one.seed(None) == one.seed(seed) == seed != two.seed(None)
        with pytest.raises(UsageError, match=f"--seed {seed}"):
            one.seed(seed + 1)
    with Gradebook.in_folder(tmp_path / "one") as again:
        assert again.seed(None) == seed


def test_attempts_outlive_the_process(tmp_path):
    with Gradebook.in_folder(tmp_path) as book:
        book.add(attempt())
        assert sqlite3.connect(tmp_path / FILE).execute("SELECT points FROM attempts").fetchall() == [(7.5,)]
    with Gradebook.in_folder(tmp_path) as book:
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


def test_the_best_attempt_counts_and_of_equal_ones_the_latest(book):
    for points, sha in ((7.5, "a"), (9.0, "b"), (None, "c"), (9.0, "d"), (3.0, "e")):
        book.add(attempt(points=points, sha256=sha))
    book.add(attempt("lee", points=None))
    assert [(kept.student, kept.points, kept.sha256) for kept in best_attempts(book.attempts())] == [("kim", 9.0, "d"), ("lee", None, "aa")]


def test_the_csv_begins_as_promised_and_holds_no_formula():
    import csv
    import io

    text = as_csv([attempt("=HYPERLINK(\"http://x\")"), attempt("김철수", points=None), attempt("a,\"b\"\r\nc", points=10.0)])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0][:4] == ["student", "exercise", "points", "max_points"]
    assert [row[:4] for row in rows[1:]] == [["'=HYPERLINK(\"http://x\")", "exercise_03", "7.5", "10"],
                                             ["김철수", "exercise_03", "", "10"], [rows[3][0], "exercise_03", "10", "10"]]
    assert rows[3][0].startswith("a,\"b\"") and len(rows) == 4
