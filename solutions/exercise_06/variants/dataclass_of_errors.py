"""Right answer with a small class that holds the errors, and an error class of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


class DoesNotFit(ValueError):
    """What the task forbids."""


@dataclass(frozen=True)
class Errors:
    """Prediction minus target, in double precision."""

    e: np.ndarray

    @classmethod
    def of(cls, y, p) -> Errors:
        target, prediction = (np.array(values).astype("float64") for values in (y, p))
        if target.shape != prediction.shape or not target.size:
            raise DoesNotFit(f"{target.shape} against {prediction.shape}")
        return cls(prediction - target)

    @property
    def size(self) -> np.ndarray:
        return np.absolute(self.e)

    def terms(self, loss: str, delta: float = 1.0) -> np.ndarray:
        if loss == "mae":
            return self.size
        if loss == "mse":
            return np.square(self.e)
        if loss == "huber":
            # The part of the error up to delta counts as a parabola, the rest as a line.
            near = np.minimum(self.size, positive(delta))
            return near * (self.size - near / 2)
        raise DoesNotFit(f"unknown loss {loss!r}")

    def mean(self, loss: str, delta: float = 1.0) -> float:
        return float(self.terms(loss, delta).mean())


def positive(delta: float) -> float:
    if delta > 0:
        return delta
    raise DoesNotFit("delta must be positive")


def mae(y, p):
    return Errors.of(y, p).mean("mae")


def mse(y, p):
    return Errors.of(y, p).mean("mse")


def huber(y, p, delta=1.0):
    return Errors.of(y, p).mean("huber", delta)


def d_mae(y, p):
    errors = Errors.of(y, p)
    return ((errors.e > 0).astype(float) - (errors.e < 0)) / errors.e.size


def d_mse(y, p):
    errors = Errors.of(y, p)
    return errors.e / (errors.e.size / 2)


def d_huber(y, p, delta=1.0):
    errors = Errors.of(y, p)
    return np.maximum(np.minimum(errors.e, positive(delta)), -delta) / errors.e.size


def outlier_share(y, p, loss):
    errors = Errors.of(y, p)
    terms = errors.terms(loss)
    return float(terms[np.unravel_index(errors.size.argmax(), terms.shape)] / terms.sum())
