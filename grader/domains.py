"""What the arguments of a student's function may be: each declared once, everything else is derived.

A domain knows how to draw a generic legal value, which values lie on its borders, and which it refuses.
Values are drawn outside the kernel, from the seed, and are rounded so that a counterexample can be read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from grader.errors import CourseError

FLOAT_DTYPES = ("float64", "float32")

Array = np.ndarray[Any, Any]


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


@dataclass
class Context:
    """What a draw may look at: random numbers, sizes of named dimensions, the dtype, the arguments drawn so far."""

    rng: np.random.Generator
    dims: Mapping[str, int]
    dtype: str = "float64"
    shape: int = 0
    drawn: dict[str, Any] = field(default_factory=dict)

    def size(self, name: str) -> int:
        """The size of a named dimension."""
        if name not in self.dims:
            raise CourseError(f"size {name!r} has no values; give the function sizes={{{name!r}: (…)}}")
        return self.dims[name]

    def earlier(self, name: str) -> Array:
        """An argument that was drawn before, as an array."""
        if name not in self.drawn:
            raise CourseError(f"there is no argument {name!r} before the one that is like it")
        return np.asarray(self.drawn[name])


@dataclass(frozen=True)
class Domain:
    """One argument: its default (or REQUIRED), and the values that the task says are refused."""

    default: Any = REQUIRED

    dtypes: ClassVar[tuple[str, ...]] = ()  # float dtypes that the argument itself decides; empty if it follows another
    shape_count: ClassVar[int] = 1  # how many kinds of shapes it may have

    def draw(self, context: Context) -> Any:
        """A generic legal value, off the default."""
        raise NotImplementedError

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        """Illegal values, each with a word that says what is wrong."""
        return []

    def borders(self, context: Context) -> list[tuple[str, Any]]:
        """Legal values just inside the border."""
        return []


@dataclass(frozen=True)
class Real(Domain):
    low: float | None = None
    above: float | None = None
    high: float | None = None
    below: float | None = None
    typical: tuple[float, float] | None = None
    refuse: bool = False
    also_refused: tuple[Any, ...] = ()

    def draw(self, context: Context) -> float:
        low, high = self.typical or self._usual()
        for _ in range(100):
            value = float(f"{context.rng.uniform(low, high):.3g}")
            if self._allows(value) and (
                    self.default in (REQUIRED, None) or abs(value - self.default) > 0.1 * abs(self.default)):
                return value
        return low + 0.37 * (high - low)

    def _usual(self) -> tuple[float, float]:
        """Where generic legal values lie."""
        floor = self.low if self.low is not None else self.above
        ceiling = self.high if self.high is not None else self.below
        if floor is not None and ceiling is not None:
            return floor + 0.1 * (ceiling - floor), ceiling - 0.1 * (ceiling - floor)
        if self.default not in (REQUIRED, None, 0):
            low, high = sorted((0.3 * self.default, 3.0 * self.default))
        elif ceiling is not None:
            low, high = ceiling - 3.0, ceiling - 0.2
        else:
            low, high = (floor or 0.0) + 0.2, (floor or 0.0) + 3.0
        if floor is not None:
            low = max(low, floor)
            return low, max(high, low + 0.2)
        if ceiling is not None:
            high = min(high, ceiling)
            return min(low, high - 0.2), high
        return low, high

    def _allows(self, value: float) -> bool:
        return ((self.low is None or value >= self.low) and (self.above is None or value > self.above)
                and (self.high is None or value <= self.high) and (self.below is None or value < self.below))

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        values: list[Any] = []
        if self.refuse:
            if self.low is not None:
                values += [self.low - 0.1]
            if self.above is not None:
                values += [self.above, self.above - 0.5]
            if self.high is not None:
                values += [self.high + 0.1]
            if self.below is not None:
                values += [self.below, self.below + 0.5]
        return [(repr(value), value) for value in [*values, *self.also_refused]]

    def borders(self, context: Context) -> list[tuple[str, Any]]:
        values: list[Any] = []
        if self.refuse:
            if self.low is not None:
                values += [self.low]
            if self.above is not None:
                values += [self.above + 1e-6]
            if self.high is not None:
                values += [self.high]
            if self.below is not None:
                values += [self.below - 1e-3]
        return [(repr(value), float(value)) for value in values]


@dataclass(frozen=True)
class Integer(Domain):
    low: int | None = None
    high: int | None = None
    typical: tuple[int, int] | None = None
    refuse: bool = False
    also_refused: tuple[Any, ...] = ()
    also_legal: tuple[Any, ...] = ()

    def draw(self, context: Context) -> int:
        floor = self.low if self.low is not None else 1 if self.high is None else min(1, self.high - 1)
        low, high = self.typical or (floor, floor + 20 if self.high is None else self.high)
        for _ in range(100):
            value = int(context.rng.integers(low, high + 1))
            if value != self.default:
                return value
        return high

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        values: list[Any] = []
        if self.refuse:
            values += [] if self.low is None else [self.low - 1, self.low - 2]
            values += [] if self.high is None else [self.high + 1]
        return [(repr(value), value) for value in [*values, *self.also_refused]]

    def borders(self, context: Context) -> list[tuple[str, Any]]:
        values: list[Any] = list(self.also_legal)
        if self.refuse:
            values += [value for value in (self.low, self.high) if value is not None]
        return [(repr(value), value) for value in values]


@dataclass(frozen=True)
class AnyOf(Domain):
    """One of some given values."""

    values: tuple[Any, ...] = ()
    refuse: tuple[Any, ...] = ()

    def draw(self, context: Context) -> Any:
        others = [value for value in self.values if repr(value) != repr(self.default)]
        if not others:
            raise CourseError("any_of() needs a value that is not the default")
        return others[int(context.rng.integers(len(others)))]

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        return [(repr(value), value) for value in self.refuse]


@dataclass(frozen=True)
class Made(Domain):
    """Whatever a function of the context makes, for arguments that no other domain describes."""

    make: Callable[[Context], Any] = lambda context: None
    refuse: Mapping[str, Callable[[Context], Any]] = field(default_factory=dict)
    accept: Mapping[str, Callable[[Context], Any]] = field(default_factory=dict)

    def draw(self, context: Context) -> Any:
        return self.make(context)

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        return [(label, make(context)) for label, make in self.refuse.items()]

    def borders(self, context: Context) -> list[tuple[str, Any]]:
        return [(label, make(context)) for label, make in self.accept.items()]


@dataclass(frozen=True)
class Inside:
    """An argument that is made in the kernel, by an observer of the exercise: a function, a model."""

    observer: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Observed(Domain):
    """What an observer makes of drawn arguments, for what cannot be drawn outside."""

    observer: str = ""
    make: Callable[[Context], tuple[Any, ...]] = lambda context: ()

    def draw(self, context: Context) -> Inside:
        return Inside(self.observer, self.make(context))


@dataclass(frozen=True)
class ArrayDomain(Domain):
    """An array of some shapes; dimensions are numbers or names that several arguments share."""

    shapes: tuple[tuple[int | str, ...], ...] = ((),)
    refuse_shapes: tuple[tuple[int | str, ...], ...] = ()

    @property
    def shape_count(self) -> int:  # type: ignore[override]
        return len(self.shapes)

    def sizes(self, context: Context, shape: tuple[int | str, ...] | None = None) -> tuple[int, ...]:
        shape = self.shapes[context.shape % len(self.shapes)] if shape is None else shape
        return tuple(context.size(size) if isinstance(size, str) else size for size in shape)

    def fill(self, context: Context, sizes: tuple[int, ...]) -> Array:
        raise NotImplementedError

    def draw(self, context: Context) -> Array:
        return self.fill(context, self.sizes(context))

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        return [(f"shape {sizes}", self.fill(context, sizes))
                for sizes in (self.sizes(context, shape) for shape in self.refuse_shapes)]


@dataclass(frozen=True)
class RealArray(ArrayDomain):
    low: float | None = None
    scale: float = 1.0
    kinds: tuple[str, ...] = FLOAT_DTYPES

    @property
    def dtypes(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.kinds

    def fill(self, context: Context, sizes: tuple[int, ...]) -> Array:
        return reals(context.rng, sizes, scale=self.scale, low=self.low).astype(context.dtype)


@dataclass(frozen=True)
class Like(Domain):
    """An array with the shape and dtype of another argument."""

    other: str = ""
    low: float | None = None
    scale: float = 1.0
    refuse: bool = False

    def draw(self, context: Context) -> Array:
        other = context.earlier(self.other)
        return reals(context.rng, other.shape, scale=self.scale, low=self.low).astype(other.dtype)

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        if not self.refuse:
            return []
        other = context.earlier(self.other)
        shapes = [(*other.shape[:-1], other.shape[-1] + 1) if other.ndim else (2,), (*other.shape, 1)]
        if other.ndim > 1 and other.shape[0] != other.shape[-1]:
            shapes.append(other.shape[::-1])
        if other.size > 1:
            shapes.append((1,))
        return [(f"shape {shape}",
                 reals(context.rng, shape, scale=self.scale, low=self.low).astype(other.dtype))
                for shape in shapes]


@dataclass(frozen=True)
class Labels(ArrayDomain):
    """Integer class labels 0 .. K-1."""

    classes: str = "K"
    refuse: bool = False

    def fill(self, context: Context, sizes: tuple[int, ...]) -> Array:
        return context.rng.integers(0, context.size(self.classes), sizes)

    def refused(self, context: Context) -> list[tuple[str, Any]]:
        cases = super().refused(context)
        if self.refuse:
            for label in (-1, context.dims[self.classes]):
                labels = self.draw(context)
                labels[-1] = label
                cases.append((f"label {label}", labels))
        return cases

    def borders(self, context: Context) -> list[tuple[str, Any]]:
        if not self.refuse:
            return []
        first, last = self.draw(context), self.draw(context)
        first[-1], last[-1] = 0, context.dims[self.classes] - 1
        return [("label 0", first), ("last label", last)]


@dataclass(frozen=True)
class OneHot(ArrayDomain):
    """One-hot rows, float64."""

    def fill(self, context: Context, sizes: tuple[int, ...]) -> Array:
        classes = context.rng.integers(0, sizes[-1], sizes[:-1])
        return np.eye(sizes[-1])[classes]


@dataclass(frozen=True)
class Probabilities(ArrayDomain):
    """Rows that sum to 1, no entry dominating (Dirichlet)."""

    kinds: tuple[str, ...] = ("float64",)

    @property
    def dtypes(self) -> tuple[str, ...]:  # type: ignore[override]
        return self.kinds

    def fill(self, context: Context, sizes: tuple[int, ...]) -> Array:
        return context.rng.dirichlet(np.full(sizes[-1], 2.0), sizes[:-1]).astype(context.dtype)


def reals(rng: np.random.Generator, shape: tuple[int, ...], *, scale: float = 1.0,
          low: float | None = None) -> Array:
    """Generic numbers ~ N(0, scale^2), or above `low`, to 4 significant digits: both signs, no zeros, float64."""
    values = np.asarray(rng.normal(size=shape)) * scale
    if low is not None:
        values = low + np.abs(values) + 0.05 * scale
    with np.errstate(all="ignore"):
        digits = 3 - np.floor(np.log10(np.maximum(np.abs(values), 1e-300)))
        values = np.round(values * 10.0**digits) / 10.0**digits
    return np.where(values == 0, 0.1234 * scale, values)


def _shapes(shapes: Sequence[Any]) -> tuple[tuple[int | str, ...], ...]:
    return tuple(tuple(shape) if isinstance(shape, tuple | list) else (shape,) for shape in shapes)


# The words that authors use. `default` makes an argument optional; `refuse` says that the task demands an error.

def real(*, low: float | None = None, above: float | None = None, high: float | None = None,
         below: float | None = None, default: Any = REQUIRED, typical: tuple[float, float] | None = None,
         refuse: bool = False, also_refused: Sequence[Any] = ()) -> Real:
    """A Python float; `low`/`high` are legal themselves, `above`/`below` are not."""
    return Real(default, low, above, high, below, typical, refuse, tuple(also_refused))


def integer(*, low: int | None = None, high: int | None = None, default: Any = REQUIRED,
            typical: tuple[int, int] | None = None, refuse: bool = False, also_refused: Sequence[Any] = (),
            also_legal: Sequence[Any] = ()) -> Integer:
    """A Python int from `low` to `high`; `also_refused` are values such as 2.0 or True."""
    return Integer(default, low, high, typical, refuse, tuple(also_refused), tuple(also_legal))


def any_of(*values: Any, default: Any = REQUIRED, refuse: Sequence[Any] = ()) -> AnyOf:
    """One of the given values."""
    return AnyOf(default, values, tuple(refuse))


def made(make: Callable[[Context], Any], *, default: Any = REQUIRED,
         refuse: Mapping[str, Callable[[Context], Any]] | None = None,
         accept: Mapping[str, Callable[[Context], Any]] | None = None) -> Made:
    """What `make(context)` returns; `refuse` and `accept` name illegal values and legal ones at the border."""
    return Made(default, make, refuse or {}, accept or {})


def observed(observer: str, make: Callable[[Context], tuple[Any, ...]] = lambda context: (), *,
             default: Any = REQUIRED) -> Observed:
    """What the exercise's observer of that name makes in the kernel, given the arguments `make(context)`."""
    return Observed(default, observer, make)


def real_array(*shapes: Any, low: float | None = None, scale: float = 1.0,
               dtypes: Sequence[str] = FLOAT_DTYPES, refuse_shapes: Sequence[Any] = (),
               default: Any = REQUIRED) -> RealArray:
    """A float array of one of the shapes, N(0, scale^2) or above `low`; tried in every dtype."""
    return RealArray(default, _shapes(shapes), _shapes(refuse_shapes), low, scale, tuple(dtypes))


def like(other: str, *, low: float | None = None, scale: float = 1.0, refuse: bool = False) -> Like:
    """An array with the shape and dtype of argument `other`; `refuse`: other shapes raise."""
    return Like(REQUIRED, other, low, scale, refuse)


def labels(*shapes: Any, classes: str = "K", refuse: bool = False, refuse_shapes: Sequence[Any] = ()) -> Labels:
    """Integer labels 0 .. K-1; `refuse`: -1 and K raise."""
    return Labels(REQUIRED, _shapes(shapes), _shapes(refuse_shapes), classes, refuse)


def one_hot(*shapes: Any, refuse_shapes: Sequence[Any] = ()) -> OneHot:
    """One-hot rows."""
    return OneHot(REQUIRED, _shapes(shapes), _shapes(refuse_shapes))


def probabilities(*shapes: Any, dtypes: Sequence[str] = ("float64",),
                  refuse_shapes: Sequence[Any] = ()) -> Probabilities:
    """Rows of probabilities."""
    return Probabilities(REQUIRED, _shapes(shapes), _shapes(refuse_shapes), tuple(dtypes))
