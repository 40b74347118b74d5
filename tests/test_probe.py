"""The probe in this process: evidence of one check's steps, errors as data, nothing that a submission does stops it."""

import json
import linecache
import random
import signal
import sys

import numpy as np
import pytest

from grader.inside import probe
from grader.inside.codec import Opaque, decode, encode


def carry_out(source, steps, *, seed=0, call_s=5.0, name="probed"):
    """What the probe sends about some steps on a module, observation by observation."""
    sent = []
    probe.attach({})
    probe.handle({"op": "load", "name": name, "source": source}, sent.append)
    assert sent == [{"load": "ok"}]
    sent.clear()
    probe.handle({"op": "run", "check": "c", "steps": [{"i": k} | step for k, step in enumerate(steps)],
                  "seed": seed, "call_s": call_s}, sent.append)
    assert json.loads(json.dumps(sent)) == sent
    assert [payload.get("done", False) for payload in sent] == [False] * (len(sent) - 1) + [True]
    return [observation for payload in sent for observation in payload["observations"]]


def call(name, *args, **kwargs):
    return {"do": "call", "name": name, "args": [encode(value) for value in args],
            "kw": {key: encode(value) for key, value in kwargs.items()}}


def result_of(step, *path):
    return {"r": [step, *path]}


def load(source, name="probed"):
    sent = []
    probe.handle({"op": "load", "name": name, "source": source}, sent.append)
    return sent[0]["load"]


@pytest.fixture(autouse=True)
def no_traces():
    """Modules of submissions and random numbers are as they were."""
    modules, random_state, numpy_state = set(sys.modules), random.getstate(), np.random.get_state()
    yield
    for name in set(sys.modules) - modules:
        del sys.modules[name]
    linecache.clearcache()
    random.setstate(random_state)
    np.random.set_state(numpy_state)


# --- calls ---------------------------------------------------------------------------------------------------------

def test_a_call_shows_its_result():
    seen = carry_out("def double(x, by=2): return by * x", [call("double", 3), call("double", 3, by=5)])
    assert [decode(item["ok"]) for item in seen] == [6, 15]


def test_a_variable_is_read():
    seen = carry_out("answer = 42.5", [{"do": "get", "name": "answer"}])
    assert decode(seen[0]["ok"]) == 42.5


def test_the_last_definition_counts():
    seen = carry_out("def f(): return 1\ndef f(): return 2", [call("f")])
    assert decode(seen[0]["ok"]) == 2


def test_every_call_gets_fresh_arguments():
    source = "def spoil(x, table):\n    x += 1\n    table.append(0)\n    return x"
    seen = carry_out(source, [call("spoil", np.zeros(2), [7])] * 3)
    for item in seen:
        assert np.array_equal(decode(item["ok"]), [1, 1])
        assert decode(item["after"]["1"]) == [7, 0]


def test_mutable_arguments_are_shown_as_they_are_afterwards():
    source = "def spoil(x, n, names, *, table):\n    x[0] = 9\n    names.clear()\n    table['k'] = 1"
    seen = carry_out(source, [call("spoil", np.zeros(2), 5, ["a"], table={})])
    after = {name: decode(value) for name, value in seen[0]["after"].items()}
    assert after.keys() == {"0", "2", "table"}
    assert np.array_equal(after["0"], [9, 0]) and after["2"] == [] and after["table"] == {"k": 1}


def test_arguments_are_shown_after_an_error_too():
    seen = carry_out("def f(x):\n    x[0] = 1\n    raise ValueError", [call("f", np.zeros(1))])
    assert decode(seen[0]["after"]["0"]) == [1]


def test_a_result_can_be_an_argument_of_a_later_call():
    source = "def pair(x): return x, {'k': x + 1}\ndef double(x): return 2 * x"
    seen = carry_out(source, [call("pair", 3), {"do": "call", "name": "double", "args": [result_of(0, 0)]},
                              {"do": "call", "name": "double", "kw": {"x": result_of(0, 1, "k")}},
                              {"do": "call", "name": "double", "args": [{"L": [result_of(0, 0), 1]}]}])
    assert [decode(item["ok"]) for item in seen[1:]] == [6, 8, [3, 1, 3, 1]]


def test_an_earlier_result_is_looked_at_again():
    source = "BUFFER = [0]\ndef f(n):\n    BUFFER[0] = n\n    return BUFFER"
    seen = carry_out(source, [call("f", 1), call("f", 2), {"do": "again", "on": [0]}])
    assert [decode(item["ok"]) for item in seen] == [[1], [2], [2]]


def test_a_method_of_a_result_is_called():
    source = "class Model:\n    def predict(self, x): return x + 1\ndef build(): return Model()"
    seen = carry_out(source, [call("build"), {"do": "method", "name": "predict", "on": [0], "args": [4]}])
    assert isinstance(decode(seen[0]["ok"]), Opaque)
    assert decode(seen[1]["ok"]) == 5


def test_an_observer_is_called():
    seen = carry_out("x = 0", [{"do": "observer", "name": "math.hypot", "args": [3, 4]}])
    assert decode(seen[0]["ok"]) == 5.0


def test_warnings_are_told_by_class_and_are_no_errors():
    seen = carry_out("import warnings\ndef f():\n    warnings.warn('old', DeprecationWarning)\n    return 1",
                     [call("f")])
    assert decode(seen[0]["ok"]) == 1
    assert seen[0]["warned"] == ["DeprecationWarning"]


def test_observations_of_many_steps_come_in_batches():
    sent = []
    load("def f(): return 1")
    probe.handle({"op": "run", "check": "c", "seed": 0, "call_s": 5.0,
                  "steps": [{"i": k} | call("f") for k in range(200)]}, sent.append)
    assert len(sent) > 1
    assert [item["i"] for payload in sent for item in payload["observations"]] == list(range(200))


# --- what is missing -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("step", [call("absent"), {"do": "get", "name": "absent"},
                                  {"do": "call", "name": "f", "args": [{"n": "absent"}]},
                                  {"do": "observer", "name": "math.absent"},
                                  {"do": "observer", "name": "absent_module.absent"},
                                  {"do": "method", "name": "absent", "on": [0]}], ids=lambda step: step["do"])
def test_a_missing_name_is_told(step):
    seen = carry_out("def f(x=0): return 1", [call("f"), step, call("f")])
    assert "absent" in seen[1]["missing"]
    assert decode(seen[2]["ok"]) == 1


@pytest.mark.parametrize("step", [{"do": "again", "on": [0]}, {"do": "call", "name": "g", "args": [result_of(0)]},
                                  {"do": "method", "name": "m", "on": [0]},
                                  {"do": "call", "name": "g", "args": [result_of(1, 5)]},
                                  {"do": "call", "name": "g", "args": [{"L": [result_of(0)]}]}])
def test_a_step_on_what_an_earlier_one_did_not_give_is_not_run(step):
    source = "def f(): raise ValueError\ndef g(x=0): return [x]"
    seen = carry_out(source, [call("f"), call("g"), step, call("g")])
    assert seen[2] == {"i": 2, "notrun": True}
    assert "ok" in seen[3]


# --- errors as data ------------------------------------------------------------------------------------------------

def test_an_error_is_told_with_its_ancestors_and_its_text():
    seen = carry_out("class Mine(ValueError): pass\ndef f(): raise Mine('no good')", [call("f")])
    assert seen[0]["err"]["kinds"][:3] == ["probed.Mine", "builtins.ValueError", "builtins.Exception"]
    assert seen[0]["err"]["message"] == "no good"


def test_an_error_shows_the_lines_of_the_submission_only():
    source = ("import numpy as np\n\n\ndef helper(x):\n    return np.reshape(x, (2, 2))\n\n\n"
              "def f(x):\n    return helper(x)\n")
    seen = carry_out(source, [call("f", np.zeros(3))])
    assert seen[0]["err"]["frames"] == [["probed.py", 9, "return helper(x)"],
                                        ["probed.py", 5, "return np.reshape(x, (2, 2))"]]


def test_a_callback_from_a_library_still_counts_as_the_submissions():
    source = "import functools\ndef f(x): return functools.reduce(g, x)\ndef g(a, b): return a / 0"
    seen = carry_out(source, [call("f", [1, 2])])
    assert seen[0]["err"]["frames"][-1] == ["probed.py", 3, "def g(a, b): return a / 0"]


def test_a_deep_recursion_shows_a_few_frames():
    seen = carry_out("def f(): return f()", [call("f")])
    assert seen[0]["err"]["kinds"][0] == "builtins.RecursionError"
    assert len(seen[0]["err"]["frames"]) == probe.MAX_FRAMES


@pytest.mark.parametrize("raised",
                         ["SystemExit(3)", "KeyboardInterrupt", "GeneratorExit", "MemoryError", "BaseException"])
def test_no_exception_gets_past_the_probe(raised):
    seen = carry_out(f"def f(): raise {raised}\ndef g(): return 1", [call("f"), call("g")])
    assert seen[0]["err"]["kinds"][0] == "builtins." + raised.partition("(")[0]
    assert decode(seen[1]["ok"]) == 1


HOSTILE = {
    "error whose text raises": "class E(Exception):\n    def __str__(self): raise E\ndef f(x=0): raise E",
    "error whose class has no name": "class M(type):\n    __module__ = property(lambda c: 1 / 0)\n"
                                     "class E(Exception, metaclass=M): pass\ndef f(x=0): raise E",
    "result that lies": "class R:\n    __class__ = list\ndef f(x=0): return R()",
    "result whose array exits": "class R:\n    def __array__(self, *a, **k): raise SystemExit\n"
                                "def f(x=0): return R()",
    "result whose parts raise": "class R:\n    def __getitem__(self, k): raise SystemExit\ndef f(x=0): return R()",
    "method that raises when looked up": "class R:\n    @property\n    def predict(self): raise KeyError('x')\n"
                                         "def f(x=0): return R()",
    "method that exits when looked up": "class R:\n    @property\n    def predict(self): raise SystemExit\n"
                                        "def f(x=0): return R()",
    "argument that raises afterwards": "class R(list):\n    def __iter__(self): raise RuntimeError\n"
                                       "def f(x=0): return R()",
    "argument that lies afterwards": "class R:\n    @property\n    def __class__(self): raise RuntimeError\n"
                                     "def f(x=0): return R()",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_objects_do_not_stop_the_probe(name):
    seen = carry_out(HOSTILE[name] + "\ndef g(): return 1", [
        call("f"), {"do": "method", "name": "predict", "on": [0]}, {"do": "call", "name": "f", "args": [result_of(0)]},
        {"do": "call", "name": "f", "args": [result_of(0, 0)]}, {"do": "again", "on": [0]}, call("g")])
    assert [item["i"] for item in seen] == [0, 1, 2, 3, 4, 5]
    assert decode(seen[-1]["ok"]) == 1


# --- the deadline of a call ----------------------------------------------------------------------------------------

ENDLESS = "def f():\n    while True: pass\ndef g(): return 1"


def test_a_call_without_end_is_late_and_the_check_stops_there():
    seen = carry_out(ENDLESS, [call("g"), call("f"), call("g")], call_s=0.05)
    assert [item["i"] for item in seen] == [0, 1]
    assert seen[1]["late"] is True and "ok" not in seen[1] and "err" not in seen[1]


def test_a_late_call_cannot_be_excused_by_a_bare_exception():
    source = "import time\ndef f():\n    try:\n        time.sleep(3)\n    except Exception:\n        return 1"
    assert carry_out(source, [call("f")], call_s=0.05)[0]["late"] is True


def test_a_call_that_swallows_everything_is_stopped_again_and_again():
    source = ("import time\ndef f():\n    for _ in range(2):\n        try:\n            time.sleep(3)\n"
              "        except BaseException:\n            pass\n    time.sleep(3)")
    assert carry_out(source, [call("f")], call_s=0.05)[0]["late"] is True


def test_looking_for_what_to_call_is_under_the_deadline_too():
    source = ("class R:\n    @property\n    def predict(self):\n        while True: pass\ndef f(): return R()")
    seen = carry_out(source, [call("f"), {"do": "method", "name": "predict", "on": [0]}], call_s=0.05)
    assert seen[1]["late"] is True


def test_the_alarm_is_off_afterwards():
    before = signal.getsignal(signal.SIGALRM)
    carry_out(ENDLESS, [call("f")], call_s=0.05)
    carry_out(ENDLESS, [call("g")])
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


# --- loading -------------------------------------------------------------------------------------------------------

def test_dataclasses_with_postponed_annotations_load():
    source = ("from __future__ import annotations\nfrom dataclasses import dataclass, field\n"
              "from typing import ClassVar\n\n"
              "@dataclass\nclass Point:\n    many: ClassVar[int] = 3\n    x: float = 1.0\n"
              "    rest: list[int] = field(default_factory=list)\n\ndef f(): return Point().x + Point.many")
    assert decode(carry_out(source, [call("f")])[0]["ok"]) == 4.0


def test_the_module_is_known_under_its_name_while_it_runs():
    source = "import sys\nfound = sys.modules[__name__].__name__\nme = __file__"
    seen = carry_out(source, [{"do": "get", "name": "found"}, {"do": "get", "name": "me"}], name="exercise_99")
    assert [decode(item["ok"]) for item in seen] == ["exercise_99", "exercise_99.py"]


def test_future_statements_of_the_probe_are_not_inherited():
    seen = carry_out("def f(x: 1 + 1): return f.__annotations__['x']", [call("f", 0)])
    assert decode(seen[0]["ok"]) == 2


def test_an_error_while_loading_is_told_and_what_was_defined_stays():
    told = load("def f(): return 1\nraise RuntimeError('stop')\n")
    assert told["kinds"][0] == "builtins.RuntimeError"
    assert told["frames"] == [["probed.py", 2, "raise RuntimeError('stop')"]]


@pytest.mark.parametrize(("source", "line"), [("x = 1\ndef f(:\n", 2), ("x = 1\nprint 'hello'\n", 2), ("  x = 1", 1)])
def test_a_syntax_error_is_told_with_its_line(source, line):
    told = load(source)
    assert "builtins.SyntaxError" in told["kinds"]
    assert told["frames"][-1][:2] == ["probed.py", line]


@pytest.mark.parametrize("source",
                         ["raise SystemExit", "import os\nos.getpid.nothing", "x = '\x00'", "import nothing_like_it"])
def test_loading_never_raises(source):
    assert load(source)["kinds"]


# --- random numbers ------------------------------------------------------------------------------------------------

RANDOM = "import random\nimport numpy as np\ndef f(): return [random.random(), float(np.random.rand())]"


def test_random_numbers_of_a_check_follow_from_the_seed():
    first, again, other = (decode(carry_out(RANDOM, [call("f")], seed=seed)[0]["ok"]) for seed in (1, 1, 2))
    assert first == again
    assert not {*first} & {*other}


def test_random_numbers_differ_within_a_check():
    first, second = (decode(item["ok"]) for item in carry_out(RANDOM, [call("f"), call("f")]))
    assert not {*first} & {*second}
