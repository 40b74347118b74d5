"""tf.keras and an if chain; BestEpoch writes the losses down and looks for the lowest when training ends."""

import os
from datetime import datetime

import numpy as np
import tensorflow as tf


def make_optimizer(name):
    if name == "momentum":
        return tf.keras.optimizers.SGD(0.001, 0.9)
    if name == "nesterov":
        return tf.keras.optimizers.SGD(0.001, 0.9, True)
    if name == "adagrad":
        return tf.keras.optimizers.Adagrad(0.001)
    if name == "rmsprop":
        return tf.keras.optimizers.RMSprop(0.001, 0.9)
    if name == "adam":
        return tf.keras.optimizers.Adam(0.001, 0.9, 0.999)
    if name == "adamax":
        return tf.keras.optimizers.Adamax(0.001)
    if name == "nadam":
        return tf.keras.optimizers.Nadam(0.001)
    if name == "clipvalue":
        return tf.keras.optimizers.SGD(0.01, clipvalue=1.0)
    if name == "clipnorm":
        return tf.keras.optimizers.SGD(0.01, clipnorm=1.0)
    raise ValueError("unknown optimizer: " + name)


def make_early_stopping(patience=2):
    return tf.keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)


def make_checkpoint(path):
    return tf.keras.callbacks.ModelCheckpoint(filepath=path, save_best_only=True)


class BestEpoch(tf.keras.callbacks.Callback):
    best_epoch = -1
    best_value = np.inf

    def on_train_begin(self, logs=None):
        self.epochs, self.losses = [], []
        self.best_epoch, self.best_value = -1, np.inf

    def on_epoch_end(self, epoch, logs=None):
        if logs and "val_loss" in logs:
            self.epochs.append(epoch)
            self.losses.append(logs["val_loss"])

    def on_train_end(self, logs=None):
        if self.losses:
            best = int(np.argmin(self.losses))
            self.best_epoch, self.best_value = self.epochs[best], self.losses[best]


def exponential_scheduler(lr0, s):
    return tf.keras.callbacks.LearningRateScheduler(lambda epoch: lr0 * np.power(0.1, epoch / s))


def plateau():
    return tf.keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=5)


def get_run_logdir(root, now):
    return os.path.join(root, datetime(*now[:6]).strftime("run_%Y_%m_%d-%H_%M_%S"))
