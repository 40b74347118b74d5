"""Exercise 05: predict what model.summary() prints, without Keras."""

import math


def layer_params(input_shape, layer):
    """Return (output_shape, trainable, non_trainable) of one layer; shapes are without the batch."""
    require_positive("every dimension", *input_shape)
    shape = tuple(input_shape)
    kind = layer["type"]

    if kind == "Flatten":
        return (math.prod(shape),), 0, 0

    if kind == "Dense":
        require_positive("units", layer["units"])
        # Dense multiplies the last axis only. Every unit owns one weight per input and one bias.
        weights = shape[-1] * layer["units"]
        biases = layer["units"] if layer.get("use_bias", True) else 0
        return (*shape[:-1], layer["units"]), weights + biases, 0

    if kind == "Dropout":
        if not 0 <= layer["rate"] <= 1:
            raise ValueError(f"rate must be in [0, 1], not {layer['rate']}")
        return shape, 0, 0  # a dropped output becomes 0, it does not vanish

    if kind == "Activation":
        return shape, 0, 0

    if kind == "BatchNormalization":
        # gamma and beta are learned; the moving mean and variance are measured, not learned.
        return shape, 2 * shape[-1], 2 * shape[-1]

    raise ValueError(f"unknown type of layer: {kind!r}")


def count_model(input_shape, layers):
    """Return the rows and the three totals that model.summary() prints."""
    shape = tuple(input_shape)
    rows, trainable, non_trainable = [], 0, 0
    for layer in layers:
        shape, learned, measured = layer_params(shape, layer)  # the output feeds the next layer
        rows.append((shape, learned + measured))
        trainable += learned
        non_trainable += measured
    return {
        "rows": rows,
        "total": trainable + non_trainable,
        "trainable": trainable,
        "non_trainable": non_trainable,
    }


def wide_and_deep(n_features, n_hidden):
    """Count the parameters of input -> hidden -> hidden, joined with the input, -> 1 output."""
    (width,), hidden1, _ = layer_params((n_features,), {"type": "Dense", "units": n_hidden})
    (width,), hidden2, _ = layer_params((width,), {"type": "Dense", "units": n_hidden})
    joined = n_features + width  # concatenate puts the two side by side and has no parameters
    _, output, _ = layer_params((joined,), {"type": "Dense", "units": 1})
    return hidden1 + hidden2 + output


def batches(n_samples, batch_size, epochs):
    """Count the weight updates of a whole fit: one per batch, and the last batch may be smaller."""
    require_positive("n_samples, batch_size and epochs", n_samples, batch_size, epochs)
    return epochs * math.ceil(n_samples / batch_size)


def require_positive(what, *numbers):
    """Raise ValueError unless all numbers are at least 1."""
    if any(number < 1 for number in numbers):
        raise ValueError(f"{what} must be at least 1, not {numbers}")
