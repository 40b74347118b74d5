"""Plain data from the models, layers and answers of exercise_17. Runs inside the kernel; judges nothing."""

import keras
import numpy as np
from keras_observers import *  # noqa: F403
from keras_observers import train, weight_shapes

PIXELS, HIDDEN, LAST, CLASSES = 28 * 28, 300, 100, 10


# --- models --------------------------------------------------------------------------------------------------------

def trained(model, epochs):
    """Train on lecture 004's 160 points."""
    data = np.load("data/regression.npz")
    train(model, data["x_train"], data["y_train"], epochs, seed=epochs)


def training_pass(model, rows, through):
    """Outputs in training for `rows` equal images, with weights that let one dropout show.

    The signal starts as 1 in all pixels or as the bias of a layer, passes a single unit before the dropout that
    is looked at, and spreads again behind it. Outputs 0 … 8 receive it, output 9 never does: where the signal was
    dropped, all outputs are equal.
    """
    kernels = {shape: np.zeros(shape, "float32") for shape in
               [(PIXELS, HIDDEN), (HIDDEN,), (HIDDEN, LAST), (LAST,), (LAST, CLASSES), (CLASSES,)]}
    detectors = np.arange(LAST)[np.arange(LAST) % CLASSES != CLASSES - 1]
    if through == "pixels":
        kernels[PIXELS, HIDDEN][0] = 1
        kernels[HIDDEN, LAST][np.arange(HIDDEN), np.arange(HIDDEN) % LAST] = 1
        kernels[LAST, CLASSES][detectors, detectors % CLASSES] = 0.05
    elif through == "first hidden layer":
        kernels[HIDDEN,][0] = 1
        kernels[HIDDEN, LAST][0] = 1
        kernels[LAST, CLASSES][np.arange(CLASSES - 1), np.arange(CLASSES - 1)] = 1
    else:
        kernels[LAST,][:] = 1
        kernels[LAST, CLASSES][np.arange(CLASSES - 1), np.arange(CLASSES - 1)] = 1
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
