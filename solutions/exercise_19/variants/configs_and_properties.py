"""Optimizers from configurations; BestEpoch computes its attributes when read; the folder is a Path."""

import time
from pathlib import Path

from keras import callbacks, optimizers

CONFIGS = {
    "momentum": ("SGD", {"learning_rate": 1e-3, "momentum": 0.9}),
    "nesterov": ("SGD", {"learning_rate": 1e-3, "momentum": 0.9, "nesterov": True}),
    "adagrad": ("Adagrad", {"learning_rate": 1e-3}),
    "rmsprop": ("RMSprop", {"learning_rate": 1e-3, "rho": 0.9}),
    "adam": ("Adam", {"learning_rate": 1e-3, "beta_1": 0.9, "beta_2": 0.999}),
    "adamax": ("Adamax", {}),
    "nadam": ("Nadam", {}),
    "clipvalue": ("SGD", {"learning_rate": 1e-2, "clipvalue": 1.0}),
    "clipnorm": ("SGD", {"learning_rate": 1e-2, "clipnorm": 1.0}),
}


class UnknownOptimizer(ValueError):
    pass


def make_optimizer(name):
    try:
        class_name, config = CONFIGS[name]
    except KeyError:
        raise UnknownOptimizer(name) from None
    return optimizers.get({"class_name": class_name, "config": dict(config)})


def make_early_stopping(patience=2):
    return callbacks.EarlyStopping("val_loss", 0.0, patience, mode="min", restore_best_weights=True)


def make_checkpoint(path):
    return callbacks.ModelCheckpoint(path, monitor="val_loss", mode="min", save_best_only=True)


class BestEpoch(callbacks.Callback):
    def __init__(self, key="val_loss"):
        super().__init__()
        self.key = key
        self.seen = {}

    def on_train_begin(self, logs=None):
        self.seen.clear()

    def on_epoch_end(self, epoch, logs=None):
        if self.key in (logs or {}):
            self.seen[epoch] = logs[self.key]

    @property
    def best_epoch(self):
        return min(self.seen, key=self.seen.get, default=-1)

    @property
    def best_value(self):
        return min(self.seen.values(), default=float("inf"))


def exponential_scheduler(lr0, s):
    return callbacks.LearningRateScheduler(lambda epoch, lr: lr0 / 10 ** (epoch / s))


def plateau():
    return callbacks.ReduceLROnPlateau("val_loss", factor=0.5, patience=5, mode="min", min_delta=0.0)


def get_run_logdir(root, now):
    return Path(root) / time.strftime("run_%Y_%m_%d-%H_%M_%S", now)
