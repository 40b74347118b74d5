"""Right answer: operations in place of layers, activations as layers of their own, objects in place of strings."""

import os

import keras
from keras import ops


def compiled(model, learning_rate):
    model.compile(keras.optimizers.SGD(learning_rate), keras.losses.MeanSquaredError(), metrics=["mae"])
    return model


def relu_layer(x, units):
    return keras.activations.relu(keras.layers.Dense(units)(x))


def build_wide_deep(n_features=8, n_hidden=30, learning_rate=1e-3):
    x = keras.Input(shape=(n_features,), name="features")
    deep = relu_layer(relu_layer(x, n_hidden), n_hidden)
    y = keras.layers.Dense(1, activation="linear", name="target")(ops.concatenate([x, deep], axis=-1))
    return compiled(keras.Model([x], [y]), learning_rate)


def build_model(n_hidden=1, n_neurons=30, learning_rate=3e-3, input_shape=(8,)):
    if n_hidden < 0:
        raise ValueError("n_hidden must not be negative")
    if n_neurons < 1:
        raise ValueError("n_neurons must be positive")
    stack = [keras.Input(shape=input_shape)]
    for _ in range(n_hidden):
        stack += [keras.layers.Dense(n_neurons), keras.layers.ReLU()]
    return compiled(keras.Sequential([*stack, keras.layers.Dense(1)]), learning_rate)


def first_dense(model):
    for layer in model.layers:
        if type(layer) is keras.layers.Dense:
            return ops.convert_to_numpy(layer.kernel), ops.convert_to_numpy(layer.bias)
    raise ValueError("no Dense layer")


def save_both(model, folder):
    os.makedirs(folder, exist_ok=True)
    paths = os.path.join(folder, "model.keras"), os.path.join(folder, "model.weights.h5")
    for path, save in zip(paths, (model.save, model.save_weights)):
        save(path, overwrite=True)
    return paths


def restore(model_path):
    return keras.saving.load_model(model_path, compile=True)


def rebuild(builder, weights_path):
    (fresh := builder()).load_weights(weights_path)
    return fresh
