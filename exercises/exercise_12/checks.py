"""exercise_12 - learning-rate schedules."""

import numpy as np

from grader.authoring import arguments, check, function, integer, made, real

STEP = integer(low=0, typical=(1, 60), refuse=True)
LR0 = real(above=0, typical=(0.005, 0.5), refuse=True)
S = real(above=0, typical=(4, 40), also_refused=[0, 0.0, -1, -7.5])
NEAR_ZERO = {"s: 0.5": lambda given: {"t": 3, "s": 0.5}, "s: 1": lambda given: {"t": 4, "s": 1}}


def some_rates(rng, count):
    """Generic rates, neither rising nor falling."""
    return [round(float(rate), 5) for rate in rng.permutation(np.geomspace(0.001, 0.7, count)) * rng.uniform(0.8, 1.2)]


def some_boundaries(context):
    return sorted(int(step) for step in context.rng.choice(np.arange(2, 60), 3, replace=False))


def with_middle(boundaries, place):
    """Three boundaries, the one in the middle equal to another."""
    return [boundaries[0], boundaries[place], boundaries[2]]


power_lr = function(
    "power_lr", arguments(t=STEP, lr0=LR0, s=S, c=real(above=0, default=1.0, typical=(0.3, 2.5))),
    returns="float", errors="bad_input", accept=NEAR_ZERO)
exponential_lr = function(
    "exponential_lr", arguments(t=STEP, lr0=LR0, s=S), returns="float", errors="bad_input", accept=NEAR_ZERO)
piecewise_lr = function(
    "piecewise_lr",
    arguments(t=STEP, boundaries=made(some_boundaries), values=made(lambda context: some_rates(context.rng, 4))),
    returns="float", errors="bad_input",
    refuse={"one value more": lambda given: {"values": [*given["values"], 0.25]},
            "one value less": lambda given: {"values": given["values"][:-1]},
            "two values less": lambda given: {"values": given["values"][:-2]},
            "one boundary more": lambda given: {"boundaries": [*given["boundaries"], 70]},
            "one boundary less": lambda given: {"boundaries": given["boundaries"][:-1]},
            "the first two equal": lambda given: {"boundaries": with_middle(given["boundaries"], 0)},
            "the last two equal": lambda given: {"t": 1, "boundaries": with_middle(given["boundaries"], 2)},
            "boundaries falling": lambda given: {"boundaries": given["boundaries"][::-1]},
            "the last two exchanged": lambda given: {"t": 1, "boundaries": [
                given["boundaries"][0], given["boundaries"][2], given["boundaries"][1]]}},
    accept={"boundaries one step apart": lambda given: {"t": 8, "boundaries": [7, 8, 9]},
            "a boundary at step 0": lambda given: {"t": 0, "boundaries": [0, 4, 9]}})
performance_lr = function(
    "performance_lr",
    arguments(val_losses=made(lambda context: some_losses(context.rng, 24)), lr0=LR0,
              factor=real(above=0, below=1, default=0.5, typical=(0.1, 0.9), refuse=True, also_refused=[-0.1, 2.0]),
              patience=integer(low=1, typical=(1, 4), default=5, refuse=True)),
    returns="exact", errors="bad_input")
one_cycle_lr = function(
    "one_cycle_lr",
    arguments(t=integer(low=0, typical=(1, 89), refuse=True),
              total_steps=integer(low=91, typical=(95, 140)),
              lr0=LR0, lr1=made(lambda context: round(float(context.drawn["lr0"] * context.rng.uniform(3, 9)), 5)),
              final_steps=integer(low=0, typical=(5, 40), refuse=True)),
    returns="float", home="one_cycle", errors="bad_input",
    refuse={"t beyond the last step": lambda given: {"t": given["total_steps"] + 1},
            "final_steps is everything": lambda given: {"t": 3, "final_steps": given["total_steps"]},
            "final_steps is more than everything": lambda given: {"t": 3, "final_steps": given["total_steps"] + 2}},
    accept={"t at the last step": lambda given: {"t": given["total_steps"]},
            "final_steps is all but one": lambda given: {"t": 40, "final_steps": given["total_steps"] - 1}})


def some_losses(rng, length):
    """Losses that fall, stall, rise and repeat, in steps of a hundredth."""
    moves = rng.choice([-0.07, -0.02, 0.0, 0.0, 0.03, 0.06], length - 1, p=[0.15, 0.15, 0.1, 0.1, 0.25, 0.25])
    return [round(1.5 + float(loss), 2) for loss in np.cumsum([0.0, *moves])]


def steps_of(s):
    return [0, 1, s // 2, s, s + 1, 2 * s + 1, 5 * s]


@check("power_lr")
def power(student, draw):
    for s, c in ((20, None), (7, 0.5), (20, 2.0), (7, 1.0), (12.5, 1.3)):
        lr0 = round(float(draw.rng.uniform(0.01, 0.3)), 4)
        for t in [*steps_of(int(s)), 10_000]:
            student.power_lr(t, lr0, s, *([] if c is None else [c]))


@check("exponential_lr")
def exponential(student, draw):
    for s in (20, 7, 12.5):
        lr0 = round(float(draw.rng.uniform(0.01, 0.3)), 4)
        for t in steps_of(int(s)):
            student.exponential_lr(t, lr0, s)
    student.exponential_lr(10_000, 0.1, 4000)
    student.exponential_lr(10_000, 0.1, 40)


@check("piecewise_lr")
def piecewise(student, draw):
    for boundaries in ([5, 15], [8], [3, 4, 20, 50]):
        for _ in range(2):
            values = some_rates(draw.rng, len(boundaries) + 1)
            for t in sorted({0, 100, *(boundary + k for boundary in boundaries for k in (-1, 0, 1))}):
                student.piecewise_lr(t, boundaries, values)


@check("performance_lr")
def performance(student, draw):
    improving = [round(1 - 0.05 * k, 2) for k in range(12)]
    late = [1.0, *[1.2] * 4, 0.9, *[1.1] * 4, 0.8, *[0.85] * 5, 0.7]
    ties = [0.5, 0.5, 0.5, 0.4, 0.4, 0.5, 0.4, 0.4, 0.39, 0.39]
    ups_and_downs = [3.0, 1.0, 2.0, 1.0, 2.0, 1.5, 1.2, 1.1, 1.0, 0.9, 1.0]
    large = [3100.5, 2800.25, 2900.0, 2900.0, 2850.0, 2799.0, 2799.0]
    below_zero = [-0.2, -0.5, -0.4, -0.6, -0.6, -0.3]
    slow = [round(0.9 - 0.001 * k, 3) for k in range(9)]
    for losses in (improving, [0.7] * 17, late, ties, ups_and_downs, large, below_zero, slow, [0.3]):
        student.performance_lr(losses, 0.08)
        for patience in (1, 2, 3):
            factor = round(float(draw.rng.uniform(0.1, 0.9)), 3)
            student.performance_lr(losses, 0.3, factor, patience)
    for _ in range(4):
        student.performance_lr(some_losses(draw.rng, 40), 0.2, 0.7, int(draw.rng.integers(1, 6)))


@check
def one_cycle(student, draw):
    plans = [(100, 10, [0, 1, 22, 45, 46, 89, 90, 91, 95, 99, 100]),
             (101, 10, [0, 1, 45, 46, 47, 90, 91, 92, 96, 100, 101]),     # the middle is 45.5
             (60, 0, [0, 1, 29, 30, 31, 45, 59, 60]),
             (31, 0, [0, 1, 15, 16, 30, 31]),
             (12, 7, [0, 1, 2, 3, 4, 5, 6, 9, 11, 12])]
    for total_steps, final_steps, steps in plans:
        lr0 = round(float(draw.rng.uniform(0.005, 0.1)), 4)
        lr1 = round(lr0 * float(draw.rng.uniform(3, 9)), 4)
        for t in steps:
            student.one_cycle_lr(t, total_steps, lr0, lr1, final_steps)
