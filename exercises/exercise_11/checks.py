"""exercise_11 - one step of Adam, Adamax and Nadam."""

import numpy as np

from grader.authoring import arguments, check, function, integer, like, real, real_array


def step_arguments(second, eps):
    """The signature that the three steps share; `second` names the other moment."""
    return arguments(
        theta=real_array((3, 4), (5,), (1,), refuse_shapes=[(3, 5), (4, 3), (12,), (1,), ()]),
        m=like("theta", refuse=True), **{second: like("theta", low=0, refuse=True)},
        grad=like("theta", refuse=True),
        t=integer(low=1, refuse=True, also_refused=[2.0, True], also_legal=[np.int64(3), np.int32(2)]),
        lr=real(low=0, default=0.001, typical=(0.05, 0.5)),
        beta1=real(low=0, below=1, default=0.9, also_refused=[-0.1, 1.0, 1.5]),  # legal borders: LEGAL_BETA1
        beta2=real(low=0, below=1, default=0.999, refuse=True),
        eps=eps)


# Not 0.999, as would be derived: rounded to float32, as in Keras, it moves m by more than the tolerance.
LEGAL_BETA1 = {f"beta1: {value}": lambda given, value=value: {"beta1": value} for value in (0.0, 0.99)}


def one_axis_more(*names):
    """As many elements, a shape that NumPy would broadcast in silence."""
    return {f"{name}: shape (1, ...)": lambda given, name=name: {name: given[name][None]} for name in names}


# Adam's eps is visible in `place_of_epsilon` only; elsewhere it is so tiny that Keras's place is right too.
TINY = real(above=0, default=1e-7, typical=(2e-8, 4e-7), refuse=True)
VISIBLE = real(above=0, default=1e-7, typical=(0.01, 0.1), refuse=True)
CARE = {"errors": "dtype_inputs_errors", "dtype": "dtype_inputs_errors", "unchanged": "dtype_inputs_errors"}

adam_step = function("adam_step", step_arguments("s", TINY), returns="array", home="later_steps",
                     refuse=one_axis_more("theta", "m", "s", "grad"), accept=LEGAL_BETA1,
                     owners={"signature": "first_step"}, **CARE)
adamax_step = function("adamax_step", step_arguments("u", VISIBLE), returns="array",
                       refuse=one_axis_more("theta", "m", "u", "grad"), accept=LEGAL_BETA1, **CARE)
nadam_step = function("nadam_step", step_arguments("s", VISIBLE), returns="array",
                      refuse=one_axis_more("theta", "m", "s", "grad"), accept=LEGAL_BETA1, **CARE)


def gradient(rng, shape, low, high):
    """Both signs, sizes spread evenly over the decades from `low` to `high`."""
    return rng.choice([-1.0, 1.0], size=shape) * np.exp(rng.uniform(np.log(low), np.log(high), size=shape))


def zero_dimensional(step, fn, draw):
    for dtype in ("float64", "float32"):
        step(**draw(fn, shape=(), dtype=dtype))


def walk(step, grads, **settings):
    """Hand the state on from step to step, from zero moments."""
    width = grads.shape[1]
    theta, first, second = np.linspace(-1.0, 1.5, width), np.zeros(width), np.zeros(width)
    for t, grad in enumerate(grads, start=1):
        result = step(theta, first, second, grad, t, **settings)
        theta, first, second = result[0], result[1], result[2]


def with_tiny_gradients(step, draw, t=1):
    """The default eps is as large as these."""
    step(draw.reals(3), np.zeros(3), np.zeros(3), np.array([1e-6, -1e-7, 1e-8]), t, lr=1.0)


@check
def first_step(student, draw):
    for shape in [(1,), (5,), (3, 4)]:
        start = {"shape": shape, "m": 0.0, "s": 0.0, "t": 1, "grad": gradient(draw.rng, shape, 0.5, 50)}
        for lr in (0.001, 0.5):
            student.adam_step(**draw(adam_step, lr=lr, beta1=0.9, beta2=0.999, eps=1e-7, **start))
        student.adam_step(**draw(adam_step, **start))


@check
def later_steps(student, draw):
    for t in (2, 10, 1000, 100000):
        drawn = draw(adam_step, shape=(5,), t=t, grad=gradient(draw.rng, 5, 0.5, 50))
        student.adam_step(*(drawn[name] for name in ("theta", "m", "s", "grad", "t")))
        student.adam_step(**drawn)
    zero_dimensional(student.adam_step, adam_step, draw)


@check
def two_hundred_steps(student, draw):
    sizes = np.array([1.0, 3.0, 10.0, 30.0])
    walk(student.adam_step, gradient(draw.rng, (200, 4), 0.5, 2) * sizes, lr=0.01)


@check
def place_of_epsilon(student, draw):
    for t in (1, 3):
        with_tiny_gradients(student.adam_step, draw, t)
    for eps in (0.005, 0.05):
        grad = gradient(draw.rng, 4, 0.05, 1)
        student.adam_step(draw.reals(4), np.zeros(4), np.zeros(4), grad, 1, lr=1.0, eps=eps)


@check
def zero_gradients(student, draw):
    nothing = draw(adam_step, shape=(5,), m=0.0, s=0.0, grad=0.0, t=1)
    student.adam_step(**nothing)
    student.adam_step(**nothing | {"t": 50})
    student.adam_step(**draw(adam_step, shape=(5,), grad=0.0, t=7))  # the moments go on moving theta
    walk(student.adam_step, gradient(draw.rng, (10, 3), 0.5, 5) * np.array([1.0, 0.0, 1.0]), lr=0.1)


@check
def adamax(student, draw):
    for t in (1, 2, 1000):
        student.adamax_step(**draw(adamax_step, shape=(5,), t=t))
    with_tiny_gradients(student.adamax_step, draw)
    zero_dimensional(student.adamax_step, adamax_step, draw)
    sizes = np.array([1.0, 3.0, 10.0, 0.1])
    walk(student.adamax_step, gradient(draw.rng, (100, 4), 0.1, 10) * sizes, lr=0.01)


@check
def nadam(student, draw):
    one = np.ones(1)
    student.nadam_step(0 * one, 0 * one, 0 * one, one, 1, lr=1.0)
    for shape in [(5,), (3, 4)]:
        student.nadam_step(**draw(nadam_step, shape=shape, m=0.0, s=0.0, t=1))
    for t in (2, 1000):
        student.nadam_step(**draw(nadam_step, shape=(5,), t=t))
    with_tiny_gradients(student.nadam_step, draw)
    zero_dimensional(student.nadam_step, nadam_step, draw)
    walk(student.nadam_step, gradient(draw.rng, (100, 4), 0.5, 5), lr=0.01)
