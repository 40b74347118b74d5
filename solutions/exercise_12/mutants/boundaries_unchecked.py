"""Planted mistake: takes boundaries in any order."""


def power_lr(t, lr0, s, c=1.0):
    if t < 0 or lr0 <= 0 or s <= 0:
        raise ValueError("t must be >= 0, lr0 and s must be > 0")
    return lr0 / (1 + t / s) ** c


def exponential_lr(t, lr0, s):
    if t < 0 or lr0 <= 0 or s <= 0:
        raise ValueError("t must be >= 0, lr0 and s must be > 0")
    return lr0 * 0.1 ** (t / s)


def piecewise_lr(t, boundaries, values):
    if t < 0:
        raise ValueError("t must be >= 0")
    if len(values) != len(boundaries) + 1:
        raise ValueError("one value more than boundaries, please")
    for i in range(len(boundaries)):
        if t <= boundaries[i]:
            return values[i]
    return values[-1]


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    if lr0 <= 0:
        raise ValueError("lr0 must be > 0")
    if factor <= 0 or factor >= 1:
        raise ValueError("factor must be in (0, 1)")
    if patience < 1:
        raise ValueError("patience must be >= 1")
    lr = lr0
    best = float("inf")
    wait = 0
    rates = []
    for loss in val_losses:
        if loss < best:
            best = loss
            wait = 0
        else:
            wait += 1
            if wait >= patience:
                lr = lr * factor
                wait = 0
        rates.append(lr)
    return rates


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    if t < 0 or t > total_steps:
        raise ValueError("t must be in [0, total_steps]")
    if lr0 <= 0:
        raise ValueError("lr0 must be > 0")
    if final_steps < 0 or final_steps >= total_steps:
        raise ValueError("final_steps must be in [0, total_steps)")
    h = (total_steps - final_steps) / 2
    if t <= h:
        return lr0 + (lr1 - lr0) * t / h
    if t <= 2 * h:
        return lr1 + (lr0 - lr1) * (t - h) / h
    return lr0 + (lr0 / 1000 - lr0) * (t - 2 * h) / final_steps
