"""How an author states an exercise's evidence: functions with the domains of their arguments, and checks.

`checks.py` of an exercise uses these words. It is run outside the kernel, knows no expected value, and yields a `Plan`:
plain steps that the probe carries out, alike for a submission, the reference, variants and mutants.
"""

import copy
import inspect
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any, TypeVar

import numpy as np

from grader.domains import (
    REQUIRED,
    Context,
    Domain,
    Inside,
    any_of,
    integer,
    labels,
    like,
    made,
    observed,
    one_hot,
    probabilities,
    real,
    real_array,
    reals,
)
from grader.errors import CourseError
from grader.inside.codec import Laid
from grader.plan import FORMS, CheckPlan, Clue, Fact, Form, FunctionPlan, Plan, Reference, Step, Topic
from grader.spec import Exercise

__all__ = ["Laid", "any_of", "arguments", "check", "clue", "fact", "function", "integer", "labels", "like", "made",
           "observed", "one_hot", "probabilities", "real", "real_array", "reals"]

T = TypeVar("T")
DERIVED = ("dtype", "signature", "option", "layout", "border", "error", "repeat")  # kinds of topic
LAYOUTS = ("F", "T", "strided", "read-only")


# --- functions -----------------------------------------------------------------------------------------------------

def arguments(**domains: Domain) -> dict[str, Domain]:
    """The parameters of a function in the order of its signature."""
    return domains


@dataclass(frozen=True)
class Function:
    """A function that the student writes: parameters with domains, form of the result, and which check counts what.

    `home` counts the derived calls (the first check that uses the function, unless named), `errors` the refused
    values and their legal neighbours, `dtype` and `unchanged` those aspects of every call. `owners` sends
    single topics elsewhere, e.g. `{"eps": "place_of_eps"}` the calls that set `eps` off its default.
    """

    name: str
    domains: Mapping[str, Domain]
    returns: Form = "numbers"
    sizes: Mapping[str, Sequence[int]] = field(default_factory=dict)
    home: str | None = None
    errors: str | None = None
    dtype: str | None = None
    unchanged: str | None = None
    owners: Mapping[str, str] = field(default_factory=dict)
    refuse: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]] = field(default_factory=dict)
    accept: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]] = field(default_factory=dict)
    repeat: bool = True
    limit: int | None = None

    @property
    def required(self) -> list[str]:
        return [name for name, domain in self.domains.items() if domain.default is REQUIRED]

    @property
    def optional(self) -> list[str]:
        return [name for name, domain in self.domains.items() if domain.default is not REQUIRED]

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Float dtypes to try: those of the arguments that decide it."""
        found: list[str] = [dtype for domain in self.domains.values() for dtype in domain.dtypes]
        return tuple(dict.fromkeys(found)) or ("float64",)

    def draw(self, rng: np.random.Generator, *, dtype: str | None = None, shape: int | tuple[int, ...] | None = None,
             sizes: Mapping[str, int] | None = None, **given: Any) -> dict[str, Any]:
        """One legal call's arguments: `given` ones as they are, the rest from their domains, off the defaults.

        A given scalar for an array argument fills it; `shape` is the number of a declared shape, or a shape itself.
        """
        return self.context(rng, dtype=dtype, shape=shape, sizes=sizes, **given).drawn

    def draw_sizes(self, rng: np.random.Generator) -> dict[str, int]:
        """A value for every named dimension."""
        return {name: int(rng.choice(list(choices))) for name, choices in self.sizes.items()}

    def context(self, rng: np.random.Generator, *, dtype: str | None = None,
                shape: int | tuple[int, ...] | None = None, sizes: Mapping[str, int] | None = None,
                **given: Any) -> Context:
        """The context of `draw`, its `drawn` holding the arguments in the order of the signature."""
        for unknown in [name for name in given if name not in self.domains]:
            raise CourseError(f"{self.name}() has no argument {unknown}; declared: {', '.join(self.domains)}")
        for unknown in [name for name in sizes or {} if name not in self.sizes]:
            raise CourseError(f"{self.name}() has no size {unknown!r}; declared: {', '.join(self.sizes) or 'none'}")
        dims = self.draw_sizes(rng) | dict(sizes or {})
        index = int(rng.integers(1000)) if shape is None or isinstance(shape, tuple) else shape
        context = Context(rng, dims, dtype or self.dtypes[0], index)
        drawn = context.drawn
        for name, domain in self.domains.items():
            if name in given and not _fills(given[name], domain):
                drawn[name] = given[name]
            else:
                drawn[name] = (domain.fill(context, shape) if isinstance(shape, tuple) and hasattr(domain, "fill")
                               else domain.draw(context))
                if name in given:
                    drawn[name] = np.full_like(drawn[name], given[name])
        return context


def _fills(value: Any, domain: Domain) -> bool:
    """Whether a given scalar stands for an array full of it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (
        hasattr(domain, "fill") or hasattr(domain, "other"))


def function(name: str, domains: Mapping[str, Domain], *, returns: Form = "numbers",
             sizes: Mapping[str, Sequence[int]] | None = None, home: str | None = None, errors: str | None = None,
             dtype: str | None = None, unchanged: str | None = None, owners: Mapping[str, str] | None = None,
             refuse: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]] | None = None,
             accept: Mapping[str, Callable[[dict[str, Any]], Mapping[str, Any]]] | None = None,
             repeat: bool = True, limit: int | None = None) -> Function:
    """Declare a function of the exercise; see `Function`.

    `refuse` names calls that must raise `ValueError`: from legal arguments to the ones to replace; `accept` likewise
    legal calls near the border. `limit` keeps only so many derived calls of a kind, for functions that are slow.
    """
    return Function(name, domains, _checked(returns), sizes or {}, home, errors, dtype, unchanged, owners or {},
                    refuse or {}, accept or {}, repeat, limit)


# --- derived calls -------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Call:
    """One derived call. `kind` and `about` say which rule of the curriculum (4.2) it serves."""

    topic: Topic
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    again: int | None = None


def derived_calls(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """The calls that follow from the domains alone: a fixed grid of corners, random values by seed."""
    yield from _dtypes_and_shapes(fn, rng)
    yield from _signatures(fn, rng)
    yield from _options(fn, rng)
    yield from _layouts(fn, rng)
    yield from _borders(fn, rng)
    yield from _refusals(fn, rng)
    if fn.repeat:
        yield from _repeats(fn, rng)


def _dtypes_and_shapes(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    shapes = max(domain.shape_count for domain in fn.domains.values()) if fn.domains else 1
    for dtype in fn.dtypes:
        for shape in range(shapes):
            for sizes in _corner_sizes(fn):
                drawn = fn.draw(rng, dtype=dtype, shape=shape, sizes=sizes)
                yield Call(Topic("dtype", dtype), tuple(drawn.values()))


def _corner_sizes(fn: Function) -> list[dict[str, int]]:
    """Each named size takes each of its values at least once."""
    longest = max((len(choices) for choices in fn.sizes.values()), default=1)
    return [{name: choices[k % len(choices)] for name, choices in fn.sizes.items()} for k in range(longest)]


def _signatures(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """Positional calls are everywhere; here by keyword, mixed, and with defaults left out."""
    if not fn.domains:
        yield Call(Topic("signature", "defaults"))
        return
    drawn = fn.draw(rng)
    yield Call(Topic("signature", "keyword"), (), dict(reversed(drawn.items())))
    names = list(drawn)
    if len(names) > 1:
        drawn = fn.draw(rng)
        yield Call(Topic("signature", "mixed"), (drawn[names[0]],), {name: drawn[name] for name in names[1:]})
    if fn.optional:
        drawn = fn.draw(rng)
        yield Call(Topic("signature", "defaults"), tuple(drawn[name] for name in fn.required))


def _options(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """Every optional argument off its default, twice, alone; positionally, so that a wrong name costs only once."""
    names = list(fn.domains)
    for name in fn.optional:
        for _ in range(2):
            drawn = fn.draw(rng)
            yield Call(Topic("option", name), tuple(
                drawn[key] if key == name or key in fn.required else fn.domains[key].default
                for key in names[:names.index(name) + 1]))


def _layouts(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """Float arrays transposed, in Fortran order, strided, and read-only."""
    for layout in LAYOUTS:
        drawn = fn.draw(rng, shape=0)
        arrays = [name for name, value in drawn.items() if isinstance(value, np.ndarray) and value.ndim]
        if not arrays:
            return
        yield Call(Topic("layout", layout),
                   tuple(Laid(value, layout) if name in arrays else value for name, value in drawn.items()))


def _borders(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    for name, domain in fn.domains.items():
        for label, _ in domain.borders(fn.context(rng, shape=0)):
            context = fn.context(rng, shape=0)
            value = dict(domain.borders(context)).get(label)
            yield Call(Topic("border", f"{name}: {label}"), tuple((context.drawn | {name: value}).values()))
    for label, change in fn.accept.items():
        drawn = fn.draw(rng, shape=0)
        yield Call(Topic("border", label), tuple((drawn | dict(change(drawn))).values()))


def _refusals(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """Every violation alone, in an otherwise legal call."""
    for name, domain in fn.domains.items():
        context = fn.context(rng, shape=0)
        for label, value in domain.refused(context):
            yield Call(Topic("error", f"{name}: {label}"), tuple((context.drawn | {name: value}).values()))
    for label, change in fn.refuse.items():
        drawn = fn.draw(rng, shape=0)
        yield Call(Topic("error", label), tuple((drawn | dict(change(drawn))).values()))


def _repeats(fn: Function, rng: np.random.Generator) -> Iterator[Call]:
    """The same call again after another one and after an error, and the first result looked at once more."""
    sizes = fn.draw_sizes(rng)  # the same for both: a buffer kept per shape must show
    first, other = fn.draw(rng, shape=0, sizes=sizes), fn.draw(rng, shape=0, sizes=sizes)
    yield Call(Topic("repeat", "first"), tuple(first.values()))
    yield Call(Topic("repeat", "other"), tuple(other.values()))
    yield Call(Topic("repeat", "kept"), again=-2)
    refusal = next(_refusals(fn, rng), None)
    if refusal is not None:
        yield Call(Topic("disturb", refusal.topic.about), refusal.args)
    yield Call(Topic("repeat", "first"), tuple(first.values()))


# --- checks --------------------------------------------------------------------------------------------------------

@dataclass
class Check:
    """One check's code: what it asks of a submission, and what it measures in the answers."""

    id: str
    code: Callable[..., Any] | None
    measure_code: Callable[[Any], Iterator[Fact | Clue]] | None = None

    def measure(self, code: Callable[[Any], Iterator[Fact | Clue]]) -> Callable[[Any], Iterator[Fact | Clue]]:
        """Decorator: facts and clues from the values behind the handles that the check returned (runs outside)."""
        self.measure_code = code
        return code


def check(target: Callable[..., Any] | str) -> Any:
    """Decorator: this function gathers the evidence of the check of its name, `@check` or `@check("id")`.

    Its parameters, by name: `student` (calls and variables), `draw` (arguments), `observe` (observers).
    """
    if isinstance(target, str):
        return lambda code: Check(target, code)
    return Check(target.__name__, target)


def fact(name: str, actual: Any, expected: Any = None, *, rtol: float | None = None, atol: float | None = None,
         form: Form = "numbers", matters: bool = False, function: str | None = None, ko: str | None = None) -> Fact:
    """A graded number measured outside. Without `expected` it is compared with the reference's own.

    With `expected` (recomputed from the submission's own numbers) only whether it fails tells mistakes apart, unless
    `matters`, which says that its value does not depend on a random run. `ko` is the Korean for a name that is words
    and not a name of Python.
    """
    if (rtol is None) != (atol is None):
        raise CourseError(f"fact {name!r}: rtol and atol are given together or not at all")
    return Fact(name, actual, expected, rtol, atol, _checked(form), matters, function, ko)


def clue(name: str, value: Any) -> Clue:
    """A number that is not graded but tells mistakes apart: a ratio, an offset, a rate."""
    return Clue(name, value)


def _checked(form: Form) -> Form:
    if form not in FORMS:
        raise CourseError(f"unknown form {form!r}; there are {', '.join(FORMS)}")
    return form


class Handle:
    """Stands for a step's result, which only the kernel will know. Index it, pass it on, call its methods."""

    def __init__(self, recorder: "Recorder", reference: Reference) -> None:
        self._recorder = recorder
        self.reference = reference

    def __getitem__(self, index: Any) -> "Handle":
        if not isinstance(index, int | str):
            raise CourseError(f"a handle takes one number or text as index, not {index!r}")
        return Handle(self._recorder, Reference(self.reference.step, (*self.reference.path, index)))

    def __iter__(self) -> Iterator["Handle"]:
        raise CourseError("a handle cannot be unpacked: its length is known only in the kernel; index it")

    def judged(self, form: Form) -> "Handle":
        """Judge this step's value by `form` instead: `form` (structure and shape only), `nothing`, …"""
        self._recorder.change(self.reference.step, form=_checked(form))
        return self

    def again(self) -> "Handle":
        """The same result looked at once more, after later calls."""
        return self._recorder.again(self.reference)

    def call(self, method: str, *args: Any, **kwargs: Any) -> "Handle":
        """Call a method of the result."""
        return self._recorder.add("method", method, args, kwargs, on=self.reference)


class Recorder:
    """Writes down what a check asks for, as steps."""

    def __init__(self, check_id: str, functions: Mapping[str, Function], observers: str) -> None:
        self.check_id = check_id
        self.functions = functions
        self.observers = observers
        self.steps: list[Step] = []

    def add(self, do: str, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None, *,
            on: Reference | None = None, topic: Topic | None = None, form: Form = "numbers") -> Handle:
        plain_args = tuple(self.plain(value) for value in args)
        plain_kwargs = {key: self.plain(value) for key, value in (kwargs or {}).items()}
        step = Step(index=len(self.steps), do=do, name=name, args=plain_args, kwargs=plain_kwargs, on=on,
                    topic=topic or Topic("written", ""), form=form)
        self.steps.append(step)
        return Handle(self, Reference(step.index, ()))

    def plain(self, value: Any) -> Any:
        """A value as a step holds it: handles become references, as does what a step before this one makes inside.

        The rest is copied so that nothing is shared.
        """
        if isinstance(value, Inside):
            value = self.observe(value.observer, value.args).judged("nothing")
        if isinstance(value, Handle):
            if value._recorder is not self:
                raise CourseError("a handle of another check; the steps of a check run by themselves")
            return value.reference
        if isinstance(value, list):
            return [self.plain(item) for item in value]
        _check_that_it_travels(value)
        return copy.deepcopy(value)

    def again(self, reference: Reference, topic: Topic | None = None) -> Handle:
        """Look once more at an earlier step's result, judged as that step is."""
        step = self.steps[reference.step]
        return self.add("again", step.name, on=reference, topic=topic, form=step.form)

    def change(self, index: int, **values: Any) -> None:
        self.steps[index] = replace(self.steps[index], **values)

    def call(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Handle:
        """A call written by hand: passed positionally where the signature is declared, so that a wrong
        parameter name costs once, in the derived keyword call."""
        fn = self.functions.get(name)
        if fn is None:
            return self.add("call", name, args, kwargs)
        names = list(fn.domains)
        given = dict(zip(names, args, strict=False)) | dict(kwargs)
        unknown = [key for key in given if key not in names]
        if unknown or len(args) > len(names):
            raise CourseError(f"{name}() has no argument {', '.join(unknown) or len(args)}; "
                              f"declared: {', '.join(names)}")
        last = max((names.index(key) for key in given), default=-1)
        values = [given.get(key, fn.domains[key].default) for key in names[:last + 1]]
        if any(value is REQUIRED for value in values) or any(key not in given for key in fn.required):
            raise CourseError(f"{name}() needs {', '.join(fn.required)}")
        return self.add("call", name, values, form=fn.returns)

    def observe(self, name: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> Handle:
        """A call of one of the exercise's observers."""
        return self.add("observer", f"{self.observers}.{name}", args, kwargs)

    def derive(self, fn: Function, calls: Sequence[Call]) -> None:
        made: list[Handle] = []
        for call in calls:
            if call.again is not None:
                made.append(self.again(made[call.again].reference, call.topic))
            else:
                made.append(self.add("call", fn.name, call.args, call.kwargs, topic=call.topic, form=fn.returns))


class Student:
    """The submission, as a check sees it: `student.softmax(z)` records a call, `student["x_train"]` a variable."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __getattr__(self, name: str) -> Callable[..., Handle]:
        return lambda *args, **kwargs: self._recorder.call(name, args, kwargs)

    def __getitem__(self, name: str) -> Handle:
        return self._recorder.add("get", name)


class Observe:
    """The observers of the exercise: `observe.layers(model)` records a step that takes plain data from an object."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def __getattr__(self, name: str) -> Callable[..., Handle]:
        return lambda *args, **kwargs: self._recorder.observe(name, args, kwargs)


class Draw:
    """Draws arguments: `draw(adam_step, shape=(5,), m=0)` gives all of them by name. `draw.rng` for the rest."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def __call__(self, fn: Function, **given: Any) -> dict[str, Any]:
        return fn.draw(self.rng, **given)

    def reals(self, *shape: int, scale: float = 1.0, low: float | None = None) -> np.ndarray[Any, Any]:
        """Generic float64 numbers of a shape, N(0, scale^2) or above `low`."""
        return reals(self.rng, shape, scale=scale, low=low)


def _check_that_it_travels(value: Any) -> None:
    """Raise `CourseError` for what would reach the submission as an object without contents."""
    if isinstance(value, Handle):
        raise CourseError("a handle can be passed on by itself or in a list, not in a tuple or dict")
    if isinstance(value, list | tuple | dict):
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _check_that_it_travels(item)
    elif value is not None and not isinstance(
            value, bool | int | float | complex | str | np.ndarray | np.generic | PurePath | Laid):
        raise CourseError(f"a {type(value).__name__} cannot be handed to a submission: "
                          "only numbers, texts, arrays, lists, tuples, dicts and paths can")


# --- from checks.py to a plan --------------------------------------------------------------------------------------

def build_plan(exercise: Exercise, names: Mapping[str, Any], seed: int, *, source: str, observers: str) -> Plan:
    """The steps that `checks.py` (its `names`) asks for at `seed`. Raises `CourseError` naming file and remedy."""
    functions = _by_name([(item.name, item) for item in names.values() if isinstance(item, Function)], source)
    checks = _by_name([(item.id, item) for item in names.values() if isinstance(item, Check)], source)
    known = [spec.id for spec in exercise.checks]
    for check_id in checks:
        if check_id not in known:
            raise CourseError(f"{source}: check {check_id!r} is not in exercise.toml; there are {', '.join(known)}")
    recorders = {check_id: Recorder(check_id, functions, observers) for check_id in known}
    returned = {check_id: _gather(checks[check_id], recorders[check_id], seed, source)
                for check_id in known if check_id in checks and checks[check_id].code is not None}
    plans = {name: _owners(fn, recorders, known, source) for name, fn in functions.items()}
    for name, fn in functions.items():
        rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
        grouped: dict[str, list[Call]] = {}
        try:
            calls = list(derived_calls(fn, rng))
            _check_owners(fn, calls)
            for call in _limited(calls, fn.limit):
                grouped.setdefault(plans[name].owner(call.topic), []).append(call)
            for check_id, share in grouped.items():
                recorders[check_id].derive(fn, share)
        except CourseError as error:
            raise CourseError(f"{source}: function {name!r}: {error}") from error
        except Exception as error:
            raise CourseError(f"{source}: function {name!r}: drawing its arguments raised "
                              f"{type(error).__name__}: {error}") from error
    for check_id, recorder in recorders.items():
        if not recorder.steps:
            raise CourseError(f"{source}: check {check_id!r} asks for nothing; write a function `{check_id}` under "
                              "@check, or name it as `home` or `errors` of a function")
    return Plan(seed, plans, tuple(
        CheckPlan(check_id, tuple(recorders[check_id].steps), _references(returned.get(check_id)),
                  checks[check_id].measure_code if check_id in checks else None) for check_id in known))


def _by_name(items: Sequence[tuple[str, T]], source: str) -> dict[str, T]:
    """What was declared, by its name; an alias is no second declaration."""
    found: dict[str, T] = {}
    for name, item in items:
        if found.setdefault(name, item) is not item:
            raise CourseError(f"{source}: {type(item).__name__.lower()} {name!r} is declared twice; rename one")
    return found


def _check_owners(fn: Function, calls: Sequence[Call]) -> None:
    """Raise `CourseError` where `owners` names what no derived call is about."""
    topics = {*DERIVED, *(call.topic.about for call in calls if call.topic.kind != "disturb")}
    for unknown in [key for key in fn.owners if key not in topics]:
        raise CourseError(f"owners: no derived call is about {unknown!r}; there are {', '.join(sorted(topics))}")


def _gather(item: Check, recorder: Recorder, seed: int, source: str) -> Any:
    """Run one check's function with the fixtures it names; what it returns is for `measure`."""
    assert item.code is not None
    fixtures: dict[str, Any] = {
        "student": Student(recorder), "observe": Observe(recorder),
        "draw": Draw(np.random.default_rng([seed, zlib.crc32(item.id.encode())]))}
    wanted = inspect.signature(item.code).parameters
    unknown = [name for name in wanted if name not in fixtures]
    if unknown:
        raise CourseError(f"{source}: check {item.id!r}: unknown parameter {unknown[0]!r}; there are "
                          f"{', '.join(fixtures)}")
    try:
        return item.code(**{name: fixtures[name] for name in wanted})
    except CourseError as error:
        raise CourseError(f"{source}: check {item.id!r}: {error}") from error
    except Exception as error:
        raise CourseError(f"{source}: check {item.id!r} raised {type(error).__name__}: {error}") from error


def _owners(fn: Function, recorders: Mapping[str, Recorder], known: Sequence[str], source: str) -> FunctionPlan:
    """Which check counts what of a function."""
    users = [check_id for check_id in known
             if any(step.do == "call" and step.name == fn.name for step in recorders[check_id].steps)]
    home = fn.home or next(iter(users), None) or fn.errors
    if home is None:
        raise CourseError(f"{source}: function {fn.name!r} is used by no check; name its `home`")
    named = {"home": home, "errors": fn.errors, "dtype": fn.dtype, "unchanged": fn.unchanged, **fn.owners}
    for role, check_id in named.items():
        if check_id is not None and check_id not in known:
            raise CourseError(f"{source}: function {fn.name!r}: {role} = {check_id!r} is no check of exercise.toml; "
                              f"there are {', '.join(known)}")
    return FunctionPlan(fn.name, tuple(fn.domains), home, fn.errors or home, fn.dtype or home,
                        fn.unchanged or home, dict(fn.owners))


def _limited(calls: Sequence[Call], limit: int | None) -> Iterator[Call]:
    counts: dict[str, int] = {}
    for call in calls:
        counts[call.topic.kind] = counts.get(call.topic.kind, 0) + 1
        if limit is None or call.topic.kind == "repeat" or counts[call.topic.kind] <= limit:
            yield call


def _references(value: Any) -> Any:
    """The structure that a check returned, handles replaced by references."""
    if isinstance(value, Handle):
        return value.reference
    if isinstance(value, Mapping):
        return {key: _references(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_references(item) for item in value]
    return value
