"""Planted mistake: comparisons with nan are False."""

import math

REMEDIES = {
    "diverged": "lower_learning_rate_or_reinitialise",
    "underfit": "bigger_model",
    "overfit": "simpler_model_dropout_augmentation_early_stop",
    "good": "keep",
}


def best_epoch(val_losses):
    """Index (from 0) of the smallest loss, the first one of ties."""
    if len(val_losses) == 0:
        raise ValueError("no epochs")
    return min(range(len(val_losses)), key=lambda epoch: val_losses[epoch])  # min keeps the first of equals


def simulate_early_stopping(val_losses, patience, min_delta=0.0, restore_best_weights=True):
    """What keras.callbacks.EarlyStopping would do in a training with these validation losses."""
    if len(val_losses) == 0:
        raise ValueError("no epochs")
    if patience < 0:
        raise ValueError(f"patience must not be negative, got {patience}")
    best, wait = 0, 0
    epochs_run, stopped = len(val_losses), 0  # as long as nothing stops it; Keras leaves stopped_epoch at 0
    for epoch in range(1, len(val_losses)):  # epoch 0 is an improvement in any case
        if val_losses[epoch] + min_delta < val_losses[best]:
            best, wait = epoch, 0  # "in a row": an improvement starts the count anew
            continue
        wait += 1
        if wait >= patience:
            epochs_run, stopped = epoch + 1, epoch
            break
    return {
        "epochs_run": epochs_run,
        "stopped_epoch": stopped,
        "best_epoch": best,
        "restored_epoch": best if restore_best_weights else epochs_run - 1,
    }


def diagnose(loss, val_loss, chance, gap=0.1):
    """What the two learning curves tell; the first diagnosis that fits."""
    if len(loss) == 0 or len(loss) != len(val_loss):
        raise ValueError("two curves of equal length expected")
    best = best_epoch(val_loss)
    if loss[-1] > 2 * loss[0]:
        return "diverged"
    if loss[-1] > 0.8 * chance:
        return "underfit"
    # The gap alone is not enough: overfitting means that the training loss went on falling meanwhile.
    if val_loss[-1] > (1 + gap) * val_loss[best] and loss[-1] < loss[best]:
        return "overfit"
    return "good"


def remedy(diagnosis):
    """What the lecture advises."""
    if diagnosis not in REMEDIES:
        raise ValueError(f"unknown diagnosis {diagnosis!r}; there are {', '.join(REMEDIES)}")
    return REMEDIES[diagnosis]


def random_search(score_fn, space, n_iter, rng):
    """Try n_iter random combinations; the lowest score wins."""
    if n_iter < 1:
        raise ValueError(f"n_iter must be at least 1, got {n_iter}")
    for name, choices in space.items():
        if isinstance(choices, tuple) and not 0 < choices[1] < choices[2]:
            raise ValueError(f"{name}: 0 < low < high expected")
    trials = []
    for _ in range(n_iter):
        params = {name: draw(choices, rng) for name, choices in space.items()}  # a new dict for every trial
        trials.append((params, score_fn(params)))
    best_params, best_score = min(trials, key=lambda trial: trial[1])
    return {"best_params": best_params, "best_score": best_score, "trials": trials}


def draw(choices, rng):
    """One value: of a list, every entry alike; of a log-uniform range, every factor alike."""
    if isinstance(choices, tuple):
        _, low, high = choices
        return math.exp(rng.uniform(math.log(low), math.log(high)))
    return choices[rng.integers(len(choices))]


def sklearn_score(mse):
    """scikit-learn maximises, so it shows a loss with a minus."""
    return -mse
