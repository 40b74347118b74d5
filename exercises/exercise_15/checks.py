"""exercise_15 - regularisation: dropout, L1/L2, max-norm.

A generator cannot be written down as an argument, so the calls of `dropout` are not derived. They are judged by
statistics: which elements a generator makes fall is everybody's own affair.
"""

import numpy as np

from grader.authoring import Laid, arguments, check, clue, fact, function, made, real, real_array, reals

FLOATS = ("float64", "float32")
SIZES = {"d": (4, 6, 5), "k": (3, 4, 7)}
CARE = {"errors": "bad_input"}
SIGMAS = 6          # of a statistic: a right answer fails once in 500 million times


def strength(**options):
    return real(low=0, typical=(0.1, 0.9), refuse=True, also_refused=[-1e-6], **options)


def kernel():
    return real_array(("d", "k"), scale=2)


def stack_of_layers(context):
    """(kernel, bias) of three layers; the biases are large, so that nobody can miss them."""
    return [(reals(context.rng, (fan_in, fan_out)), reals(context.rng, (fan_out,), scale=5))
            for fan_in, fan_out in ((4, 3), (3, 5), (5, 2))]


l1_l2_penalty = function("l1_l2_penalty", arguments(W=kernel(), l1=strength(default=0.0), l2=strength(default=0.0)),
                         sizes=SIZES, home="penalty", **CARE)
l1_l2_grad = function("l1_l2_grad", arguments(W=kernel(), l1=strength(default=0.0), l2=strength(default=0.0)),
                      sizes=SIZES, home="penalty_gradient", **CARE)
total_loss = function(
    "total_loss", arguments(data_loss=real(typical=(0.2, 3)), layers=made(stack_of_layers), l2=strength()),
    home="kernels_only", **CARE)
max_norm = function(
    "max_norm", arguments(W=kernel(), r=real(above=0, typical=(1, 4), refuse=True, also_refused=[-1e-6])),
    sizes=SIZES, home="max_norm_columns", **CARE)


# --- dropout -------------------------------------------------------------------------------------------------------

def close(share, trials):
    """How far a share may be from its expected value."""
    return {"rtol": 0.0, "atol": SIGMAS * (share * (1 - share) / trials) ** 0.5, "function": "dropout"}


def factors(y, x):
    """The smallest and the largest y / x where y is not 0."""
    ratios = (y.astype(float) / x.astype(float))[y != 0]
    return [float(ratios.min()), float(ratios.max())] if ratios.size else [0.0, 0.0]


@check
def dropout_training(student, draw, observe):
    dropout = student["dropout"].judged("nothing")

    def rng():
        return observe.generator(int(draw.rng.integers(2**31)))

    cases, kept = [], []
    for shape, rate, dtype in [((80, 120), 0.2, "float64"), ((80, 120), 0.3, "float32"), ((60, 90), 0.5, "float64"),
                               ((60, 90), 0.85, "float32"), ((4000,), 0.35, "float64"), ((12, 13, 14), 0.6, "float64")]:
        x = draw.reals(*shape, scale=2).astype(dtype)
        cases.append([shape, rate, x, observe.dropped(dropout, x, rate, rng(), True).judged("form")])
    ones = np.ones((40, 50))
    cases.append([ones.shape, 0.3, ones, observe.dropped(dropout, ones, 0.3, rng(), True).judged("form")])
    for training in (True, False):
        x = draw.reals(3, 4).astype("float32")
        kept.append([training, observe.dropped(dropout, x, 0.3, rng(), training).judged("form")])
        kept.append([training, observe.dropped_by_keyword(dropout, x, 0.3, rng(), training).judged("form")])
    x = draw.reals(4, 5)
    many = [[rate, observe.dropped_many_times(dropout, x, rate, rng(), 600).judged("form")] for rate in (0.3, 0.6)]
    tiny = observe.dropped_many_times(dropout, x[0, :2], 0.4, rng(), 500).judged("form")
    return {"cases": cases, "kept": kept, "many": many, "tiny": tiny}


@dropout_training.measure
def _(seen):
    for shape, rate, x, y in seen["cases"]:
        call = f"dropout(x{shape}, {rate}, rng, True)"
        yield fact(f"{call}.dtype", str(y.dtype), expected=str(x.dtype), matters=True, function="dropout")
        yield fact(f"{call}: share of zeros", (y == 0).mean(), expected=rate, ko=f"{call}: 0의 비율",
                   **close(rate, y.size))
        yield clue(f"{call}: share of zeros, in twentieths", round(20 * float((y == 0).mean())))
        yield fact(f"{call}: the others / x, smallest and largest", factors(y, x), expected=[1 / (1 - rate)] * 2,
                   rtol=1e-6, atol=0.0, matters=True, function="dropout", ko=f"{call}: 나머지 / x 의 최솟값과 최댓값")
    for training, y in seen["kept"]:
        yield fact(f"dropout(float32, 0.3, rng, {training}).dtype", str(y.dtype), expected="float32", matters=True,
                   function="dropout")
    for rate, many in seen["many"]:
        yield from _independence(many == 0, rate)
    yield fact("two numbers 500 times: share of zeros", (seen["tiny"] == 0).mean(), expected=0.4,
               ko="수 두 개를 500번: 0의 비율", **close(0.4, 1000))


def _independence(zero, rate):
    """Small arrays many times: each element by itself, and counts that vary as a binomial does."""
    name = f"{zero[0].shape} {len(zero)} times, rate {rate}"
    korean = f"{zero[0].shape} 배열을 {len(zero)}번, rate {rate}"
    groups = (((2,), "a row", "행 하나"), ((1,), "a column", "열 하나"), ((1, 2), "an array", "배열 하나"))
    yield fact(f"{name}: share of zeros of each element", zero.mean(axis=0), expected=np.full(zero[0].shape, rate),
               ko=f"{korean}: 원소마다 0의 비율", **close(rate, len(zero)))
    for axes, place, where in groups:
        counts = zero.sum(axis=axes)
        trials = zero[0].size * len(zero) // counts.size
        yield fact(f"{name}: variance of the zeros in {place} / binomial", counts.var() / (trials * rate * (1 - rate)),
                   expected=1.0, rtol=0.0, atol=SIGMAS * (2 / counts.size) ** 0.5, function="dropout",
                   ko=f"{korean}: {where}에 든 0의 개수의 분산 / 이항 분포")


@check
def dropout_inference(student, draw, observe):
    dropout = student["dropout"].judged("nothing")
    cases = []
    for shape in [(30, 40), (1, 7), (50,), (2, 3, 4), ()]:
        for rate, training in ((0.3, False), (0.8, False), (0.0, False), (0.0, True)):
            x = draw.reals(*shape, scale=2)
            rng = observe.generator(int(draw.rng.integers(2**31)))
            cases.append([f"dropout(x{shape}, {rate}, rng, {training})", x,
                          observe.dropped(dropout, x, rate, rng, training).judged("form")])
    first, second = draw.rng.integers(2**31, size=2).tolist()
    one = observe.dropped(dropout, draw.reals(1, 400), 0.4, observe.generator(first), True).judged("form")
    observe.dropped(dropout, draw.reals(), 0.4, observe.generator(second), True).judged("form")
    student.dropout(training=False, rng=observe.generator(first), rate=0.4, x=draw.reals(2, 3))
    return {"cases": cases, "one": one}


@dropout_inference.measure
def _(seen):
    for call, x, y in seen["cases"]:
        y = np.asarray(y)
        yield fact(f"{call}: share of zeros", (y == 0).mean(), expected=0.0, rtol=0.0, atol=0.0, function="dropout",
                   ko=f"{call}: 0의 비율")
        yield fact(f"{call} / x, smallest and largest", factors(y, x), expected=[1.0, 1.0], rtol=1e-6, atol=0.0,
                   matters=True, function="dropout", ko=f"{call} / x 의 최솟값과 최댓값")
    # Rate and factor are looked at above; here only that a batch of one is no exception.
    yield fact("batch of one in training: share of zeros", (seen["one"] == 0).mean(), expected=0.5, rtol=0.0, atol=0.49,
               function="dropout", ko="샘플 하나짜리 배치의 훈련: 0의 비율")


@check
def only_its_generator(student, draw, observe):
    seeds = iter(draw.rng.integers(10**6, 2**31, 20).tolist())
    dropout = student["dropout"].judged("nothing")
    before = observe.seed_numpy_random(next(seeds)).judged("nothing")
    x = draw.reals(25, 40)
    first, second = next(seeds), next(seeds)
    rng = observe.generator(first)
    one = observe.dropped(dropout, x, 0.3, rng, True).judged("form")
    same = observe.dropped(dropout, x, 0.3, observe.generator(first), True).judged("form")
    later = observe.dropped(dropout, x, 0.3, rng, True).judged("form")
    other = observe.dropped(dropout, x, 0.3, observe.generator(second), True).judged("form")
    again = one.again()
    after = observe.state_of_numpy_random().judged("nothing")
    for rate, training in ((0.3, True), (0.3, False), (0.6, True), (0.6, False)):
        for layout in (None, "F", "strided", "read-only"):
            values = draw.reals(3, 4)
            given = values if layout is None else Laid(values, layout)
            student.dropout(given, rate, observe.generator(next(seeds, 5)), training).judged("nothing")
    return {"same": [one, same], "again": [one, again], "later": [one, later], "other": [one, other],
            "state": [before, after]}


@only_its_generator.measure
def _(seen):
    for key, name, korean in (("same", "two generators of one seed", "시드가 같은 두 rng"),
                              ("again", "the first result after later calls", "나중에 다시 본 첫 결과"),
                              ("state", "state of np.random before and after", "호출 전후 np.random의 상태")):
        left, right = seen[key]
        yield fact(f"{name}: share of equal numbers", (left == right).mean(), expected=1.0, rtol=0.0, atol=0.0,
                   function="dropout", ko=f"{korean}: 같은 수의 비율")
    for key, name, korean in (("later", "two calls with one generator", "rng 하나로 두 번 부른 결과"),
                              ("other", "generators of different seeds", "시드가 다른 두 rng")):
        left, right = seen[key]
        shares = [(side == 0).mean() for side in (left, right)]    # its own: a wrong rate is looked at elsewhere
        agree = shares[0] * shares[1] + (1 - shares[0]) * (1 - shares[1])
        yield fact(f"{name}: share of elements with one fate", ((left == 0) == (right == 0)).mean(), expected=agree,
                   ko=f"{korean}: 둘 다 0이거나 둘 다 아닌 원소의 비율", **close(agree, left.size))


# --- penalties and max-norm ----------------------------------------------------------------------------------------

@check
def penalty(student, draw):
    for shape in [(3, 4), (1, 1), (6, 2)]:
        W = draw.reals(*shape)
        for l1, l2 in ((0.0, 0.01), (0.02, 0.0), (0.3, 0.07), (0.0, 0.0)):
            student.l1_l2_penalty(W, l1, l2)
    student.l1_l2_penalty(np.array([[3.0, -4.0]]), 1.0, 0.0)
    student.l1_l2_penalty(np.array([[2.0]]), 0.0, 0.01)
    student.l1_l2_penalty(np.zeros((3, 2)), 0.5, 0.5)


@check
def penalty_gradient(student, draw):
    for shape in [(3, 4), (1, 1), (4, 4)]:
        W = draw.reals(*shape)
        for l1, l2 in ((0.0, 0.01), (0.02, 0.0), (0.3, 0.07), (0.0, 0.0)):
            student.l1_l2_grad(W, l1, l2)
    student.l1_l2_grad(np.zeros((3, 2)), 0.5, 0.5)
    student.l1_l2_grad(np.array([[0.0, -0.3, 2.0], [-1.5, 0.0, 0.7]]), 0.4, 0.0)


@check
def kernels_only(student, draw):
    layers = draw(total_loss)["layers"]
    for count in (1, 2, 3):
        student.total_loss(0.75, layers[:count], 0.01)
    student.total_loss(1.3, layers, 0.0)


def columns(draw, d, norms):
    """A matrix whose columns have the given lengths."""
    W = draw.reals(d, len(norms))
    return W / np.linalg.norm(W, axis=0) * norms


@check
def max_norm_columns(student, draw):
    for d in (3, 4, 6):
        student.max_norm(columns(draw, d, np.array([0.4, 1.3, 2.0, 5.0])), 1.3)    # shorter, equal, longer
    student.max_norm(columns(draw, 5, np.array([0.5, 0.8, 0.6])), 1.0)             # nothing to do, though |W| > r
    student.max_norm(np.array([[3.0, 0.3], [-4.0, 0.4]]), 1.0)
    for W in (columns(draw, 3, np.array([0.0, 3.0])), np.zeros((3, 2))):
        student.max_norm(W, 0.7)
    W = columns(draw, 4, np.array([0.4, 7.0, 3.0]))
    student.max_norm(student.max_norm(W, 2.0), 2.0)                                # a second time: no change
    student.max_norm(columns(draw, 4, np.array([3.0, 30.0, 0.2])).astype("float32"), 3.5)


@check
def bad_input(student, draw, observe):
    for training in (True, False):
        for rate in (1.0, 1.2, -0.1, -1e-6):
            student.dropout(draw.reals(2, 3), rate, observe.generator(0), training)
