"""exercise_07 - Backpropagation by hand."""

import numpy as np

from grader.authoring import arguments, check, function, made, real, real_array, reals

DOUBLE = ("float64",)
# Taken together k by k: one sample; p = d + 1, so that a transposed W1 has the right shape; a single unit.
SIZES = {"n": (1, 6, 5, 8, 6), "d": (3, 3, 1, 2, 4), "p": (4, 5, 1, 3, 2)}


def weights(*sizes):
    """N(0, 1) of these sizes, with one more in the last for the biases."""
    return made(lambda context: reals(context.rng, (*(context.dims[size] for size in sizes[:-1]),
                                                    context.dims[sizes[-1]] + 1)))


X = real_array(("n", "d"), dtypes=DOUBLE)
Y = real_array(("n",), dtypes=DOUBLE)
W1, W2 = weights("p", "d"), weights("p")
ETA = real(above=0, typical=(0.1, 0.9))


def generic(*shape):
    """Numbers without a pattern; what is refused does not depend on them."""
    return np.resize([0.37, -1.24, 2.05, 0.81, -0.66, 1.42, -0.19], shape)


FITTING = {"X": (5, 2), "y": (5,), "W1": (4, 3), "w2": (5,)}
MISFITS = {"X": [(2,), (5,), (5, 3), (5, 1), (5, 4)],
           "W1": [(4, 2), (4, 4), (3, 4), (3, 3), (5, 3), (3,)],
           "w2": [(4,), (6,), (1,), (5, 1), (1, 5)],
           "y": [(4,), (6,), (1,), (5, 1), (1, 5)]}


def refusals(*names):
    """One array at a time has another shape; NumPy would take some of them in silence."""
    return {f"{name} of shape {shape}": lambda given, name=name, shape=shape: {
                other: generic(*(shape if other == name else FITTING[other])) for other in names}
            for name in names for shape in MISFITS[name]}


def of_the_network(name, home, domains, *names):
    return function(name, domains, sizes=SIZES, home=home, errors="shape_errors", refuse=refusals(*names))


forward = of_the_network("forward", "forward_pass", arguments(X=X, W1=W1, w2=W2), "X", "W1", "w2")
loss_and_grads = of_the_network("loss_and_grads", "loss_and_gradients", arguments(X=X, y=Y, W1=W1, w2=W2),
                                "X", "y", "W1", "w2")
train_step = of_the_network("train_step", "descent_step", arguments(X=X, y=Y, W1=W1, w2=W2, eta=ETA),
                            "X", "y", "W1", "w2")


def saturated(drawn):
    """Weights five times as large: most hidden units are near 0 or 1."""
    return drawn | {name: 5 * drawn[name] for name in ("W1", "w2")}


def every_size():
    return [{name: sizes[k] for name, sizes in SIZES.items()} for k in range(len(SIZES["n"]))]


@check
def forward_pass(student, draw):
    for sizes in every_size():
        drawn = draw(forward, sizes=sizes)
        student.forward(**drawn)
        student.forward(**saturated(drawn))
    student.forward(np.zeros((2, 3)), draw.reals(4, 4), draw.reals(5))      # only the biases are left


@check
def loss_and_gradients(student, draw, observe):
    for sizes in every_size():
        drawn = draw(loss_and_grads, sizes=sizes)
        student.loss_and_grads(**drawn)
        student.loss_and_grads(**saturated(drawn))
    drawn = draw(loss_and_grads, sizes={"n": 6, "d": 3, "p": 5})
    twice = {"X": np.concatenate([drawn["X"]] * 2), "y": np.concatenate([drawn["y"]] * 2)}
    backwards = {"X": drawn["X"][::-1], "y": drawn["y"][::-1]}
    for batch in ({}, twice, backwards):                                    # the same loss and gradients three times
        student.loss_and_grads(**drawn | batch)
    # No error, no gradient: at what the submission's own forward gives, be it right or wrong.
    yhat = observe.array(student.forward(drawn["X"], drawn["W1"], drawn["w2"]).judged("nothing")[0]).judged("nothing")
    student.loss_and_grads(**drawn | {"y": yhat})


@check
def descent_step(student, draw):
    for sizes in every_size():
        for eta in (0.001, 0.3, 1.5):
            student.train_step(**draw(train_step, sizes=sizes, eta=eta))
    drawn = draw(train_step, sizes={"n": 6, "d": 3, "p": 5}, eta=0.5)
    W1, w2 = drawn["W1"], drawn["w2"]
    for _ in range(5):
        stepped = student.train_step(drawn["X"], drawn["y"], W1, w2, 0.5)
        W1, w2 = stepped[0], stepped[1]


@check
def numerical_gradient(student, draw, observe):
    """`f` cannot be drawn, so the calls are written down here. Arrays are named, so that a report can name them."""
    squares, cubes = observe.sum_of_squares(), observe.sum_of_cubes()
    sines, product = observe.sum_of_sines(), observe.product_of_sums()
    for f in (squares, sines, cubes, product):
        for shape in [(3,), (2, 3)]:
            student.numerical_grad(f, w=draw.reals(*shape))
    student.numerical_grad(observe.ripples(), w=np.array([0.0, 3e-6, -7.3e-6]))         # which step is the default
    for f in (cubes, sines, product):                                       # the error falls like h²
        for h in (0.5, 0.1, 0.02, 1e-3):
            student.numerical_grad(f, w=draw.reals(3), h=h)
    for shape in [(), (1,), (4, 2), (2, 1, 3), (2, 2, 2, 2)]:
        student.numerical_grad(observe.weighted_sum(draw.reals(*shape)), w=draw.reals(*shape), h=0.05)
    student.numerical_grad(sines, np.array([3.0, -2.0, 0.0]), 0.2)
    student.numerical_grad(h=0.3, w=np.array([[1.0, -2.0]]), f=cubes)
    for shape, lay in [((3, 4), observe.transposed), ((3, 4), observe.every_other), ((5,), observe.every_other)]:
        student.numerical_grad(observe.weighted_sum(draw.reals(*shape)), w=lay(draw.reals(*shape)), h=0.1)
    w = draw.reals(2, 3)
    kept = student.numerical_grad(sines, w=w)
    student.numerical_grad(squares, w=draw.reals(2, 3))
    kept.again()
    student.numerical_grad(sines, w=w)
