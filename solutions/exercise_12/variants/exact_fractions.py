"""Exact arithmetic with fractions where it goes, a subclass of ValueError."""

from fractions import Fraction


class ScheduleError(ValueError):
    """A schedule that makes no sense."""


def _steps(t):
    if t < 0:
        raise ScheduleError(f"step {t}")
    return Fraction(t)


def _positive(*numbers):
    for number in numbers:
        if number <= 0:
            raise ScheduleError(f"{number} is not positive")


def power_lr(t, lr0, s, c=1.0):
    _positive(lr0, s)
    return lr0 / float(1 + _steps(t) / Fraction(s)) ** c


def exponential_lr(t, lr0, s):
    _positive(lr0, s)
    return lr0 / 10.0 ** float(_steps(t) / Fraction(s))


def piecewise_lr(t, boundaries, values):
    _steps(t)
    if len(boundaries) - len(values) != -1:
        raise ScheduleError("one value more than boundaries")
    if sorted(set(boundaries)) != list(boundaries):
        raise ScheduleError("boundaries must increase")
    return values[sum(boundary < t for boundary in boundaries)]


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    _positive(lr0, factor, 1 - factor, patience)
    best_epoch = reductions = last = 0
    rates = []
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss < val_losses[best_epoch]:
            best_epoch = last = epoch
        elif epoch - last == patience:
            reductions, last = reductions + 1, epoch
        rates.append(lr0 * factor**reductions)
    return rates


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    _positive(lr0)
    if not 0 <= final_steps < total_steps or t > total_steps:
        raise ScheduleError("final_steps or t")
    h, t, low, high = Fraction(total_steps - final_steps, 2), _steps(t), Fraction(lr0), Fraction(lr1)
    if t <= 2 * h:
        return float(high - (high - low) * abs(t - h) / h)
    return float(low * (1 - Fraction(999, 1000) * (t - 2 * h) / final_steps))
