"""exercise_01 - Preparing image data."""

import numpy as np

from grader.authoring import any_of, arguments, check, function, integer, labels, made

PIXELS = ("uint8", "int64", "float32", "float64", "int16")
INTEGERS = ("int64", "uint8", "int32", "uint16", "int8")


def pictures(rng, shape, dtype="uint8", high=200):
    """Pixels without a 255 among them; with fractions where the dtype has any."""
    if np.dtype(dtype).kind == "f":
        return (rng.uniform(0, high, shape)).round(2).astype(dtype)
    return rng.integers(0, min(high, np.iinfo(dtype).max) + 1, shape).astype(dtype)


def stack(context):
    """Pictures (n, h, w) of some dtype."""
    shape = tuple(context.dims[name] for name in ("n", "h", "w"))
    return pictures(context.rng, shape, str(context.rng.choice(PIXELS)))


def with_pixel(value, dtype):
    """One pixel that is wrong, or just right, among many."""
    def make(context):
        x = pictures(context.rng, (2, 3, 5), dtype)
        x[1, 2, int(context.rng.integers(5))] = value
        return x
    return make


def full_of(value, dtype):
    return lambda context: np.full((2, 3), value, dtype=dtype)


SIZES = {"n": (4, 1, 3), "h": (3, 5, 2), "w": (5, 2, 4)}

flatten_images = function(
    "flatten_images",
    arguments(x=made(stack, refuse={
        f"shape {shape}": lambda context, shape=shape: pictures(context.rng, shape)
        for shape in ((3, 5), (2, 3, 4, 1), (2, 3, 4, 5), (12,), ())})),
    sizes=SIZES, returns="array", errors="bad_input")

scale_pixels = function(
    "scale_pixels",
    arguments(x=made(
        stack,
        refuse={f"pixel {value} ({dtype})": with_pixel(value, dtype)
                for value, dtype in ((-1, "int64"), (-1, "int8"), (256, "int64"), (256, "uint16"), (300, "int16"),
                                     (-0.001, "float64"), (-0.5, "float32"), (255.001, "float64"),
                                     (255.5, "float32"))},
        accept={f"pixel {value} ({dtype})": with_pixel(value, dtype)
                for value, dtype in ((255, "uint8"), (255, "int64"), (255.0, "float32"), (127.5, "float64"))}
        | {f"all {value}": full_of(value, "uint8") for value in (0, 255)}
        | {"all 0.0": full_of(0.0, "float64")})),
    sizes=SIZES, returns="array", errors="bad_input")

one_hot = function(
    "one_hot",
    arguments(y=labels(("n",), refuse=True), num_classes=made(lambda context: context.dims["K"])),
    sizes={"n": (5, 1, 8), "K": (10, 4, 3)}, returns="array", errors="bad_input",
    refuse={f"labels of dtype {dtype}": lambda given, dtype=dtype: {"y": given["y"].astype(dtype)}
            for dtype in ("float64", "float32", "bool")}
    | {"label K (uint8)": lambda given: {"y": np.array([0, given["num_classes"]], dtype="uint8")},
       "label 255 (uint8)": lambda given: {"y": np.array([255, 0], dtype="uint8")},
       "label -1 (int8)": lambda given: {"y": np.array([-1, 0], dtype="int8")},
       "label -K": lambda given: {"y": np.array([1, -given["num_classes"]])},
       "one class, label 1": lambda given: {"y": np.array([0, 1]), "num_classes": 1}},
    accept={"one class": lambda given: {"y": np.zeros(3, int), "num_classes": 1}})


def fraction(context):
    """Such that n * (1 - fraction) is far from a whole number: rounding of 1 - fraction must not decide."""
    n = len(context.drawn["x"])
    for _ in range(1000):
        value = round(float(context.rng.uniform(0.1, 0.9)), 3)
        if 0.02 < n * (1 - value) % 1 < 0.98:
            return value
    raise ValueError("no fraction found")


def rows(context):
    shape = ((context.dims["n"],), (context.dims["n"], 4), (context.dims["n"], 2, 3))[int(context.rng.integers(3))]
    return pictures(context.rng, shape, str(context.rng.choice(PIXELS)))


split_tail = function(
    "split_tail",
    arguments(x=made(rows), y=made(lambda context: pictures(context.rng, (context.dims["n"],), "uint8", high=9)),
              fraction=made(fraction,
                            refuse={f"fraction {value}": lambda context, value=value: value
                                    for value in (0.0, 1.0, -0.2, 1.2, 0, 1)},
                            accept={f"fraction {value}": lambda context, value=value: value
                                    for value in (1e-4, 0.9999)})),
    sizes={"n": (10, 7, 25)}, returns="array", errors="bad_input",
    refuse={"a label more": lambda given: {"y": np.concatenate([given["y"], given["y"][:1]])},
            "a label less": lambda given: {"y": given["y"][1:]},
            "one label": lambda given: {"y": given["y"][:1]},
            "labels as a row": lambda given: {"y": given["y"][np.newaxis]}})

steps_per_epoch = function(
    "steps_per_epoch", arguments(n=integer(low=1, typical=(40, 900), refuse=True),
                                 batch_size=integer(low=1, typical=(3, 39), refuse=True)),
    returns="int", errors="bad_input")


def shift(axis):
    """A move that leaves a part of the picture, by 1 at least."""
    def make(context):
        size = context.drawn["x"].shape[axis]
        return int(context.rng.integers(1, size)) * int(context.rng.choice([-1, 1]))
    return make


augment = function(
    "augment", arguments(x=made(stack), flip=any_of(True, default=False), dy=made(shift(1), default=0),
                         dx=made(shift(2), default=0)),
    sizes=SIZES, returns="array")


@check("flatten_images")
def flattened(student, draw):
    for dtype in (*PIXELS, "bool"):
        for shape in ((4, 3, 5), (1, 3, 5), (2, 5, 1)):
            x = pictures(draw.rng, shape, "uint8" if dtype == "bool" else dtype)
            student.flatten_images(x > 100 if dtype == "bool" else x)
    student.flatten_images(pictures(draw.rng, (2, 28, 28)))
    student.flatten_images(draw.reals(2, 3, 4))              # not only pixels: any numbers


@check("scale_pixels")
def scaled(student, draw):
    for dtype in PIXELS:
        for shape in ((2, 3, 5), (1, 2, 3), (4,), (2, 3, 4, 2)):
            student.scale_pixels(pictures(draw.rng, shape, dtype))
        student.scale_pixels(pictures(draw.rng, (2, 3), dtype) // 7)   # a dark picture
    student.scale_pixels(np.array([[0, 255, 1, 254, 128]], dtype="uint8"))
    student.scale_pixels(np.zeros((2, 2, 2), dtype="uint8"))
    for dtype in PIXELS:                                     # small pixels are no scaled ones
        student.scale_pixels(np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype))
    student.scale_pixels(np.array(51.0))


@check("one_hot")
def encoded(student, draw):
    for dtype in INTEGERS:
        y = draw.rng.integers(0, 9, 6).astype(dtype)         # class 9 is absent
        student.one_hot(y, 10)
        student.one_hot(y[:1], 10)
    student.one_hot(np.array([9, 2, 1], dtype="uint8"), 10)  # the labels of lecture 001
    student.one_hot(np.array([200, 3, 255], dtype="uint8"), 300)
    student.one_hot(np.arange(4), 4)


@check("split_tail")
def split(student, draw):
    for n, part in ((10, 0.2), (25, 0.2), (100, 0.2), (10, 0.5), (25, 0.5), (100, 0.5), (10, 0.25), (9, 0.75),
                    (7, 0.3), (1, 0.5), (2, 0.9)):           # the last two leave nothing to train on
        x = pictures(draw.rng, (n, 2, 3), "float32")
        student.split_tail(x, draw.rng.integers(0, 10, n).astype("uint8"), part)
    student.split_tail(np.arange(20), np.eye(20)[::-1], 0.2)


@check("steps_per_epoch")
def steps(student):
    for n, batch_size in ((55000, 32), (10000, 32), (11610, 32), (5160, 32), (160, 32), (40, 32), (48000, 64),
                          (1, 32), (32, 32), (33, 32), (31, 32), (7, 1)):
        student.steps_per_epoch(n, batch_size)


@check("augment")
def augmented(student, draw):
    x = pictures(draw.rng, (3, 4, 6), "uint8") + 1
    student.augment(x, True)
    for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1), (2, -3), (-3, 2), (3, 5), (-3, -5)):
        for flip in (False, True):
            student.augment(x, flip, dy, dx)
    student.augment(x)
    for dtype in PIXELS:
        student.augment(pictures(draw.rng, (2, 3, 4), dtype) + 1, True, 1, -2)
    student.augment(draw.reals(2, 3, 4), False, -1, 1)
