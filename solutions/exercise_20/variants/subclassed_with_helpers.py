"""A right answer in another style: a subclassed model, helper functions, a dataclass and pandas."""

from __future__ import annotations

# %% Given
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]

# %% Helpers
from dataclasses import dataclass  # noqa: E402
from pathlib import Path  # noqa: E402

import pandas as pd  # noqa: E402

BEST = Path("best.keras")


@dataclass(frozen=True)
class Part:
    """The rows `start` to `stop` of the shuffled set."""

    start: int
    stop: int

    def images(self) -> np.ndarray:
        return np.divide(X[self.start : self.stop], 16, dtype=np.float32)

    def labels(self) -> np.ndarray:
        return y[self.start : self.stop].copy()


@keras.saving.register_keras_serializable(package="exercise_20")
class DigitClassifier(keras.Model):
    """64 hidden units, dropout, ten probabilities."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.flatten = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(64, "relu")
        self.dropout = keras.layers.Dropout(0.3)
        self.classes = keras.layers.Dense(10, "softmax")

    def call(self, inputs, training=False):
        return self.classes(self.dropout(self.hidden(self.flatten(inputs)), training=training))


def diagnose(log: pd.DataFrame, chance: float, gap: float = 0.1) -> str:
    first, last, best = log.iloc[0], log.iloc[-1], log.loc[log["val_loss"].idxmin()]
    rules = {
        "diverged": not np.isfinite(last["loss"]) or last["loss"] > 2 * first["loss"],
        "underfit": last["loss"] > 0.8 * chance,
        "overfit": last["val_loss"] > (1 + gap) * best["val_loss"] and last["loss"] < best["loss"],
        "good": True,
    }
    return next(name for name, holds in rules.items() if holds)


# %% A. Data
train, val, test = Part(0, 1000), Part(1000, 1400), Part(1400, 1797)
x_train, y_train = train.images(), train.labels()
x_val, y_val = val.images(), val.labels()
x_test, y_test = test.images(), test.labels()

# %% B. Model
model = DigitClassifier()
model(x_train[:1])  # the first call creates the weights
model.compile(
    keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": 0.01}}),
    keras.losses.get("sparse_categorical_crossentropy"),
    metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
)

# %% C. Training
checkpoint_cb = keras.callbacks.ModelCheckpoint(BEST, monitor="val_loss", mode="min", save_best_only=True)
early_stopping_cb = keras.callbacks.EarlyStopping("val_loss", 0, 3, mode="min", restore_best_weights=True)
history = model.fit(
    x=x_train,
    y=y_train,
    batch_size=32,
    epochs=40,
    validation_data=(x_val, y_val),
    validation_batch_size=200,
    callbacks=(checkpoint_cb, early_stopping_cb),
    verbose=0,
)

# %% D. Reading the history
log = pd.DataFrame(history.history)
n_epochs = len(log)
best_epoch = log["val_loss"].idxmin()  # a NumPy integer
stopped_epoch = early_stopping_cb.stopped_epoch
verdict = diagnose(log, chance=np.log(10))

# %% E. Test
test_loss, test_acc = map(np.float32, model.evaluate(x_test, y_test, batch_size=397, verbose=0))
y_proba = np.asarray(model(x_test, training=False))
y_pred = keras.ops.convert_to_numpy(keras.ops.argmax(y_proba, axis=-1))
wrong = pd.Series(y_pred != y_test).pipe(lambda missed: missed[missed].index.to_numpy())

# %% F. Reload
reloaded = keras.models.load_model(BEST)
reloaded_acc = reloaded.evaluate(x_test, y_test, return_dict=True, verbose=0)["accuracy"]
