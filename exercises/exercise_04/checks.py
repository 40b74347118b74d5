"""exercise_04 - Threshold units, the perceptron rule, and XOR."""

from pathlib import Path

import numpy as np

from grader.authoring import Laid, arguments, check, function, integer, made, real, real_array

GATE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
GATES = {"or": [0, 1, 1, 1], "and": [0, 0, 0, 1], "nand": [1, 1, 1, 0], "xor": [0, 1, 1, 0]}
IRIS = np.load(Path(__file__).parent / "data" / "iris_petal.npz")
DOUBLE = ("float64",)

heaviside = function("heaviside", arguments(z=real_array((5,), (2, 3), (4, 1))), returns="array")
sign = function("sign", arguments(z=real_array((5,), (2, 3), (4, 1))), returns="array")


# --- one update ----------------------------------------------------------------------------------------------------

def update_case(d, k, **shapes):
    """Arguments of shapes of their own in place of all that were drawn; never in one call with a legal W."""
    def change(given):
        rng = np.random.default_rng([d, k])
        legal = {"W": (d, k), "b": (k,), "x": (d,)} | {name: shape for name, shape in shapes.items() if name != "y"}
        return {name: rng.normal(size=shape).round(3) for name, shape in legal.items()} | {
            "y": rng.integers(0, 2, shapes.get("y", (k,)))}
    return change


def with_target(*targets):
    """The last targets replaced; a single unit gets the last one."""
    def change(given):
        kept = given["y"][:max(len(given["y"]) - len(targets), 0)]
        return {"y": np.array([*kept, *targets])[-len(given["y"]):]}
    return change


perceptron_update = function(
    "perceptron_update",
    arguments(W=real_array(("d", "k"), dtypes=DOUBLE), b=real_array(("k",), dtypes=DOUBLE),
              x=real_array(("d",), dtypes=DOUBLE),
              y=made(lambda context: context.rng.integers(0, 2, context.dims["k"])),
              eta=real(above=0, typical=(0.05, 1.9))),
    sizes={"d": (3, 2, 4, 2), "k": (2, 2, 1, 3)},
    refuse={"W transposed": update_case(3, 2, W=(2, 3)), "W with a row more": update_case(3, 2, W=(4, 2)),
            "W with a row less": update_case(3, 3, W=(2, 3)), "W with a column more": update_case(3, 2, W=(3, 3)),
            "W with one column": update_case(3, 2, W=(3, 1)), "W of shape (d,)": update_case(3, 1, W=(3,)),
            "b longer": update_case(3, 2, b=(3,)), "b of shape (1,)": update_case(3, 2, b=(1,)),
            "b and y of shape (1,)": update_case(3, 2, b=(1,), y=(1,)),
            "b longer than one unit": update_case(3, 1, b=(2,)), "x longer": update_case(3, 2, x=(4,)),
            "y longer": update_case(3, 2, y=(3,)), "y of shape (1,)": update_case(3, 2, y=(1,)),
            "y longer than one unit": update_case(3, 1, y=(2,)),
            "target 2": with_target(2), "target -1": with_target(-1), "targets 1, -1": with_target(1, -1)})


# --- training ------------------------------------------------------------------------------------------------------

def steady(X, y):
    """Whether no score of a training comes so near 0 that rounding could decide: a threshold is not continuous."""
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(100):
        errors = 0
        for x, target in zip(X, y, strict=True):
            score = x @ w + b
            if (np.any(w) or b) and abs(score) < 1e-6:
                return False
            error = target - (score >= 0)
            w, b, errors = w + error * x, b + error, errors + abs(error)
        if errors == 0:
            break
    return True


def points(context):
    return context.rng.normal(size=(context.dims["n"], context.dims["d"])).round(3)


def steady_labels(context):
    """Labels of both kinds, half of the time such that a line divides them."""
    rng, X = context.rng, context.drawn["X"]
    for _ in range(200):
        y = (X @ rng.normal(size=X.shape[1]) > 0.2).astype(int) if rng.random() < 0.5 else rng.integers(0, 2, len(X))
        if 0 < y.sum() < len(y) and steady(X, y):
            return y
    raise ValueError("no labels found")


perceptron_fit = function(
    "perceptron_fit",
    arguments(X=made(points), y=made(steady_labels), eta=real(above=0, default=0.1, typical=(0.2, 2.5)),
              max_epochs=integer(low=1, default=100, typical=(2, 12))),
    sizes={"n": (8, 5, 12), "d": (2, 3, 1)},
    refuse={"a sample more": lambda given: {"X": np.concatenate([given["X"], given["X"][:1]])},
            "a target more": lambda given: {"y": np.concatenate([given["y"], given["y"][:1]])},
            "one target for all": lambda given: {"y": given["y"][:1]},
            "target 2": with_target(2), "target -1": with_target(-1),
            "targets -1 and 1": lambda given: {"y": 2 * given["y"] - 1}})

decision_line = function(
    "decision_line", arguments(w=real_array((2,), dtypes=DOUBLE), b=real(typical=(-3, 3))),
    refuse={f"w[1] = {zero}": lambda given, zero=zero: {"w": np.array([given["w"][0], zero])} for zero in (0.0, -0.0)},
    accept={f"w[1] = {small}": lambda given, small=small: {"w": np.array([given["w"][0], small])}
            for small in (1e-6, -1e-12)}
    | {"w[0] = 0": lambda given: {"w": np.array([0.0, given["w"][1]])}, "b = 0": lambda given: {"b": 0.0}})


def corners(rng, n):
    return rng.integers(0, 2, (n, 2)).astype(float)


xor_network = function("xor_network", arguments(X=made(lambda context: corners(context.rng, context.dims["n"]))),
                       sizes={"n": (6, 1, 3)})

three_layer = function(
    "three_layer",
    arguments(x=real_array(("d",), dtypes=DOUBLE), W1=real_array(("h1", "d"), dtypes=DOUBLE),
              W2=real_array(("h2", "h1"), dtypes=DOUBLE), W3=real_array(("k", "h2"), dtypes=DOUBLE)),
    sizes={"d": (3, 4), "h1": (5, 4), "h2": (4, 4), "k": (2, 4)})


# --- the checks ----------------------------------------------------------------------------------------------------

@check
def step_functions(student):
    for call in (student.heaviside, student.sign):
        for dtype, tiny in (("float64", 1e-300), ("float32", 1e-37)):
            call(np.array([-2, -tiny, 0, tiny, 3], dtype=dtype))
            call(np.array([[-0.0, 0.0], [0.25, -0.25]], dtype=dtype))
            call(np.array([0.0], dtype=dtype))


@check
def dense_layer(student, draw, observe):
    """`phi` is a function and cannot be drawn, so all calls are written here."""
    phis = [observe.heaviside(), observe.tanh(), observe.cube()]

    def drawn(n, d, k):
        return {"X": draw.reals(n, d), "W": draw.reals(d, k), "b": draw.reals(k)}

    for d, k in ((3, 2), (2, 3), (4, 4), (1, 1)):
        for n in (1, 5):
            for phi in phis:
                student.dense(**drawn(n, d, k), phi=phi)
    student.dense(*drawn(4, 3, 2).values(), phis[1])
    for layout in ("F", "T", "strided", "read-only"):
        student.dense(**{name: Laid(value, layout) for name, value in drawn(4, 3, 2).items()}, phi=phis[2])
    case = drawn(3, 3, 3)
    kept = student.dense(**case, phi=phis[2])
    student.dense(**drawn(3, 3, 3), phi=phis[2])
    kept.again()
    student.dense(**case, phi=phis[1])
    # what does not fit; some of it NumPy would broadcast
    for name, shape in (("X", (4, 2)), ("X", (4, 4)), ("W", (2, 3)), ("W", (4, 2)), ("b", (3,)), ("b", (1,)),
                        ("b", (4, 2)), ("b", (4, 1))):
        student.dense(**drawn(4, 3, 2) | {name: draw.reals(*shape)}, phi=phis[1])
    student.dense(**drawn(4, 3, 1) | {"b": draw.reals(3)}, phi=phis[1])
    for shape in ((2, 1), (2, 2), (1, 2)):
        student.dense(**drawn(2, 3, 2) | {"b": draw.reals(*shape)}, phi=phis[1])


@check
def one_update(student, draw):
    for eta in (0.1, 1.0):
        for targets in ([0, 0], [0, 1], [1, 0], [1, 1]):     # right, and wrong in either direction
            drawn = draw(perceptron_update, sizes={"d": 3, "k": 2}, eta=eta)
            student.perceptron_update(**drawn | {"y": np.array(targets)})
        for target in (0, 1):                                # a score of exactly 0 counts as 1
            y = np.full(2, target)
            student.perceptron_update(np.zeros((3, 2)), np.zeros(2), draw.reals(3), y, eta)
            student.perceptron_update(np.array([[1.0], [-2.0]]), np.array([0.5]), np.array([1.5, 1.0]), y[:1], eta)
    # each entry of x has its own weights, whatever the others are
    student.perceptron_update(draw.reals(2, 2), draw.reals(2), np.array([0.75, -1.25]), np.array([1, 0]), 0.5)


@check
def training(student):
    for labels in GATES.values():
        for max_epochs in (1, 3, 4, 5, 6, 7, 50):            # converged in the last epoch, or just not
            student.perceptron_fit(GATE, np.array(labels), 1.0, max_epochs)
    student.perceptron_fit(GATE, np.array(GATES["xor"]), 1.0)        # 100 epochs unless told otherwise
    student.perceptron_fit(GATE[::-1], np.array([1, 0, 0, 0]), 1.0)  # the order of the samples counts
    student.perceptron_fit(IRIS["X"], IRIS["y"])             # eta = 0.1, 3 epochs
    for label in (0, 1):                                     # all targets alike: zeros are right for 1 at once
        student.perceptron_fit(GATE[1:], np.full(3, label), 0.5)
        student.perceptron_fit(GATE[3:], np.full(1, label), 0.5)


@check("decision_line")
def line(student, draw):
    for w1 in (-0.5, -2.0, 0.25, 4.0):
        student.decision_line(np.array([*draw.reals(1), w1]), *draw.reals(1).tolist())
    student.decision_line(np.array([-0.06, -0.08]), 0.2)     # the line of the iris data


@check("xor_network")
def xor(student, draw):
    table = np.array([[0, 0], [1, 1], [0, 1], [1, 0]])       # the order of lecture 001
    for dtype in ("float64", "int64", "float32", "int32", "int8", "uint8", "bool"):
        student.xor_network(table.astype(dtype))
    for row in table:
        student.xor_network(row[np.newaxis].astype(float))


@check("three_layer")
def layers(student, draw):
    for sizes in ({"d": 3, "h1": 5, "h2": 4, "k": 2}, {"d": 4, "h1": 4, "h2": 4, "k": 4}):
        for _ in range(4):
            student.three_layer(**draw(three_layer, sizes=sizes))
