"""Planted mistake: the second hidden layer before the input."""

from pathlib import Path

import keras


def build_wide_deep(n_features=8, n_hidden=30, learning_rate=1e-3):
    """Regression in which the output sees the features both directly (wide) and through two layers (deep)."""
    inputs = keras.layers.Input((n_features,))
    hidden1 = keras.layers.Dense(n_hidden, activation="relu")(inputs)
    hidden2 = keras.layers.Dense(n_hidden, activation="relu")(hidden1)
    both = keras.layers.concatenate([hidden2, inputs])
    output = keras.layers.Dense(1)(both)  # no activation: a target may be any number
    model = keras.Model(inputs=inputs, outputs=output)
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=learning_rate))
    return model


def build_model(n_hidden=1, n_neurons=30, learning_rate=3e-3, input_shape=(8,)):
    """Regression with `n_hidden` layers, the builder of a hyper-parameter search."""
    # Keras itself would not notice: range(-1) is empty, and without hidden layers n_neurons is never used.
    if n_hidden < 0 or n_neurons < 1:
        raise ValueError(f"n_hidden >= 0 and n_neurons >= 1 expected, got {n_hidden} and {n_neurons}")
    model = keras.Sequential([keras.layers.Input(input_shape)])
    for _ in range(n_hidden):
        model.add(keras.layers.Dense(n_neurons, activation="relu"))
    model.add(keras.layers.Dense(1))
    model.compile(loss="mse", optimizer=keras.optimizers.SGD(learning_rate=learning_rate))
    return model


def first_dense(model):
    """Kernel and bias of the first Dense layer."""
    # By type: automatic names (dense, dense_1, ...) go on counting as long as the session lasts.
    layer = next(layer for layer in model.layers if isinstance(layer, keras.layers.Dense))
    kernel, bias = layer.get_weights()
    return kernel, bias


def save_both(model, folder):
    """Save the whole model, and its weights alone, inside `folder`."""
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    model_path, weights_path = str(folder / "model.keras"), str(folder / "model.weights.h5")
    model.save(model_path)
    model.save_weights(weights_path)  # Keras 3 insists on this ending
    return model_path, weights_path


def restore(model_path):
    """The saved model, ready to predict and to be trained further."""
    return keras.models.load_model(model_path)  # structure, weights, compile and the optimizer's state


def rebuild(builder, weights_path):
    """A new model of the same structure, with the saved weights."""
    model = builder()
    model.load_weights(weights_path)  # changes the model and returns None
    return model
