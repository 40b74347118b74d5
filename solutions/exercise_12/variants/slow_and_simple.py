"""Step by step: counts up to t, counts back through the epochs; no formula for a line, only its slope."""


def power_lr(t, lr0, s, c=1.0):
    if t < 0:
        raise ValueError("t")
    if s <= 0:
        raise ValueError("s")
    if lr0 <= 0:
        raise ValueError("lr0")
    denominator = (s + t) / s
    return lr0 * pow(denominator, -c)


def exponential_lr(t, lr0, s):
    if t < 0:
        raise ValueError("t")
    if s <= 0:
        raise ValueError("s")
    if lr0 <= 0:
        raise ValueError("lr0")
    one_step = 0.1 ** (1 / s)
    return lr0 * one_step**t


def piecewise_lr(t, boundaries, values):
    if t < 0:
        raise ValueError("t")
    if len(boundaries) + 1 != len(values):
        raise ValueError("len")
    last = None
    for boundary in boundaries:
        if last is not None and boundary <= last:
            raise ValueError("order")
        last = boundary
    index = 0
    while index < len(boundaries) and t > boundaries[index]:
        index += 1
    return values[index]


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    if lr0 <= 0:
        raise ValueError("lr0")
    if not (factor > 0 and factor < 1):
        raise ValueError("factor")
    if patience < 1:
        raise ValueError("patience")
    rates = []
    seen = []
    waiting = 0
    rate = lr0
    for loss in val_losses:
        if seen == [] or loss < min(seen):
            waiting = 0
        else:
            waiting = waiting + 1
        seen = seen + [loss]
        if waiting == patience:
            rate = rate * factor
            waiting = 0
        rates = rates + [rate]
    return rates


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    if t < 0 or t > total_steps:
        raise ValueError("t")
    if lr0 <= 0:
        raise ValueError("lr0")
    if final_steps < 0 or final_steps >= total_steps:
        raise ValueError("final_steps")
    cycle = total_steps - final_steps
    up = 2 * (lr1 - lr0) / cycle
    if 2 * t < cycle:
        return lr0 + up * t
    if t < cycle:
        return lr0 + up * (cycle - t)
    rate = lr0
    for _ in range(t - cycle):
        rate -= lr0 * 0.999 / final_steps
    return rate
