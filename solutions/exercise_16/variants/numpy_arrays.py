"""Right answer: arrays instead of loops where they fit, one sweep of the generator for all trials."""

import numpy as np


def as_curve(values):
    curve = np.array(values, dtype=float)
    if curve.size == 0:
        raise ValueError("empty curve")
    return curve


def best_epoch(val_losses):
    return int(np.argmin(as_curve(val_losses)))


def simulate_early_stopping(val_losses, patience, min_delta=0.0, restore_best_weights=True):
    curve = as_curve(val_losses)
    if patience < 0:
        raise ValueError("negative patience")
    reference, improved = curve[0], [0]
    for epoch in range(1, curve.size):
        if curve[epoch] + min_delta < reference:
            reference = curve[epoch]
            improved.append(epoch)
    improved = np.array(improved)
    latest = improved[np.searchsorted(improved, np.arange(curve.size), side="right") - 1]
    waited = np.arange(curve.size) - latest  # epochs in a row without an improvement
    stops = np.flatnonzero(waited >= max(patience, 1))
    stopped = int(stops[0]) if stops.size else 0
    last = stopped if stops.size else curve.size - 1
    best = int(latest[last])
    return {"restored_epoch": (last, best)[bool(restore_best_weights)], "best_epoch": best, "stopped_epoch": stopped,
            "epochs_run": last + 1}


def diagnose(loss, val_loss, chance, gap=0.1):
    loss, val_loss = as_curve(loss), as_curve(val_loss)
    if loss.shape != val_loss.shape:
        raise ValueError(f"{loss.size} and {val_loss.size} epochs")
    if np.isnan(loss[-1]) or np.isinf(loss[-1]) or 2 * loss[0] < loss[-1]:
        return "diverged"
    if loss[-1] > 0.8 * chance:
        return "underfit"
    generalises = val_loss[-1] <= (1 + gap) * val_loss.min()
    return "good" if generalises or loss[-1] >= loss[val_loss.argmin()] else "overfit"


def remedy(diagnosis):
    names = ["diverged", "underfit", "overfit", "good"]
    answers = ["lower_learning_rate_or_reinitialise", "bigger_model",
               "simpler_model_dropout_augmentation_early_stop", "keep"]
    return answers[names.index(diagnosis)]  # index raises ValueError for anything else


def random_search(score_fn, space, n_iter, rng):
    if n_iter <= 0:
        raise ValueError("n_iter")
    ranges = [choices[1:] for choices in space.values() if choices[0] == "loguniform"]
    if any(low <= 0 or high <= low for low, high in ranges):
        raise ValueError("0 < low < high")
    u = rng.random((n_iter, len(space)))
    trials = []
    for row in u:
        params = {}
        for share, (name, choices) in zip(row, space.items()):
            if choices[0] == "loguniform":
                low, high = np.log10(choices[1]), np.log10(choices[2])
                params[name] = 10 ** (low + share * (high - low))
            else:
                params[name] = choices[int(share * len(choices))]
        trials.append([params, np.float64(score_fn(params))])
    scores = np.array([score for _, score in trials])
    best = scores.argmin()
    return {"trials": trials, "best_params": trials[best][0], "best_score": scores[best]}


def sklearn_score(mse):
    return -1 * np.float64(mse)
