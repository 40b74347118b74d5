"""A right answer in another style: functional model, tf.data pipelines, objects instead of strings."""

# %% Given
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]

# %% A. Data
import tensorflow as tf  # noqa: E402

images = np.asarray(X / np.float32(16), dtype=np.float32)
x_train, x_val, x_test = np.split(images, [1000, 1400])
y_train, y_val, y_test = np.split(y, [1000, 1400])

# %% B. Model
pixels = keras.Input(shape=(8, 8))
hidden = keras.layers.Dense(64)(keras.layers.Reshape((64,))(pixels))
hidden = keras.layers.Activation(keras.activations.relu)(hidden)
hidden = keras.layers.Dropout(rate=0.3)(hidden)
classes = keras.layers.Softmax()(keras.layers.Dense(10)(hidden))
model = keras.Model(inputs=pixels, outputs=classes)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)

# %% C. Training
train_set = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1000, seed=1).batch(32).prefetch(1)
val_set = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(100)

checkpoint_cb = keras.callbacks.ModelCheckpoint(filepath="./best.keras", save_best_only=True, mode="min")
early_stopping_cb = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True, mode="min")
history = model.fit(
    train_set, validation_data=val_set, epochs=40, verbose=0, callbacks=[checkpoint_cb, early_stopping_cb]
)

# %% D. Reading the history
n_epochs = history.epoch[-1] + 1
best_epoch = early_stopping_cb.best_epoch
stopped_epoch = early_stopping_cb.stopped_epoch

loss, val_loss = np.array(history.history["loss"]), np.array(history.history["val_loss"])
chance = -np.log(0.1)
verdict = (
    "diverged"
    if not np.isfinite(loss[-1]) or loss[-1] > 2 * loss[0]
    else "underfit"
    if loss[-1] > 0.8 * chance
    else "overfit"
    if val_loss[-1] > 1.1 * val_loss.min() and loss[-1] < loss[val_loss.argmin()]
    else "good"
)

# %% E. Test
test_set = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(64)
result = model.evaluate(test_set, return_dict=True, verbose=0)
test_loss, test_acc = result["loss"], result["sparse_categorical_accuracy"]
y_proba = model.predict(test_set, verbose=0)
y_pred = y_proba.argmax(axis=1).astype(np.int32)
(wrong,) = np.where(y_pred != y_test)

# %% F. Reload
reloaded = keras.saving.load_model("best.keras")
reloaded_acc = float(np.mean(reloaded.predict(test_set, verbose=0).argmax(axis=1) == y_test))
