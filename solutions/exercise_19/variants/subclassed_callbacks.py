"""Every callback is a subclass of its own; rates are assigned afterwards; the best is the smallest pair."""

import math

import keras


def make_optimizer(name):
    match name:
        case "momentum" | "nesterov":
            optimizer = keras.optimizers.SGD(momentum=0.9, nesterov=name == "nesterov")
            optimizer.learning_rate = 0.001
        case "adagrad":
            optimizer = keras.optimizers.Adagrad()
        case "rmsprop":
            optimizer = keras.optimizers.RMSprop(rho=0.9)
        case "adam":
            optimizer = keras.optimizers.Adam()
        case "adamax":
            optimizer = keras.optimizers.Adamax()
        case "nadam":
            optimizer = keras.optimizers.Nadam()
        case "clipvalue" | "clipnorm":
            optimizer = keras.optimizers.SGD(**{name: 1.0})
        case _:
            raise ValueError(f"no optimizer is called {name!r}")
    return optimizer


class StopAndGoBack(keras.callbacks.EarlyStopping):
    def __init__(self, patience):
        super().__init__(monitor="val_loss", patience=patience, verbose=1)
        self.restore_best_weights = True


def make_early_stopping(patience=2):
    return StopAndGoBack(patience)


class KeepBest(keras.callbacks.ModelCheckpoint):
    def __init__(self, path):
        super().__init__(path, save_best_only=True, verbose=1)


def make_checkpoint(path):
    return KeepBest(path)


class BestEpoch(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.best_value, self.best_epoch = math.inf, -1

    def on_train_begin(self, logs=None):
        self.best_value, self.best_epoch = math.inf, -1

    def on_epoch_end(self, epoch, logs=None):
        # pairs compare by loss, then by epoch: the first of ties wins
        value = (logs or {}).get("val_loss", math.inf)
        self.best_value, self.best_epoch = min((self.best_value, self.best_epoch), (value, epoch))

    def on_train_end(self, logs=None):
        print(f"best epoch {self.best_epoch}: {self.best_value}")


class ExponentialRate(keras.callbacks.LearningRateScheduler):
    def __init__(self, lr0, s):
        super().__init__(self.rate)
        self.lr0, self.s = lr0, s

    def rate(self, epoch, lr):
        return float(self.lr0 * math.exp(-math.log(10) * epoch / self.s))


def exponential_scheduler(lr0, s):
    return ExponentialRate(lr0, s)


class Halve(keras.callbacks.ReduceLROnPlateau):
    def __init__(self):
        super().__init__(factor=0.5, patience=5, verbose=1)


def plateau():
    return Halve()


def get_run_logdir(root, now):
    date = f"{now.tm_year:04d}_{now.tm_mon:02d}_{now.tm_mday:02d}"
    clock = "_".join(f"{field:02d}" for field in (now.tm_hour, now.tm_min, now.tm_sec))
    return f"{root}/run_{date}-{clock}"
