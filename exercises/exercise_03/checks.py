"""exercise_03 - Softmax and cross-entropy that do not break."""

import numpy as np

from grader.authoring import (
    arguments,
    check,
    fact,
    function,
    labels,
    made,
    one_hot,
    probabilities,
    real,
    real_array,
)

SIZES = {"m": (5, 1, 3, 2), "K": (10, 4, 2, 3)}
FLOATS = ("float64", "float32")
HUGE = np.array([[1000, 1000, -1000], [1e4, 0, 0], [-1e4, -1e4, -1e4 + 1], [-745, 0, 745]])

# eps off its default is large enough for some of the drawn probabilities to lie beyond it, at both ends
EPS = real(above=0, default=1e-7, typical=(0.01, 0.08))


def one_sample_more(name):
    return lambda given: {name: np.concatenate([given[name], given[name][-1:]])}


def one_sample_for_many(short, long):
    """What NumPy would broadcast: one entry in `short`, two or more in `long`."""
    return lambda given: {short: given[short][:1], long: np.concatenate([given[long], given[long][-1:]])}


softmax = function(
    "softmax", arguments(z=real_array(("m", "K"), ("K",), (4, 1), scale=3, refuse_shapes=[(), (2, 3, 4)])),
    sizes=SIZES, returns="array", errors="bad_input", owners={"border": "softmax_rows"})

cross_entropy = function(
    "cross_entropy",
    arguments(y_onehot=one_hot(("m", "K")), p=probabilities(("m", "K"), dtypes=FLOATS), eps=EPS),
    sizes=SIZES, errors="bad_input",
    refuse={"one sample more in y_onehot": one_sample_more("y_onehot"),
            "one sample more in p": one_sample_more("p"),
            "y_onehot of shape (1, K)": one_sample_for_many("y_onehot", "p"),
            "y_onehot of shape (m, 1)": lambda given: {"y_onehot": given["y_onehot"][:, :1]},
            "y_onehot of shape (K,)": lambda given: {"y_onehot": given["y_onehot"][0]},
            "p of shape (K,)": lambda given: {"p": given["p"][0]},
            "both of shape (K,)": lambda given: {name: given[name][0] for name in ("y_onehot", "p")},
            "both of shape (1, m, K)": lambda given: {name: given[name][None] for name in ("y_onehot", "p")}})


def from_labels(name, home, **others):
    """A function of integer labels (m,) and rows (m, K)."""
    rows = next(iter(others))
    return function(
        name, arguments(y=labels(("m",), refuse=True), **others), sizes=SIZES, errors="bad_input",
        owners={"border": home},
        refuse={"one label more": one_sample_more("y"), "one row more": one_sample_more(rows),
                "one label for many rows": one_sample_for_many("y", rows),
                "y of shape (m, 1)": lambda given: {"y": given["y"][:, np.newaxis]},
                f"{rows} of shape (K,)": lambda given: {"y": np.zeros(given[rows].shape[1], int),
                                                        rows: given[rows][0]},
                f"{rows} of shape (m, K, 1)": lambda given: {rows: given[rows][..., np.newaxis]}})


def scores():
    return real_array(("m", "K"), scale=3)


sparse_cross_entropy = from_labels("sparse_cross_entropy", "cross_entropy_sparse",
                                   p=probabilities(("m", "K"), dtypes=FLOATS), eps=EPS)
cross_entropy_from_logits = from_labels("cross_entropy_from_logits", "loss_from_logits", z=scores())
grad_logits = from_labels("grad_logits", "gradient_and_jacobian", z=scores())

binary_cross_entropy = function(
    "binary_cross_entropy",
    arguments(y=labels(("m",), classes="two"),
              p=made(lambda context: context.rng.uniform(0.01, 0.99, context.dims["m"]).round(4)), eps=EPS),
    sizes={"m": (7, 1, 4), "two": (2,)}, errors="bad_input",
    refuse={"one more in y": one_sample_more("y"), "one more in p": one_sample_more("p"),
            "one y for many p": one_sample_for_many("y", "p"),
            "one p for many y": one_sample_for_many("p", "y"),
            "p of shape (m, 1)": lambda given: {"p": given["p"][:, np.newaxis]},
            "both of shape (m, 1)": lambda given: {name: given[name][:, np.newaxis] for name in ("y", "p")}})

softmax_jacobian = function(
    "softmax_jacobian", arguments(p=probabilities(("K",), dtypes=FLOATS, refuse_shapes=[(1, 3), (2, 3)])),
    sizes={"K": (5, 2, 7)}, errors="bad_input")

predict_classes = function(
    "predict_classes",
    arguments(p=probabilities(("m", "K"), dtypes=FLOATS, refuse_shapes=[("K",), (2, 3, 4)]),
              names=made(lambda context: [f"class {k}" for k in context.rng.permutation(context.dims["K"])],
                         default=None)),
    sizes=SIZES, errors="bad_input")


@check
def softmax_rows(student, draw):
    z = draw.reals(4, 6, scale=3)
    for shift in (0.0, 7.25, -31.5):
        student.softmax(z + shift)                           # the same probabilities three times
    kept = student.softmax(draw.reals(4, 6, scale=3))
    student.softmax(draw.reals(4, 6, scale=3))
    kept.again()                                             # another batch of this shape leaves it as it was
    student.softmax(np.full((2, 3), 1.5))                    # equal scores
    for dtype in ("int64", "int32"):                         # integer scores become float64
        student.softmax(draw.rng.integers(-6, 7, (3, 5)).astype(dtype))
        student.softmax(draw.rng.integers(-6, 7, 4).astype(dtype))


@check
def softmax_large_scores(student, draw):
    for dtype in FLOATS:
        for row in HUGE.astype(dtype):
            student.softmax(row)
        student.softmax(HUGE.astype(dtype))
        # a row far below the others: each has its own largest score
        student.softmax(np.concatenate([HUGE[:1], draw.reals(2, 3, scale=3)]).astype(dtype))


def certain(draw, m, classes):
    """Labels, and rows of exact zeros and ones that are wrong for the first label and right for the last."""
    y = draw.rng.integers(0, classes, m)
    chosen = draw.rng.integers(0, classes, m)
    chosen[0], chosen[-1] = (y[0] + 1) % classes, y[-1] if m > 1 else (y[-1] + 1) % classes
    return y, np.eye(classes)[chosen]


def unlikely(draw, m, classes):
    """Labels, and rows that give them probabilities from 1e-5 to 1e-2: log(p + eps) shows there."""
    y, small = draw.rng.integers(0, classes, m), 10 ** draw.rng.uniform(-5, -2, m)
    others = draw.rng.dirichlet(np.ones(classes - 1), m) * (1 - small[:, np.newaxis])
    return y, np.stack([np.insert(others[i], y[i], small[i]) for i in range(m)])


def loss_cases(draw):
    for m in (1, 6):
        for classes in (3, 10):
            y, p = certain(draw, m, classes)
            for given in ((), (1e-9,), (0.003,)):            # eps left out, too
                yield y, p, *given
            y, p = unlikely(draw, m, classes)
            yield y, p
            yield y, p, 0.003
            yield y, p.astype("float32")


@check
def cross_entropy_onehot(student, draw):
    for y, p, *eps in loss_cases(draw):
        student.cross_entropy(np.eye(p.shape[1])[y], p, *eps)
    y, p = unlikely(draw, 4, 3)
    student.cross_entropy(np.eye(3, dtype=int)[y], p)        # integer targets
    student.cross_entropy(np.eye(2)[[0]], np.array([[0.5, 0.5]]))


@check
def cross_entropy_sparse(student, draw):
    for y, p, *eps in loss_cases(draw):
        student.sparse_cross_entropy(y, p, *eps)
    y, p = unlikely(draw, 4, 3)
    for dtype in ("uint8", "int32"):                         # the lecture's labels are uint8
        student.sparse_cross_entropy(y.astype(dtype), p)


@check("binary_cross_entropy")
def binary(student, draw):
    p = draw.rng.uniform(0.01, 0.99, 6)
    tiny = 10 ** draw.rng.uniform(-5, -2, 6)
    for y in (np.zeros(6, int), np.ones(6, int), np.array([1, 0, 0, 1, 1, 0])):
        for targets in (y, y.astype(float)):
            student.binary_cross_entropy(targets, p)
        for eps in ((), (1e-9,), (0.003,)):
            student.binary_cross_entropy(y, np.where(y == 1, tiny, 1 - tiny), *eps)
            student.binary_cross_entropy(y, np.array([0, 0, 1, 1, 0.5, 0.25]), *eps)
        student.binary_cross_entropy(y.astype("float32"), p.astype("float32"), 0.05)


@check
def loss_from_logits(student, draw):
    for y in ([2, 0, 1, 2], [0, 1, 2, 0], [1, 0, 2, 2]):     # the first row of the first costs 2000.7
        student.cross_entropy_from_logits(np.array(y), HUGE)
        for label, row in zip(y, HUGE, strict=True):
            student.cross_entropy_from_logits(np.array([label]), row[np.newaxis])
    y, z = draw.rng.integers(0, 4, 5), draw.reals(5, 4, scale=3)
    student.cross_entropy_from_logits(y.astype("uint8"), z)
    z[:, 0] += 30.0                                          # beyond what a clipped probability can cost
    student.cross_entropy_from_logits(y, z)
    z[0, 0] += 700.0
    student.cross_entropy_from_logits(np.array([1, 1, 2, 3, 0]), z)
    z = draw.reals(4, 3, scale=2)
    z[0, 0], z[1] = 115.0, z[1] - 110.0                      # exp(-115) is 0 in float32
    student.cross_entropy_from_logits(np.array([1, 0, 2, 1]), z.astype("float32"))


@check
def gradient_and_jacobian(student, draw):
    for y in ([2, 0, 1, 2], [0, 1, 2, 0]):
        student.grad_logits(np.array(y), HUGE)
        for label, row in zip(y, HUGE, strict=True):
            student.grad_logits(np.array([label]), row[np.newaxis])
    z = np.concatenate([HUGE[:1], draw.reals(3, 3, scale=3)])
    for dtype in FLOATS:
        student.grad_logits(np.array([1, 0, 2, 2]), z.astype(dtype))
    student.grad_logits(np.array([3, 0], dtype="uint8"), draw.reals(2, 4, scale=3))
    for classes in (2, 3, 10):
        student.softmax_jacobian(draw.rng.dirichlet(np.ones(classes)))


# What lecture 001 prints for three images, and the names of its ten classes.
LECTURE_TABLE = np.array([[0, 0, 0, 0, 0, 0.01, 0, 0.03, 0, 0.96],
                          [0, 0, 0.99, 0, 0.01, 0, 0, 0, 0, 0],
                          [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]])
FASHION = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
           "Ankle boot"]


@check("predict_classes")
def predicted(student, draw):
    tables = [LECTURE_TABLE, LECTURE_TABLE.astype("float32"), np.array([[0.1, 0.7, 0.2]]),
              np.array([[0.7, 0.3], [0.8, 0.2]]),               # a wrong axis keeps the shape
              np.array([[0.2, 0.4, 0.3, 0.1], [0.3, 0.2, 0.2, 0.3], [0.1, 0.4, 0.1, 0.4]])] # ties
    student.predict_classes(LECTURE_TABLE, FASHION)
    student.predict_classes(np.array([[0.7, 0.3], [0.8, 0.2]]), ["cat", "dog"])
    return [student.predict_classes(table) for table in tables]


@predicted.measure
def _(seen):
    """Class numbers are integers: a name can be looked up with them."""
    kinds = sorted({np.asarray(classes).dtype.kind for classes in seen})
    yield fact("type(result)", ["integer" if kind in "iu" else "not an integer" for kind in kinds])
