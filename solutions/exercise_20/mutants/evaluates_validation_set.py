"""Planted mistake: evaluates on the validation set."""

# %% Given
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]  # (1797, 8, 8) uint8 with values 0..16, (1797,) int64

# %% A. Data: three parts without overlap, pixels between 0 and 1
scaled = X.astype("float32") / 16  # these pixels go up to 16, not to 255

x_train, y_train = scaled[:1000], y[:1000]
x_val, y_val = scaled[1000:1400], y[1000:1400]
x_test, y_test = scaled[1400:], y[1400:]

# %% B. Model
model = keras.Sequential(
    [
        keras.layers.Input((8, 8)),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.01),
    loss="sparse_categorical_crossentropy",  # the labels are integers, not one-hot rows
    metrics=["accuracy"],
)

# %% C. Training: stop when the validation loss has not improved three times in a row
early_stopping_cb = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
checkpoint_cb = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True)

history = model.fit(
    x_train,
    y_train,
    epochs=40,
    batch_size=32,
    validation_data=(x_val, y_val),  # the test set stays unseen until part E
    callbacks=[early_stopping_cb, checkpoint_cb],
    verbose=0,
)


# %% D. Reading the history: epochs are counted from 0
def diagnose(loss, val_loss, chance, gap=0.1):
    """Name what a learning curve shows; the first rule that holds wins."""
    best = int(np.argmin(val_loss))
    if not np.isfinite(loss[-1]) or loss[-1] > 2 * loss[0]:
        return "diverged"
    if loss[-1] > 0.8 * chance:
        return "underfit"
    if val_loss[-1] > (1 + gap) * val_loss[best] and loss[-1] < loss[best]:
        return "overfit"
    return "good"


n_epochs = len(history.history["loss"])
best_epoch = int(np.argmin(history.history["val_loss"]))
stopped_epoch = early_stopping_cb.stopped_epoch  # stays 0 if the epochs simply ran out
verdict = diagnose(history.history["loss"], history.history["val_loss"], chance=np.log(10))

# %% E. Test
test_loss, test_acc = model.evaluate(x_val, y_val, verbose=0)
y_proba = model.predict(x_test, verbose=0)  # predict switches dropout off by itself
y_pred = np.argmax(y_proba, axis=-1)  # one class a row
wrong = np.flatnonzero(y_pred != y_test)

# %% F. Reload: the file holds the best epoch, and so does the model that was restored
reloaded = keras.models.load_model("best.keras")
_, reloaded_acc = reloaded.evaluate(x_test, y_test, verbose=0)
