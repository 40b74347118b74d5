"""exercise_02 - Activation functions and their derivatives."""

import numpy as np

from grader.authoring import arguments, check, fact, function, real, real_array

FLOATS = ("float64", "float32")
INTEGERS = ("int64", "int32", "int8", "uint8", "uint16")
GRID = np.arange(-120, 121) / 20                             # -6 to 6, 0 exactly among them
LECTURE = np.array([[-1, 3, 2], [0, 2, -3], [-1, -4, 1]])    # the tables of lecture 003

NOT_REAL = {
    "complex": lambda given: {"a": given["a"] + 0.5j},
    "complex without imaginary part": lambda given: {"a": given["a"].astype("complex64")},
    "bool": lambda given: {"a": given["a"] > 0},
    "one bool": lambda given: {"a": np.array(True)},
    "text": lambda given: {"a": given["a"].astype(str)},     # numbers as text: NumPy would convert them
}
REAL_AFTER_ALL = {"integers 0 and 1": lambda given: {"a": (given["a"] > 0).astype("int64")}}

# One conversion decides all thirteen dtypes: a slip in it costs once.
CARE = {"errors": "bad_input", "dtype": "sigmoid_tanh_relu", "unchanged": "sigmoid_tanh_relu"}


def activation(name, home):
    """A function of `a` alone."""
    return function(name, arguments(a=real_array((2, 3, 4), (5,), (4, 1), (), (0,), scale=3)), returns="array",
                    home=home, refuse=NOT_REAL, accept=REAL_AFTER_ALL, **CARE)


def with_alpha(name, alpha, accept):
    """A function of `a` and `alpha`. All derived calls have an alpha of their own, so they count in `alpha_used`;
    the written ones of `other_activations` have the default."""
    return function(name, arguments(a=real_array((2, 3), (5,), scale=3), alpha=alpha), returns="array",
                    home="alpha_used", owners={"defaults": "other_activations"}, refuse=NOT_REAL,
                    accept=REAL_AFTER_ALL | accept, **CARE)


sigmoid = activation("sigmoid", "sigmoid_tanh_relu")
tanh = activation("tanh", "sigmoid_tanh_relu")
relu = activation("relu", "sigmoid_tanh_relu")

softplus = activation("softplus", "other_activations")
selu = activation("selu", "other_activations")
swish = activation("swish", "other_activations")
mish = activation("mish", "other_activations")
leaky_relu = with_alpha("leaky_relu", real(low=0, below=1, default=0.3, typical=(0.05, 0.95)),
                        {"alpha 0": lambda given: {"alpha": 0.0}})
elu = with_alpha("elu", real(above=0, default=1.0, typical=(0.2, 2.5)), {})

d_sigmoid = activation("d_sigmoid", "derivatives")
d_tanh = activation("d_tanh", "derivatives")
d_relu = activation("d_relu", "derivatives")
d_softplus = activation("d_softplus", "derivatives")

FIRST = ("sigmoid", "tanh", "relu")
OTHERS = ("softplus", "leaky_relu", "elu", "selu", "swish", "mish")
DERIVATIVES = ("d_sigmoid", "d_tanh", "d_relu", "d_softplus")


def ordinary(student, draw, names):
    """The grid, the lecture's matrix, and every kind of integers, at the default alpha."""
    for name in names:
        call = getattr(student, name)
        for dtype in FLOATS:
            call(GRID.astype(dtype))
        call(LECTURE)
        call(LECTURE.astype(float))
        for dtype in INTEGERS:
            low = 0 if dtype.startswith("u") else -6
            call(draw.rng.integers(low, 7, (2, 4)).astype(dtype))
        call(np.array(3))


@check
def sigmoid_tanh_relu(student, draw):
    ordinary(student, draw, FIRST)


@check
def other_activations(student, draw):
    ordinary(student, draw, OTHERS)
    for dtype in FLOATS:
        for shape in ((2, 3, 4), (4, 1), (), (0,)):
            for call in (student.leaky_relu, student.elu):
                call(draw.reals(*shape, scale=3).astype(dtype))


@check
def derivatives(student, draw):
    ordinary(student, draw, DERIVATIVES)


@check
def alpha_used(student):
    for dtype in FLOATS:
        for alpha in (0.05, 0.7):
            student.leaky_relu(GRID.astype(dtype), alpha)
        for alpha in (0.4, 2.25):
            student.elu(GRID.astype(dtype), alpha)


# Where exp overflows, is denormal or vanishes, and what lies between the grid and there.
FAR = {"float64": np.array([8, 12, 16, 20, 25, 30, 36.5, 50, 100, 355, 400, 709, 710, 745, 1000, 1e4]),
       "float32": np.array([8, 12, 16, 20, 30, 44.5, 50, 88, 89, 104, 1000, 1e4])}
LARGEST = {"float64": np.array([1e300, -1e300]), "float32": np.array([1e38, -1e38])}
# Normal numbers still: e^-87 is about the smallest of float32.
TAIL = {"float64": -np.array([20, 30, 36, 37.5, 50, 100, 300, 700.0]),
        "float32": -np.array([10, 16, 18, 30, 50, 80.0])}


@check
def large_inputs(student, draw):
    nan = {}
    for dtype in FLOATS:
        far = np.concatenate([FAR[dtype], draw.rng.uniform(8, FAR[dtype][-3], 8).round(2)])
        for name in (*FIRST, *OTHERS, *DERIVATIVES):
            call = getattr(student, name)
            for a in (far, -far):
                call(a.astype(dtype))
            nan[name, dtype] = call(LARGEST[dtype].astype(dtype)).judged("form")
    return {"largest": [[name, dtype, value] for (name, dtype), value in nan.items()],
            "tail": {dtype: student.softplus(TAIL[dtype].astype(dtype)) for dtype in FLOATS}}


@large_inputs.measure
def _(seen):
    for name, dtype, value in seen["largest"]:
        size = f"{LARGEST[dtype][0]:.0e}".replace("+", "")
        yield fact(f"nan in {name}([{size}, -{size}])", np.isnan(np.asarray(value)).astype(int),
                   function=name, ko=f"{name}([{size}, -{size}])의 nan")
    for dtype, rtol in (("float64", 1e-6), ("float32", 1e-5)):
        places = ", ".join(f"{a:g}" for a in TAIL[dtype])
        yield fact(f"softplus([{places}]), {dtype}, relative", seen["tail"][dtype], rtol=rtol, atol=0.0,
                   function="softplus", ko=f"softplus([{places}]), {dtype}, 상대 오차")
