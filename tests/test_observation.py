"""Reading what a kernel sent: suspicious, total, and never more than was sent."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.inside.codec import CodecError
from grader.observation import (
    CheckEvidence,
    Evidence,
    Frame,
    Late,
    Missing,
    NotRun,
    Observation,
    Raised,
    Returned,
    digest,
    dump_evidence,
    load_evidence,
    read_observations,
    read_raised,
    same_bits,
)
from tests import toy
from tests.strategies import almost_encoded, anything_in_json, evidence_for, few, same, some, values

ERROR = {"kinds": ["builtins.ValueError", "builtins.Exception"], "message": "no", "frames": [["a.py", 3, "raise"]]}


def read(*items, check="c"):
    return read_observations([{"check": check, "observations": list(items)}], "c")


# --- what is read --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("item", "outcome"), [
    ({"i": 0, "ok": 3}, Returned(3)), ({"i": 0, "ok": {"t": [1, "a"]}}, Returned((1, "a"))),
    ({"i": 0, "err": ERROR}, Raised(("builtins.ValueError", "builtins.Exception"), "no", (Frame("a.py", 3, "raise"),))),
    ({"i": 0, "missing": "f"}, Missing("f")), ({"i": 0, "late": True}, Late()), ({"i": 0, "notrun": True}, NotRun()),
    ({"i": 0}, NotRun())], ids=str)
def test_every_outcome_is_read(item, outcome):
    assert read(item)[0].outcome == outcome


def test_arguments_afterwards_and_warnings_are_read():
    seen = read({"i": 2, "ok": 1, "after": {"0": {"l": [1]}}, "warned": ["UserWarning"], "ms": 1.5})[2]
    assert seen == Observation(Returned(1), {"0": [1]}, ("UserWarning",), 1.5)


def test_the_first_observation_of_a_step_counts():
    payloads = [{"check": "c", "observations": [{"i": 0, "ok": 1}, {"i": 0, "ok": 2}]},
                {"check": "c", "observations": [{"i": 0, "ok": 3}]}]
    assert read_observations(payloads, "c")[0].outcome == Returned(1)


def test_observations_of_another_check_are_not_ours():
    assert read({"i": 0, "ok": 1}, check="d") == {}


def test_long_texts_are_cut():
    seen = read({"i": 0, "err": {"kinds": ["k" * 999] * 99, "message": "m" * 9999,
                                 "frames": [["f" * 999, 1, "t" * 999]] * 99}})
    raised = seen[0].outcome
    assert len(raised.kinds) <= 20 and len(raised.kinds[0]) <= 200 and len(raised.message) <= 2000
    assert len(raised.frames) <= 20 and len(raised.frames[0].text) <= 300


def test_an_error_without_a_class_still_has_a_name():
    assert Raised((), "").name == "Exception"
    assert Raised(("my.own.Oops",), "").name == "Oops"


# --- what is malformed is as good as none --------------------------------------------------------------------------

MALFORMED = {
    "no step": {"ok": 1}, "step is true": {"i": True, "ok": 1}, "step is a text": {"i": "0", "ok": 1},
    "step is negative": {"i": -1, "ok": 1}, "step is huge": {"i": 2**40, "ok": 1},
    "step is a fraction": {"i": 0.0, "ok": 1},
    "bad value": {"i": 0, "ok": {"z": 1}}, "two outcomes": {"i": 0, "ok": 1, "err": ERROR},
    "late, yet a value": {"i": 0, "ok": 1, "late": True},
    "afterwards is a list": {"i": 0, "ok": 1, "after": [1]},
    "afterwards is bad": {"i": 0, "ok": 1, "after": {"0": {"z": 1}}},
    "warnings are a number": {"i": 0, "ok": 1, "warned": 3}, "warnings are numbers": {"i": 0, "ok": 1, "warned": [3]},
    "time is a text": {"i": 0, "ok": 1, "ms": "soon"}, "time is a list": {"i": 0, "ok": 1, "ms": []},
    "time beyond floats": {"i": 0, "ok": 1, "ms": 10**400},
    "error is a text": {"i": 0, "err": "ValueError"}, "error is null": {"i": 0, "err": None},
    "error without frames": {"i": 0, "err": {"kinds": [], "message": ""}},
    "message is a number": {"i": 0, "err": ERROR | {"message": 1}},
    "frame of two": {"i": 0, "err": ERROR | {"frames": [["a.py", 1]]}},
    "missing is null": {"i": 0, "missing": None},
    "item is null": None, "item is a list": [0], "item is a text": "ok",
}


@pytest.mark.parametrize("item", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_observation_is_as_good_as_none(item):
    assert read(item) == {}


@pytest.mark.parametrize("item", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_observation_does_not_hide_others(item):
    assert read(item, {"i": 1, "ok": 5})[1].outcome == Returned(5)


@pytest.mark.parametrize("payload", [None, [], "c", {}, {"check": "c"}, {"check": "c", "observations": None},
                                     {"check": "c", "observations": {"i": 0, "ok": 1}},
                                     {"check": ["c"], "observations": []}],
                         ids=str)
def test_a_malformed_message_is_as_good_as_none(payload):
    assert read_observations([payload], "c") == {}


items = st.fixed_dictionaries({}, optional={
    "i": st.one_of(st.integers(-1, 4), anything_in_json), "ok": almost_encoded,
    "err": st.one_of(st.just(ERROR), anything_in_json),
    "missing": anything_in_json, "late": anything_in_json, "notrun": anything_in_json,
    "after": st.one_of(anything_in_json, st.dictionaries(st.text(max_size=2), almost_encoded, max_size=2)),
    "warned": anything_in_json, "ms": anything_in_json})
payloads = st.lists(st.one_of(
    anything_in_json, st.fixed_dictionaries({"check": st.sampled_from("cd"),
                                             "observations": st.one_of(anything_in_json, st.lists(items, max_size=4)),
                                             })), max_size=3)


@some
@given(payloads)
def test_reading_never_raises_and_shows_no_step_that_was_not_sent(sent):
    batches = [payload["observations"] for payload in sent
               if isinstance(payload, dict) and payload.get("check") == "c"
               and isinstance(payload.get("observations"), list)]
    steps = [item["i"] for batch in batches for item in batch
             if isinstance(item, dict) and isinstance(item.get("i"), int) and not isinstance(item["i"], bool)]
    assert set(read_observations(sent, "c")) <= set(steps)


@some
@given(payloads, payloads)
def test_nothing_sent_later_changes_what_came_before(first, later):
    before = read_observations(first, "c")
    after = read_observations([*first, *later], "c")
    assert all(repr(after[step]) == repr(seen) for step, seen in before.items())


@some
@given(payloads)
def test_a_returned_value_was_sent_as_one(sent):
    for step, seen in read_observations(sent, "c").items():
        if isinstance(seen.outcome, Returned):
            assert any("ok" in item for payload in sent if isinstance(payload, dict)
                       for item in payload.get("observations") or []
                       if isinstance(item, dict) and item.get("i") == step)


@few
@given(anything_in_json)
def test_an_error_is_read_or_is_a_codec_error(data):
    try:
        read_raised(data)
    except CodecError:
        return


# --- evidence that is kept -----------------------------------------------------------------------------------------

def test_absent_evidence_is_a_step_that_was_not_run():
    assert CheckEvidence({}).at(7).outcome == NotRun()
    assert Evidence({}).of("anything").at(0).outcome == NotRun()


@few
@given(evidence_for(toy.plan(), st.sampled_from((None, "crashed"))))
def test_kept_evidence_comes_back_as_it_was(seen):
    back = load_evidence(json.loads(json.dumps(dump_evidence(seen))))
    assert dump_evidence(back) == dump_evidence(seen)
    assert back.checks.keys() == seen.checks.keys()
    for name, check in seen.checks.items():
        assert back.of(name).ended == check.ended
        assert back.of(name).observations.keys() == check.observations.keys()
        for step, observation in check.observations.items():
            if isinstance(observation.outcome, Returned):
                assert same(back.of(name).at(step).outcome.value, observation.outcome.value)
            else:
                assert back.of(name).at(step).outcome == observation.outcome


def test_the_reference_judged_from_its_cache_has_full_points():
    back = load_evidence(json.loads(json.dumps(dump_evidence(toy.reference()))))
    assert toy.points(toy.assessed(back)) == 10


@few
@given(anything_in_json)
def test_a_broken_cache_is_one_of_the_errors_that_its_reader_expects(data):
    with pytest.raises((CodecError, KeyError, TypeError, AttributeError, ValueError)):
        load_evidence({"c": {"ended": None, "observations": [data]}})


def test_digests_tell_lists_of_parts_apart():
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")
    assert digest("가") == digest("가".encode())


# --- the same to the last bit --------------------------------------------------------------------------------------

@some
@given(values)
def test_a_value_has_the_same_bits_as_itself(value):
    assert same_bits(value, value)


@pytest.mark.parametrize(("left", "right"), [
    (np.zeros(2), np.array([0.0, -0.0])), (np.zeros(2), np.zeros(2, "f4")), (np.zeros((1, 2)), np.zeros(2)),
    (np.zeros(2), [0.0, 0.0]), ([1], (1,)), ([1], [1.0]), ([1], [True]), ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ([np.zeros(1)], [np.ones(1)]), ([0.1], [0.1 + 1e-17 + 1e-16])], ids=str)
def test_different_bits_are_seen(left, right):
    assert not same_bits(left, right)


def test_nan_has_the_same_bits_as_itself_in_any_layout():
    assert same_bits(np.array([[np.nan, 1.0], [2.0, 3.0]]), np.asfortranarray([[np.nan, 1.0], [2.0, 3.0]]))


# --- what is recognised --------------------------------------------------------------------------------------------

def test_a_value_that_looks_like_the_references_is_the_very_same():
    known = CheckEvidence(read({"i": 0, "ok": {"t": [1.5, "a"]}, "after": {"0": {"l": [1, 2]}}}))
    payload = {"check": "c", "observations": [{"i": 0, "ok": {"t": [1.5, "a"]}, "after": {"0": {"l": [1, 2]}}, "ms": 7.0}]}
    seen = read_observations([payload], "c", known)[0]
    assert seen.outcome is known.at(0).outcome and seen.after is known.at(0).after and seen.ms == 7.0


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (0, False), (0.0, -0.0), (None, False), ("1", 1), ({"f": "nan"}, "nan"),
                                            ({"l": [1]}, {"t": [1]}), ({"l": [1]}, {"l": [1.0]})], ids=str)
def test_what_python_takes_for_equal_is_not_recognised(one, other):
    known = CheckEvidence(read({"i": 0, "ok": one}))
    seen = read_observations([{"check": "c", "observations": [{"i": 0, "ok": other}]}], "c", known)[0]
    assert seen.outcome is not known.at(0).outcome and same(seen.outcome.value, read({"i": 0, "ok": other})[0].outcome.value)


def test_data_too_deep_to_be_looked_at_is_as_good_as_none():
    deep = 1
    for _ in range(100_000):
        deep = {"l": [deep]}
    assert read_observations([{"check": "c", "observations": [{"i": 0, "ok": deep}]}], "c", CheckEvidence(read({"i": 0, "ok": 1}))) == {}


@few
@given(evidence_for(toy.plan(), st.none()))
def test_what_is_recognised_reads_as_what_is_not(seen):
    sent = json.loads(json.dumps(dump_evidence(seen)))
    assert dump_evidence(load_evidence(sent, toy.reference())) == dump_evidence(load_evidence(sent))
