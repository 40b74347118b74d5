"""exercise_10 - one step of AdaGrad and RMSProp, and the effective learning rate."""

import numpy as np

from grader.authoring import arguments, check, function, like, real, real_array

LR = {"low": 0, "typical": (0.02, 0.2), "refuse": True}
# Where s is far above eps nobody can tell the places of eps apart; `place_of_epsilon` and `effective_lr` can.
TINY = real(above=0, default=1e-7, typical=(2e-8, 2e-7), refuse=True, also_refused=[-1e-7])
VISIBLE = real(above=0, default=1e-7, typical=(0.01, 0.1), refuse=True, also_refused=[-1e-7])
OTHER_SHAPES = [(3, 5), (4, 3), (12,), (1,), ()]


def large(rng, shape, *, dead=False):
    """Gradients of both signs, of sizes [1, 5] x 10^(0 ... 3); `dead`: one of them is exactly 0."""
    grad = rng.choice([-1.0, 1.0], shape) * rng.uniform(1, 5, shape) * 10.0 ** rng.integers(0, 4, shape)
    grad = np.array(grad).round(3)
    if dead:
        grad.flat[rng.integers(grad.size)] = 0.0
    return grad


def with_entry(s, value, place=None):
    """The array with one entry replaced, one in the middle unless said."""
    s = np.array(s)
    s.flat[s.size // 2 if place is None else place] = value
    return s


def refusals(*names):
    """Entries of s below 0; as many elements in a shape that NumPy would broadcast in silence."""
    shapes = {f"{name}: shape (1, ...)": lambda given, name=name: {name: given[name][None]} for name in names}
    entries = {"s: all negative": lambda given: {"s": -given["s"] - 1},
               "s: the first negative": lambda given: {"s": with_entry(given["s"], -0.5, place=0)},
               "s: the last negative": lambda given: {"s": with_entry(given["s"], -0.5, place=-1)}}
    return shapes | entries | {f"s: one entry is {value}": lambda given, value=value: {
        "s": with_entry(given["s"], value)} for value in (-0.5, -1e-9, -200.0)}


def alike(given, value):
    """One value in the shape and dtype of theta."""
    return np.full_like(given["theta"], value)


START = {"s: zeros": lambda given: {"s": alike(given, 0.0), "grad": alike(given, -2.5)},
         "s: one zero": lambda given: {"s": with_entry(given["s"], 0.0), "grad": alike(given, 1.5)}}


def step_arguments(**options):
    return arguments(theta=real_array((3, 4), (5,), (1,), (), refuse_shapes=OTHER_SHAPES),
                     s=like("theta", low=0.3, refuse=True), grad=like("theta", refuse=True), **options)


adagrad_step = function(
    "adagrad_step", step_arguments(lr=real(default=0.01, **LR), eps=TINY),
    returns="array", errors="bad_input", owners={"eps": "place_of_epsilon"},
    refuse=refusals("theta", "s", "grad"), accept=START)
rmsprop_step = function(
    "rmsprop_step",
    step_arguments(lr=real(default=0.001, **LR),
                   rho=real(low=0, below=1, default=0.9, typical=(0.3, 0.95), also_refused=[-0.1, 1.0, 1.5]), eps=TINY),
    returns="array", errors="bad_input", owners={"eps": "place_of_epsilon"},
    refuse=refusals("theta", "s", "grad"),
    accept=START | {f"rho: {rho}": lambda given, rho=rho: {"rho": rho, "grad": alike(given, 1.7)}
                    for rho in (0.0, 0.999)})
effective_lr = function(
    "effective_lr",
    arguments(s=real_array((3, 4), (5,), (1,), (), low=0), lr=real(**LR), eps=VISIBLE),
    returns="array", home="effective_lr", errors="bad_input", refuse=refusals())


def values(step, fn, draw):
    """Calls at which the place of eps does not show."""
    for shape in [(1,), (5,), (3, 4)]:
        for s in ({"s": 0.0}, {"s": 0.1}, {}):
            grad = large(draw.rng, shape, dead=shape != (1,))
            step(**draw(fn, shape=shape, grad=grad, **s))
            step(*(draw(fn, shape=shape, grad=grad, **s)[name] for name in ("theta", "s", "grad")))
    for dtype in ("float64", "float32"):
        for shape in [(), (4,)]:
            step(**draw(fn, shape=shape, dtype=dtype, grad=large(draw.rng, shape).astype(dtype)))
            step(**draw(fn, shape=shape, dtype=dtype, grad=0.0))                     # theta stays where it is,
            step(**draw(fn, shape=shape, dtype=dtype, grad=0.0, s=0.0))              # and 0 / 0 is nowhere


def tiny_gradients(step, fn, draw):
    """Squares as small as eps, and an eps as large as the squares."""
    small = np.array([1e-3, -3e-4, 1e-4])
    for dtype in ("float64", "float32"):
        step(draw.reals(3).astype(dtype), np.zeros(3, dtype), small.astype(dtype), 1.0)
        step(**draw(fn, shape=(3,), dtype=dtype, s=0.0, lr=1.0, eps=3e-7) | {"grad": small.astype(dtype)})
        step(**draw(fn, shape=(2, 3), dtype=dtype, s=0.0, lr=1.0, eps=0.04))
        step(**draw(fn, shape=(5,), dtype=dtype, lr=0.5, eps=0.3))


def walk(step, draw, s, **settings):
    """Steep slopes for 100 steps, slopes a tenth of that for another 100; uphill and downhill, two by two."""
    sizes = np.array([[2.0, -3.0], [-10.0, 30.0]]) * np.repeat([1.0, 0.1], 100)[:, np.newaxis, np.newaxis]
    grads = sizes * draw.rng.uniform(0.8, 1.2, sizes.shape)
    theta, s = draw.reals(2, 2), np.full((2, 2), s)
    for grad in grads:
        result = step(theta, s, grad, **settings)
        theta, s = result[0], result[1]


@check
def adagrad(student, draw):
    values(student.adagrad_step, adagrad_step, draw)


@check
def rmsprop(student, draw):
    values(student.rmsprop_step, rmsprop_step, draw)


@check
def place_of_epsilon(student, draw):
    tiny_gradients(student.adagrad_step, adagrad_step, draw)
    tiny_gradients(student.rmsprop_step, rmsprop_step, draw)


@check
def two_hundred_steps(student, draw):
    walk(student.adagrad_step, draw, 0.0, lr=0.1)
    walk(student.rmsprop_step, draw, 0.1, lr=0.002, rho=0.8)


@check("effective_lr")
def rates(student, draw):
    for s in (0.0, 1.0, 100.0, 1e-7):
        for eps in ({}, {"eps": 1e-10}, {"eps": 1e-7}):
            student.effective_lr(np.array([s, 0.5]), 0.01, **eps)
    for dtype in ("float64", "float32"):
        student.effective_lr(**draw(effective_lr, shape=(), dtype=dtype))
        student.effective_lr(np.array([[0.0, 1.0, 100.0]], dtype), 0.3)
