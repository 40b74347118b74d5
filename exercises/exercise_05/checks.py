"""exercise_05 - Counting parameters."""

from grader.authoring import arguments, check, function, integer, made

FLATTEN, ACTIVATION, NORM = {"type": "Flatten"}, {"type": "Activation"}, {"type": "BatchNormalization"}
WITHOUT_NORM = ("Flatten", "Dense", "Dropout", "Activation")
TYPES = (*WITHOUT_NORM, "BatchNormalization")


def dense(units, **options):
    return {"type": "Dense", "units": units, **options}


def dropout(rate):
    return {"type": "Dropout", "rate": rate}


def some_shape(rng, axes=(1, 2, 3), high=41):
    return tuple(int(size) for size in rng.integers(2, high, rng.choice(axes)))


def some_layer(rng, kinds=TYPES):
    kind = rng.choice(kinds)
    if kind == "Dense":
        options = [{}, {"use_bias": False}, {"use_bias": True}]
        return dense(int(rng.integers(1, 51)), **options[rng.integers(3)])
    if kind == "Dropout":
        return dropout(float(rng.choice([0.1, 0.25, 0.3, 0.4])))
    return {"type": str(kind)}


def some_stack(rng, shape):
    """One to five layers, flattened before the first Dense: Dense on more axes is a check of its own."""
    layers = [some_layer(rng) for _ in range(rng.integers(1, 6))]
    first = next((k for k, layer in enumerate(layers) if layer["type"] == "Dense"), len(layers))
    return layers if len(shape) == 1 else [*layers[:first], dict(FLATTEN), *layers[first:]]


def bad_shapes(name):
    """A dimension of 0 or -1, first, last or only."""
    shapes = [(0,), (-1,), (0, 3), (3, 0), (4, -2, 5)]
    return {f"{name} {shape}": lambda context, shape=shape: shape for shape in shapes}


def with_layer(shape, layer):
    return lambda given: {"input_shape": shape, "layer": dict(layer)}


def with_layers(shape, *layers):
    return lambda given: {"input_shape": shape, "layers": [dict(layer) for layer in layers]}


BAD_LAYERS = {
    "units 0": dense(0), "units -3": dense(-3), "units 0 without bias": dense(0, use_bias=False),
    "rate -0.1": dropout(-0.1), "rate -0.001": dropout(-0.001), "rate 1.001": dropout(1.001),
    "rate 2": dropout(2),
    "Conv2D": {"type": "Conv2D", "units": 3}, "LSTM": {"type": "LSTM", "units": 3},
    "MaxPooling2D": {"type": "MaxPooling2D"},
}
LEGAL_LAYERS = {"units 1": dense(1), "rate 0": dropout(0), "rate 1": dropout(1), "rate 0.0": dropout(0.0),
                "rate 1.0": dropout(1.0)}

layer_params = function(
    "layer_params",
    arguments(input_shape=made(lambda context: some_shape(context.rng), refuse=bad_shapes("input_shape")),
              layer=made(lambda context: some_layer(context.rng, WITHOUT_NORM))),
    returns="int", home="single_layers", errors="bad_input", dtype="python_ints", unchanged="single_layers",
    refuse={f"layer {label}": with_layer((6,), layer) for label, layer in BAD_LAYERS.items()}
    | {f"{layer['type']} on {shape}": with_layer(shape, layer)
       for layer in (FLATTEN, dense(3), dropout(0.3), ACTIVATION, NORM) for shape in ((0, 3), (5, -1))},
    accept={f"layer {label}": with_layer((6,), layer) for label, layer in LEGAL_LAYERS.items()}
    | {f"{layer['type']} on (1,)": with_layer((1,), layer) for layer in (FLATTEN, dense(3), ACTIVATION)},
    owners={"border": "single_layers"})

count_model = function(
    "count_model",
    arguments(input_shape=made(lambda context: some_shape(context.rng)),
              layers=made(lambda context: some_stack(context.rng, context.drawn["input_shape"]))),
    returns="int", home="random_stacks", errors="bad_input", dtype="python_ints", unchanged="single_layers",
    refuse={f"second {label}": with_layers((6,), dense(4), layer) for label, layer in BAD_LAYERS.items()}
    | {f"input_shape {shape}": with_layers(shape, FLATTEN, dense(3)) for shape in ((0,), (-2, 3), (3, 0))},
    accept={"no layers": lambda given: {"layers": []}}, owners={"border": "random_stacks"})

wide_and_deep = function(
    "wide_and_deep", arguments(n_features=integer(low=1, refuse=True, typical=(2, 40)),
                               n_hidden=integer(low=1, refuse=True, typical=(2, 60))),
    returns="int", home="wide_and_deep", errors="bad_input", dtype="python_ints",
    owners={"border": "wide_and_deep"})

batches = function(
    "batches", arguments(n_samples=integer(low=1, refuse=True, typical=(50, 900)),
                         batch_size=integer(low=1, refuse=True, typical=(3, 40)),
                         epochs=integer(low=1, refuse=True, typical=(2, 30))),
    returns="int", home="updates_in_a_fit", errors="bad_input", dtype="python_ints",
    owners={"border": "updates_in_a_fit"})


@check
def lecture_models(student):
    hidden_100 = [FLATTEN, dense(100), dense(10)]
    student.count_model((28, 28), hidden_100)                                        # 79,510 (000)
    student.count_model((28, 28), [FLATTEN, dense(100), dropout(0.3), dense(10)])    # 79,510 (000, 002)
    student.count_model((28, 28), [FLATTEN, dense(300), dense(100), dense(10)])      # 266,610 (001)
    student.count_model((784,), [dense(128), dense(64), dense(10)])                  # 109,386 (003)
    student.count_model((784,), [dense(128), dense(64), dropout(0.5), dense(10)])    # the same (003)
    student.count_model((1,), [dense(1)])                                            # 2 (004)
    student.count_model((8,), [dense(30), dense(30), dense(1)])                      # 1,231 (001)
    for n_hidden, n_neurons in ((0, 30), (1, 30), (3, 74)):                          # 9, 301, 11,841 (001)
        student.count_model((8,), [dense(n_neurons)] * n_hidden + [dense(1)])
    for layer in hidden_100:                                                         # and line by line
        student.layer_params((28, 28) if layer is FLATTEN else (784,), layer)


@check
def python_ints(student):
    """Types of all calls are counted here; the calls themselves are those of `lecture_models` again."""
    student.count_model((28, 28), [FLATTEN, dense(100), dropout(0.3), dense(10), ACTIVATION])
    student.layer_params((28, 28), FLATTEN)
    student.layer_params((784,), dense(100))


@check
def random_stacks(student, draw):
    for _ in range(20):
        shape = some_shape(draw.rng)
        student.count_model(shape, some_stack(draw.rng, shape))
    for middle in (dropout(0.3), ACTIVATION, NORM, FLATTEN, dense(7, use_bias=False),
                   dense(7, use_bias=True)):
        units = int(draw.rng.integers(2, 50))
        student.count_model(some_shape(draw.rng, axes=(1,)), [dense(units), middle, dense(4)])
    student.count_model(some_shape(draw.rng), [])


@check
def single_layers(student, draw):
    denses = [dense(10), dense(10, use_bias=False), dense(10, use_bias=True), dense(1)]
    for shape in ((28, 28), (3, 4, 5), (17,)):
        for layer in (*denses, FLATTEN, dropout(0.3), ACTIVATION):
            student.layer_params(shape, layer)
    for axes in (1, 2, 3):
        for kind in WITHOUT_NORM:
            student.layer_params(some_shape(draw.rng, axes=(axes,)), some_layer(draw.rng, (kind,)))
    student.count_model((28, 28), [dense(10), FLATTEN, dense(3)])
    student.count_model(some_shape(draw.rng, axes=(3,)), [dense(6), dropout(0.4), dense(5, use_bias=False)])


@check
def batch_normalization(student, draw):
    for shape in ((784,), (7, 5), (3, 4, 6), (1,), some_shape(draw.rng), some_shape(draw.rng)):
        student.layer_params(shape, NORM)
    student.count_model((28, 28), [FLATTEN, NORM, dense(300, use_bias=False), NORM, ACTIVATION, dense(10)])
    units = int(draw.rng.integers(2, 50))
    student.count_model(some_shape(draw.rng, axes=(1,)), [NORM, dense(units), NORM])


@check("wide_and_deep")
def wide_and_deep_models(student, draw):
    student.wide_and_deep(8, 30)                                                     # 1,239 (001)
    for _ in range(10):
        student.wide_and_deep(int(draw.rng.integers(1, 60)), int(draw.rng.integers(1, 90)))


@check
def updates_in_a_fit(student):
    student.batches(55000, 32, 30)                                                   # 1719 an epoch (001)
    student.batches(160, 32, 40)                                                     # 5 an epoch (004)
    for numbers in ((48000, 64, 20), (10000, 32, 1), (11610, 32, 20), (100, 7, 3), (5, 32, 4), (32, 32, 2)):
        student.batches(*numbers)
