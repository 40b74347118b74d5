"""Plain data from the models and files of exercise_18. Runs inside the kernel; judges nothing.

The models that are given to the submission are as small as their point allows and start without random numbers, so that
a model whose weights were never loaded looks the same every time. All their layers have names of their own: automatic
ones depend on what was built before.
"""

import os
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
from keras_observers import *  # noqa: F403
from keras_observers import must_be_compiled, tensor

layers = keras.layers


# --- models given to the submission --------------------------------------------------------------------------------

def sequential(*parts):
    return keras.Sequential([layers.Input((3,), name="features"), *parts], name="given")


def dense(units, name):
    return layers.Dense(units, kernel_initializer="zeros", name=name)


def dense_alone():
    return sequential(dense(2, "only"))


def dense_among_others():
    """A functional model. Two layers come before its first Dense, one of them with two arrays of weights as well."""
    features = layers.Input((3,), name="features")
    x = dense(4, "below")(layers.LayerNormalization(name="normalization")(features))
    return keras.Model(features, dense(1, "output")(dense(5, "dense")(x)), name="given")


def small_model(trained_like):
    """A compiled model of one neuron, as if it had been trained."""
    return trained(compiled(sequential(dense(1, "output"))), trained_like)


def normalised_model():
    return compiled(sequential(layers.BatchNormalization(name="normalization"), dense(1, "output")))


def builder():
    """A function without arguments that builds a model at every call."""
    return normalised_model


def normalised_model_saved(model_path, weights_path, trained_like):
    """Save a model as if it had been trained; `save_weights` would write the file that the whole model contains."""
    trained(normalised_model(), trained_like).save(model_path)
    with zipfile.ZipFile(model_path) as archive:
        Path(weights_path).write_bytes(archive.read("model.weights.h5"))


def compiled(model):
    """With momentum, so that the optimizer has a state worth keeping."""
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(0.05, momentum=0.7))
    return model


def trained(model, seed):
    """Weights, and an optimizer that has come to its third update."""
    give_by_shape(model, seed)
    model.optimizer.build(model.trainable_variables)
    iterations, _, *moments = model.optimizer.variables
    iterations.assign(2)
    for moment in moments:
        moment.assign(_numbers(seed, moment.shape))
    return model


# --- weights -------------------------------------------------------------------------------------------------------

def give_by_shape(model, seed):
    """Replace every weight by numbers ~ N(0, 0.5²) that follow from the seed and its shape alone.

    Weights of one shape (the biases of two hidden layers) become equal, so that their order does not matter.
    """
    model.set_weights([_numbers(seed, weight.shape) for weight in model.get_weights()])


def update(model, seed):
    """One update with given gradients: how far it moves the weights, and which one it was by the optimizer's count."""
    must_be_compiled(model)
    before = model.get_weights()
    gradients = [tensor(_numbers(seed, variable.shape)) for variable in model.trainable_variables]
    model.optimizer.apply(gradients, model.trainable_variables)
    moved = [after - start for after, start in zip(model.get_weights(), before, strict=True)]
    return {"moved": moved, "iterations": int(model.optimizer.iterations)}


def _numbers(seed, shape):
    return np.random.default_rng([seed, *shape]).normal(0, 0.5, tuple(shape)).astype("float32")


def types_of(parts):
    """An array stays what it is when the model goes on learning; a variable does not, though it holds the same."""
    return [type(part).__name__ for part in parts]


# --- what a model is compiled with ---------------------------------------------------------------------------------

def loss(model, y, predicted):
    """The loss that a model is compiled with, for given predictions."""
    must_be_compiled(model)
    return float(model.compute_loss(y=tensor(y), y_pred=tensor(predicted)))


# --- files ---------------------------------------------------------------------------------------------------------

def path_of(path):
    """A path as seen from the current folder."""
    return os.path.relpath(path)


def weights_in(path):
    """The weights in a .weights.h5 file, layer by layer."""
    with h5py.File(path) as file:
        return _arrays(file, "layers")


def model_in(path):
    """What a .keras file holds: the layers, their weights, the state of the optimizer."""
    with zipfile.ZipFile(path) as archive, archive.open("model.weights.h5") as weights, h5py.File(weights) as file:
        return {"weights": _arrays(file, "layers"), "optimizer": _arrays(file, "optimizer")}


def _arrays(file, group):
    """All arrays of a group of an HDF5 file, in the order of their paths; [] if there is no such group."""
    found = []
    if group in file:
        file[group].visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found
