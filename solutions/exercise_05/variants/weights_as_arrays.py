"""Right answer that writes down the shape of every weight array and lets NumPy count the entries."""

import numpy as np


def entries(shapes):
    return int(sum(np.prod(shape, dtype=np.int64) for shape in shapes))


def layer_params(input_shape, layer):
    input_shape = [int(size) for size in input_shape]
    if min(input_shape) < 1:
        raise ValueError("every dimension must be positive")
    output_shape, learned, measured = list(input_shape), [], []
    match layer["type"]:
        case "Flatten":
            output_shape = [int(np.prod(input_shape))]
        case "Dense":
            units = int(layer["units"])
            if units < 1:
                raise ValueError("units must be positive")
            output_shape[-1] = units
            learned.append((input_shape[-1], units))  # kernel
            if "use_bias" not in layer or layer["use_bias"]:
                learned.append((units,))  # bias
        case "BatchNormalization":
            vector = (input_shape[-1],)
            learned += [vector, vector]  # gamma, beta
            measured += [vector, vector]  # moving mean, moving variance
        case "Dropout":
            if not (0.0 <= layer["rate"] <= 1.0):
                raise ValueError("rate must be a probability")
        case "Activation":
            pass
        case unknown:
            raise ValueError(f"{unknown} is not known")
    return tuple(output_shape), entries(learned), entries(measured)


def count_model(input_shape, layers):
    shape = input_shape
    rows = []
    counts = np.zeros(2, dtype=np.int64)
    for layer in layers:
        shape, *pair = layer_params(shape, layer)
        counts += pair
        rows.append((shape, sum(pair)))
    return {
        "rows": rows,
        "total": int(counts.sum()),
        "trainable": int(counts[0]),
        "non_trainable": int(counts[1]),
    }


def wide_and_deep(n_features, n_hidden):
    if min(n_features, n_hidden) < 1:
        raise ValueError("sizes must be positive")
    return entries([
        (n_features, n_hidden), (n_hidden,),
        (n_hidden, n_hidden), (n_hidden,),
        (n_features + n_hidden, 1), (1,),
    ])


def batches(n_samples, batch_size, epochs):
    if min(n_samples, batch_size, epochs) < 1:
        raise ValueError("all three must be positive")
    return len(range(0, n_samples, batch_size)) * epochs
