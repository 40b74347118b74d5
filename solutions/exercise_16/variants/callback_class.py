"""Right answer: early stopping as a small callback with the states that Keras keeps; exceptions of one's own."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


class BadInput(ValueError):
    """What the task does not allow."""


def check(fine: bool, text: str) -> None:
    if not fine:
        raise BadInput(text)


@dataclass
class Stopper:
    patience: int
    min_delta: float
    best: float = math.inf
    best_epoch: int = 0
    wait: int = 0
    stopped_epoch: int = 0
    history: list[float] = field(default_factory=list)

    def on_epoch_end(self, epoch: int, value: float) -> bool:
        self.history.append(value)
        if epoch == 0 or value + self.min_delta < self.best:
            self.best, self.best_epoch, self.wait = value, epoch, 0
            return False
        self.wait += 1
        if self.wait >= max(self.patience, 1):
            self.stopped_epoch = epoch
            return True
        return False


def best_epoch(val_losses: list[float]) -> int:
    check(bool(val_losses), "empty")
    return val_losses.index(min(val_losses))


def simulate_early_stopping(val_losses: list[float], patience: int, min_delta: float = 0.0,
                            restore_best_weights: bool = True) -> dict[str, int]:
    check(bool(val_losses), "empty")
    check(patience >= 0, "patience")
    stopper = Stopper(patience, min_delta)
    for epoch, value in enumerate(val_losses):
        if stopper.on_epoch_end(epoch, value):
            break
    last = len(stopper.history) - 1
    return dict(epochs_run=last + 1, stopped_epoch=stopper.stopped_epoch, best_epoch=stopper.best_epoch,
                restored_epoch=stopper.best_epoch if restore_best_weights else last)


def diagnose(loss: list[float], val_loss: list[float], chance: float, gap: float = 0.1) -> str:
    check(len(loss) > 0 and len(val_loss) == len(loss), "curves")
    first, last = loss[0], loss[-1]
    rules = [
        ("diverged", lambda: math.isnan(last) or math.isinf(last) or last / 2 > first),
        ("underfit", lambda: last > 0.8 * chance),
        ("overfit", lambda: val_loss[-1] > min(val_loss) * (1 + gap) and last < loss[val_loss.index(min(val_loss))]),
        ("good", lambda: True),
    ]
    return next(name for name, holds in rules if holds())


def remedy(diagnosis: str) -> str:
    match diagnosis:
        case "diverged":
            return "lower_learning_rate_or_reinitialise"
        case "underfit":
            return "bigger_model"
        case "overfit":
            return "simpler_model_dropout_augmentation_early_stop"
        case "good":
            return "keep"
    raise BadInput(diagnosis)


@dataclass
class Choice:
    options: list

    def sample(self, rng):
        return self.options[int(rng.random() * len(self.options))]


@dataclass
class LogUniform:
    low: float
    high: float

    def __post_init__(self) -> None:
        check(self.low > 0 and self.low < self.high, "range")

    def sample(self, rng):
        return self.low * (self.high / self.low) ** rng.random()


def random_search(score_fn, space, n_iter, rng):
    check(n_iter > 0, "n_iter")
    samplers = {name: LogUniform(*spec[1:]) if spec[0] == "loguniform" else Choice(spec)
                for name, spec in space.items()}
    trials, winner = [], None
    for _ in range(n_iter):
        params = {name: sampler.sample(rng) for name, sampler in samplers.items()}
        trials.append((params, score_fn(dict(params))))
        if winner is None or trials[-1][1] < winner[1]:
            winner = trials[-1]
    return {"best_params": dict(winner[0]), "best_score": winner[1], "trials": trials}


def sklearn_score(mse: float) -> float:
    return 0 - mse
