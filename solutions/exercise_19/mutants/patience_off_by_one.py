"""Planted mistake: early stopping waits one epoch longer."""

import math
import os
import time

import keras


def make_optimizer(name):
    """Return a new optimizer with the settings of the lectures."""
    # A recipe is a function, so nothing is built before it is asked for, and every call builds anew:
    # an optimizer remembers its velocity and its step count, two models must not share one.
    recipes = {
        "momentum": lambda: keras.optimizers.SGD(learning_rate=0.001, momentum=0.9),
        "nesterov": lambda: keras.optimizers.SGD(learning_rate=0.001, momentum=0.9, nesterov=True),
        "adagrad": lambda: keras.optimizers.Adagrad(learning_rate=0.001),
        "rmsprop": lambda: keras.optimizers.RMSprop(learning_rate=0.001, rho=0.9),
        "adam": lambda: keras.optimizers.Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999),
        "adamax": lambda: keras.optimizers.Adamax(),
        "nadam": lambda: keras.optimizers.Nadam(),
        "clipvalue": lambda: keras.optimizers.SGD(learning_rate=0.01, clipvalue=1.0),
        "clipnorm": lambda: keras.optimizers.SGD(learning_rate=0.01, clipnorm=1.0),
    }
    if name not in recipes:
        raise ValueError(f"unknown optimizer {name!r}, choose one of {', '.join(recipes)}")
    return recipes[name]()


def make_early_stopping(patience=2):
    """Stop when val_loss has not improved for `patience` epochs in a row, and put the best weights back."""
    return keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience + 1, restore_best_weights=True)


def make_checkpoint(path):
    """Keep the model of the best epoch (lowest val_loss) in the file `path`."""
    # Without save_best_only the file is overwritten every epoch and ends up with the last model.
    return keras.callbacks.ModelCheckpoint(path, monitor="val_loss", save_best_only=True)


class BestEpoch(keras.callbacks.Callback):
    """Remember in which epoch (from 0) val_loss was lowest, and how low it was."""

    def __init__(self):
        super().__init__()
        self.forget()

    def forget(self):
        self.best_epoch = -1
        self.best_value = math.inf  # every finite loss is lower, so the first epoch needs no special case

    def on_train_begin(self, logs=None):
        self.forget()  # one object may serve several calls of fit

    def on_epoch_end(self, epoch, logs=None):
        value = (logs or {}).get("val_loss")  # no validation in this epoch: None
        if value is not None and value < self.best_value:  # < and not <=: the first of ties stays
            self.best_epoch = epoch
            self.best_value = float(value)


def exponential_scheduler(lr0, s):
    """Set the learning rate lr0 * 0.1^(epoch / s): ten times smaller every s epochs."""

    def rate(epoch, current_rate):
        return lr0 * 0.1 ** (epoch / s)

    return keras.callbacks.LearningRateScheduler(rate)


def plateau():
    """Halve the learning rate when val_loss has not improved for 5 epochs."""
    return keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=5)


def get_run_logdir(root, now):
    """Return the folder of one run, `root`/run_YYYY_mm_dd-HH_MM_SS."""
    return os.path.join(root, time.strftime("run_%Y_%m_%d-%H_%M_%S", now))
