"""Right answer: the lectures' spelling (tf.keras, add, input_shape=), loss and metrics as objects."""

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers, losses, metrics, models, optimizers, regularizers


def build_linear(learning_rate=0.01):
    optimizer = optimizers.SGD(learning_rate)
    model = models.Sequential()
    model.add(layers.Dense(1, activation="linear", input_shape=(1,)))
    model.compile(
        loss=losses.MeanSquaredError(),
        optimizer=optimizer,
        metrics=[metrics.MeanAbsoluteError(), metrics.MeanSquaredError()],
    )
    return model


def model_fn(a_layer=None):
    model = models.Sequential()
    model.add(layers.Flatten(input_shape=(28, 28)))
    model.add(layers.Dense(100, activation="relu"))
    if a_layer:
        model.add(a_layer)
    model.add(layers.Dense(10, activation="softmax"))
    return model


def build_dropout_model(rate=0.2, learning_rate=0.01):
    model = models.Sequential()
    model.add(layers.Flatten(input_shape=[28, 28]))
    for units in (300, 100):
        model.add(layers.Dropout(rate=rate))
        model.add(layers.Dense(units, activation="elu", kernel_initializer=keras.initializers.HeNormal()))
    model.add(layers.Dropout(rate=rate))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(
        loss=losses.SparseCategoricalCrossentropy(),
        optimizer=optimizers.SGD(learning_rate=learning_rate, momentum=0.0),
        metrics=[metrics.SparseCategoricalAccuracy()],
    )
    return model


def regularised_layers():
    first = layers.Dense(
        100, activation="elu", kernel_initializer="he_normal", kernel_regularizer=regularizers.l2(0.01)
    )
    second = layers.Dense(
        100,
        activation="elu",
        kernel_initializer="he_normal",
        kernel_regularizer=regularizers.l1_l2(0.01, 0.02),
    )
    third = layers.Dense(
        100,
        activation="selu",
        kernel_initializer="lecun_normal",
        kernel_constraint=keras.constraints.max_norm(1.0),
    )
    return first, second, third


def head(task, n=1):
    answer = {"units": n}
    if task == "regression":
        answer["activation"] = None
        answer["loss"] = "mean_squared_error"
    elif task == "robust_regression":
        answer["activation"] = None
        answer["loss"] = "mean_absolute_error"
    elif task == "positive_regression":
        answer["activation"] = "relu"
        answer["loss"] = "mean_squared_error"
    elif task == "bounded_regression":
        answer["activation"] = "sigmoid"
        answer["loss"] = "mean_squared_error"
    elif task == "binary":
        answer["units"] = 1
        answer["activation"] = "sigmoid"
        answer["loss"] = "binary_crossentropy"
    elif task == "multilabel":
        answer["activation"] = "sigmoid"
        answer["loss"] = "binary_crossentropy"
    elif task == "multiclass":
        answer["activation"] = "softmax"
        answer["loss"] = "sparse_categorical_crossentropy"
    elif task == "multiclass_onehot":
        answer["activation"] = "softmax"
        answer["loss"] = "categorical_crossentropy"
    else:
        raise ValueError("unknown task")
    return answer


def line(model, X):
    weights, biases = model.layers[0].get_weights()
    return weights[0, 0], biases[0], np.array(weights * X + biases)
