"""Gradients of functions to go down on. Runs inside the kernel; judges nothing."""

import numpy as np


class GradientOfQuadratic:
    """J = 0.5·x'Ax, gradient Ax."""

    def __init__(self, A):
        self.A = np.array(A, dtype=float)

    def __call__(self, theta):
        return self.A @ theta


class GradientOfDoubleWell:
    """J = x⁴ - 2x² + x/2: two valleys; which one is reached depends on the start."""

    def __call__(self, theta):
        return 4 * theta**3 - 4 * theta + 0.5


class GradientOfLogCosh:
    """J = sum of log cosh(a·x): steep sides, a flat bottom."""

    def __init__(self, a):
        self.a = np.array(a, dtype=float)

    def __call__(self, theta):
        return self.a * np.tanh(self.a * theta)


def quadratic(A):
    return GradientOfQuadratic(A)


def double_well():
    return GradientOfDoubleWell()


def log_cosh(a):
    return GradientOfLogCosh(a)
