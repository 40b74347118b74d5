"""Functions to differentiate, and arrays in other forms. Runs inside the kernel; judges nothing."""

import numpy as np


class SumOfSquares:
    """f(w) = sum of w²; a central difference is exact."""

    def __call__(self, w):
        return np.sum(w**2)


class SumOfCubes:
    """f(w) = sum of w³; a central difference with step h is 3w² + h²."""

    def __call__(self, w):
        return float(np.sum(w**3))


class SumOfSines:
    """f(w) = sum of sin(w)."""

    def __call__(self, w):
        return np.sum(np.sin(w))


class Ripples:
    """f(w) = sum of sin(10⁶·w) / 10⁶: waves as short as the default step, so that it shows which one was taken."""

    def __call__(self, w):
        return np.sum(np.sin(1e6 * w)) / 1e6


class ProductOfSums:
    """f(w) = (sum of sin(w)) · (sum of w²): every derivative depends on all elements."""

    def __call__(self, w):
        return np.sum(np.sin(w)) * np.sum(w**2)


class WeightedSum:
    """f(w) = sum of c·exp(w/2), every place with a weight of its own, for arrays of the shape of c only."""

    def __init__(self, c):
        self.c = c

    def __call__(self, w):
        if np.shape(w) != self.c.shape:
            raise ValueError(f"f was called with shape {np.shape(w)}, not {self.c.shape} / "
                             f"f에 모양이 {self.c.shape}가 아니라 {np.shape(w)}인 배열을 넣었습니다")
        return np.sum(self.c * np.exp(w / 2))


def sum_of_squares():
    return SumOfSquares()


def sum_of_cubes():
    return SumOfCubes()


def sum_of_sines():
    return SumOfSines()


def ripples():
    return Ripples()


def product_of_sums():
    return ProductOfSums()


def weighted_sum(c):
    return WeightedSum(c)


def array(values):
    """A result as an array, whatever it is held in."""
    return np.array(values, dtype=float)


def transposed(w):
    """The same numbers in Fortran order."""
    return np.asfortranarray(w)


def every_other(w):
    """The same numbers as every other entry of a wider array."""
    wide = np.full((*w.shape[:-1], 2 * w.shape[-1]), 77.0)
    wide[..., ::2] = w
    return wide[..., ::2]
