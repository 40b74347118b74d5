"""Right answer: functional style - reduce, accumulate, takewhile; no loop in sight."""

from functools import reduce
from itertools import accumulate, starmap
from math import isfinite, log
from operator import itemgetter


def not_empty(curve):
    if not len(curve):
        raise ValueError("there is no epoch to look at")
    return list(curve)


def best_epoch(val_losses):
    return min((value, epoch) for epoch, value in enumerate(not_empty(val_losses)))[1]


def simulate_early_stopping(val_losses, patience, min_delta=0.0, restore_best_weights=True):
    curve = not_empty(val_losses)
    if patience < 0:
        raise ValueError("patience < 0")

    def follow(best, epoch):
        return epoch if curve[epoch] + min_delta < curve[best] else best

    best_so_far = list(accumulate(range(len(curve)), follow))
    stop = next((epoch for epoch, best in enumerate(best_so_far) if epoch and epoch - best >= max(1, patience)), None)
    last = len(curve) - 1 if stop is None else stop
    return {
        "epochs_run": last + 1,
        "stopped_epoch": stop or 0,
        "best_epoch": best_so_far[last],
        "restored_epoch": best_so_far[last] if restore_best_weights else last,
    }


def diagnose(loss, val_loss, chance, gap=0.1):
    not_empty(loss), not_empty(val_loss)
    pairs = list(zip(loss, val_loss, strict=True))  # strict: ValueError if one is shorter
    last, val_last = pairs[-1]
    at_best, val_best = min(pairs, key=itemgetter(1))
    return (
        "diverged" if not isfinite(last) or last > 2 * pairs[0][0]
        else "underfit" if last > 0.8 * chance
        else "overfit" if val_last > val_best + gap * val_best and last < at_best
        else "good"
    )


def remedy(diagnosis):
    advice = dict(diverged="lower_learning_rate_or_reinitialise", underfit="bigger_model",
                  overfit="simpler_model_dropout_augmentation_early_stop", good="keep")
    try:
        return advice[diagnosis]
    except KeyError as unknown:
        raise ValueError("unknown diagnosis") from unknown


def sampler(choices):
    if isinstance(choices, list):
        return lambda rng: rng.choice(choices).item()
    _, low, high = choices
    if low <= 0 or low >= high:
        raise ValueError("bad range")
    return lambda rng: float(low * 2 ** rng.uniform(0, log(high / low, 2)))


def random_search(score_fn, space, n_iter, rng):
    if n_iter < 1:
        raise ValueError("nothing to try")
    samplers = {name: sampler(choices) for name, choices in space.items()}
    trials = list(starmap(lambda params: (params, score_fn(params)),
                          (({name: draw(rng) for name, draw in samplers.items()},) for _ in range(n_iter))))
    params, score = reduce(lambda left, right: right if right[1] < left[1] else left, trials)
    return {"best_params": params, "best_score": score, "trials": trials}


def sklearn_score(mse):
    return -float(mse)
