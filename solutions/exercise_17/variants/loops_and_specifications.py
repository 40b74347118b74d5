"""Right answer: one helper builds every Sequential from a specification; loops wherever there is a choice."""

import keras
import numpy as np


def _sequential(shape, *specification):
    stack = keras.Sequential(name=None)
    stack.add(keras.layers.InputLayer(shape=shape))
    for layer in specification:
        if layer is None:
            continue
        stack.add(layer)
    return stack


def _dense(units, activation=None, initializer="glorot_uniform", **more):
    return keras.layers.Dense(units, activation=activation, kernel_initializer=initializer, **more)


def _compiled(model, learning_rate, **how):
    model.compile(keras.optimizers.SGD(learning_rate=learning_rate, nesterov=False), **how)
    return model


def build_linear(learning_rate=0.01):
    return _compiled(
        _sequential((1,), _dense(1, "linear")),
        learning_rate,
        loss=keras.losses.MeanSquaredError(reduction="sum_over_batch_size"),
        metrics=[keras.metrics.MeanAbsoluteError(name="mae"), keras.metrics.MeanSquaredError(name="mse")],
    )


def model_fn(a_layer=None):
    return _sequential(
        (28, 28), keras.layers.Flatten(), _dense(100, "relu"), a_layer, _dense(10, "softmax")
    )


def build_dropout_model(rate=0.2, learning_rate=0.01):
    specification = [keras.layers.Flatten()]
    for units, activation, initializer in [
        (300, "elu", keras.initializers.he_normal()),
        (100, "elu", keras.initializers.he_normal()),
        (10, "softmax", keras.initializers.glorot_uniform()),
    ]:
        specification.append(keras.layers.Dropout(rate, seed=len(specification)))
        specification.append(_dense(units, activation, initializer))
    return _compiled(
        _sequential((28, 28), *specification),
        learning_rate,
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )


def regularised_layers():
    rows = [
        ("elu", "he_normal", {"kernel_regularizer": keras.regularizers.L1L2(l1=0.0, l2=0.01)}),
        ("elu", "he_normal", {"kernel_regularizer": keras.regularizers.L1L2(0.01, 0.02)}),
        ("selu", "lecun_normal", {"kernel_constraint": keras.constraints.MaxNorm(1.0)}),
    ]
    built = []
    for activation, initializer, more in rows:
        built.append(_dense(100, activation, initializer, **more))
    return tuple(built)


_REGRESSION = {
    "regression": ("linear", "mse"),
    "robust_regression": ("linear", "huber"),
    "positive_regression": ("softplus", "mse"),
    "bounded_regression": ("sigmoid", "mse"),
}
_LOSS_OF_LABELS = {
    "multiclass": "sparse_categorical_crossentropy",
    "multiclass_onehot": "categorical_crossentropy",
}


def head(task, n=1):
    if task in _REGRESSION:
        activation, loss = _REGRESSION[task]
    elif task in ("binary", "multilabel"):
        activation, loss = "sigmoid", "binary_crossentropy"
        n = n if task == "multilabel" else 1
    elif task in _LOSS_OF_LABELS:
        activation, loss = "softmax", _LOSS_OF_LABELS[task]
    else:
        raise ValueError(task)
    return dict(zip(("units", "activation", "loss"), (n, activation, loss), strict=True))


def line(model, X):
    (w,), b = model.get_weights()[0][0], model.get_weights()[1][0]
    yhat = np.empty((len(X), 1))
    for i, x in enumerate(X):
        yhat[i, 0] = w * x[0] + b
    return float(w), float(b), yhat
