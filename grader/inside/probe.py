"""The probe: the only code of ours beside the student's. It gathers evidence and judges nothing.

It is imported before any code of the submission runs, and answers requests of the grader:

    {"op": "load", "name", "source", "seed"}   run a module; later requests see its names
    {"op": "run", "check", "steps", "call_s", "seed"}   carry out one check's steps, one observation each

A step calls a function of the submission, a method of an earlier result or an observer, or reads a variable.
Arguments arrive as data and are built anew for every call. An observation holds what came back (or was raised), and
what the arguments hold afterwards: values, never verdicts. What is right is known only outside.
"""

import importlib
import linecache
import os
import random
import signal
import sys
import sysconfig
import time
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

try:
    from codec import decode, encode
except ImportError:  # outside the sandbox, for tests of the probe itself
    from grader.inside.codec import decode, encode

BATCH_STEPS = 64
BATCH_S = 0.1
MAX_FRAMES = 6
NOT_THE_STUDENTS = (os.path.dirname(os.path.abspath(__file__)) + os.sep, sysconfig.get_path("stdlib") + os.sep,
                    "<frozen", "<string", "<__array_function__")

Send = Callable[[dict[str, Any]], None]

_state: dict[str, Any] = {"namespace": None}


class CallTimedOut(BaseException):
    """A single call ran longer than its limit (not an Exception, so that `except Exception` cannot eat it)."""


class NothingToUse(Exception):  # noqa: N818 (no error: the step is left out)
    """A step needs the result of one that gave none."""


class NotThere(Exception):  # noqa: N818 (no error: the step is left out)
    """A step needs a name that is not defined."""


def attach(user_namespace: dict[str, Any]) -> None:
    """Tell the probe where the cells of a notebook leave their names."""
    _state["namespace"] = user_namespace


def handle(request: dict[str, Any], send: Send) -> None:
    """Answer one request; every answer goes through `send`."""
    if request["op"] == "load":
        send(_load(request))
    else:
        _run(request, send)


def _load(request: dict[str, Any]) -> dict[str, Any]:
    """Run a module's source under its own name; its names become the ones that steps see."""
    if request.get("seed") is not None:
        _seed(request["seed"])
    name, source = request["name"], request["source"]
    filename = f"{name}.py"
    module = types.ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    _state["namespace"] = module.__dict__
    try:
        exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        return {"load": _raised(error)}
    return {"load": "ok"}


def _seed(seed: int) -> None:
    """Seed what exists: a check sees the same random numbers whatever ran before it."""
    random.seed(seed)
    np.random.seed(seed)
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.utils.set_random_seed(seed)


def _run(request: dict[str, Any], send: Send) -> None:
    """Carry out one check: observations go out in small batches, so that a death loses little."""
    results: dict[int, Any] = {}
    batch: list[dict[str, Any]] = []
    flushed = time.monotonic()
    _seed(request["seed"])
    for step in request["steps"]:
        observation = _observe(step, results, request["call_s"])
        batch.append(observation)
        if len(batch) >= BATCH_STEPS or time.monotonic() - flushed > BATCH_S:
            send({"check": request["check"], "observations": batch})
            batch, flushed = [], time.monotonic()
        if "late" in observation:
            break
    send({"check": request["check"], "observations": batch, "done": True})


def _observe(step: dict[str, Any], results: dict[int, Any], call_s: float) -> dict[str, Any]:
    """One step's observation: `ok`, `err`, `missing`, `late` or `notrun`; and the arguments afterwards."""
    observation: dict[str, Any] = {"i": step["i"]}
    args: list[Any] = []
    kwargs: dict[str, Any] = {}

    def work() -> Any:
        target = _target(step, results)
        args.extend(_argument(value, results) for value in step.get("args", []))
        kwargs.update((name, _argument(value, results)) for name, value in step.get("kw", {}).items())
        return target(*args, **kwargs) if step["do"] != "get" else target

    started = time.perf_counter()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = _with_deadline(work, call_s)
            results[step["i"]] = result
            observation["ok"] = encode(result)
        except NothingToUse:
            return observation | {"notrun": True}
        except NotThere as error:
            return observation | {"missing": str(error)[:200]}
        except CallTimedOut:
            observation["late"] = True
        except BaseException as error:
            observation["err"] = _raised(error)
    observation["ms"] = round((time.perf_counter() - started) * 1000, 3)
    observation["warned"] = sorted({item.category.__name__ for item in caught})[:10]
    observation["after"] = {str(name): encode(value) for name, value in [*enumerate(args), *kwargs.items()]
                            if issubclass(type(value), np.ndarray | list | dict)}
    return observation


def _target(step: dict[str, Any], results: dict[int, Any]) -> Any:
    """What a step calls or reads."""
    do, name = step["do"], step.get("name", "")
    if do == "again":
        value = _resolve(step["on"], results)
        return lambda: value
    if do == "observer":
        module, _, function = name.rpartition(".")
        try:
            return getattr(importlib.import_module(module), function)
        except (AttributeError, ImportError) as error:
            raise NotThere(str(error)) from error
    if do == "method":
        owner = _resolve(step["on"], results)
        try:
            return getattr(owner, name)
        except AttributeError as error:
            raise NotThere(str(error)) from error
    return _named(name)


def _named(name: str) -> Any:
    namespace = _state["namespace"]
    if name not in namespace:
        raise NotThere(name)
    return namespace[name]


def _argument(value: Any, results: dict[int, Any]) -> Any:
    """An argument from its data: fresh every time; `{"r": [step, index...]}` is an earlier result (or part of it)."""
    if isinstance(value, dict) and "r" in value:
        return _resolve(value["r"], results)
    if isinstance(value, dict) and "n" in value:
        return _named(value["n"])
    if isinstance(value, dict) and "L" in value:
        return [_argument(item, results) for item in value["L"]]
    return decode(value)


def _resolve(reference: list[Any], results: dict[int, Any]) -> Any:
    if reference[0] not in results:
        raise NothingToUse
    value = results[reference[0]]
    for index in reference[1:]:
        try:
            value = value[index]
        except Exception as error:
            raise NothingToUse from error
    return value


def _with_deadline(work: Callable[[], Any], seconds: float) -> Any:
    """The result of `work`, or `CallTimedOut`. The grader outside keeps a clock of its own."""
    if not hasattr(signal, "setitimer"):
        return work()

    late = False

    def stop(signum: int, frame: Any) -> None:
        nonlocal late
        late = True
        raise CallTimedOut

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)
    try:
        result = work()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    if late:  # whoever swallows the exception has had his time all the same
        raise CallTimedOut
    return result


def _raised(error: BaseException) -> dict[str, Any]:
    """An exception as data: its class, the classes it is derived from, its text, the frames of the submission."""
    try:
        kinds = [f"{kind.__module__}.{kind.__qualname__}"[:200] for kind in type(error).__mro__][:20]
    except BaseException:
        kinds = []
    try:
        message = str(error)[:2000]
    except BaseException:
        message = ""
    frames = [[frame.filename.rpartition("/")[2][:200], frame.lineno or 0, (frame.line or "").strip()[:300]]
              for frame in traceback.extract_tb(error.__traceback__) if _is_the_students(frame.filename)][-MAX_FRAMES:]
    if isinstance(error, SyntaxError):
        frames.append([str(error.filename)[:200], error.lineno or 0, (error.text or "").strip()[:300]])
    return {"kinds": kinds, "message": message, "frames": frames}


def _is_the_students(filename: str) -> bool:
    """Whether a file belongs to the submission: neither ours nor a library."""
    return not filename.startswith(NOT_THE_STUDENTS) and not {"site-packages", "dist-packages"} & set(
        filename.split(os.sep))
