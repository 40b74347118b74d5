"""exercise_06 - Regression losses: MAE, MSE, Huber."""

import numpy as np

from grader.authoring import any_of, arguments, check, fact, function, like, real, real_array

LOSSES = ("mae", "mse", "huber")
SHAPES = (("n", "k"), ("n",), ("n", 1))  # the first is the one that comes in other memory layouts
SIZES = {"n": (7, 1, 4), "k": (3, 5, 2)}

# What does not fit: most of these pairs NumPy would broadcast in silence, and some have equal sizes.
MISMATCHES = [((6,), (6, 1)), ((6, 1), (6,)), ((6,), (1, 6)), ((1,), (6,)), ((6,), (1,)), ((1,), (1, 1)),
              ((4, 3), (3, 4)), ((4, 3), (3,)), ((3,), (4, 3)), ((4, 3), (1, 3)), ((4, 1), (4, 3)), ((4, 3), (12,)),
              ((2, 6), (3, 4)), ((5,), (6,)), ((4, 3), (4, 4)), ((5, 3), (4, 3))]
EMPTY = [(0,), (0, 1), (0, 3), (3, 0)]


def generic(*shape):
    """Numbers without a pattern; what is refused does not depend on them."""
    return np.resize([0.37, -1.24, 2.05, 0.81, -0.66, 1.42, -0.19], shape)


REFUSED = {f"y {y}, p {p}": lambda given, y=y, p=p: {"y": generic(*y), "p": 1.3 * generic(*p)}
           for y, p in MISMATCHES} | {
    f"empty {shape}": lambda given, shape=shape: {"y": np.zeros(shape), "p": np.zeros(shape)} for shape in EMPTY}


def of_two_arrays(name, home, **others):
    """A function of y and p. Errors of single elements lie on both sides of every delta."""
    return function(name, arguments(y=real_array(*SHAPES, scale=1.5), p=like("y", scale=1.5), **others), sizes=SIZES,
                    returns="array", home=home, errors="bad_input", dtype="integers_and_lists",
                    unchanged="integers_and_lists", refuse=REFUSED)


DELTA = real(above=0, default=1.0, typical=(0.3, 2.5), refuse=True)
LOSS = any_of(*LOSSES, refuse=["rmse", "l1", "", "mean"])

mae = of_two_arrays("mae", "mae_and_mse")
mse = of_two_arrays("mse", "mae_and_mse")
huber = of_two_arrays("huber", "huber_loss", delta=DELTA)
d_mae = of_two_arrays("d_mae", "gradients")
d_mse = of_two_arrays("d_mse", "gradients")
d_huber = of_two_arrays("d_huber", "gradients", delta=DELTA)
outlier_share = of_two_arrays("outlier_share", "outlier_share", loss=LOSS)


@check
def mae_and_mse(student, draw):
    for loss in (student.mae, student.mse):
        for shape in [(1,), (7,), (7, 1), (4, 3)]:
            y = draw.reals(*shape)
            loss(y, draw.reals(*shape))
            loss(y, y)                                                          # no error, no loss
        loss(np.array([2.0, 2.0]), np.array([3.0, 1.0]))                        # +1 and -1 do not cancel
        loss(np.zeros(4), np.full(4, 2.0))                                      # every error is 2


@check
def huber_loss(student, draw):
    for delta in (0.5, 1.0, 2.0):
        y = np.array([3.0, -1.0, 0.5, 2.0])
        for e in (np.full(4, 0.6 * delta), np.full(4, -1.7 * delta), np.array([1, -1, 0, 1]) * delta,
                  np.array([0.3, -0.9, 1.1, -20]) * delta):
            student.huber(y, y + e, delta)
    for shape in [(1,), (7,), (7, 1), (4, 3)]:
        y, p = draw.reals(*shape), draw.reals(*shape, scale=2)
        student.huber(y, p)
        student.huber(y, p, 0.5)
        student.huber(y, p, 2.0)


def as_whole_numbers(draw):
    """Pairs of y and p that hold integers; differences in their own dtype would overflow. No error is 0."""
    up = 20 * draw.rng.integers(0, 4, 5).astype("uint8")
    return {"uint8": (np.array([9, 2, 1, 250, 7], "uint8"), np.array([4, 3, 200, 0, 6], "uint8") + up),
            "int8": (np.array([[100, -90, 3], [70, -120, 5]], "int8"),
                     np.array([[-100, 120, 6], [-88, 90, 7]], "int8")),
            "uint16": (np.array([60000, 3, 5], "uint16"), np.array([2, 50000, 1], "uint16")),
            "int64": (np.array([2, 70000, -5]), np.array([90000, 11, -7])),
            "y uint8": (np.array([3, 250, 0, 17], "uint8"), draw.reals(4, scale=30)),
            "p uint8": (draw.reals(4, scale=30), np.array([3, 250, 0, 17], "uint8"))}


def as_lists(draw):
    return {"lists": (draw.reals(5).tolist(), draw.reals(5).tolist()),
            "lists of lists": (draw.reals(3, 4).tolist(), draw.reals(3, 4).tolist()),
            "lists of int": ([1, 4, -2], [3, 0, 5]), "y list": (draw.reals(4).tolist(), draw.reals(4)),
            "p list": (draw.reals(4, 1), [[1], [0], [2], [5]])}


@check
def integers_and_lists(student, draw):
    pairs = as_whole_numbers(draw) | as_lists(draw)
    for y, p in pairs.values():
        for loss in (student.mae, student.mse, student.huber):
            loss(y, p)
    # The other four: integers and lists must give what the same numbers give as float64, whatever that is.
    # A wrong gradient is a mistake of `gradients` alone.
    seen = []
    for called, *last in [["d_mae"], ["d_mse"], ["d_huber"], *(["outlier_share", loss] for loss in LOSSES)]:
        call = getattr(student, called)
        for label, (y, p) in pairs.items():
            seen.append([called, ", ".join([label, *last]), call(y, p, *last).judged("nothing"),
                         call(np.array(y, float), np.array(p, float), *last).judged("nothing")])
    return seen


@integers_and_lists.measure
def _(seen):
    for called, label, given, floats in seen:
        yield fact(f"{called} ({label}) as of float64", given, expected=floats, rtol=1e-9, atol=1e-12, matters=True,
                   function=called, ko=f"{called} ({label}): float64일 때와 같은 값")


@check
def gradients(student, draw):
    for n in (1, 8):
        y = draw.reals(n)
        for e in (np.zeros(n), np.full(n, 0.7), np.full(n, -2.3), draw.reals(n, scale=2)):
            student.d_mae(y, y + e)
            student.d_mse(y, y + e)
            student.d_huber(y, y + e)
    y = np.array([3.0, -1.0, 0.5, 2.0, 4.0])
    for delta in (0.5, 1.0, 2.0):
        at_delta = y + delta * np.array([1, -1, 0, 1.5, -0.5])
        student.d_huber(y, at_delta, delta)
    student.d_mae(y, y + np.array([0, 1e-9, -1e-9, 0, 5.0]))                    # the sign, not the size
    for shape in [(7, 1), (4, 3)]:
        y, p = draw.reals(*shape), draw.reals(*shape, scale=2)
        student.d_mae(y, p)
        student.d_mse(y, p)
        for delta in (0.4, 1.0, 1.7):
            student.d_huber(y, p, delta)


@check("outlier_share")
def share_of_an_outlier(student, draw):
    for loss in LOSSES:
        for shape, place, error in [((9,), 4, 100.0), ((9,), 0, -100.0), ((6, 1), 5, 100.0), ((4, 3), 7, -100.0)]:
            y, e = draw.reals(*shape), draw.reals(*shape, scale=0.1)
            e.flat[place] = error
            student.outlier_share(y, y + e, loss)
        for shape in [(1,), (5,), (4, 3)]:
            student.outlier_share(draw.reals(*shape), draw.reals(*shape), loss)
        student.outlier_share(np.zeros(4), np.array([0.5, 2.0, -3.0, 1.5]), loss)   # the largest |e| is negative
        student.outlier_share(np.full(3, 1.25), np.array([1.0, 1.5, 1.25]), loss)   # two equally large
