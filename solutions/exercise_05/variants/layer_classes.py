"""Right answer with one class per layer, a model that grows, and a count per bias and weight."""

from __future__ import annotations

from dataclasses import dataclass, field


class ModelError(ValueError):
    """A model that cannot be built."""


@dataclass
class Layer:
    shape: tuple[int, ...]
    options: dict

    def __post_init__(self) -> None:
        for size in self.shape:
            if size < 1:
                raise ModelError(f"dimension {size}")
        self.check()

    def check(self) -> None:
        pass

    def output(self) -> tuple[int, ...]:
        return self.shape

    def trainable(self) -> int:
        return 0

    def non_trainable(self) -> int:
        return 0


class Activation(Layer):
    pass


class Dropout(Layer):
    def check(self) -> None:
        rate = self.options.get("rate", 0)
        if rate < 0 or rate > 1:
            raise ModelError(f"rate {rate}")


class Flatten(Layer):
    def output(self) -> tuple[int, ...]:
        length = 1
        for size in self.shape:
            length *= size
        return (length,)


class Dense(Layer):
    def check(self) -> None:
        if self.options["units"] < 1:
            raise ModelError(f"units {self.options['units']}")

    def output(self) -> tuple[int, ...]:
        return (*self.shape[:-1], self.options["units"])

    def trainable(self) -> int:
        per_unit = self.shape[-1] + int(self.options.get("use_bias", True))
        return self.options["units"] * per_unit


class BatchNormalization(Layer):
    def trainable(self) -> int:
        return len(["gamma", "beta"]) * self.shape[-1]

    def non_trainable(self) -> int:
        return len(["moving_mean", "moving_variance"]) * self.shape[-1]


KNOWN = {cls.__name__: cls for cls in Layer.__subclasses__()}


@dataclass
class Model:
    shape: tuple[int, ...]
    built: list[Layer] = field(default_factory=list)

    def add(self, options: dict) -> Layer:
        if options["type"] not in KNOWN:
            raise ModelError(f"unknown type {options['type']}")
        self.built.append(KNOWN[options["type"]](self.shape, dict(options)))
        self.shape = self.built[-1].output()
        return self.built[-1]


def layer_params(input_shape, layer):
    new = Model(tuple(input_shape)).add(layer)
    return new.output(), new.trainable(), new.non_trainable()


def count_model(input_shape, layers):
    model = Model(tuple(input_shape))
    for layer in layers:
        model.add(layer)
    rows = [(layer.output(), layer.trainable() + layer.non_trainable()) for layer in model.built]
    return {
        "rows": rows,
        "total": sum(params for _, params in rows),
        "trainable": sum(layer.trainable() for layer in model.built),
        "non_trainable": sum(layer.non_trainable() for layer in model.built),
    }


def wide_and_deep(n_features, n_hidden):
    deep = count_model((n_features,), [{"type": "Dense", "units": n_hidden}] * 2)
    head = count_model((n_features + n_hidden,), [{"type": "Dense", "units": 1}])
    return deep["total"] + head["total"]


def batches(n_samples, batch_size, epochs):
    if n_samples < 1 or batch_size < 1 or epochs < 1:
        raise ValueError("everything must be at least 1")
    updates = 0
    for _ in range(epochs):
        updates += -(-n_samples // batch_size)
    return updates
