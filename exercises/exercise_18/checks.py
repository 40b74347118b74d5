"""exercise_18 - Functional API, build_model, saving and loading.

The builders are called by hand, since every call costs a model: defaults left out, by position, by keyword,
every argument off its default, the defaults twice. No model is trained and none is run through `predict` or `fit`:
calls of the model, given weights and given gradients show the same at a tenth of the time.
"""

import numpy as np

from grader.authoring import check


def seed_of(draw):
    return int(draw.rng.integers(1, 10**6))


def some_rate(draw):
    return round(float(draw.rng.uniform(0.01, 0.2)), 3)


def both_signs(draw, n_features):
    """Six rows and their mirror images: whatever is linear in them takes both signs."""
    rows = draw.reals(6, n_features)
    return np.concatenate([rows, -rows])


def what_it_computes(observe, draw, model, rows, other=None):
    """Shapes of the weights, and outputs with given ones, whatever has become of the `other` model's."""
    observe.weight_shapes(model)
    observe.give_by_shape(model, seed_of(draw))
    if other is not None:
        observe.give_by_shape(other, seed_of(draw))
    observe.outputs(model, rows)


def how_it_learns(observe, draw, default, drawn):
    """The optimizer's steps, at the default learning rate and another one, and the loss."""
    for model in (default, drawn):
        observe.optimizer_steps(model, gradients=[draw.reals(4, scale=40), draw.reals(4, scale=3)])
    observe.loss(drawn, y=draw.reals(5, 1, scale=3), predicted=draw.reals(5, 1, scale=3))


@check
def wide_and_deep(student, draw, observe):
    default, other = student.build_wide_deep(), student.build_wide_deep()
    by_position = student.build_wide_deep(5, 7, some_rate(draw))
    by_keyword = student.build_wide_deep(learning_rate=some_rate(draw), n_hidden=int(draw.rng.integers(9, 15)),
                                         n_features=3)
    what_it_computes(observe, draw, default, both_signs(draw, 8), other)
    what_it_computes(observe, draw, by_position, both_signs(draw, 5))
    what_it_computes(observe, draw, by_keyword, draw.reals(1, 3))
    how_it_learns(observe, draw, default, by_keyword)


@check
def hidden_layers(student, draw, observe):
    for n_hidden, n_neurons in ((-1, 30), (-2, 4), (1, 0), (2, -3), (0, 0), (0, -1)):
        student.build_model(n_hidden, n_neurons)
    default, other = student.build_model(), student.build_model()
    linear = student.build_model(0, 1, some_rate(draw), (5,))                # no neuron that n_neurons could count
    by_keyword = student.build_model(input_shape=(4,), learning_rate=some_rate(draw),
                                     n_neurons=int(draw.rng.integers(6, 12)), n_hidden=3)
    what_it_computes(observe, draw, default, both_signs(draw, 8), other)
    what_it_computes(observe, draw, linear, draw.reals(1, 5))
    what_it_computes(observe, draw, by_keyword, both_signs(draw, 4))
    how_it_learns(observe, draw, default, by_keyword)


@check
def first_dense(student, draw, observe):
    alone, among_others = observe.dense_alone(), observe.dense_among_others()
    for model in (alone, among_others):
        observe.give_by_shape(model, seed_of(draw))
    observe.types_of(student.first_dense(alone).judged("array"))
    observe.types_of(student.first_dense(model=among_others).judged("array"))
    observe.weights(among_others)


@check
def saved_files(student, draw, observe):
    model = observe.small_model(trained_like=seed_of(draw))
    student.save_both(model, "saved").judged("nothing")
    observe.give_by_shape(model, seed_of(draw))
    paths = student.save_both(folder="saved", model=model).judged("nothing")  # now the folder is there
    observe.path_of(paths[0])
    observe.path_of(paths[1])
    observe.model_in(paths[0])
    observe.weights_in(paths[1])
    observe.weights(model)


@check
def restored_models(student, draw, observe):
    observe.normalised_model_saved("kept.keras", "kept.weights.h5", trained_like=seed_of(draw))
    restored = student.restore("kept.keras")
    observe.weights(restored)
    observe.outputs(restored, draw.reals(3, 3))
    observe.loss(restored, y=draw.reals(5, 1), predicted=draw.reals(5, 1))
    observe.update(restored, seed_of(draw))
    observe.weights(student.restore(model_path="kept.keras"))                # knows nothing of that update
    rebuilt = student.rebuild(observe.builder(), "kept.weights.h5")
    observe.weights(rebuilt)
    observe.outputs(rebuilt, draw.reals(3, 3))
    observe.weights(student.rebuild(weights_path="kept.weights.h5", builder=observe.builder()))
