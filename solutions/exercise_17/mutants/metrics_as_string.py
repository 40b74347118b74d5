"""Planted mistake: gives compile's metrics as a bare string, in both models."""

import keras


def build_linear(learning_rate=0.01):
    """Linear regression as a network: one neuron, no activation, plain SGD."""
    model = keras.Sequential([
        keras.layers.Input((1,)),
        keras.layers.Dense(1),
    ])
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=learning_rate),
        loss="mse",
        metrics="mae",
    )
    return model


def model_fn(a_layer=None):
    """The lecture's image classifier, with room for one more layer before the output."""
    model = keras.Sequential([
        keras.layers.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dense(100, activation="relu"),
    ])
    if a_layer is not None:
        model.add(a_layer)
    model.add(keras.layers.Dense(10, activation="softmax"))
    return model


def build_dropout_model(rate=0.2, learning_rate=0.01):
    """Dropout before every Dense layer; the output itself is never dropped."""
    model = keras.Sequential([
        keras.layers.Input((28, 28)),
        keras.layers.Flatten(),
        keras.layers.Dropout(rate),  # `rate` is the share that is switched off
        keras.layers.Dense(300, activation="elu", kernel_initializer="he_normal"),
        keras.layers.Dropout(rate),
        keras.layers.Dense(100, activation="elu", kernel_initializer="he_normal"),
        keras.layers.Dropout(rate),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",  # "sparse": the labels are integers
        metrics="accuracy",
    )
    return model


def regularised_layers():
    """Three ways to keep weights small: L2, L1 and L2 together, max-norm."""
    return (
        keras.layers.Dense(
            100,
            activation="elu",
            kernel_initializer="he_normal",
            kernel_regularizer=keras.regularizers.L2(0.01),
        ),
        keras.layers.Dense(
            100,
            activation="elu",
            kernel_initializer="he_normal",
            # Both numbers must be given: the defaults of L1L2 are 0, which regularises nothing.
            kernel_regularizer=keras.regularizers.L1L2(l1=0.01, l2=0.02),
        ),
        keras.layers.Dense(
            100,
            activation="selu",
            kernel_initializer="lecun_normal",
            kernel_constraint=keras.constraints.MaxNorm(1.0),
        ),
    )


def head(task, n=1):
    """Units and activation of the output layer, and the loss that belongs to them."""
    table = {
        "regression": (n, "linear", "mse"),
        "robust_regression": (n, "linear", "huber"),
        "positive_regression": (n, "softplus", "mse"),
        "bounded_regression": (n, "sigmoid", "mse"),
        "binary": (1, "sigmoid", "binary_crossentropy"),
        # Labels may be true together, so each has a sigmoid of its own; classes exclude each other.
        "multilabel": (n, "sigmoid", "binary_crossentropy"),
        "multiclass": (n, "softmax", "sparse_categorical_crossentropy"),
        "multiclass_onehot": (n, "softmax", "categorical_crossentropy"),
    }
    if task not in table:
        raise ValueError(f"unknown task {task!r}; choose from {', '.join(table)}")
    units, activation, loss = table[task]
    return {"units": units, "activation": activation, "loss": loss}


def line(model, X):
    """The line that a `build_linear` model has learnt, and its values at X."""
    kernel, bias = model.get_weights()  # shapes (1, 1) and (1,)
    w, b = float(kernel[0, 0]), float(bias[0])
    return w, b, w * X + b
