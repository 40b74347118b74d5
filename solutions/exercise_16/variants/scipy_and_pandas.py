"""Right answer: SciPy draws, pandas reads the curves."""

import numpy as np
import pandas as pd
from scipy.stats import loguniform


def curves(*columns):
    if len({len(column) for column in columns}) != 1 or len(columns[0]) == 0:
        raise ValueError("curves of one length, at least one epoch")
    return pd.DataFrame(dict(enumerate(columns)), dtype=float)


def best_epoch(val_losses):
    return curves(val_losses)[0].idxmin()


def simulate_early_stopping(val_losses, patience, min_delta=0.0, restore_best_weights=True):
    series = curves(val_losses)[0]
    if patience < 0:
        raise ValueError("patience")
    best = 0
    stopped = 0
    for epoch in series.index[1:]:
        if series[epoch] < series[best] - min_delta:
            best = epoch
        elif epoch - best >= patience:
            stopped = epoch
            break
    last = stopped or series.index[-1]  # epoch 0 never stops a training
    return {
        "epochs_run": last + 1,
        "stopped_epoch": stopped,
        "best_epoch": best,
        "restored_epoch": best if restore_best_weights else last,
    }


def diagnose(loss, val_loss, chance, gap=0.1):
    frame = curves(loss, val_loss)
    first, last = frame.iloc[0], frame.iloc[-1]
    best = frame.loc[frame[1].idxmin()]
    tests = {
        "diverged": not np.isfinite(last[0]) or last[0] > 2 * first[0],
        "underfit": last[0] > 0.8 * chance,
        "overfit": last[1] > (1 + gap) * best[1] and last[0] < best[0],
        "good": True,
    }
    return pd.Series(tests).astype(bool).idxmax()


REMEDY = pd.Series({
    "diverged": "lower_learning_rate_or_reinitialise",
    "underfit": "bigger_model",
    "overfit": "simpler_model_dropout_augmentation_early_stop",
    "good": "keep",
})


def remedy(diagnosis):
    if diagnosis in REMEDY.index:
        return REMEDY[diagnosis]
    raise ValueError(diagnosis)


def random_search(score_fn, space, n_iter, rng):
    if n_iter < 1:
        raise ValueError("n_iter")
    columns = {}
    for name, choices in space.items():
        if isinstance(choices, list):
            columns[name] = rng.choice(choices, size=n_iter)
        else:
            low, high = choices[1:]
            if low <= 0 or low >= high:
                raise ValueError(name)
            columns[name] = loguniform(low, high).rvs(size=n_iter, random_state=rng)
    table = pd.DataFrame(columns)
    trials = [(params, score_fn(params)) for params in table.to_dict("records")]
    scores = pd.Series([score for _, score in trials])
    return {"best_params": trials[scores.idxmin()][0], "best_score": scores.min(), "trials": trials}


def sklearn_score(mse):
    return np.negative(mse)
