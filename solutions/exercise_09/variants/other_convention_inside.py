"""Thinks in the other convention (v = -m is what theta loses) and turns the sign at the door; closures, lists."""

import numpy as np


def checked(function):
    def wrapper(first, *others, lr=0.001, beta=0.9):
        if lr < 0:
            raise ValueError("lr < 0")
        if beta < 0 or not beta < 1:
            raise ValueError("beta")
        for other in others:
            if not callable(other) and np.shape(other) != np.shape(first):
                raise ValueError("shape")
        return function(first, *others, lr, beta)

    return wrapper


@checked
def _momentum(theta, m, grad, lr, beta):
    v = lr * grad + beta * -m
    return [theta - v, -v]


@checked
def _nesterov(theta, m, grad_fn, lr, beta):
    v = lr * grad_fn(theta - beta * -m) + beta * -m
    return [theta - v, -v]


@checked
def _keras(phi, m, grad, lr, beta):
    v = lr * grad + beta * -m
    return [phi - (beta * v + lr * grad), -v]


@checked
def _terminal(grad, lr, beta):
    return -(lr * grad) * (1 / (1 - beta))


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    return _momentum(theta, m, grad, lr=lr, beta=beta)


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    return _nesterov(theta, m, grad_fn, lr=lr, beta=beta)


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    return _keras(phi, m, grad, lr=lr, beta=beta)


def terminal_velocity(grad, lr=0.001, beta=0.9):
    return _terminal(grad, lr=lr, beta=beta)
