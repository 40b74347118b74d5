"""Right answer as a table: one small function per type of layer."""

from functools import reduce
from operator import mul


def whole(*numbers):
    for number in numbers:
        if number <= 0:
            raise ValueError(f"{number} is not a positive number")


def flatten(shape, layer):
    return (reduce(mul, shape, 1),), 0, 0


def dense(shape, layer):
    *front, n_inputs = shape
    n_outputs = layer["units"]
    whole(n_outputs)
    n_inputs += 1 if layer.get("use_bias", True) else 0  # the bias as one more input that is always 1
    return (*front, n_outputs), n_inputs * n_outputs, 0


def dropout(shape, layer):
    if layer["rate"] < 0 or layer["rate"] > 1:
        raise ValueError("rate outside [0, 1]")
    return shape, 0, 0


def activation(shape, layer):
    return shape, 0, 0


def batch_normalization(shape, layer):
    channels = shape[-1]
    return shape, channels + channels, channels + channels


RULES = {
    "Flatten": flatten,
    "Dense": dense,
    "Dropout": dropout,
    "Activation": activation,
    "BatchNormalization": batch_normalization,
}


def layer_params(input_shape, layer):
    whole(*input_shape)
    if layer["type"] not in RULES:
        raise ValueError(f"unknown layer {layer['type']}")
    return RULES[layer["type"]](input_shape, layer)


def count_model(input_shape, layers):
    results = []
    for layer in layers:
        results.append(layer_params(results[-1][0] if results else input_shape, layer))
    trainable = sum(result[1] for result in results)
    non_trainable = sum(result[2] for result in results)
    return {
        "non_trainable": non_trainable,
        "trainable": trainable,
        "total": trainable + non_trainable,
        "rows": [(shape, learned + measured) for shape, learned, measured in results],
    }


def wide_and_deep(n_features, n_hidden):
    whole(n_features, n_hidden)
    d, h = n_features, n_hidden
    return (d * h + h) + (h * h + h) + ((d + h) * 1 + 1)


def batches(n_samples, batch_size, epochs):
    whole(n_samples, batch_size, epochs)
    full, rest = divmod(n_samples, batch_size)
    return (full + (rest > 0)) * epochs
