"""Planted mistake: raises no error for anything."""


def power_lr(t, lr0, s, c=1.0):
    return lr0 / (1 + t / s) ** c


def exponential_lr(t, lr0, s):
    return lr0 * 0.1 ** (t / s)


def piecewise_lr(t, boundaries, values):
    for i in range(len(boundaries)):
        if t <= boundaries[i]:
            return values[i]
    return values[-1]


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
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
    h = (total_steps - final_steps) / 2
    if t <= h:
        return lr0 + (lr1 - lr0) * t / h
    if t <= 2 * h:
        return lr1 + (lr0 - lr1) * (t - h) / h
    return lr0 + (lr0 / 1000 - lr0) * (t - 2 * h) / final_steps
