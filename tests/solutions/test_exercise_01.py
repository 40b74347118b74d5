"""exercise_01 against Keras (layers, `fit`), SciPy and scikit-learn."""

import keras
import numpy as np
import pytest
from scipy import ndimage
from sklearn.preprocessing import OneHotEncoder

from tests.solutions import load_solution

ours = load_solution("exercise_01")

RNG = np.random.default_rng(1)
IMAGES = RNG.integers(0, 256, (4, 3, 5)).astype("uint8")


class Watching(keras.Model):
    """Learns nothing and keeps the rows that it is given to validate on."""

    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)
        self.seen = []

    def call(self, x):
        return self.dense(x)

    def test_step(self, data):
        self.seen.append([np.asarray(part) for part in data])
        return {"loss": 0.0}


class CountSteps(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.count = 0

    def on_train_batch_end(self, batch, logs=None):
        self.count += 1


def test_flatten_is_that_of_keras():
    np.testing.assert_array_equal(ours.flatten_images(IMAGES), np.asarray(keras.layers.Flatten(dtype="uint8")(IMAGES)))
    assert ours.flatten_images(np.zeros((6, 28, 28), "uint8")).shape == (6, 784)


def test_scaled_pixels_are_those_of_the_rescaling_layer():
    np.testing.assert_allclose(ours.scale_pixels(IMAGES), np.asarray(keras.layers.Rescaling(1 / 255)(IMAGES)), rtol=1e-6)


@pytest.mark.parametrize("num_classes", [7, 10])
def test_one_hot_is_that_of_keras_and_scikit_learn(num_classes):
    y = RNG.integers(0, 7, 20)
    result = ours.one_hot(y, num_classes)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, keras.utils.to_categorical(y, num_classes))
    encoder = OneHotEncoder(categories=[range(num_classes)], sparse_output=False)
    np.testing.assert_array_equal(result, encoder.fit_transform(y[:, np.newaxis]))


@pytest.mark.parametrize(("n", "fraction", "batch_size"), [(10, 0.2, 3), (25, 0.3, 4), (7, 0.3, 32), (33, 0.5, 16)])
def test_split_and_steps_are_those_of_fit(n, fraction, batch_size):
    x, y = RNG.normal(size=(n, 2)).astype("float32"), RNG.normal(size=(n, 1)).astype("float32")
    model, steps = Watching(), CountSteps()
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    model.fit(x, y, validation_split=fraction, batch_size=batch_size, verbose=0, callbacks=[steps])
    x_train, y_train, x_val, y_val = ours.split_tail(x, y, fraction)
    for column, part in enumerate((x_val, y_val)):
        np.testing.assert_array_equal(np.concatenate([batch[column] for batch in model.seen]), part)
    assert len(x_train) == len(y_train) == n - len(x_val)
    assert steps.count == ours.steps_per_epoch(len(x_train), batch_size)


def test_steps_that_the_lectures_print():
    printed = {(55000, 32): 1719, (10000, 32): 313, (11610, 32): 363, (5160, 32): 162, (160, 32): 5, (40, 32): 2,
               (48000, 64): 750}
    assert {case: ours.steps_per_epoch(*case) for case in printed} == printed


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(("dy", "dx"), [(0, 0), (1, 0), (0, -2), (-2, 4), (2, -3)])
def test_moved_pictures_are_those_of_scipy(flip, dy, dx):
    source = np.asarray(keras.ops.flip(IMAGES, axis=2)) if flip else IMAGES
    np.testing.assert_array_equal(ours.augment(IMAGES, flip, dy, dx), ndimage.shift(source, (0, dy, dx), order=0))


def test_flipping_twice_and_moving_back():
    np.testing.assert_array_equal(ours.augment(ours.augment(IMAGES, True), True), IMAGES)
    back = ours.augment(ours.augment(IMAGES, dy=1, dx=-2), dy=-1, dx=2)
    np.testing.assert_array_equal(back[:, :-1, 2:], IMAGES[:, :-1, 2:])
