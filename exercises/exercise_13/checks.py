"""exercise_13 - vanishing and exploding gradients: initialisation and clipping."""

import numpy as np

from grader.authoring import any_of, arguments, check, clue, fact, function, integer, made, real, reals

KINDS, DISTS = ("glorot", "he", "lecun"), ("normal", "uniform")
VARIANCES = {"glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out), "he": lambda fan_in, fan_out: 2 / fan_in,
             "lecun": lambda fan_in, fan_out: 1 / fan_in}
KURTOSIS = {"normal": 3.0, "uniform": 1.8}
FANS = [(784, 300), (8, 30), (1, 1), (100, 10), (10, 100), (8, 31)]
CARE = {"errors": "errors_and_inputs", "unchanged": "errors_and_inputs"}
SIGMAS = 6          # of a statistic: a right answer fails once in 500 million times


def fans():
    return {"fan_in": integer(low=1, typical=(2, 400), refuse=True),
            "fan_out": integer(low=1, typical=(2, 400), refuse=True)}


def unknown(*values):
    return any_of(*values, refuse=["zzz", ""])


fan_avg = function("fan_avg", arguments(**fans()), **CARE)
init_std = function("init_std", arguments(**fans(), kind=unknown(*KINDS)), **CARE)
init_limit = function("init_limit", arguments(**fans(), kind=unknown(*KINDS)), **CARE)


def gradients(context):
    """Three arrays of different shapes: with a limit of about 1, one far above, one below, one near it."""
    return [reals(context.rng, shape, scale=scale) for shape, scale in (((2, 3), 2), ((4,), 0.1), ((1, 2, 2), 0.5))]


def clipping(name, limit):
    positive = real(above=0, typical=(0.5, 1.5), refuse=True, also_refused=[-1e-6])
    return function(name, arguments(grads=made(gradients), **{limit: positive}), **CARE)


clip_by_value = clipping("clip_by_value", "v")
clip_by_norm = clipping("clip_by_norm", "c")
clip_by_global_norm = clipping("clip_by_global_norm", "c")
sigmoid_chain = function(
    "sigmoid_chain", arguments(a=real(typical=(-4, 4)), depth=integer(low=1, typical=(2, 6), refuse=True)), **CARE)


@check("fan_avg")
def average_of_fans(student):
    for fan_in, fan_out in FANS:
        student.fan_avg(fan_in, fan_out)


@check
def deviations_and_limits(student):
    for kind in KINDS:
        for fan_in, fan_out in FANS:
            student.init_std(fan_in, fan_out, kind)
            student.init_limit(fan_in, fan_out, kind)


# --- random weights ------------------------------------------------------------------------------------------------
# A generator cannot be written down as an argument, so these calls are not derived. They are judged by statistics:
# which numbers come from a generator is everybody's own affair.

@check
def weights(student, draw, observe):
    seeds = iter(draw.rng.integers(10**6, 2**31, 40).tolist())
    before = observe.seed_numpy_random(next(seeds)).judged("nothing")

    def weights_of(rng, *arguments):
        return student.init_weights(rng, *arguments).judged("form")

    samples = [[kind, dist, *shape, weights_of(observe.generator(next(seeds)), *shape, kind, dist)]
               for kind, shapes in zip(KINDS, ([(180, 60), (60, 180)], [(60, 180), (180, 60)], [(180, 60), (60, 180)]),
                                       strict=True)
               for dist, shape in zip(DISTS, shapes, strict=True)]
    init_weights = student["init_weights"].judged("nothing")
    small = observe.many_weights(init_weights, next(seeds), 500, 2, 3, "lecun", "uniform").judged("form")
    pairs = []
    for kind, dist in (("glorot", "normal"), ("he", "uniform")):
        first, second = next(seeds), next(seeds)
        rng = observe.generator(first)
        one = weights_of(rng, 7, 4, kind, dist)
        same = weights_of(observe.generator(first), 7, 4, kind, dist)
        later = weights_of(rng, 7, 4, kind, dist)
        other = weights_of(observe.generator(second), 7, 4, kind, dist)
        pairs.append([dist, one, same, later, other, one.again()])
    weights_of(observe.generator(next(seeds)), 1, 1, "he", "normal")
    student.init_weights(rng=observe.generator(next(seeds)), fan_in=3, fan_out=2, kind="lecun",
                         dist="normal").judged("form")
    after = observe.state_of_numpy_random().judged("nothing")
    return {"samples": samples, "small": small, "pairs": pairs, "state": [before, after]}


@weights.measure
def _(seen):
    for kind, dist, fan_in, fan_out, w in seen["samples"]:
        call = f"init_weights(rng, {fan_in}, {fan_out}, {kind!r}, {dist!r})"
        here = {"rtol": 0.0, "function": "init_weights"}
        z = w / np.sqrt(VARIANCES[kind](fan_in, fan_out))
        yield fact(f"{call}.dtype", str(w.dtype), expected="float64", matters=True, function="init_weights")
        yield fact(f"{call}: mean / sigma", z.mean(), expected=0.0, atol=SIGMAS / z.size**0.5,
                   ko=f"{call}: 평균 / sigma", **here)
        yield fact(f"{call}: variance / sigma²", (z**2).mean(), expected=1.0,
                   atol=SIGMAS * ((KURTOSIS[dist] - 1) / z.size) ** 0.5, ko=f"{call}: 분산 / sigma²", **here)
        yield clue(f"{kind} {dist}: size", float(np.nan_to_num(np.round(3 * np.log2((z**2).mean())))))
        yield fact(f"{call}: share of different numbers", np.unique(w).size / w.size, expected=1.0, atol=0.001,
                   ko=f"{call}: 서로 다른 수의 비율", **here)
        largest = np.abs(z).max()
        if dist == "uniform":
            yield fact(f"{call}: largest |w| / r", largest / 3**0.5, expected=0.995, atol=0.005 + 1e-9,
                       ko=f"{call}: 가장 큰 |w| / r", **here)
        else:  # 5.7 % of a normal distribution, 5.2 % of one that is cut at two sigmas and stretched again
            yield fact(f"{call}: share beyond 1.9 sigma", (np.abs(z) > 1.9).mean(), expected=0.0545, atol=0.018,
                       ko=f"{call}: 1.9 sigma 밖의 비율", **here)
    yield from _small(seen["small"] / VARIANCES["lecun"](2, 3) ** 0.5)
    exact = {"rtol": 0.0, "atol": 0.0, "function": "init_weights"}
    for dist, one, same, later, other, again in seen["pairs"]:
        for name, korean, w, share in (
                ("two generators of one seed", "시드가 같은 두 rng", same, 1.0),
                ("two calls with one generator", "rng 하나로 두 번 부른 결과", later, 0.0),
                ("generators of different seeds", "시드가 다른 두 rng", other, 0.0),
                ("the first weights after later calls", "나중에 다시 본 처음의 가중치", again, 1.0)):
            yield fact(f"{name} ({dist}): share of equal weights", (one == w).mean(), expected=share,
                       ko=f"{korean} ({dist}): 같은 가중치의 비율", **exact)
    before, after = seen["state"]
    yield fact("state of np.random: share of equal numbers", (before == after).mean(), expected=1.0,
               ko="np.random의 상태: 같은 수의 비율", **exact)


def _small(z):
    """Six weights at a time are neither centred nor scaled to fit: mean and mean square vary as they must."""
    times, count = len(z), z[0].size
    here = {"rtol": 0.0, "atol": SIGMAS * (2 / times) ** 0.5, "function": "init_weights"}
    for name, korean, values, variance in (
            ("mean", "평균", z.mean(axis=(1, 2)), 1 / count),
            ("mean square", "제곱의 평균", (z**2).mean(axis=(1, 2)), (KURTOSIS["uniform"] - 1) / count)):
        yield fact(f"{times} times six weights: variance of the {name}", values.var() / variance, expected=1.0,
                   ko=f"가중치 여섯 개를 {times}번: {korean}의 분산", **here)
    yield fact(f"{times} times six weights: variance of each", z.var(axis=0), expected=np.ones(z[0].shape),
               ko=f"가중치 여섯 개를 {times}번: 원소마다의 분산", **here)


# --- clipping ------------------------------------------------------------------------------------------------------

def to_norm(draw, shape, norm):
    values = draw.reals(*shape)
    return values * (norm / np.sqrt((values**2).sum()))


@check("clip_by_value")
def by_value(student, draw):
    student.clip_by_value([np.array([0.9, 100.0])], 1.0)                       # the direction changes
    student.clip_by_value([np.array([-100.0, 0.3]), np.array([[0.0, -0.2, 7.0]])], 0.5)
    student.clip_by_value([np.zeros(3), np.array([[1.0, -1.0, 0.5], [-0.5, 2.0, -2.0]])], 1.0)
    student.clip_by_value([draw.reals(3, 2, scale=0.1)], 2.0)                  # small already
    student.clip_by_value([draw.reals(3, scale=2).astype("float32"), draw.reals(2, 2, scale=2).astype("float32")], 0.7)


@check("clip_by_norm")
def by_norm(student, draw):
    student.clip_by_norm([np.array([3.0, 4.0]), np.array([[0.3, -0.4]]), np.array([-30.0, 40.0])], 5.0)
    student.clip_by_norm([to_norm(draw, (2, 3), 0.4), to_norm(draw, (4,), 1.3), to_norm(draw, (2, 2), 20.0)], 1.3)
    student.clip_by_norm([np.zeros((2, 2)), to_norm(draw, (3,), 3.0), np.zeros(1)], 0.8)
    student.clip_by_norm([np.zeros(4), np.zeros((1, 2))], 1.0)
    student.clip_by_norm([to_norm(draw, (3,), 1.2), to_norm(draw, (2, 2), 1.2)], 1.5)   # below each, above together
    student.clip_by_norm([to_norm(draw, (5,), 3.0).astype("float32"), to_norm(draw, (2,), 0.3).astype("float32")], 0.9)


@check("clip_by_global_norm")
def by_global_norm(student, draw):
    for norm in (1.0, 12.5, 50.0):                                             # 13 is the norm over all
        student.clip_by_global_norm([np.array([3.0, -4.0]), np.array([[12.0], [0.0]])], norm)
    student.clip_by_global_norm([np.array([3.0, -4.0]), np.array([[12.0], [0.0]])], 13.0)
    student.clip_by_global_norm([to_norm(draw, (3,), 1.2), to_norm(draw, (2, 2), 1.2), to_norm(draw, (1,), 0.1)], 1.5)
    student.clip_by_global_norm([np.zeros((2, 2)), to_norm(draw, (3,), 3.0)], 0.8)
    student.clip_by_global_norm([np.zeros((2, 2)), np.zeros(3)], 0.8)
    student.clip_by_global_norm([to_norm(draw, (2, 4), 5.0)], 2.0)
    single = [to_norm(draw, (5,), 3.0).astype("float32"), to_norm(draw, (2,), 0.3).astype("float32")]
    student.clip_by_global_norm(single, 0.9)


@check("sigmoid_chain")
def chain(student):
    for a in (0.0, 2.0, -3.0, 8.5, -8.5):
        for depth in (1, 2, 10):
            student.sigmoid_chain(a, depth)


@check
def errors_and_inputs(student, observe):
    for case in [(0, 5, "he", "normal"), (5, 0, "he", "normal"), (5, 0, "lecun", "uniform"),
                 (-3, 5, "glorot", "uniform"), (5, -3, "glorot", "normal"), (5, 3, "zzz", "normal"),
                 (5, 3, "zzz", "uniform"), (5, 3, "", "normal"), (5, 3, "he", "zzz"), (5, 3, "glorot", "")]:
        student.init_weights(observe.generator(0), *case)
