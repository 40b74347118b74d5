"""exercise_19 - Controlling training: optimizers, schedules, EarlyStopping, ModelCheckpoint."""

from grader.authoring import any_of, arguments, check, function, integer, made, real

OPTIMIZERS = ("momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamax", "nadam", "clipvalue", "clipnorm")

# What the factories return stays in the kernel; observers take plain data from it.
make_optimizer = function(
    "make_optimizer", arguments(name=any_of(*OPTIMIZERS, refuse=["sgd", "adamw", "nestorov", ""])),
    returns="nothing", limit=4)
make_early_stopping = function(
    "make_early_stopping", arguments(patience=integer(low=1, typical=(1, 6), default=2)), returns="nothing", limit=2)
make_checkpoint = function(
    "make_checkpoint", arguments(path=made(lambda context: f"drawn_{context.rng.integers(1000)}.keras")),
    returns="nothing", limit=2)
exponential_scheduler = function(
    "exponential_scheduler", arguments(lr0=real(above=0, typical=(0.001, 0.5)), s=integer(low=1)),
    returns="nothing", limit=2)
plateau = function("plateau", arguments(), returns="nothing", limit=2)

SHORT = [0.5, 0.4, 0.45, 0.47, 0.3]
# The lectures' curves: 000 is best in epoch 5 and stops in 7, 002 is best in epoch 12 and stops in 14.
LECTURE_000 = [0.52, 0.44, 0.40, 0.37, 0.36, 0.34, 0.35, 0.36, 0.39, 0.41, 0.33, 0.42]
LECTURE_002 = [0.53, 0.42, 0.39, 0.40, 0.37, 0.36, 0.345, 0.35, 0.335, 0.33, 0.34, 0.325, 0.315, 0.32, 0.33, 0.34,
               0.31, 0.335, 0.34, 0.345]
CONSTANT = [0.7] * 8
RISING = [0.4, 0.45, 0.47, 0.5, 0.52, 0.53, 0.6]
SMALL_STEPS = [round(0.5 - 0.002 * epoch, 3) for epoch in range(9)]
OUT_OF_EPOCHS = [0.9, 0.7, 0.62, 0.5, 0.51, 0.55, 0.53]
SOME_MISSING = [0.9, None, 0.8, 0.85, None, 0.86, 0.7, 0.6, 0.65]

DATE_FIELDS = ((2000, 2040), (1, 13), (1, 29), (0, 24), (0, 60), (0, 60))


def drawn_losses(draw, length):
    """Generic losses in any order, at least 0.01 apart: Keras compares them in float32."""
    return [round(0.3 + 0.05 * float(k) + float(draw.rng.uniform(0, 0.04)), 3) for k in draw.rng.permutation(length)]


def drawn_curve(draw, length, lowest):
    """Generic losses with the lowest in epoch `lowest`."""
    losses = drawn_losses(draw, length)
    low = losses.index(min(losses))
    losses[low], losses[lowest] = losses[lowest], losses[low]
    return losses


def drawn_weights(draw, val_losses):
    """A weight for every epoch, so that the one that remains tells which epoch it is from."""
    return draw.reals(len(val_losses)).tolist()


@check
def optimizer_steps(student, draw, observe):
    sizes = [3, 0.3, 6, 0.05, 1.5, 0.4]                          # beyond 1 something is clipped
    for name in OPTIMIZERS:
        run = getattr(observe, f"run_{name}")
        first, second = student.make_optimizer(name), student.make_optimizer(name)
        run(first, starts=[1 + 0.3 * draw.reals(4)], gradients=[[draw.reals(4, scale=3)]])
        starts = [1 + 0.3 * draw.reals(4), 1 + 0.3 * draw.reals(2, 3)]
        gradients = [[draw.reals(4, scale=size), draw.reals(2, 3, scale=size)] for size in sizes]
        run(second, starts=starts, gradients=gradients)          # knows nothing of the first


@check
def early_stopping(student, draw, observe):
    curves = [(None, SHORT), (None, LECTURE_000), (None, LECTURE_002), (None, CONSTANT), (None, RISING),
              (1, SMALL_STEPS), (5, OUT_OF_EPOCHS), (2, SOME_MISSING), (3, LECTURE_000), (1, LECTURE_002),
              (3, LECTURE_002)]
    curves += [(patience, drawn_losses(draw, 16)) for patience in (1, 2, 3, 5)]
    for patience, val_losses in curves:
        text = "make_early_stopping({})".format("" if patience is None else f"patience={patience}")
        callback = student.make_early_stopping(*([] if patience is None else [patience]))
        observe.run_early_stopping(callback, made=text, val_losses=val_losses, weights=drawn_weights(draw, val_losses))
        again = [2.5, 2.4, 2.3, 2.35, 2.2, 2.1]                  # shorter, and worse than anything before
        observe.run_early_stopping(callback, made="the same once more", val_losses=again,
                                   weights=drawn_weights(draw, again))


@check
def best_checkpoint(student, draw, observe):
    early, late = drawn_curve(draw, 6, 1), drawn_curve(draw, 7, 4)
    first, second = student.make_checkpoint("runs/first.keras"), student.make_checkpoint("runs/second.keras")
    observe.run_checkpoint(first, path="runs/first.keras", val_losses=early, weights=drawn_weights(draw, early))
    observe.run_checkpoint(second, path="runs/second.keras", val_losses=late, weights=drawn_weights(draw, late))
    for path, val_losses in (("both.keras", OUT_OF_EPOCHS), ("to_the_end.keras", SHORT[:3])):
        checkpoint, stopping, best = student.make_checkpoint(path), student.make_early_stopping(), student.BestEpoch()
        weights = drawn_weights(draw, val_losses)
        fitted = observe.run_fit([checkpoint, stopping, best], val_losses=val_losses, weights=weights)
        observe.read_stopped_epoch(stopping, after=fitted, val_losses=val_losses)
        observe.read_best_epoch(best, after=fitted, val_losses=val_losses)
        observe.read_file(path, after=fitted, val_losses=val_losses, weights=weights)


@check
def best_epoch(student, draw, observe):
    observe.begin_best_epoch(student.BestEpoch()).judged("int")
    ties = drawn_losses(draw, 7)
    ties[1] = ties[4] = ties[5] = 0.2
    trainings = [
        [[0.5, 0.3, 0.4]],
        [[0.5, 0.3, 0.4, 0.3]],
        [[0.5, None, 0.4]],
        [drawn_losses(draw, 9), [2.0, 1.6, 1.8], drawn_losses(draw, 12), []],       # shorter, longer, no epoch at all
        [ties, CONSTANT, [3100.5, 2800.25, 2900.0]],
        [SOME_MISSING, [None, None], [None, 0.8, 0.9, None, 0.7], [0.4]],
        [RISING, RISING[::-1], SMALL_STEPS],
    ]
    for runs in trainings:
        callback = student.BestEpoch()
        for val_losses in runs:
            observe.run_best_epoch(callback, val_losses=val_losses).judged("int")
    one, other = student.BestEpoch(), student.BestEpoch()
    mine, others = drawn_losses(draw, 5), [5.0, 4.0, 6.0]
    observe.run_best_epoch(one, val_losses=mine)
    told = observe.run_best_epoch(other, val_losses=others)
    observe.read_best_epoch(one, after=told, val_losses=mine)    # knows nothing of the other
    observe.logs_after_best_epoch(other, val_losses=[0.5, None, 0.4])
    callback = student.BestEpoch()
    fitted = observe.run_fit([callback], val_losses=ties, weights=drawn_weights(draw, ties))
    observe.read_best_epoch(callback, after=fitted, val_losses=ties)


@check
def learning_rates(student, draw, observe):
    pairs = [(round(float(draw.rng.uniform(0.02, 0.2)), 3), s) for s in (20, 5, int(draw.rng.integers(7, 15)))]
    schedulers = [student.exponential_scheduler(lr0, s) for lr0, s in pairs]
    for callback, (lr0, s) in zip(schedulers, pairs, strict=True):                  # each keeps its own lr0 and s
        text = f"exponential_scheduler({lr0}, {s})"
        observe.run_schedule(callback, made=text, start=0.5, val_losses=[1.0] * 41)
    observe.run_schedule(schedulers[0], made="the first once more", start=0.3, val_losses=[1.0] * 6)
    waiting = [0.9, 0.91, 0.9, 0.92, 0.95, 0.894, 0.9, 0.9, 0.9, 0.9, 0.9, 0.88, 0.878, 0.88, 0.88, 0.88, 0.88, 0.876,
               0.88, 0.88, 0.88, 0.88, 0.88, 0.87]
    again = [2.0, 2.1, 2.1, 1.9, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    one, other = student.plateau(), student.plateau()
    observe.run_schedule(one, made="plateau()", start=0.04, val_losses=waiting)
    observe.run_schedule(other, made="plateau()", start=0.01, val_losses=[0.7] * 100)
    observe.run_schedule(one, made="the first plateau() once more", start=0.2, val_losses=again)
    for _ in range(2):
        observe.run_schedule(student.plateau(), made="plateau()", start=0.08, val_losses=drawn_losses(draw, 30))


@check
def run_folder(student, draw, observe):
    dates = [(2021, 2, 18, 3, 57, 36), (2024, 1, 5, 4, 7, 9), (1999, 12, 31, 23, 59, 58), (2023, 11, 10, 15, 0, 0),
             tuple(int(draw.rng.integers(*field)) for field in DATE_FIELDS)]
    for root in ("my_logs", "logs/exercise_19"):
        for fields in dates:
            observe.path_of(student.get_run_logdir(root, observe.date(*fields)).judged("nothing"))
    observe.path_of(student.get_run_logdir(now=observe.date(2022, 3, 4, 5, 6, 7), root="named").judged("nothing"))
    for root in ("my_logs", "logs", "named"):
        observe.files_below(root)                                # only a path was asked for
