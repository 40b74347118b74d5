"""Exercise 12: five learning-rate schedules as functions of the step (or epoch) number."""


def check_positive(**numbers):
    """Raise ValueError for the first number that is not above 0."""
    for name, number in numbers.items():
        if not number > 0:
            raise ValueError(f"{name} must be positive, not {number}")


def check_step(t):
    """Steps are counted from 0."""
    if t < 0:
        raise ValueError(f"t is the number of the step, from 0 on, not {t}")


def power_lr(t, lr0, s, c=1.0):
    """lr0 at t = 0, a half after s steps, a third after 2s, ... (for c = 1)."""
    check_step(t)
    check_positive(lr0=lr0, s=s)
    return lr0 / (1 + t / s) ** c


def exponential_lr(t, lr0, s):
    """Ten times smaller every s steps, and smoothly so in between."""
    check_step(t)
    check_positive(lr0=lr0, s=s)
    return lr0 * 0.1 ** (t / s)


def piecewise_lr(t, boundaries, values):
    """values[k] up to and including step boundaries[k], the last value from then on."""
    check_step(t)
    if len(values) != len(boundaries) + 1:
        raise ValueError(f"{len(boundaries)} boundaries separate {len(boundaries) + 1} values, not {len(values)}")
    if any(left >= right for left, right in zip(boundaries, boundaries[1:], strict=False)):
        raise ValueError(f"boundaries must increase: {boundaries}")
    for boundary, value in zip(boundaries, values, strict=False):
        if t <= boundary:
            return value
    return values[-1]


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    """The rate in force after each epoch: smaller whenever `patience` epochs in a row brought nothing new."""
    check_positive(lr0=lr0)
    if not 0 < factor < 1:
        raise ValueError(f"factor must be in (0, 1), not {factor}")
    if patience < 1:
        raise ValueError(f"patience must be at least 1, not {patience}")
    rates, lr, best, wait = [], lr0, float("inf"), 0
    for val_loss in val_losses:
        if val_loss < best:
            best, wait = val_loss, 0
        else:
            wait += 1
        if wait == patience:
            lr, wait = lr * factor, 0
        rates.append(lr)
    return rates


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    """Up from lr0 to lr1, down again in as many steps, and far down in the last final_steps."""
    check_step(t)
    check_positive(lr0=lr0)
    if not 0 <= final_steps < total_steps:
        raise ValueError(f"final_steps must be in [0, {total_steps}), not {final_steps}")
    if t > total_steps:
        raise ValueError(f"step {t} is beyond the last, {total_steps}")
    half = (total_steps - final_steps) / 2  # may end in .5
    if t <= half:
        return lr0 + (lr1 - lr0) * t / half
    if t <= 2 * half:
        return lr1 + (lr0 - lr1) * (t - half) / half
    # Only reached if final_steps > 0: otherwise 2 * half is total_steps.
    return lr0 + (lr0 / 1000 - lr0) * (t - 2 * half) / final_steps
