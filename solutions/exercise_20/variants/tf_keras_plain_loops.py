"""A right answer in another style: tf.keras as in the lectures, `add`, plain loops and lists."""

# %% Given
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]

# %% A. Data
from math import isfinite, log  # noqa: E402

import tensorflow as tf  # noqa: E402

x_all = (X / 16.0).astype(np.float32)
x_train = x_all[0:1000]
y_train = y[0:1000]
x_val = x_all[1000:-397]
y_val = y[1000:-397]
x_test = x_all[-397:]
y_test = y[-397:]

# %% B. Model
model = tf.keras.Sequential()
model.add(tf.keras.layers.Flatten(input_shape=(8, 8)))  # still works, with a warning
model.add(tf.keras.layers.Dense(64, activation="relu"))
model.add(tf.keras.layers.Dropout(0.3))
model.add(tf.keras.layers.Dense(10, activation="softmax"))
model.compile(loss=tf.keras.losses.sparse_categorical_crossentropy, optimizer="adam", metrics=["acc"])
model.optimizer.learning_rate = 0.01  # a rate may be set after compile
model.summary()

# %% C. Training
early_stopping_cb = tf.keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True, verbose=1)
checkpoint_cb = tf.keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True, verbose=0)
history = model.fit(
    x_train, y_train, 32, 40, 2, validation_data=(x_val, y_val), callbacks=[checkpoint_cb, early_stopping_cb]
)

# %% D. Reading the history
loss = history.history["loss"]
val_loss = history.history["val_loss"]
n_epochs = 0
best_epoch = 0
for value in val_loss:
    if value < val_loss[best_epoch]:
        best_epoch = n_epochs
    n_epochs += 1
stopped_epoch = n_epochs - 1 if n_epochs - 1 - best_epoch >= 3 else 0

verdict = "good"
if val_loss[-1] > (1 + 0.1) * min(val_loss) and loss[-1] < loss[best_epoch]:
    verdict = "overfit"
if loss[-1] > 0.8 * log(10):
    verdict = "underfit"
if not isfinite(loss[-1]) or loss[-1] > 2 * loss[0]:
    verdict = "diverged"

# %% E. Test
scores = model.evaluate(x_test, y_test)
test_loss = scores[0]
test_acc = scores[1]
y_proba = model.predict(x_test)
y_pred = []
for row in y_proba:
    y_pred.append(int(np.argmax(row)))
wrong = []
for i in range(len(y_test)):
    if y_pred[i] != y_test[i]:
        wrong.append(i)
print(len(wrong), "wrong of", len(y_test))

# %% F. Reload
reloaded = tf.keras.models.load_model("best.keras")
reloaded_acc = reloaded.evaluate(x_test, y_test)[1]
