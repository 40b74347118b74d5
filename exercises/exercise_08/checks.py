"""exercise_08 - Gradient descent, learning rates, saddle points, linear regression."""

from pathlib import Path

import numpy as np

from grader.authoring import arguments, check, fact, function, integer, made, real, real_array

DOUBLE = ("float64",)
DATA = np.load(Path(__file__).parent / "data" / "regression.npz")

lr_outcome = function(
    "lr_outcome", arguments(curvature=real(above=0, typical=(0.2, 6), refuse=True),
                            lr=real(above=0, typical=(0.1, 2), refuse=True)),
    errors="bad_input", owners={"border": "lr_outcomes"},
    refuse={"both negative": lambda given: {"curvature": -1.3, "lr": -0.4}})


# --- Hessians ------------------------------------------------------------------------------------------------------

def rotated(rng, *eigenvalues):
    """A symmetric matrix with these eigenvalues, along random axes; exactly symmetric."""
    axes, _ = np.linalg.qr(rng.normal(size=(len(eigenvalues), len(eigenvalues))))
    H = axes @ np.diag(eigenvalues) @ axes.T
    return (H + H.T) / 2


def some_hessian(rng):
    """Eigenvalues well away from 0: of one sign or of both."""
    d = int(rng.integers(1, 5))
    sizes = rng.uniform(0.2, 3, d)
    return rotated(rng, *sizes * rng.choice([np.ones(d), -np.ones(d), rng.choice([-1, 1], d)]))


def moved(H, row, column, by):
    H = np.array(H, dtype=float)
    H[row, column] += by
    return H


PLAIN = np.array([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 1.1]])
NOT_SYMMETRIC = {"upper entry": moved(PLAIN, 0, 2, 0.5), "lower entry": moved(PLAIN, 1, 0, -0.3),
                 "by 0.002": moved(PLAIN, 2, 1, 0.002), "opposite signs": np.array([[1.0, 0.7], [-0.7, 1.0]])}
NOT_SQUARE = [(2, 3), (3, 2), (1, 3), (3, 1)]

critical_point = function(
    "critical_point",
    arguments(H=made(lambda context: some_hessian(context.rng),
                     refuse={f"not symmetric, {label}": lambda context, H=H: H for label, H in NOT_SYMMETRIC.items()}
                     | {f"shape {shape}": lambda context, shape=shape: np.resize(PLAIN, shape)
                        for shape in NOT_SQUARE},
                     accept={"asymmetry 2e-9": lambda context: moved(PLAIN, 0, 1, 2e-9)})),
    errors="bad_input")


# --- linear regression ---------------------------------------------------------------------------------------------

def generic(*shape):
    """Numbers without a pattern; what is refused does not depend on them."""
    return np.resize([0.37, -1.24, 2.05, 0.81, -0.66, 1.42, -0.19], shape)


FITTING = {"X": (7, 2), "y": (7,), "w": (2,)}
MISFITS = {"X": [(6, 2), (8, 2), (7, 3), (7, 1)], "y": [(6,), (8,), (1,), (7, 1), (1, 7)],
           "w": [(3,), (1,), (2, 1), (1, 2)]}
EMPTY = {"X": (0, 2), "y": (0,), "w": (2,)}

sgd_linear = function(
    "sgd_linear",
    arguments(X=real_array(("n", "d"), dtypes=DOUBLE), y=real_array(("n",), scale=3, dtypes=DOUBLE),
              w=real_array(("d",), dtypes=DOUBLE), b=real(typical=(-2, 2)),
              lr=real(above=0, default=0.01, typical=(0.02, 0.09), refuse=True),
              batch_size=integer(low=1, default=32, typical=(3, 25), refuse=True),
              epochs=integer(low=1, default=40, typical=(2, 6))),
    sizes={"n": (70, 5, 33), "d": (3, 1, 2)}, home="linear_regression", errors="bad_input",
    refuse={f"{name} of shape {shape}": lambda given, name=name, shape=shape: {
                other: generic(*(shape if other == name else FITTING[other])) for other in FITTING}
            for name in FITTING for shape in MISFITS[name]}
    | {f"y of shape {y}, one feature": lambda given, y=y: {"X": generic(7, 1), "y": generic(*y), "w": generic(1)}
       for y in [(7, 1), (1,), (1, 7)]}
    | {"no data": lambda given: {name: np.zeros(shape) for name, shape in EMPTY.items()}})

predict = function(
    "predict", arguments(X=real_array(("n", "d"), dtypes=DOUBLE), w=real_array(("d",), dtypes=DOUBLE),
                         b=real(typical=(-9, 9))),
    sizes={"n": (6, 1, 3), "d": (2, 1, 4)}, home="predictions")


# --- checks --------------------------------------------------------------------------------------------------------

@check("gradient_descent")
def whole_paths(student, draw, observe):
    """`grad` cannot be drawn, so the calls are written down here. Arrays are named, so that a report can name them."""
    go = student.gradient_descent
    saddle, ravine = observe.quadratic([[2, 0], [0, -2]]), observe.quadratic([[1, 0], [0, 25]])
    parabola, wells = observe.quadratic([[2]]), observe.double_well()
    for n_steps in (0, 1, 50):
        go(parabola, theta0=draw.reals(1, scale=3), lr=0.1, n_steps=n_steps)
        go(ravine, theta0=draw.reals(2, scale=3), lr=0.03, n_steps=n_steps)
        for start in (1.0, -1.0):
            go(wells, theta0=np.array([start]), lr=0.07, n_steps=n_steps)
    go(parabola, theta0=np.array([3.0]), lr=0.5, n_steps=6)                 # at the bottom at once: no early stop
    go(parabola, theta0=np.array([3.0]), lr=1.1, n_steps=20)                # goes apart
    go(parabola, theta0=np.array([2.5]), lr=1e-3, n_steps=30)               # steps that are easily taken for none
    for start in ([0.0, 0.0], [0.7, 0.0], [1.0, 1e-8], [0.4, -0.3]):        # the saddle, its two axes, and beside it
        go(saddle, theta0=np.array(start), lr=0.1, n_steps=50)
    for d in (1, 2, 3):
        go(observe.log_cosh(draw.reals(d)), theta0=draw.reals(d, scale=2), lr=float(draw.rng.uniform(0.05, 0.9)),
           n_steps=int(draw.rng.integers(2, 9)))
    go(observe.quadratic(rotated(draw.rng, 0.5, 1.5, 3.0)), theta0=draw.reals(3), lr=0.2, n_steps=12)
    go(ravine, [1.5, -0.5], 0.02, 4)                                        # by position
    go(n_steps=3, lr=0.3, theta0=np.array([1.0, 2.0]), grad=saddle)         # in another order
    kept = go(ravine, theta0=np.array([1.0, 1.0]), lr=0.01, n_steps=5)
    go(ravine, theta0=np.array([-2.0, 0.5]), lr=0.02, n_steps=5)
    kept.again()
    go(ravine, theta0=np.array([1.0, 1.0]), lr=0.01, n_steps=5)
    # Integers are no reason to round, and `grad` is always handed an array.
    return {"list": go(wells, theta0=[2], lr=0.01, n_steps=5),
            "list, no step": go(wells, theta0=[2, -1], lr=0.01, n_steps=0),
            "integers": go(ravine, theta0=np.array([3, -2]), lr=0.01, n_steps=5),
            "float32": go(wells, theta0=np.array([1.25, 0.5], "float32"), lr=0.01, n_steps=5)}


@whole_paths.measure
def _(seen):
    for start, path in seen.items():
        yield fact(f"dtype (theta0: {start})", str(np.asarray(path).dtype), function="gradient_descent")


@check
def lr_outcomes(student, draw):
    for curvature, lr in [(2.0, 0.4), (2.0, 1.0), (2.0, 1.1), (1.0, 1.999), (1.0, 2.0), (0.5, 4.0), (0.5, 5.0)]:
        student.lr_outcome(curvature, lr)
    # 2 within 1e-12 counts as 2 (2/c·c may be rounded); from 1e-9 away it does not.
    factors = (1.0, 0.6, 0.03, 1.4, 30.0, 1 - 2e-13, 1 + 2e-13, 1 - 3e-9, 1 + 3e-9, 1 - 1e-6, 1 + 1e-6)
    for curvature in (1.9, 3.7, 6.3, 49.0, 3e5, 2e-5, *(float(f"{c:.3g}") for c in draw.rng.uniform(0.05, 60, 3))):
        for factor in factors:
            student.lr_outcome(curvature, 2 / curvature * factor)
    for curvature, lr in [(1e-6, 1e-6), (1e6, 1e-6), (1e-6, 3e6), (1e6, 3e-6)]:
        student.lr_outcome(curvature, lr)


@check
def critical_points(student, draw):
    ask, rng = student.critical_point, draw.rng
    for H in ([[2, 0], [0, 3]], [[-1, 0], [0, -4]], [[2, 0], [0, -2]], [[0, 1], [1, 0]], [[0, 0], [0, 0]],
              [[1, 2], [2, 1]], [[-1, 2], [2, -1]], [[1, 1], [1, 1]], [[-1, 1], [1, -1]], [[0, 0], [0, 3]],
              [[-2, 0], [0, 0]], [[3]], [[-0.5]], [[0]]):
        ask(np.array(H, dtype=float))
    for signs in ((1, 1, 1), (-1, -1, -1), (1, 1, -1), (-1, -1, 1), (1, -1), (1, 1), (-1, -1), (1, 1, 1, -1)):
        ask(rotated(rng, *np.array(signs) * rng.uniform(0.3, 2.5, len(signs))))
    # Eigenvalues near 0, from both sides of 1e-9, computed along random axes.
    for tiny in (0.0, 1e-12, -1e-12, 2e-10, -2e-10, 5e-9, -5e-9, 1e-6, -1e-6):
        ask(rotated(rng, rng.uniform(0.3, 2), tiny))
        ask(rotated(rng, -rng.uniform(0.3, 2), tiny))
        ask(rotated(rng, rng.uniform(0.3, 2), tiny, -rng.uniform(0.3, 2)))
        ask(np.diag([tiny, rng.uniform(0.3, 2), rng.uniform(0.3, 2)]))
    for tiny in (0.0, 2e-10, -1e-12):                                       # both signs beside it, one of them twice
        ask(rotated(rng, -1.4, -0.6, tiny, 0.9))
        ask(rotated(rng, -0.8, tiny, 0.5, 1.7))


@check
def linear_regression(student, draw):
    lecture = {"X": DATA["x_train"], "y": DATA["y_train"][:, 0]}            # 160 rows, 5 batches
    student.sgd_linear(lecture["X"], lecture["y"], np.array([0.5]), 0.0)
    student.sgd_linear(lecture["X"], lecture["y"], np.array([0.5]), 0.0, 0.03, 50, 3)
    for n, batch_size in [(70, 32), (64, 32), (5, 32), (32, 32), (33, 32), (7, 1), (9, 4)]:
        for epochs in (1, 4):
            student.sgd_linear(**draw(sgd_linear, sizes={"n": n, "d": 3}, batch_size=batch_size, epochs=epochs))


@check
def predictions(student, draw):
    student.predict(DATA["x_test"], np.array([22.9]), 4.5)
    for sizes in ({"n": 5, "d": 3}, {"n": 3, "d": 3}, {"n": 1, "d": 1}):
        student.predict(**draw(predict, sizes=sizes))
