"""exercise_16 - Reading learning curves, early-stopping logic, random search."""

import math

import numpy as np

from grader.authoring import any_of, arguments, check, clue, fact, function, integer, made, observed, real

# 000 is best in epoch 5 and stops in 7, 002 is best in epoch 12 and stops in 14 (both with patience 2).
LECTURE_000 = [0.52, 0.44, 0.40, 0.37, 0.36, 0.34, 0.35, 0.36, 0.39, 0.41, 0.33, 0.42]
LECTURE_002 = [0.53, 0.42, 0.39, 0.40, 0.37, 0.36, 0.345, 0.35, 0.335, 0.33, 0.34, 0.325, 0.315, 0.32, 0.33, 0.34,
               0.31, 0.335, 0.34, 0.345]
FALLING = [2.0, 1.75, 1.25, 1.0, 0.75]
RISING = [0.5, 0.75, 1.0, 1.5, 2.25]
FLAT = [1.25] * 7
OUT_OF_EPOCHS = [2.0, 1.25, 1.5, 1.0, 1.25, 1.5]        # with patience 3 the epochs run out first
SMALL_STEPS = [round(0.5 - 0.001 * epoch, 3) for epoch in range(9)]
SAWTOOTH = [2.0, 2.25, 1.75, 2.0, 1.5, 1.75, 1.25, 1.5, 1.0, 1.25]

SIGMAS = 5


def losses(rng, length=None):
    """A curve on a grid of 0.25: ties happen, and sums with a grid value of min_delta are exact."""
    length = int(rng.integers(1, 17)) if length is None else length
    return (0.25 * rng.integers(1, 13, length)).tolist()


def some_curves(rng):
    """Training and validation losses of one length, any course."""
    length = int(rng.integers(2, 9))
    return [[round(float(loss), 3) for loss in rng.uniform(0.2, 1.2, length)] for _ in range(2)]


best_epoch = function(
    "best_epoch", arguments(val_losses=made(lambda context: losses(context.rng), refuse={"[]": lambda context: []},
                                            accept={"[0.5]": lambda context: [0.5]})),
    home="best_epoch", errors="bad_input")

simulate_early_stopping = function(
    "simulate_early_stopping",
    arguments(val_losses=made(lambda context: losses(context.rng, 12), refuse={"[]": lambda context: []},
                              accept={"[0.5]": lambda context: [0.5]}),
              patience=integer(low=0, typical=(1, 4), refuse=True),
              min_delta=any_of(0.15, 0.25, 0.5, default=0.0),
              restore_best_weights=any_of(False, default=True)),
    home="lecture_curves", errors="bad_input")

diagnose = function(
    "diagnose",
    arguments(loss=made(lambda context: some_curves(context.rng)[0]),
              val_loss=made(lambda context: [round(float(loss), 3) for loss in context.rng.uniform(
                  0.2, 1.2, len(context.drawn["loss"]))]),
              chance=real(above=0, typical=(0.7, 2.0)), gap=real(low=0, default=0.1, typical=(0.2, 0.9))),
    home="curve_diagnosis", errors="bad_input",
    refuse={"no epochs": lambda given: {"loss": [], "val_loss": []},
            "loss is empty": lambda given: {"loss": []}, "val_loss is empty": lambda given: {"val_loss": []},
            "val_loss is shorter": lambda given: {"val_loss": given["val_loss"][:-1]},
            "loss is shorter": lambda given: {"loss": given["loss"][:-1]}},
    accept={"one epoch": lambda given: {"loss": [0.4], "val_loss": [0.5]}})

remedy = function(
    "remedy", arguments(diagnosis=any_of("diverged", "underfit", "overfit", "good",
                                         refuse=["overfitting", "Good", "", "keep"])),
    home="curve_diagnosis", errors="bad_input", repeat=False)

SMALL = {"n_neurons": [10, 20, 40, 74], "learning_rate": ("loguniform", 1e-3, 0.5)}


def with_range(low, high):
    return lambda context: SMALL | {"l2": ("loguniform", low, high)}


random_search = function(
    "random_search",
    arguments(score_fn=observed("scorer", lambda context: (False,)),
              space=made(lambda context: SMALL,
                         refuse={f"low {low}, high {high}": with_range(low, high) for low, high in (
                             (0, 1.0), (0.0, 1e-3), (-0.5, 2.0), (2.0, 2.0), (3.0, 1.0), (-3.0, -1.0))},
                         accept={"a narrow range": with_range(2.0, 2.0001), "one choice": lambda context: {"n": [4]}}),
              n_iter=integer(low=1, refuse=True, typical=(2, 6)),
              rng=observed("generator", lambda context: (int(context.rng.integers(1000)),))),
    returns="form", home="random_search", errors="bad_input", repeat=False)

sklearn_score = function("sklearn_score", arguments(mse=real(low=0)), home="random_search", repeat=False)


@check("best_epoch")
def first_of_the_smallest(student, draw):
    for curve in ([0.5, 0.25, 0.75, 0.25], [0.25, 0.5, 0.25], [1.5, 1.0, 0.5], RISING, FLAT, LECTURE_000, LECTURE_002,
                  [0.75]):
        student.best_epoch(curve)
    for _ in range(10):
        student.best_epoch(losses(draw.rng))


@check
def lecture_curves(student):
    for curve in (LECTURE_000, LECTURE_002, FALLING, RISING, FLAT, OUT_OF_EPOCHS, SMALL_STEPS, SAWTOOTH, [0.75],
                  [0.75, 1.0], [3.0, 1.0, 2.0, 1.5, 1.25, 0.5]):
        for patience in (0, 1, 2, 3, 5):
            student.simulate_early_stopping(curve, patience)
    for curve in (FALLING, FLAT, OUT_OF_EPOCHS, SAWTOOTH):
        for restore in (False, True):
            student.simulate_early_stopping(curve, 3, 0.0, restore)
        for min_delta in (0.15, 0.25, 0.5):             # SAWTOOTH falls by 0.25, which is not more than 0.25
            student.simulate_early_stopping(curve, 3, min_delta)


@check
def random_curves(student, draw):
    for _ in range(300):
        student.simulate_early_stopping(losses(draw.rng), int(draw.rng.integers(0, 6)),
                                        float(draw.rng.choice([0.0, 0.15, 0.25, 0.4])), bool(draw.rng.integers(3)))


@check
def curve_diagnosis(student, draw):
    ten, three = math.log(10), math.log(3)
    cases = [
        ([2.3, 1.2, 0.7, 0.5, 0.4], [2.2, 1.3, 0.8, 0.62, 0.6], ten),                       # good
        ([2.3, 1.2, 0.7, 0.3, 0.1], [2.2, 1.3, 0.8, 0.9, 1.2], ten),                        # overfit
        ([2.3, 1.2, 0.7, 0.9, 1.0], [2.2, 1.3, 0.8, 0.9, 1.2], ten),                        # both rise: good
        ([2.3, 1.2, 0.7, 0.9, 0.7], [2.2, 1.3, 0.8, 0.9, 1.2], ten),                        # has not fallen: good
        ([2.31, 2.3, 2.29, 2.28], [2.3, 2.3, 2.31, 2.3], ten),                              # underfit
        ([2.31, 2.3, 2.2, 1.9], [2.0, 2.3, 2.6, 3.0], ten),                                 # underfit before overfit
        ([1.0, 0.95, 0.9], [1.0, 0.9, 0.95], three),                                        # underfit with 3 classes
        ([1.0, 0.95, 0.9], [1.0, 0.9, 0.95], ten),                                          # good with 10
        ([1.5, 2.2, 3.1], [1.4, 2.5, 3.3], ten),                                            # diverged
        ([0.3, 0.5, 0.7], [0.4, 0.5, 0.8], ten),                                            # diverged, though low
        ([0.5, 0.3, 1.0], [0.5, 0.4, 0.9], ten),                                            # 2 x is not more than 2 x
        ([0.5, 0.6, 1.2], [0.5, 0.6, 0.9], 9.0),                                            # 2.4 x
        ([0.6, 5.0, 0.2], [0.6, 4.0, 0.3], ten),                                            # came back: good
        ([2.3, 1.0, math.nan], [2.3, 1.0, 0.9], ten),
        ([2.3, 1.0, math.inf], [2.3, 1.0, 0.9], ten),
        ([2.3, math.nan, 0.3], [2.3, 1.0, 0.9], ten),                                       # only the last one counts
        ([2.5, 2.25, 2.0], [2.5, 2.25, 2.0], 2.5),                                          # exactly 0.8 chance: good
        ([2.5, 2.25, 2.0005], [2.5, 2.25, 2.0], 2.5),                                       # a little more
        ([1.0, 0.3, 0.6], [0.5, 0.5, 0.9], ten),                                            # first of ties: overfit
        ([1.0, 0.6, 0.5], [1.0, 0.8, 0.8795], ten),                                         # within the gap
        ([1.0, 0.6, 0.5], [1.0, 0.8, 0.8805], ten),                                         # beyond it
        ([0.4], [0.5], ten),
    ]
    for case in cases:
        student.diagnose(*case)
    for gap in (0.0, 0.25, 0.3, 0.6):
        for last in (0.5, 0.52, 0.625, 0.64, 0.7, 0.81):                                    # 0.625 is 1.25 * 0.5
            student.diagnose([1.5, 0.75, 0.25], [1.0, 0.5, last], 2.0, gap)
    for _ in range(20):
        student.diagnose(*some_curves(draw.rng), float(draw.rng.uniform(0.7, 2)), float(draw.rng.uniform(0, 0.6)))
    for diagnosis in ("diverged", "underfit", "overfit", "good"):
        student.remedy(diagnosis)


LARGE = {"n_hidden": [0, 1, 2, 3], "learning_rate": ("loguniform", 3e-4, 3e-2),
         "activation": ["relu", "elu", "tanh", "selu"], "l2": ("loguniform", 0.5, 800.0)}
TRIALS = 2000


@check("random_search")
def searches(student, draw, observe):
    seed = int(draw.rng.integers(1, 10**6))

    def search(space, n_iter, seed, coarse=False):
        score_fn = observe.scorer(coarse)
        found = student.random_search(score_fn, space, n_iter, observe.generator(seed))
        return {"found": found, "calls": observe.calls_of(score_fn).judged("form")}

    before = observe.global_generators().judged("form")
    asked = observe.scorer(False)
    student.random_search(asked, LARGE, TRIALS, observe.generator(seed)).judged("nothing")
    seen = {"samples": observe.samples(asked, names=list(LARGE)).judged("form"),
            "small": search(SMALL, 25, seed + 1), "again": search(SMALL, 25, seed + 1),
            "ties": search(SMALL, 30, seed + 2, coarse=True),
            "single": search({"learning_rate": ("loguniform", 2.0, 2.5)}, 1, seed + 3)}
    seen["global"] = [before, observe.global_generators().judged("form")]
    for mse in (0.3243, 20.6, 0.0, draw.reals(low=0).item()):
        student.sklearn_score(mse)
    return seen


@searches.measure
def _(seen):
    exact = {"rtol": 1e-12, "atol": 1e-12, "function": "random_search"}
    texts = {"small": ("25 trials", "25번 시험"), "again": ("the same 25 trials again", "같은 25번을 다시"),
             "ties": ("30 trials with equal scores", "점수가 같은 것이 있는 30번 시험"),
             "single": ("1 trial", "1번 시험")}
    for key, (text, ko) in texts.items():
        found, calls = seen[key]["found"], seen[key]["calls"]
        best = int(np.argmin([score for _, score in calls]))
        yield fact(f"{text}: parameters in `trials`", [params for params, _ in found["trials"]],
                   [params for params, _ in calls], ko=f"{ko}: trials의 파라미터", **exact)
        yield fact(f"{text}: scores in `trials`", [score for _, score in found["trials"]],
                   [score for _, score in calls], ko=f"{ko}: trials의 점수", **exact)
        yield fact(f"{text}: best_score", found["best_score"], calls[best][1], ko=f"{ko}: best_score", **exact)
        yield fact(f"{text}: best_params", found["best_params"], calls[best][0], ko=f"{ko}: best_params", **exact)
    rates = {key: np.array([params["learning_rate"] for params, _ in seen[key]["found"]["trials"]]) for key in texts}
    yield fact("learning rates with a generator of the same seed", rates["again"], rates["small"],
               ko="같은 시드의 생성기로 얻은 학습률", **exact)
    yield fact("learning rates that are alike with another seed", int(np.isin(rates["ties"], rates["small"]).sum()), 0,
               ko="다른 시드에서도 같은 학습률의 수", **exact)
    before, after = seen["global"]
    yield fact("changes of the generators that everybody shares", int(before != after), 0,
               ko="모두가 함께 쓰는 생성기가 바뀐 횟수", **exact)
    yield from spread(seen["samples"])


def spread(samples):
    """How 2000 samples are spread, each name by itself and any two together."""
    where = {}                                                   # every sample's place in its range, from 0 to 1
    for name, choices in LARGE.items():
        values = samples[name]
        if isinstance(choices, tuple):
            _, low, high = choices
            values = np.nan_to_num(values.astype(float), nan=0.0)
            where[name] = np.log(np.clip(values, 1e-300, 1e300) / low) / math.log(high / low)
            outside = (where[name] < -1e-9) | (where[name] > 1 + 1e-9)
            for share in (0.25, 0.5, 0.75):
                limit = low * (high / low) ** share
                yield fact(f"share of {name} below {limit:.3g}", float(np.mean(where[name] < share)), share,
                           ko=f"{name}: {limit:.3g}보다 작은 비율", **within(share))
        else:
            places = [choices.index(value) if value in choices else -1 for value in values.tolist()]
            where[name] = np.array(places) / (len(choices) - 1)
            outside = where[name] < 0
            for choice in choices:
                yield fact(f"share of {name} = {choice}", float(np.mean(values == choice)), 1 / len(choices),
                           ko=f"{name} = {choice}인 비율", **within(1 / len(choices)))
        yield fact(f"{name} outside the space", int(outside.sum()), 0, ko=f"범위 밖의 {name}의 수",
                   function="random_search")
        yield fact(f"correlation of {name} in one trial and the next", correlation(where[name][1:], where[name][:-1]),
                   0.0, ko=f"이어지는 두 시험의 {name} 사이의 상관", **within(None))
    rates = where["learning_rate"]
    yield clue("quarter of the range that holds the lower quartile of learning rates",
               round(4 * float(np.quantile(rates, 0.25))) if rates.std() > 0 else -1)
    names = list(LARGE)
    for k, name in enumerate(names):
        for other in names[:k]:
            yield fact(f"correlation of {other} and {name}", correlation(where[name], where[other]), 0.0,
                       ko=f"{other}와 {name}의 상관", **within(None))


def within(share):
    """Five standard deviations of a share, or of a correlation."""
    deviation = 1.0 if share is None else (share * (1 - share)) ** 0.5
    return {"rtol": 0.0, "atol": SIGMAS * deviation / TRIALS**0.5, "function": "random_search"}


def correlation(left, right):
    spread = left.std() * right.std()
    return float(np.mean((left - left.mean()) * (right - right.mean())) / spread) if spread > 0 else 1.0
