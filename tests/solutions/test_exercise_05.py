"""exercise_05 against models that Keras builds, summarises and trains, and the tables that the lectures print."""

import keras
import numpy as np
import pytest

from tests.solutions import load_solution

solution = load_solution("exercise_05")
FLATTEN, ACTIVATION, NORM = {"type": "Flatten"}, {"type": "Activation"}, {"type": "BatchNormalization"}


def dense(units, **options):
    return {"type": "Dense", "units": units, **options}


def dropout(rate):
    return {"type": "Dropout", "rate": rate}


def layer_of_keras(layer):
    options = {name: value for name, value in layer.items() if name != "type"}
    if layer["type"] == "Activation":
        options["activation"] = "relu"
    return getattr(keras.layers, layer["type"])(**options)


def model_of_keras(input_shape, layers):
    return keras.Sequential([keras.layers.Input(input_shape), *map(layer_of_keras, layers)])


def size(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def counted_by_keras(input_shape, layers):
    model = model_of_keras(input_shape, layers)
    return {
        "rows": [(layer.output.shape[1:], layer.count_params()) for layer in model.layers],
        "total": model.count_params(),
        "trainable": size(model.trainable_weights),
        "non_trainable": size(model.non_trainable_weights),
    }


def random_stack(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(1, 30, rng.integers(1, 4)))
    makers = [lambda: FLATTEN, lambda: ACTIVATION, lambda: NORM, lambda: dropout(float(rng.uniform())),
              lambda: dense(int(rng.integers(1, 50))), lambda: dense(int(rng.integers(1, 50)), use_bias=False)]
    return shape, [makers[k]() for k in rng.integers(0, len(makers), rng.integers(1, 7))]


@pytest.mark.parametrize("shape", [(784,), (28, 28), (3, 4, 5), (1,)])
@pytest.mark.parametrize("layer", [FLATTEN, ACTIVATION, NORM, dropout(0.3), dropout(0), dropout(1), dense(1),
                                   dense(10), dense(10, use_bias=True), dense(10, use_bias=False)])
def test_single_layers_are_kerass(shape, layer):
    output_shape, trainable, non_trainable = solution.layer_params(shape, layer)
    theirs = layer_of_keras(layer)
    theirs.build((None, *shape))
    assert output_shape == theirs.compute_output_shape((None, *shape))[1:]
    assert (trainable, non_trainable) == (size(theirs.trainable_weights), size(theirs.non_trainable_weights))
    assert {type(number) for number in (*output_shape, trainable, non_trainable)} == {int}


@pytest.mark.parametrize("seed", range(12))
def test_random_stacks_are_counted_as_by_keras(seed):
    stack = random_stack(seed)
    assert solution.count_model(*stack) == counted_by_keras(*stack)


@pytest.mark.parametrize(("shape", "layers", "total"), [
    ((28, 28), [FLATTEN, dense(100), dense(10)], 79_510),
    ((28, 28), [FLATTEN, dense(100), dropout(0.3), dense(10)], 79_510),
    ((28, 28), [FLATTEN, dense(300), dense(100), dense(10)], 266_610),
    ((784,), [dense(128), dense(64), dense(10)], 109_386),
    ((8,), [dense(30), dense(30), dense(1)], 1_231),
    ((8,), [dense(74), dense(74), dense(74), dense(1)], 11_841),
    ((1,), [dense(1)], 2),
    ((8,), [], 0),
])
def test_models_of_the_lectures(shape, layers, total):
    counted = solution.count_model(shape, layers)
    assert counted["total"] == counted["trainable"] == total
    assert counted["non_trainable"] == 0
    if layers:
        assert counted == counted_by_keras(shape, layers)


def test_lines_of_the_summary(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")  # in a narrow terminal the last column is cut off
    shape, layers = (28, 28), [FLATTEN, dense(300), NORM, dense(100, use_bias=False), dropout(0.2), dense(10)]
    lines = []
    model_of_keras(shape, layers).summary(print_fn=lambda text, line_break=False: lines.append(text))
    text = "\n".join(lines)
    counted = solution.count_model(shape, layers)
    assert counted["rows"][1] == ((300,), 235_500)
    for output_shape, params in counted["rows"]:
        assert any(str((None, *output_shape)) in line and f" {params:,} " in line for line in text.splitlines())
    for title, number in [("Total", "total"), ("Trainable", "trainable"), ("Non-trainable", "non_trainable")]:
        assert f" {title} params: {counted[number]:,} " in text


@pytest.mark.parametrize(("n_features", "n_hidden"), [(8, 30), (1, 1), (5, 1), (1, 7), (13, 64)])
def test_wide_and_deep_is_the_functional_model(n_features, n_hidden):
    wide = keras.layers.Input((n_features,))
    deep = keras.layers.Dense(n_hidden)(keras.layers.Dense(n_hidden)(wide))
    model = keras.Model(wide, keras.layers.Dense(1)(keras.layers.Concatenate()([wide, deep])))
    assert solution.wide_and_deep(n_features, n_hidden) == model.count_params()


@pytest.mark.parametrize(("n_samples", "batch_size", "epochs"), [(100, 7, 3), (5, 32, 4), (32, 32, 2), (33, 32, 2)])
def test_updates_are_counted_by_the_optimizer(n_samples, batch_size, epochs):
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    model.fit(np.zeros((n_samples, 1)), np.zeros(n_samples), batch_size=batch_size, epochs=epochs, verbose=0)
    assert solution.batches(n_samples, batch_size, epochs) == int(model.optimizer.iterations)


def test_numbers_of_the_lectures():
    assert solution.wide_and_deep(8, 30) == 1_239
    assert solution.batches(55_000, 32, 1) == 1_719
    assert solution.batches(160, 32, 40) == 5 * 40


@pytest.mark.parametrize("layer", [dense(0), dense(-3), dropout(-0.001), dropout(1.001), {"type": "Nonsense"}])
def test_layers_that_keras_refuses(layer):
    with pytest.raises(ValueError):
        solution.layer_params((6,), layer)
    with pytest.raises(ValueError):
        solution.count_model((6,), [dense(4), layer])
    with pytest.raises((ValueError, AttributeError)):
        layer_of_keras(layer)


@pytest.mark.parametrize("call", [
    lambda: solution.layer_params((0, 3), FLATTEN),
    lambda: solution.layer_params((5, -1), ACTIVATION),
    lambda: solution.wide_and_deep(0, 30),
    lambda: solution.wide_and_deep(8, 0),
    lambda: solution.batches(0, 32, 1),
    lambda: solution.batches(100, 0, 1),
    lambda: solution.batches(100, 32, 0),
])
def test_errors(call):
    with pytest.raises(ValueError):
        call()
