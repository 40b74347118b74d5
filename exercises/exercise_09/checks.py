"""exercise_09 - momentum and Nesterov steps."""

import numpy as np

from grader.authoring import arguments, check, function, like, observed, real, real_array, reals

LR = real(low=0, default=0.001, typical=(0.05, 0.5), refuse=True)
BETA = real(low=0, below=1, default=0.9, refuse=True)
CARE = {"errors": "bad_input", "dtype": "momentum", "unchanged": "momentum"}


def some_array(*refused):
    return real_array((3, 4), (5,), (1,), (), refuse_shapes=refused)


def some_gradient(context):
    """How steep it is, and how much it bends."""
    return tuple(reals(context.rng, (2,)).tolist())


def one_axis_more(*names):
    """As many elements, a shape that NumPy would broadcast in silence."""
    return {f"{name}: shape (1, ...)": lambda given, name=name: {name: given[name][None]} for name in names}


OTHER_SHAPES = [(3, 5), (4, 3), (12,), (1,), ()]

momentum_step = function(
    "momentum_step",
    arguments(theta=some_array(*OTHER_SHAPES), m=like("theta", refuse=True), grad=like("theta", refuse=True),
              lr=LR, beta=BETA),
    returns="array", refuse=one_axis_more("theta", "m", "grad"), **CARE)
nesterov_step = function(
    "nesterov_step",
    arguments(theta=some_array(*OTHER_SHAPES), m=like("theta", refuse=True),
              grad_fn=observed("gradient", some_gradient), lr=LR, beta=BETA),
    returns="array", home="nesterov", refuse=one_axis_more("theta", "m"), **CARE)
nesterov_step_keras = function(
    "nesterov_step_keras",
    arguments(phi=some_array(*OTHER_SHAPES), m=like("phi", refuse=True), grad=like("phi", refuse=True),
              lr=LR, beta=BETA),
    returns="array", home="nesterov_keras", refuse=one_axis_more("phi", "m", "grad"), **CARE)
terminal_velocity = function(
    "terminal_velocity", arguments(grad=some_array(), lr=LR, beta=BETA), returns="array", **CARE)


def corners(fn, draw, **given):
    """Arguments of calls over the shapes, betas of short and long memories, with m and from rest.

    beta = 0 is among the legal borders: who refuses it loses one check.
    """
    betas = (0.2, 0.5, 0.9, 0.99)
    for k, shape in enumerate([(1,), (5,), (3, 4), (2, 1, 3)]):
        for rest in ({}, {"m": 0.0}):
            for lr in (0.001, 0.1):
                yield draw(fn, shape=shape, lr=lr, beta=betas[k], **rest, **given)
    for dtype in ("float64", "float32"):
        yield draw(fn, shape=(), dtype=dtype, **given)
        yield draw(fn, shape=(4,), dtype=dtype, **given)


def walk(step, slope, start, m, n_steps, **settings):
    """Hand the state on from step to step; `slope` takes a point and gives what the step wants to know."""
    point = start
    for _ in range(n_steps):
        result = step(point, m, slope(point), **settings)
        point, m = result[0], result[1]


@check
def momentum(student, draw):
    for drawn in corners(momentum_step, draw):
        student.momentum_step(**drawn)
    for shape in [(5,), ()]:
        student.momentum_step(**draw(momentum_step, shape=shape, grad=0.0))                  # coasts
        student.momentum_step(**draw(momentum_step, shape=shape, grad=0.0, m=0.0))           # stays


@check
def hundred_steps(student, draw, observe):
    valley = observe.gradient(np.array([1.0, 25.0]), 0.0).judged("nothing")

    def slope(point):
        return observe.gradient_at(valley, point).judged("nothing")

    walk(student.momentum_step, slope, np.ones(2), np.zeros(2), 100, lr=0.02)
    walk(student.momentum_step, slope, draw.reals(2), np.zeros(2), 30, lr=0.03, beta=0.6)


@check
def nesterov(student, draw):
    for drawn in corners(nesterov_step, draw):
        student.nesterov_step(**drawn)


@check
def look_ahead(student, draw, observe):
    for drawn in corners(nesterov_step, draw, grad_fn=None):
        drawn["grad_fn"] = observe.gradient(*draw.reals(2).tolist()).judged("nothing")
        observe.points_asked(drawn["grad_fn"], after=student.nesterov_step(**drawn))
    # The same path twice: theta with the gradient measured ahead, and phi = theta + beta m with the gradient there.
    hills = observe.gradient(np.array([0.5, 2.0, 9.0]), 1.5).judged("nothing")
    theta, m = draw.reals(3), draw.reals(3, scale=0.2)
    settings = {"lr": 0.04, "beta": 0.8}
    walk(student.nesterov_step, lambda point: hills, theta, m, 40, **settings)
    walk(student.nesterov_step_keras, lambda point: observe.gradient_at(hills, point).judged("nothing"),
         theta + 0.8 * m, m, 40, **settings)


@check
def nesterov_keras(student, draw):
    for drawn in corners(nesterov_step_keras, draw):
        student.nesterov_step_keras(**drawn)
    student.nesterov_step_keras(**draw(nesterov_step_keras, shape=(5,), grad=0.0))


@check("terminal_velocity")
def constant_gradient(student, draw):
    for beta in (0.2, 0.5, 0.9, 0.99, 0.999):
        for lr in (0.001, 0.1):
            student.terminal_velocity(**draw(terminal_velocity, shape=(5,), lr=lr, beta=beta))
    for dtype in ("float64", "float32"):
        student.terminal_velocity(**draw(terminal_velocity, shape=(), dtype=dtype))
