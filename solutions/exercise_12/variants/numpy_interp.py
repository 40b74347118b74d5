"""NumPy does the work: interp for the cycle, searchsorted for the pieces, cumulative products for the reductions."""

import numpy as np


def _require(condition, message):
    if not condition:
        raise ValueError(message)


def power_lr(t, lr0, s, c=1.0):
    _require(t >= 0 and lr0 > 0 and s > 0, "t >= 0, lr0 > 0, s > 0")
    return np.float64(lr0) * np.power(1 + np.true_divide(t, s), -c)


def exponential_lr(t, lr0, s):
    _require(t >= 0 and lr0 > 0 and s > 0, "t >= 0, lr0 > 0, s > 0")
    return lr0 * np.exp(-np.log(10.0) * t / s)


def piecewise_lr(t, boundaries, values):
    _require(t >= 0, "t >= 0")
    _require(len(values) == len(boundaries) + 1, "lengths")
    _require(np.all(np.diff(boundaries) > 0), "boundaries")
    return float(np.asarray(values)[np.searchsorted(boundaries, t, side="left")])


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    _require(lr0 > 0 and 0 < factor < 1 and patience >= 1, "lr0, factor, patience")
    losses = np.asarray(val_losses, dtype=float)
    improved = losses < np.minimum.accumulate(np.concatenate([[np.inf], losses]))[:-1]
    reduced, bad = np.zeros(len(losses), dtype=int), 0
    for epoch, good in enumerate(improved):
        bad = 0 if good else bad + 1
        # the counter begins anew every `patience` bad epochs, which is a remainder
        reduced[epoch] = bad > 0 and bad % patience == 0
    return list(lr0 * factor ** np.cumsum(reduced).astype(float))


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    _require(0 <= t <= total_steps and lr0 > 0, "t, lr0")
    _require(0 <= final_steps < total_steps, "final_steps")
    peak = (total_steps - final_steps) / 2
    places, rates = [0, peak, 2 * peak], [lr0, lr1, lr0]
    if final_steps:
        places.append(total_steps)
        rates.append(lr0 / 1000)
    return np.interp(t, places, rates)
