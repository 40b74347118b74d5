"""Plain data from Keras models and layers: what they compute, never how they are spelt. Runs inside the kernel.

An exercise's own `observers.py` begins with `from keras_observers import *`. Observers hold no expected value and judge
nothing: they return the numbers themselves. Names of layers and models, the order of weights and the names of
metrics are a matter of style, so none of them is told.
"""

from collections.abc import Sequence
from typing import Any

import keras  # type: ignore[import-untyped]
import numpy as np

__all__ = ["compiled_with", "evaluation", "give_weights", "initial_kernel", "new_layer", "optimizer_steps", "outputs",
           "predictions", "train", "weight_shapes", "weights"]

Array = np.ndarray[Any, Any]


def new_layer(kind: str, *args: Any, **config: Any) -> Any:
    """A layer of a class of `keras.layers`, to be handed to the submission."""
    return getattr(keras.layers, kind)(*args, **config)


# --- weights -------------------------------------------------------------------------------------------------------

def weights(thing: Any) -> list[Array]:
    """All weights of a model or layer, as they are."""
    return list(thing.get_weights())


def weight_shapes(thing: Any) -> list[list[int]]:
    """Shapes of all weights, sorted; [] for a layer that is not built."""
    return sorted(list(weight.shape) for weight in thing.get_weights())


def give_weights(thing: Any, seed: int, scale: float = 0.05) -> None:
    """Replace every weight by numbers ~ N(0, scale²) that follow from the seed and its shape alone."""
    given, seen = [], dict[tuple[int, ...], int]()
    for weight in thing.get_weights():
        twin = seen[weight.shape] = seen.get(weight.shape, -1) + 1
        numbers = np.random.default_rng([seed, twin, *weight.shape]).normal(0, scale, weight.shape)
        given.append(numbers.astype("float32"))
    thing.set_weights(given)


def initial_kernel(thing: Any, shape: Sequence[int], step: int = 1) -> Array:
    """Every `step`-th column of the weight of that shape; its statistics tell the initialiser."""
    kernel = next((weight for weight in thing.get_weights() if list(weight.shape) == list(shape)), None)
    if kernel is None:
        raise ValueError(f"no weights of shape {tuple(shape)}; there are {weight_shapes(thing)} / "
                         f"모양이 {tuple(shape)}인 가중치가 없습니다")
    return np.asarray(kernel[:, ::step])


# --- what a model computes -----------------------------------------------------------------------------------------
# `predict`, `evaluate` and `fit` spend 0.1 s and more on a pipeline of data and on graphs before the first number. Here
# the steps that they are made of are taken by themselves, and without a graph: a few cost less than one tracing.

def tensor(values: Array) -> Any:
    """An array as that pipeline hands it on: floats in single precision, integers as they are."""
    return keras.ops.convert_to_tensor(values, dtype="float32" if values.dtype.kind == "f" else None)


def batches(x: Array, y: Array, rows: int) -> list[tuple[Any, Any]]:
    """The batches that the pipeline makes of data."""
    if len(x) != len(y):
        raise ValueError(f"{len(x)} rows of x, {len(y)} of y / x는 {len(x)}행, y는 {len(y)}행입니다")
    return [(tensor(x[start:start + rows]), tensor(y[start:start + rows])) for start in range(0, len(x), rows)]


def predictions(model: Any, x: Array) -> Array:
    """What `predict` gives."""
    return np.asarray(keras.ops.convert_to_numpy(model.predict_step((tensor(x),))))


def outputs(model: Any, x: Array, training: bool = False) -> Array:
    """What a call of the model gives, as in training or as in inference."""
    return np.asarray(keras.ops.convert_to_numpy(model(np.asarray(x, "float32"), training=training)))


def evaluated(model: Any, x: Array, y: Array) -> dict[str, float]:
    """What `evaluate` gives: loss and metrics on given data, by name; in two unequal batches, of 2/3 and 1/3."""
    must_be_compiled(model)
    model.reset_metrics()
    for batch in batches(x, y, rows=max(1, len(x) - len(x) // 3)):
        results = model.test_step(batch)
    return {name: float(value) for name, value in results.items()}


def evaluation(model: Any, x: Array, y: Array) -> dict[str, Any]:
    """Loss and metrics on given data; the metrics by size, not by name."""
    results = evaluated(model, x, y)
    return {"loss": results.pop("loss"), "metrics": sorted(results.values())}


def train(model: Any, x: Array, y: Array, epochs: int, rows: int = 32) -> None:
    """What `fit(shuffle=False)` does. A step takes some 10 ms: for a few epochs of a few batches."""
    must_be_compiled(model)
    for _ in range(epochs):
        for batch in batches(x, y, rows):
            model.train_step(batch)


def must_be_compiled(model: Any) -> None:
    """Raise what a student is to read where the steps would end in an error of Keras's inside."""
    if not model.compiled:
        raise ValueError("the model is not compiled / 컴파일하지 않은 모델입니다")


# --- how it is compiled --------------------------------------------------------------------------------------------

def compiled_with(model: Any) -> str | None:
    """The class of a model's optimizer, None before `compile`."""
    optimizer = getattr(model, "optimizer", None)
    return None if optimizer is None else type(optimizer).__name__


def optimizer_steps(model: Any, gradients: Sequence[Array]) -> dict[str, Any]:
    """Where given gradients take a vector that starts at 0, by a new optimizer of the same making."""
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    position = keras.Variable(np.zeros(len(gradients[0])), dtype="float32")
    path = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32")], [position])
        path.append(keras.ops.convert_to_numpy(position))
    return {"learning_rate": float(keras.ops.convert_to_numpy(optimizer.learning_rate)),
            "momentum": float(getattr(optimizer, "momentum", 0) or 0), "positions": np.array(path)}
