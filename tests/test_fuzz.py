"""Arbitrary and nearly sound input for whatever reads what strangers send; the corpus, replayed; atheris, where it is installed."""

import importlib
import importlib.util
import json
import shutil
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jupyter_client.session import Session

from grader.client import MAX_PARTS, CheckedChannel, Conversation
from grader.inside.codec import CodecError, decode
from grader.kernel import _failure
from grader.spec import Limits
from grader.text import count_parts
from tests.conftest import ROOT
from tests.fuzz import messages
from tests.fuzz.engine import CORPUS, TARGETS, any_json, seeds, shrunk
from tests.fuzz.seeds import inputs
from tests.strategies import almost_encoded, anything_in_json, few, some

RUNS = {"codec": 20_000, "notebook": 20_000, "observations": 5_000, "messages": 5_000, "archive": 2_000}


def run(name: str, data: bytes) -> None:
    importlib.import_module(f"tests.fuzz.{name}").target(data)


# --- the corpus ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("path", [path for name in TARGETS for path in seeds(name)],
                         ids=lambda path: f"{path.parent.name}-{path.name}")
def test_kept_inputs_show_no_bug(path):
    run(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_inputs_and_none_is_large(name):
    assert len(seeds(name)) >= 3
    assert all(path.stat().st_size < 10_000 for path in seeds(name))


def test_the_corpus_holds_what_its_script_writes():
    for target, name, data in inputs():
        assert target == "archive" or (CORPUS / target / name).read_bytes() == data, "run python tests/fuzz/seeds.py"


@pytest.mark.parametrize("name", TARGETS)
def test_atheris_finds_nothing_in_a_few_seconds(name, tmp_path):
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed (pip install -e '.[fuzz]')")
    done = subprocess.run([sys.executable, ROOT / "tests/fuzz" / f"{name}.py", f"-runs={RUNS[name]}", "-seed=1",
                           f"-artifact_prefix={tmp_path}/"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {RUNS[name]} runs" in done.stderr


def test_a_target_that_fails_is_noticed(tmp_path):
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed (pip install -e '.[fuzz]')")
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__", "test_*"))
    path = tmp_path / "tests/fuzz/codec.py"
    path.write_text(path.read_text(encoding="utf-8").replace("<= 2 * held", "< 0 * held"), encoding="utf-8")
    done = subprocess.run([sys.executable, path, "-runs=2000", "-seed=1", f"-artifact_prefix={tmp_path}/"],
                          capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode != 0
    assert "larger than what was sent" in done.stdout + done.stderr
    assert list(tmp_path.glob("crash-*"))


# --- the targets on what Hypothesis draws ----------------------------------------------------------------------------

@some
@given(st.sampled_from(TARGETS), st.binary(max_size=80))
def test_any_bytes_show_no_bug(name, data):
    run(name, data)


@some
@given(st.sampled_from(("codec", "observations", "notebook")), st.binary(max_size=80))
def test_any_grown_data_shows_no_bug(name, data):
    run(name, b"~" + data)


@few
@given(st.sampled_from(("codec", "observations", "notebook")), anything_in_json)
def test_any_json_shows_no_bug(name, data):
    run(name, json.dumps(data).encode())


observed = st.fixed_dictionaries({"i": st.one_of(st.integers(0, 6), anything_in_json)}, optional={
    "ok": almost_encoded, "err": anything_in_json, "missing": anything_in_json, "late": anything_in_json,
    "after": st.one_of(anything_in_json, st.dictionaries(st.sampled_from("012x"), almost_encoded, max_size=2)),
    "warned": anything_in_json, "ms": anything_in_json})


@some
@given(st.lists(st.one_of(anything_in_json, st.fixed_dictionaries({}, optional={
    "observations": st.lists(observed, max_size=6), "load": anything_in_json})), max_size=3))
def test_nearly_sound_observations_are_worth_no_points(payloads):
    run("observations", json.dumps(payloads).encode())


# --- messages --------------------------------------------------------------------------------------------------------

content = st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("text", "dropped", "ename", "evalue", "traceback", "execution_state", "index", "payload", "status", "sent"),
    anything_in_json))


@some
@given(st.lists(st.tuples(st.integers(0, len(messages.TYPES) - 1), st.one_of(content, anything_in_json)), max_size=5))
@example([(0, {"text": "a", "dropped": 10**4299}), (0, {"dropped": int("9" * 4300)})])
@example([(1, {"ename": 3, "evalue": ["x"], "traceback": [None, "\x1b[2J"]})])
@example([(3, {"index": 0, "payload": None}), (4, {"status": "ok", "sent": True})])
def test_messages_of_any_content_have_a_named_outcome(sent):
    messages.target(b"\n".join(bytes([kind]) + json.dumps(data).encode() for kind, data in sent))


@some
@given(st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([b"<IDS|MSG>", b"{}", b"[]", b'{"msg_type": "stream"}', b"\xff",
                                                                 b"null", b"", b"1e999", b"[" * 5000])), max_size=9))
def test_any_frames_are_a_message_or_dropped(frames):
    session = Session(key=messages.KEY)
    for sent in (frames, [b"<IDS|MSG>", *frames], [b"<IDS|MSG>", session.sign(frames[:4]), *frames]):
        message = checked(session, sent)
        assert message is None or isinstance(message["content"], dict)


def test_the_target_of_messages_reaches_what_it_is_for():
    outcome = messages.outcome_of(b'\3{"index": 0, "payload": 7}\n\4{"status": "ok", "sent": 1}\n\0{"text": "a"}')
    assert (outcome.ended, outcome.payloads, outcome.text) == ("ok", (7,), "a")


def checked(session, frames):
    return CheckedChannel._checked(SimpleNamespace(session=session), frames)


def signed(session, content: bytes, kind: str = "stream"):
    parts = [b'{"msg_type": "%s", "msg_id": "1", "version": "5.4"}' % kind.encode(), b'{"msg_id": "id"}', b"{}", content]
    return [b"<IDS|MSG>", session.sign(parts), *parts]


@pytest.mark.parametrize("frames", [
    lambda session: [], lambda session: [b""], lambda session: signed(session, b"{}")[1:],
    lambda session: signed(session, b"{}")[:-1], lambda session: signed(session, b"[]"), lambda session: signed(session, b"3"),
    lambda session: signed(Session(key=b"other"), b"{}"), lambda session: signed(session, b"{"),
    lambda session: [b"<IDS|MSG>", b"", *signed(session, b"{}")[2:]],
    lambda session: [b"<IDS|MSG>", signed(session, b'{"a": 1}')[1], *signed(session, b"{}")[2:]],
    lambda session: signed(session, b"[" * 100_000)], ids=["nothing", "one empty frame", "no delimiter", "too few",
        "a list", "a number", "another key", "half an object", "no signature", "signature of another", "deep"])
def test_malformed_messages_are_dropped(frames):
    session = Session(key=messages.KEY)
    assert checked(session, frames(session)) is None


def test_a_sound_message_is_read():
    session = Session(key=messages.KEY)
    assert checked(session, signed(session, b'{"text": "a"}'))["content"] == {"text": "a"}


def test_the_same_message_does_not_count_twice():
    session = Session(key=messages.KEY)
    assert checked(session, signed(session, b"{}")) is not None
    assert checked(session, signed(session, b"{}")) is None


@pytest.mark.parametrize("depth", [*range(100, 1000, 100), *range(900, 1000, 7)])
def test_text_of_any_depth_is_no_crash_of_ours(depth):
    deep = b"[" * depth + b"]" * depth
    for kind in range(len(messages.TYPES)):
        messages.target(bytes([kind]) + b'{"text": %b, "evalue": %b, "traceback": [%b], "index": 0, "payload": %b}' % ((deep,) * 4))


@pytest.mark.parametrize("unit", [b'{"":0},', b"[],", b"-9,", b'"",', b'"\\\\",'])
def test_a_message_of_many_small_values_is_dropped_before_it_is_read(unit):
    session = Session(key=messages.KEY)
    frames = signed(session, b'{"payload": [' + unit * (MAX_PARTS + 1) + b"0]}")
    tracemalloc.start()
    started = time.perf_counter()
    try:
        assert checked(session, frames) is None
        assert time.perf_counter() - started < 20
        assert tracemalloc.get_traced_memory()[1] < 200 * 2**20
    finally:
        tracemalloc.stop()


def test_payloads_of_many_small_values_are_too_large_together():
    talk = Conversation("id", Limits())
    for index in range(5):
        talk.take_payload({"index": index, "payload": 0}, 100, MAX_PARTS // 4)
    assert talk.too_large and len(talk.payloads) == 4


@pytest.mark.parametrize(("raw", "count"), [
    (b'["' + b"," * 20 + b'"]', 1), (b'["' + b"," * 20, 1), (b'["' + b'\\",' * 20 + b'"]', 1), (b'["' + b'\\",' * 20, 1),
    (b'["\\\\"' + b", [1]" * 9 + b"]", 19), (b'[",,,,,,,,,,", 2, [3]]', 4), (b"[" * 20, 20), (b"[1, 2]", 2), (b"", 0)])
def test_only_values_count_and_not_what_looks_like_them_in_texts(raw, count):
    assert count_parts(raw, 5) == count


def test_an_error_of_millions_of_lines_is_cut_before_it_is_read():
    started = time.perf_counter()
    failure = _failure({"ename": "E" * 10**7, "evalue": "\x1b[2J" * 10**7, "traceback": ["x" * 10**4] * 10**6})
    assert time.perf_counter() - started < 5
    assert (len(failure.name), failure.message, len(failure.traceback)) == (200, "", 25)


# --- values ----------------------------------------------------------------------------------------------------------

M61 = 2**61 - 1  # Python's integers hash to their remainder


@pytest.mark.parametrize("key", [lambda k: k * M61, lambda k: {"t": [k * M61, 1]}], ids=["integers", "tuples"])
def test_keys_that_are_made_to_collide_cost_no_time(key):
    pairs = [[key(k), 0] for k in range(1, 60_000)]
    started = time.perf_counter()
    with pytest.raises(CodecError, match="collide"):
        decode({"d": pairs})
    assert time.perf_counter() - started < 5


def test_honest_keys_collide_a_little():
    pairs = [[k, 0] for k in (-1, -2, *range(50_000))] + [[{"f": "nan"}, 0], [True, 1], [1, 2]]
    assert len(decode({"d": pairs})) == 50_003


@pytest.mark.parametrize("layout", ["strided", "F", "T", "read-only"])
@pytest.mark.parametrize("shape", [[0, 2**39, 2**20], [2**39, 0, 2**20], [2**20, 2**39, 0], [0] + [2] * 31])
def test_an_empty_array_of_any_shape_decodes_or_is_a_codec_error(shape, layout):
    try:
        assert decode({"a": ["<f8", shape, "", layout]}).size == 0
    except CodecError:
        assert max(shape) > 2


# --- the tools themselves --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("data", [None, [], {}, [1, [0, {"ok": "a"}]], {"cells": [{"source": "\ud800"}], "nbformat": 4}], ids=str)
def test_data_grows_again_from_what_it_shrank_to(data):
    assert any_json(b"~" + shrunk(data)) == data


def test_targets_are_scripts():
    for name in TARGETS:
        source = (Path(__file__).parent / "fuzz" / f"{name}.py").read_text(encoding="utf-8")
        assert f'fuzz("{name}")' in source and "def target(data: bytes) -> None:" in source
