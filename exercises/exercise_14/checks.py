"""exercise_14 - batch normalisation: training, inference, folding."""

import numpy as np

from grader.authoring import arguments, check, fact, function, real, real_array

FLOATS = ("float64", "float32")
VECTORS = ("gamma", "beta", "moving_mean", "moving_var")
SIZES = {"m": (7, 4, 9), "d": (5, 3, 2), "k": (3, 7, 3)}
CARE = {"errors": "dtype_inputs_errors", "dtype": "dtype_inputs_errors", "unchanged": "dtype_inputs_errors"}

# Off its default, eps is as large as the variances, so that nobody can miss whether it is used, and where.
EPS = real(above=0, default=1e-3, typical=(0.05, 0.5), refuse=True)


def vector(**options):
    """(d,), and whatever NumPy would broadcast to it or with it is refused."""
    return real_array(("d",), refuse_shapes=[(1,), (9,), (), ("d", 1), (1, "d")], **options)


def batch():
    """So narrow that one eps can be told from another one, and from none."""
    return real_array(("m", "d"), scale=0.1, refuse_shapes=[("d",), (), ("m", 9), ("m", 1), (2, "d", "d"), (0, "d")])


def parameters():
    return {"gamma": vector(), "beta": vector(), "moving_mean": vector(), "moving_var": vector(low=0)}


def with_entry(name, place, value):
    def changed(given):
        array = given[name].copy()
        array[place] = value
        return {name: array}
    return changed


def in_rows(given, *names):
    """All vectors at once as (1, d): consistent with one another, and still not what the task says."""
    return {name: given[name][np.newaxis] for name in names}


def refused(*names):
    """A single negative variance, be it so small that eps would make up for it."""
    return {"moving_var: -0.0001 first": with_entry("moving_var", 0, -1e-4),
            "moving_var: -0.0001 last": with_entry("moving_var", -1, -1e-4),
            "moving_var: -2.0": with_entry("moving_var", -1, -2.0),
            "vectors of shape (1, d)": lambda given: in_rows(given, *names)}


def square(change):
    """As many inputs as neurons, so that a scale along the wrong axis gives wrong values and no error."""
    return lambda given: dict(change(given)) | {"W": np.resize(given["W"], (len(given["b"]), len(given["b"])))}


ZERO_VARIANCE = {"moving_var: 0": with_entry("moving_var", 0, 0.0)}

bn_train = function(
    "bn_train",
    arguments(x=batch(), **parameters(),
              momentum=real(low=0, high=1, default=0.99, refuse=True, also_refused=[-0.001, 1.001]), eps=EPS),
    sizes=SIZES, returns="array", refuse=refused(*VECTORS), accept=ZERO_VARIANCE, **CARE)
bn_infer = function("bn_infer", arguments(x=batch(), **parameters(), eps=EPS), sizes=SIZES, returns="array",
                    refuse=refused(*VECTORS), accept=ZERO_VARIANCE, **CARE)
fold_bn = function(
    "fold_bn",
    arguments(W=real_array(("k", "d"), refuse_shapes=[("d",), (), ("k", 9), ("k", 1), (2, "d", "d")]),
              b=vector(), **parameters(),
              eps=real(above=0, default=1e-3, typical=(0.05, 0.5), also_refused=[0.0, -0.5])),
    sizes=SIZES, returns="array", refuse=refused("b", *VECTORS),
    accept={"moving_var: 0": square(ZERO_VARIANCE["moving_var: 0"]), "eps: 1e-06": square(lambda given: {"eps": 1e-6})},
    **CARE)


def far_batch(draw, m, d, dtype="float64", far=100.0):
    """Features of very different places (0 … `far`) and widths (1 … 5)."""
    means, widths = np.linspace(0, far, d), np.linspace(5, 1, d)
    return (means + widths * draw.reals(m, d)).astype(dtype)


def given(draw, fn, x, dtype="float64", **settings):
    """Random parameters for a batch that is already there, the settings of Keras unless given.

    They are written out: a wrong default costs where defaults are left out, and nowhere else.
    """
    drawn = draw(fn, sizes={"d": x.shape[1]}, dtype=dtype)
    usual = {"momentum": 0.99, "eps": 1e-3} if fn is bn_train else {"eps": 1e-3}
    return {name: drawn[name] for name in VECTORS} | {"x": x} | usual | settings


@check
def training(student, draw):
    for settings in ({}, {"momentum": 0.9}, {"momentum": 0.1}, {"momentum": 0.6, "eps": 0.2}):
        student.bn_train(**given(draw, bn_train, far_batch(draw, 64, 5), **settings))
    student.bn_train(**given(draw, bn_train, far_batch(draw, 8, 1), momentum=0.9))
    student.bn_train(**given(draw, bn_train, draw.reals(4, 4, scale=2)))       # rows and columns could be confused
    for dtype in FLOATS:
        student.bn_train(**given(draw, bn_train, far_batch(draw, 64, 5, dtype, far=3.0), dtype, momentum=0.9))


@check
def batch_of_one_constant_column(student, draw):
    for dtype in FLOATS:
        for d in (1, 4):
            student.bn_train(**given(draw, bn_train, draw.reals(1, d).astype(dtype), dtype, momentum=0.8))
        x = draw.reals(6, 3)
        x[:, 1] = x[0, 1]
        student.bn_train(**given(draw, bn_train, x.astype(dtype), dtype, momentum=0.8))
        student.bn_train(**given(draw, bn_train, np.zeros((5, 2), dtype), dtype))


@check
def far_from_zero(student, draw):
    results = []
    for m, d in [(64, 6), (100, 3)]:
        x = (1000 + draw.reals(m, d)).astype("float32")
        result = student.bn_train(**given(draw, bn_train, x, "float32"))
        results.append(result.judged("form")[0])
    return results


@far_from_zero.measure
def _(seen):
    """Only y: how the moving statistics follow is looked at elsewhere."""
    for k, y in enumerate(seen, start=1):
        yield fact(f"y[{k}]", y, function="bn_train")


@check
def inference(student, draw):
    for m, d in [(1, 4), (7, 4), (3, 1), (5, 5)]:
        for settings in ({}, {"eps": 0.3}):
            drawn = given(draw, bn_infer, draw.reals(m, d, scale=3), **settings)
            student.bn_infer(**drawn)
            student.bn_infer(**drawn | {"x": drawn["x"][:1]})                   # the same sample by itself
    student.bn_infer(**given(draw, bn_infer, draw.reals(1, 3).astype("float32"), "float32"))


@check
def folding(student, draw):
    for k, d in [(3, 5), (7, 4), (4, 4), (1, 3), (6, 1)]:
        for settings in ({}, {"eps": 0.3}):
            student.fold_bn(**draw(fold_bn, sizes={"k": k, "d": d}, **{"eps": 1e-3} | settings))


@check
def moving_averages(student, draw):
    """50 batches: the moving statistics are handed on; y is looked at elsewhere."""
    seen = []
    for settings in ({}, {"momentum": 0.9}, {"momentum": 0.5}):
        same = far_batch(draw, 16, 3, far=10.0)
        drawn = given(draw, bn_train, same, **settings)
        mean, var = drawn["moving_mean"], drawn["moving_var"]
        for step in range(1, 51):
            x = same if settings else far_batch(draw, 8, 3, far=10.0)          # one batch again and again, or new ones
            result = student.bn_train(**drawn | {"x": x, "moving_mean": mean, "moving_var": var}).judged("form")
            mean, var = result[1], result[2]
            if step in (1, 10, 50):
                seen.append([settings.get("momentum", 0.99), step, mean, var])
    return seen


@moving_averages.measure
def _(seen):
    for momentum, step, mean, var in seen:
        place = f"(momentum={momentum}) [{step}]"
        yield fact(f"new_mean {place}", mean, function="bn_train")
        yield fact(f"new_var {place}", var, function="bn_train")
