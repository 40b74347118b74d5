"""A right answer in another style: index masks, names defined twice, more callbacks, sets, scikit-learn."""

# %% Given
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]

# %% A. Data
from sklearn.metrics import accuracy_score  # noqa: E402

rows = np.arange(len(X))
train_rows, val_rows, test_rows = rows < 1000, (rows >= 1000) & (rows < 1400), rows >= 1400
parts = (train_rows, val_rows, test_rows)
x_train, x_val, x_test = (X[part].astype(np.float32) * np.float32(1 / 16) for part in parts)
y_train, y_val, y_test = (y[part].astype("uint8") for part in parts)
print(x_train.shape, x_val.shape, x_test.shape, x_train.min(), x_train.max())


# %% B. Model: a first try with fewer units, then the one of the task
def build_model(n_hidden):
    net = keras.Sequential(name=f"digits_{n_hidden}")
    net.add(keras.Input((8, 8)))
    net.add(keras.layers.Flatten())
    net.add(keras.layers.Dense(n_hidden, activation=keras.activations.relu))
    net.add(keras.layers.Dropout(0.3, seed=7))
    net.add(keras.layers.Dense(10, activation="softmax", name="digit"))
    net.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-2, beta_1=0.9, beta_2=0.999),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=False),
        metrics=[keras.metrics.sparse_categorical_accuracy],
    )
    return net


model = build_model(16)
model.fit(x_train, y_train, epochs=1, validation_data=(x_val, y_val), verbose=0)  # only to see that it runs
model = build_model(64)
print(model.count_params())

# %% C. Training
early_stopping_cb = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
checkpoint_cb = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_loss", save_best_only=True)
callbacks = [keras.callbacks.TerminateOnNaN(), early_stopping_cb, checkpoint_cb]
history = model.fit(
    x_train, y_train, batch_size=32, epochs=40, validation_data=(x_val, y_val), callbacks=callbacks, verbose=0
)

# %% D. Reading the history
curves = {name: np.float64(values) for name, values in history.history.items()}
n_epochs = curves["loss"].size
best_epoch = min(range(n_epochs), key=curves["val_loss"].__getitem__)
stopped_epoch = early_stopping_cb.stopped_epoch


def diagnose(loss, val_loss, chance, gap):
    if np.isnan(loss[-1]) or np.isinf(loss[-1]) or loss[-1] / loss[0] > 2:
        return "diverged"
    if loss[-1] / chance > 0.8:
        return "underfit"
    rose = val_loss[-1] - min(val_loss) > gap * min(val_loss)
    learnt_on = loss[-1] - loss[list(val_loss).index(min(val_loss))] < 0
    return "overfit" if rose and learnt_on else "good"


verdict = diagnose(curves["loss"], curves["val_loss"], np.log(10), 0.1)

# %% E. Test
test_loss, test_acc = model.evaluate(x=x_test, y=y_test, batch_size=50, verbose=0)
y_proba = model.predict(x_test, batch_size=100, verbose=0)
y_pred = np.argmax(y_proba, 1)
wrong = sorted(set(range(len(y_test))) - set(np.nonzero(y_pred == y_test)[0].tolist()))

# %% F. Reload
reloaded = keras.models.load_model("best.keras", compile=False)
reloaded_acc = accuracy_score(y_test, reloaded.predict(x_test, verbose=0).argmax(axis=-1))
