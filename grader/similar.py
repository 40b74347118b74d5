"""Submissions that look alike, whatever their names and comments: a hint for a person, never a verdict.

Winnowing (Schleimer, Wilkerson, Aiken 2003), as `copydetect` does it, over Python tokens with names made equal. What
the starter gives, and what many write alike because the task asks for it, counts as nobody's.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage

from grader.catalog import CourseFolder
from grader.entries import Entry
from grader.submission import kind_of, parse_submission, read_submission

NOISE = 25  # shortest run of signs (names are one sign each) that counts as the same
WINDOW = 8  # every common run of NOISE + WINDOW - 1 signs is found
MAX_CODE = 100_000  # characters of a submission that are looked at
COMMON_SHARE = 0.25  # what more than this share of a class writes is common
COMMON_LEAST = 4  # and what more than so many write, however small the class
LEAST_OWN = 120  # signs of its own that a submission must have to be compared
SUSPICIOUS = 0.8  # share of one's own signs that are the other's too


@dataclass(frozen=True)
class Work:
    """One student's code for an exercise: the cells of a notebook, or a module."""

    student: str
    cells: Sequence[str]

    @property
    def code(self) -> str:
        return "\n\n".join(self.cells)[:MAX_CODE]


@dataclass(frozen=True)
class Pair:
    """Two submissions alike: of each one's own signs the share that is the other's too, and where (start, end)."""

    students: tuple[str, str]
    shares: tuple[float, float]
    spans: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]
    codes: tuple[str, str]


def similar_in_class(entries: Iterable[Entry], content_of: Callable[[str], bytes | None],
                     course: CourseFolder) -> dict[str, list[Pair]]:
    """The suspicious pairs among what counts of everybody, by exercise; `content_of` a digest is what was handed in."""
    works: dict[str, list[Work]] = {}
    for entry in entries:
        content = content_of(entry.sha256) if entry.exercise in course.exercise_ids else None
        if content is not None:
            path = Path(entry.path)
            cells = parse_submission(path, kind_of(path), content).cells
            works.setdefault(entry.exercise, []).append(Work(entry.student.login, cells))
    return {exercise: similar_pairs(handed_in, _starters(course, exercise)) for exercise, handed_in in works.items()}


def _starters(course: CourseFolder, exercise: str) -> list[Sequence[str]]:
    return [read_submission(path).cells for path in sorted((course.root / "exercises" / exercise).glob("starter.*"))]


def similar_pairs(works: Iterable[Work], starters: Iterable[Sequence[str]]) -> list[Pair]:
    """The suspicious pairs among all students' work for one exercise, the most alike first."""
    given = set().union(*(_fingerprint("starter", "\n\n".join(cells)).hashes for cells in starters))
    prints = _with_own([_fingerprint(work.student, work.code) for work in works], given)
    found = {pair.students: pair for left, right in _twins(prints) if (pair := _compare(left, right)) is not None}
    many = max(COMMON_LEAST, COMMON_SHARE * len(prints))
    counts = Counter(value for one in prints for value in one.hashes)
    prints = _with_own(prints, {value for value, count in counts.items() if count > many})
    for left, right in _candidates(prints):
        pair = _compare(left, right)
        if pair is not None:
            found.setdefault(pair.students, pair)
    return sorted(found.values(), key=lambda pair: (-max(pair.shares), -min(pair.shares), pair.students))


def _fingerprint(name: str, code: str) -> CodeFingerprint:
    return CodeFingerprint(name, NOISE, WINDOW, language="python", fp=io.StringIO(code[:MAX_CODE]))


def _with_own(prints: Sequence[CodeFingerprint], common: set[int]) -> list[CodeFingerprint]:
    """Those that have enough of their own beside what is common, which is forgotten.

    (`boilerplate` of copydetect forgets only one place of each.)
    """
    for one in prints:
        one.hashes -= common
        one.hash_idx = {value: places for value, places in one.hash_idx.items() if value in one.hashes}
        one.token_coverage = get_token_coverage(one.hash_idx, NOISE, len(one.filtered_code))
    return [one for one in prints if one.token_coverage >= LEAST_OWN]


def _twins(prints: Sequence[CodeFingerprint]) -> Iterator[tuple[CodeFingerprint, CodeFingerprint]]:
    """Those that are the same but for names, comments and layout, however many: each with the first of them."""
    first: dict[str, CodeFingerprint] = {}
    for one in prints:
        if one is not first.setdefault(one.filtered_code, one):
            yield first[one.filtered_code], one


def _candidates(prints: Sequence[CodeFingerprint]) -> Iterator[tuple[CodeFingerprint, CodeFingerprint]]:
    """Pairs that share half of either one's fingerprints: few, since what is common is gone."""
    holders: dict[int, list[int]] = {}
    for number, one in enumerate(prints):
        for value in one.hashes:
            holders.setdefault(value, []).append(number)
    shared: Mapping[tuple[int, int], int] = Counter(
        pair for numbers in holders.values() for pair in combinations(numbers, 2))
    for (left, right), count in shared.items():
        if 2 * count >= min(len(prints[left].hashes), len(prints[right].hashes)):
            yield prints[left], prints[right]


def _compare(left: CodeFingerprint, right: CodeFingerprint) -> Pair | None:
    _, shares, slices = compare_files(left, right)
    if max(shares) < SUSPICIOUS:
        return None
    return Pair((left.filename, right.filename), (min(1.0, float(shares[0])), min(1.0, float(shares[1]))),
                (_spans(slices[0]), _spans(slices[1])), (left.raw_code, right.raw_code))


def _spans(slices: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    return tuple((int(start), int(end)) for start, end in zip(*slices, strict=True))
