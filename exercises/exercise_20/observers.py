"""Plain data from the model, the callbacks and the history of exercise_20. Runs inside the kernel; judges nothing.

What is not there yet (None, or another kind of thing) gives None. When an observer is done, the weights of a
model are what they were.
"""

import zipfile
from contextlib import contextmanager
from io import BytesIO

import h5py
import keras
import keras_observers
import numpy as np


def is_model(thing):
    return hasattr(thing, "get_weights") and hasattr(thing, "predict")


@contextmanager
def given_weights(model, weights):
    """The model with other weights, for a while. Each goes where its shape belongs: the order is a matter of style."""
    own = model.get_weights()
    by_shape = {np.shape(weight): np.asarray(weight, "float32") for weight in weights}
    model.set_weights([by_shape[weight.shape] for weight in own])
    try:
        yield model
    finally:
        model.set_weights(own)


# --- the model -----------------------------------------------------------------------------------------------------

def weight_shapes(model):
    return sorted(list(weight.shape) for weight in model.get_weights()) if is_model(model) else None


def weights(model):
    return model.get_weights() if is_model(model) else None


def predictions(model, x):
    """Probabilities of the trained model, dropout off."""
    if not is_model(model) or x is None:
        return None
    try:
        if isinstance(x, np.ndarray):
            return keras_observers.predictions(model, x)
        return keras.ops.convert_to_numpy(model.predict(x, verbose=0))
    except Exception:  # x is not what this model takes
        return None


def outputs(model, planted, x, training):
    """Outputs for given weights, in training or in inference."""
    if not is_model(model) or not fits(model, planted):
        return None
    with given_weights(model, planted):
        return keras.ops.convert_to_numpy(model(np.asarray(x, "float32"), training=training))


def own_loss(model, x, y):
    """The loss that the model itself reports: what it was compiled with may be another one than the task's."""
    if not is_model(model) or x is None or y is None:
        return None
    return evaluated(model, x, y).get("loss")


def evaluation(model, planted, x, y):
    """Loss and metrics for given weights."""
    if not is_model(model) or not fits(model, planted):
        return None
    with given_weights(model, planted):
        return evaluated(model, np.asarray(x, "float32"), y)


def evaluated(model, x, y):
    """Loss and metrics, or why there are none; the metrics without their names, which are a matter of style."""
    try:
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
            results = keras_observers.evaluated(model, x, y)
        else:
            results = model.evaluate(x, y, return_dict=True, verbose=0)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
    results = {name: float(value) for name, value in results.items()}
    return {"loss": results.pop("loss"), "metrics": list(results.values())}


def fits(model, planted):
    return weight_shapes(model) == sorted(list(np.shape(weight)) for weight in planted)


def optimizer_steps(model, gradients):
    """Where given gradients take a vector that starts at 0, by a new optimizer of the same making."""
    if getattr(model, "optimizer", None) is None:
        return None
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    position = keras.Variable(np.zeros(len(gradients[0])), dtype="float32")
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32")], [position])
        path.append(keras.ops.convert_to_numpy(position))
    return {"positions": np.array(path),
            "learning_rate": float(keras.ops.convert_to_numpy(optimizer.learning_rate))}


# --- training ------------------------------------------------------------------------------------------------------

def training(history):
    """The curves of a History, what `fit` told its callbacks (limit of epochs, steps of one), all updates made.

    Of a bare dict of curves (another mistake), the curves.
    """
    curves = history if isinstance(history, dict) else getattr(history, "history", None)
    if not isinstance(curves, dict):
        return None
    told = getattr(history, "params", None) or {}
    optimizer = getattr(getattr(history, "model", None), "optimizer", None)
    return {"curves": {str(name): [float(value) for value in values] for name, values in curves.items()},
            "epochs": told.get("epochs"), "steps": told.get("steps"),
            "iterations": 0 if optimizer is None else int(keras.ops.convert_to_numpy(optimizer.iterations))}


def attributes(thing, names):
    """Some attributes by name, None where there is none."""
    return {name: getattr(thing, name, None) for name in names}


# --- the reloaded model --------------------------------------------------------------------------------------------

def weights_apart(reloaded, model):
    """The weights of `reloaded`, read while `model` holds others: an alias would show those."""
    if not is_model(reloaded) or not is_model(model):
        return None
    with given_weights(model, [np.full(weight.shape, 0.5) for weight in model.get_weights()]):
        return reloaded.get_weights()


def saved_arrays(path):
    """All arrays of the layers in a `.keras` file; [] without one."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive, h5py.File(BytesIO(archive.read("model.weights.h5"))) as store:
            def collect(name, item):
                if isinstance(item, h5py.Dataset) and not name.startswith("optimizer") and item.dtype.kind == "f":
                    found.append(np.asarray(item))

            store.visititems(collect)
    except (OSError, KeyError, zipfile.BadZipFile):
        pass
    return found
