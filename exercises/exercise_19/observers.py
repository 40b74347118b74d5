"""Plain data from the objects of exercise_19: optimizers are given gradients, callbacks are told losses.

Runs inside the kernel. Some arguments are there only to be read in a report: `made` says how an object was made, and
`after` that a step comes after another one.
"""

import functools
import os
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

FIXED = ("learning_rate", "momentum", "nesterov", "rho", "beta_1", "beta_2")
OFF = ("amsgrad", "centered", "weight_decay", "use_ema")     # what no task asks for; some show after many steps only


class UntrainedModel:
    """Has what a callback touches in a model, and nothing to train."""

    def __init__(self, learning_rate=0.01):
        self.learning_rate = learning_rate
        self.metrics = []
        self.stop_training = False
        self.weights = [np.zeros((1, 1))]

    @functools.cached_property
    def optimizer(self):
        """Costs more than all the rest, and few callbacks look at it."""
        return keras.optimizers.SGD(self.learning_rate)

    def get_weights(self):
        return [weight.copy() for weight in self.weights]

    def set_weights(self, weights):
        self.weights = [np.array(weight) for weight in weights]


class TellLosses(keras.callbacks.Callback):
    """Stands first in `fit`: every epoch it gives the model that epoch's weight and writes that epoch's losses."""

    def __init__(self, logs, weights):
        super().__init__()
        self.told, self.given = logs, weights

    def on_epoch_end(self, epoch, logs=None):
        logs.update(self.told[epoch])
        self.model.set_weights([np.full((1, 1), self.given[epoch])])


def one_weight_model():
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse", run_eagerly=True)
    return model


def logs_of(val_losses):
    """What `fit` would report: the training loss falls, with a bump every third epoch; `val_loss` may be missing."""
    return [{"loss": round(0.6 * 0.93**epoch + 0.1 * (epoch % 3 == 2), 4)}
            | ({} if val_loss is None else {"val_loss": val_loss}) for epoch, val_loss in enumerate(val_losses)]


def tell(callback, model, logs, weights=None, look=lambda: None):
    """A training without training: what there is to `look` at in every epoch, and after the last."""
    seen = []
    callback.set_model(model)
    callback.set_params({"epochs": len(logs), "steps": 1, "verbose": 0})
    callback.on_train_begin()
    for epoch, told in enumerate(logs):
        callback.on_epoch_begin(epoch)
        seen.append(look())
        if weights is not None:
            model.set_weights([np.full((1, 1), weights[epoch])])
        callback.on_epoch_end(epoch, told)
        if model.stop_training:
            break
    callback.on_train_end()
    return [*seen, look()]


def learning_rate(optimizer):
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))


def setting(value):
    """A number as one would type it: 0.999 and 0.9999 are one thousandth apart, but not the same."""
    return f"{float(value):.5g}"


def whole(value):
    """A whole number of any type as int; anything else as it is."""
    try:
        return value.__index__()
    except (AttributeError, TypeError):
        return value


def what_is_known(callback):
    return {"best_epoch": whole(callback.best_epoch), "best_value": float(callback.best_value)}


def saved_weight(path):
    return float(keras.models.load_model(path, compile=False).get_weights()[0].item())


# --- what checks.py asks for ---------------------------------------------------------------------------------------

def run_optimizer(optimizer, starts, gradients):
    """The numbers that the task fixes, and how far each variable is from its start after each step."""
    variables = [keras.Variable(start, dtype="float32") for start in starts]
    begin = [keras.ops.convert_to_numpy(variable).astype("float64") for variable in variables]
    moved = [[] for _ in variables]
    for step in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype="float32") for gradient in step], variables)
        for rows, variable, start in zip(moved, variables, begin, strict=True):
            rows.append(keras.ops.convert_to_numpy(variable).astype("float64") - start)
    config = optimizer.get_config() | {"learning_rate": learning_rate(optimizer)}
    settings = {name: setting(config[name]) for name in FIXED if config.get(name) is not None}
    settings |= {name: setting(config[name]) for name in OFF if config.get(name)}
    return settings | {"moved": [np.array(rows) for rows in moved]}


# A name of its own for each, so that a mistake in one optimizer is recognised whatever the others are.
run_momentum = run_nesterov = run_adagrad = run_rmsprop = run_adam = run_adamax = run_nadam = run_optimizer
run_clipvalue = run_clipnorm = run_optimizer


def run_early_stopping(callback, made, val_losses, weights):
    """Where an EarlyStopping stops, and the weight that remains."""
    model = UntrainedModel()
    epochs = len(tell(callback, model, logs_of(val_losses), weights)) - 1
    return {"epochs": epochs, "stopped_epoch": callback.stopped_epoch,
            "weight": float(model.weights[0].item()), "min_delta": abs(float(getattr(callback, "min_delta", 0)))}


def read_stopped_epoch(callback, after, val_losses):
    """Where an EarlyStopping stopped in a `fit`."""
    return callback.stopped_epoch


def run_best_epoch(callback, val_losses):
    """What a BestEpoch knows after a training."""
    tell(callback, UntrainedModel(), logs_of(val_losses))
    return what_is_known(callback)


def begin_best_epoch(callback):
    """What a BestEpoch knows when its first training has begun and no epoch has ended."""
    callback.set_model(UntrainedModel())
    callback.set_params({"epochs": 3, "steps": 1, "verbose": 0})
    callback.on_train_begin()
    return what_is_known(callback)


def read_best_epoch(callback, after, val_losses):
    """What a BestEpoch knows after a `fit`, or after another object's training."""
    return what_is_known(callback)


def logs_after_best_epoch(callback, val_losses):
    """The logs that a BestEpoch has seen, as they are afterwards."""
    logs = logs_of(val_losses)
    tell(callback, UntrainedModel(), logs)
    return logs


def run_checkpoint(callback, path, val_losses, weights):
    """The weight in the file after a training that only this checkpoint watched."""
    tell(callback, one_weight_model(), logs_of(val_losses), weights)
    return saved_weight(path)


def read_file(path, after, val_losses, weights):
    """The weight in the file after a `fit`."""
    return saved_weight(path)


def run_fit(callbacks, val_losses, weights):
    """A real `fit` with these callbacks: the number of epochs, and the weight that remains.

    One batch, ready made: of arrays `fit` makes a pipeline first, which starts anew every epoch and costs more than
    all the rest.
    """
    model, data = one_weight_model(), np.ones((2, 1))
    callbacks = [TellLosses(logs_of(val_losses), weights), *callbacks]
    history = model.fit(tf.data.Dataset.from_tensors((data, data)), epochs=len(val_losses), shuffle=False, verbose=0,
                        callbacks=callbacks)
    return {"epochs": len(history.epoch), "weight": float(model.get_weights()[0].item())}


def run_schedule(callback, made, start, val_losses):
    """The learning rate in every epoch, and after the last; `start` is the optimizer's own."""
    model = UntrainedModel(start)
    return np.array(tell(callback, model, logs_of(val_losses), look=lambda: learning_rate(model.optimizer)))


def date(year, month, day, hour, minute, second):
    """A `time.struct_time`."""
    return time.strptime(f"{year} {month} {day} {hour} {minute} {second}", "%Y %m %d %H %M %S")


def path_of(folder):
    """A path as seen from the current folder."""
    return os.path.relpath(folder)


def files_below(root):
    """All that exists below a folder."""
    return sorted(str(path) for path in Path(root).rglob("*"))
