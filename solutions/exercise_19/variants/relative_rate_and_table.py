"""The rate is multiplied epoch by epoch; optimizers from a table of classes; BestEpoch keeps an array."""

import os
import time
from functools import partial

import numpy as np
from keras.callbacks import Callback, EarlyStopping, LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from keras.optimizers import SGD, Adagrad, Adam, Adamax, Nadam, RMSprop

with_momentum = partial(SGD, learning_rate=0.001, momentum=0.9)
clipped = partial(SGD, learning_rate=0.01)
TABLE = dict(
    momentum=with_momentum,
    nesterov=partial(with_momentum, nesterov=True),
    adagrad=partial(Adagrad, 0.001),
    rmsprop=partial(RMSprop, 0.001, rho=0.9),
    adam=partial(Adam, 0.001),
    adamax=partial(Adamax, 0.001, beta_1=0.9, beta_2=0.999),
    nadam=partial(Nadam, 0.001, beta_1=0.9, beta_2=0.999),
    clipvalue=partial(clipped, clipvalue=1),
    clipnorm=partial(clipped, clipnorm=1),
)


def make_optimizer(name):
    build = TABLE.get(name)
    if build is None:
        raise ValueError(f"{name} is not in {sorted(TABLE)}")
    return build()


def make_early_stopping(patience=2):
    return EarlyStopping(patience=patience, restore_best_weights=True, monitor="val_loss", mode="auto")


def make_checkpoint(path):
    return ModelCheckpoint(str(path), save_best_only=True, initial_value_threshold=np.inf)


class BestEpoch(Callback):
    def __init__(self):
        super().__init__()
        self.best_epoch = -1
        self.best_value = np.float64("inf")

    def on_train_begin(self, logs=None):
        self.best_epoch = -1
        self.best_value = np.float64("inf")
        self.candidates = []

    def on_epoch_end(self, epoch, logs=None):
        loss = np.nan if logs is None else logs.get("val_loss", np.nan)
        self.candidates.append(loss)

    def on_train_end(self, logs=None):
        losses = np.array(self.candidates, dtype=float)
        if np.isfinite(losses).any():
            self.best_epoch = np.nanargmin(losses)
            self.best_value = losses[self.best_epoch]


def exponential_scheduler(lr0, s):
    def rate(epoch, lr):
        return float(lr0) if epoch == 0 else lr * 0.1 ** (1 / s)

    return LearningRateScheduler(rate)


def plateau():
    return ReduceLROnPlateau(factor=0.5, patience=5, min_delta=1e-4, cooldown=0, min_lr=0)


def get_run_logdir(root, now):
    return os.path.join(root, time.strftime("run_%Y_%m_%d-", now) + time.strftime("%H_%M_%S", now))
