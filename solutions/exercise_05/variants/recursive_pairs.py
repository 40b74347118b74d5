"""Right answer without loops: recursion over the layers, shapes from slices, rows as lists."""


def size(shape):
    return 1 if len(shape) == 0 else shape[0] * size(shape[1:])


def layer_params(input_shape, layer):
    if not all(n >= 1 for n in input_shape):
        raise ValueError("dimensions are 1 or more")
    name, last = layer["type"], input_shape[-1]
    if name == "Flatten":
        return [size(input_shape)], 0, 0
    if name == "Dense":
        units = layer["units"]
        if units < 1:
            raise ValueError("units are 1 or more")
        bias = 0 if layer.get("use_bias") is False else units
        return [*input_shape[:-1], units], units * last + bias, 0
    if name == "BatchNormalization":
        return [*input_shape], 4 * last // 2, 4 * last // 2
    if name == "Dropout" and not 0 <= layer.get("rate", 0) <= 1:
        raise ValueError("rate is 0 to 1")
    if name in ("Dropout", "Activation"):
        return [*input_shape], 0, 0
    raise ValueError("unknown type")


def count_model(input_shape, layers):
    if not layers:
        return {"rows": [], "total": 0, "trainable": 0, "non_trainable": 0}
    first, *others = layers
    shape, learned, measured = layer_params(input_shape, first)
    rest = count_model(shape, others)
    return {
        "rows": [[shape, learned + measured], *rest["rows"]],
        "total": rest["total"] + learned + measured,
        "trainable": rest["trainable"] + learned,
        "non_trainable": rest["non_trainable"] + measured,
    }


def wide_and_deep(n_features, n_hidden):
    def dense(n, units):
        return layer_params([n], {"type": "Dense", "units": units})[1]

    return dense(n_features, n_hidden) + dense(n_hidden, n_hidden) + dense(n_features + n_hidden, 1)


def batches(n_samples, batch_size, epochs):
    if n_samples <= 0 or batch_size <= 0 or epochs <= 0:
        raise ValueError("sizes are 1 or more")
    return epochs * ((n_samples + batch_size - 1) // batch_size)
