"""Exercise 08: gradient descent, learning rates, saddle points, linear regression."""

import numpy as np

SAME_RATE = 1e-11  # lr * curvature counts as 2 within this, so that a rounded 2/3 * 3 does
ZERO_EIGENVALUE = 1e-9
SYMMETRIC = 1e-8


def gradient_descent(grad, theta0, lr, n_steps):
    """Return all iterates, (n_steps + 1, d): row 0 is theta0, every next row one step downhill."""
    theta = np.array(theta0, dtype=np.float64)  # a copy of its own, and no integers that would cut the steps
    path = [theta]
    for _ in range(n_steps):
        theta = theta - lr * grad(theta)  # not -=: the arrays in `path` must stay what they are
        path.append(theta)
    return np.array(path)


def lr_outcome(curvature, lr):
    """What gradient descent does on J = 0.5 * curvature * theta^2, wherever it starts (but at 0)."""
    if not curvature > 0 or not lr > 0:
        raise ValueError(f"curvature and lr must be positive, not {curvature} and {lr}")
    # A step multiplies theta by 1 - lr * curvature: closer where that is within (-1, 1), flipping sign for ever at -1.
    product = lr * curvature
    if abs(product - 2) <= 2 * SAME_RATE:
        return "oscillates"
    return "converges" if product < 2 else "diverges"


def critical_point(H):
    """What a point with gradient 0 and Hessian H is."""
    H = np.asarray(H, dtype=np.float64)
    if H.ndim != 2 or H.shape[0] != H.shape[1]:
        raise ValueError(f"a Hessian is square, not of shape {H.shape}")
    if np.max(np.abs(H - H.T)) > SYMMETRIC:
        raise ValueError("a Hessian is symmetric")
    # The eigenvalues are the curvatures along the axes of the valley; the diagonal holds those along x, y, ... only.
    curvatures = np.linalg.eigvalsh(H)
    up, down = np.any(curvatures > ZERO_EIGENVALUE), np.any(curvatures < -ZERO_EIGENVALUE)
    if up and down:
        return "saddle"
    if np.any(np.abs(curvatures) <= ZERO_EIGENVALUE):
        return "degenerate"
    return "minimum" if up else "maximum"


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    """Fit yhat = X @ w + b by mini-batch SGD on the mean squared error; return (w, b, losses)."""
    if X.ndim != 2 or y.shape != X.shape[:1] or w.shape != X.shape[1:]:
        raise ValueError(f"X {X.shape}, y {y.shape} and w {w.shape} do not fit")
    if len(X) == 0 or not lr > 0 or batch_size < 1:
        raise ValueError("there must be data, and lr and batch_size must be positive")

    losses = []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(X), batch_size):
            rows = slice(start, start + batch_size)
            r = X[rows] @ w + b - y[rows]
            total += np.sum(r**2)  # before the update, as in the numbers that Keras prints
            # Both gradients belong to the same (w, b). The last batch may be smaller, so its own length counts.
            w, b = w - lr * 2 / len(r) * X[rows].T @ r, b - lr * 2 / len(r) * np.sum(r)
        losses.append(total / len(X))
    return w, b, losses


def predict(X, w, b):
    """The fitted line (or plane) at the rows of X."""
    return X @ w + b
