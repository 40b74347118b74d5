"""Plain data from the models, layers and answers of exercise_17. Runs inside the kernel; judges nothing."""

import keras
import numpy as np

PIXELS, HIDDEN, LAST, CLASSES = 28 * 28, 300, 100, 10


def new_layer(kind, *args, **config):
    """A layer for `model_fn` to build in."""
    return getattr(keras.layers, kind)(*args, **config)


# --- models --------------------------------------------------------------------------------------------------------

def weight_shapes(thing):
    """Shapes of the weights of a model or layer, sorted: their order is a matter of style."""
    return sorted(list(weight.shape) for weight in thing.get_weights())


def give_weights(model, seed, scale=0.05):
    """Replace all weights by numbers that follow from seed and shape alone."""
    given, seen = [], {}
    for weight in model.get_weights():
        twin = seen[weight.shape] = seen.get(weight.shape, -1) + 1
        given.append(np.random.default_rng([seed, twin, *weight.shape]).normal(0, scale, weight.shape))
    model.set_weights([weight.astype("float32") for weight in given])


def evaluation(model, x, y):
    """Loss and metrics on given data; the metrics by size, since their names are a matter of style."""
    results = dict(model.evaluate(x, y, return_dict=True, verbose=0))
    return {"loss": float(results.pop("loss")), "metrics": sorted(float(value) for value in results.values())}


def optimizer_steps(model, gradients):
    """Where three given gradients take a vector that starts at 0, and the numbers that led it there."""
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    position = keras.Variable(np.zeros(len(gradients[0])), dtype="float32")
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32")], [position])
        path.append(keras.ops.convert_to_numpy(position))
    return {"learning_rate": float(keras.ops.convert_to_numpy(optimizer.learning_rate)),
            "momentum": float(getattr(optimizer, "momentum", 0) or 0), "positions": np.array(path)}


def compiled_with(model):
    """The class of a model's optimizer, None before `compile`."""
    optimizer = getattr(model, "optimizer", None)
    return None if optimizer is None else type(optimizer).__name__


def trained(model, epochs):
    """The losses of a training on lecture 004's 160 points."""
    data = np.load("data/regression.npz")
    return model.fit(data["x_train"], data["y_train"], epochs=epochs, verbose=0).history["loss"]


def training_pass(model, rows, through):
    """Outputs in training for `rows` equal images, with weights that let one dropout show.

    The signal starts as 1 in all pixels or as the bias of a layer, passes a single unit before the dropout that is looked
    at, and spreads again behind it. Outputs 0 … 8 receive it, output 9 never does: where the signal was dropped, all
    outputs are equal.
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


def first_kernel(thing, shape, step=1):
    """Every `step`-th column of the kernel of that shape, as a model or layer starts with it."""
    kernel = next(weight for weight in thing.get_weights() if list(weight.shape) == list(shape))
    return kernel[:, ::step]


# --- layers --------------------------------------------------------------------------------------------------------

def built(layer, n_inputs):
    """The shapes of a layer's weights once it knows its number of inputs."""
    layer.build((None, n_inputs))
    return weight_shapes(layer)


def restrained(layer, kernel, bias, x):
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

def named(answer):
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
