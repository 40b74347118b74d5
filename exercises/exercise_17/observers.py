"""Plain data from the models, layers and answers of exercise_17. Runs inside the kernel; judges nothing."""

import keras
import numpy as np
from keras_observers import *  # noqa: F403
from keras_observers import train, weight_shapes

PIXELS, HIDDEN, LAST, CLASSES = 28 * 28, 300, 100, 10
SPREAD = 8                  # how many signals of a training pass spread


# --- models --------------------------------------------------------------------------------------------------------

def trained(model):
    """Train one epoch on lecture 004's 160 points, in their order: five updates."""
    data = np.load("data/regression.npz")
    train(model, data["x_train"], data["y_train"], epochs=1)


def training_pass(model, rows, through):
    """Outputs in training for `rows` equal images, with weights that let one dropout show.

    Outputs 0 … 8 receive a signal each, output 9 never does: where a signal was dropped, its output equals that one.
    A signal starts as 1 in one pixel or as the bias of one unit. Signals 0 … 7 pass so many units behind the dropout
    that is looked at that the later ones cannot drop them whole: they tell the share. Signal 8 passes one unit of each
    layer: it tells the factor of what is left. The last weights are 0.1.
    """
    kernels = {shape: np.zeros(shape, "float32") for shape in
               [(PIXELS, HIDDEN), (HIDDEN,), (HIDDEN, LAST), (LAST,), (LAST, CLASSES), (CLASSES,)]}
    to_hidden, to_last, to_outputs = kernels[PIXELS, HIDDEN], kernels[HIDDEN, LAST], kernels[LAST, CLASSES]
    many_hidden = np.flatnonzero(np.arange(HIDDEN) % CLASSES < SPREAD)
    many_last = np.flatnonzero(np.arange(LAST) % CLASSES < SPREAD)
    if through == "pixels":
        to_hidden[many_hidden % CLASSES, many_hidden] = to_hidden[SPREAD, SPREAD] = 1
        to_last[many_hidden, many_hidden % LAST] = to_last[SPREAD, SPREAD] = 1
    elif through == "first hidden layer":
        kernels[HIDDEN,][:SPREAD + 1] = 1
        to_last[many_last % CLASSES, many_last] = to_last[SPREAD, SPREAD] = 1
    else:
        kernels[LAST,][:SPREAD + 1] = 1
        many_last = np.arange(SPREAD)
    to_outputs[many_last, many_last % CLASSES] = to_outputs[SPREAD, SPREAD] = 0.1
    model.set_weights([kernels[weight.shape] for weight in model.get_weights()])
    images = np.ones((rows, 28, 28), "float32")
    return keras.ops.convert_to_numpy(model(images, training=True))


# --- layers --------------------------------------------------------------------------------------------------------

def built(layer, n_inputs):
    """The shapes of a layer's weights once it knows its number of inputs."""
    if not layer.built:
        layer.build((None, n_inputs))
    return weight_shapes(layer)


def layer_at_given_weights(layer, kernel, bias, x):
    """What a layer with given weights gives, what it adds to the loss, and what an update would leave of its kernel."""
    layer.set_weights([kernel, bias])
    output = keras.ops.convert_to_numpy(layer(np.asarray(x, "float32")))
    penalty = sum((float(loss) for loss in layer.losses), 0.0)
    for variable in layer.trainable_variables:
        if variable.constraint is not None:
            variable.assign(variable.constraint(variable))
    return {"output": output, "penalty": penalty, "kernel after an update": layer.get_weights()[0],
            "bias after an update": layer.get_weights()[1]}


# --- answers of head -----------------------------------------------------------------------------------------------

def emptied(answers):
    """Empty dicts that have been looked at: another call's answer must not notice."""
    for answer in answers:
        if isinstance(answer, dict):
            answer.clear()


def answer_of_head(answer):
    """The answer with one name for each activation and loss, whatever the spelling."""
    if not isinstance(answer, dict):
        return type(answer).__name__
    return {key: _NAMING.get(key, _number)(value) for key, value in answer.items()}


def _number(value):
    try:
        return value.__index__()
    except (AttributeError, TypeError):
        return value


def _activation(value):
    try:
        return keras.activations.get(value).__name__
    except (ValueError, TypeError, AttributeError):
        return f"{value!r}, unknown to Keras"


def _loss(value):
    try:
        loss = keras.losses.get(value)
        return getattr(loss, "fn", loss).__name__
    except (ValueError, TypeError, AttributeError):
        return f"{value!r}, unknown to Keras"


_NAMING = {"activation": _activation, "loss": _loss}
