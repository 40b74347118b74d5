"""Planted mistake: the losses return the sum over the batch (1/m missing)."""

import numpy as np


def softmax(z):
    """Turn scores (K,) or (m, K) into probabilities, one distribution per row."""
    z = np.asarray(z)
    if z.ndim not in (1, 2):
        raise ValueError(f"scores must have shape (K,) or (m, K), not {z.shape}")
    if not np.issubdtype(z.dtype, np.floating):
        z = z.astype(np.float64)

    # Adding one constant to a row changes nothing, because it cancels in the fraction. With minus the
    # largest score of the row every exponent is <= 0: exp cannot overflow, and the sum is at least 1.
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy(y_onehot, p, eps=1e-7):
    """Mean over the samples of -sum_k y_k log(p_k), with p clipped to [eps, 1-eps]."""
    y_onehot, p = np.asarray(y_onehot), np.asarray(p)
    if p.ndim != 2 or y_onehot.shape != p.shape:
        raise ValueError(f"y_onehot and p must both have shape (m, K), not {y_onehot.shape} and {p.shape}")
    p = np.clip(p, eps, 1 - eps)
    return float(-np.sum(y_onehot * np.log(p)))


def sparse_cross_entropy(y, p, eps=1e-7):
    """The same number from integer labels: only the probability of the right class counts."""
    y, p = labels_and_rows(y, p)
    return cross_entropy(np.eye(p.shape[1])[y], p, eps)


def binary_cross_entropy(y, p, eps=1e-7):
    """Mean of -[y log p + (1-y) log(1-p)], with p clipped to [eps, 1-eps]."""
    y, p = np.asarray(y), np.asarray(p)
    if p.ndim != 1 or y.shape != p.shape:
        raise ValueError(f"y and p must both have shape (m,), not {y.shape} and {p.shape}")
    p = np.clip(p, eps, 1 - eps)
    return float(-np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))


def cross_entropy_from_logits(y, z):
    """Mean loss straight from the scores: log and exp cancel, so nothing has to be clipped."""
    y, z = labels_and_rows(y, z)
    # -log(e^z_y / sum_k e^z_k) = log(sum_k e^z_k) - z_y, again with the largest score of the row at 0.
    z = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]))


def grad_logits(y, z):
    """Derivative of that mean loss with respect to every score: (softmax - one-hot) / m."""
    y, z = labels_and_rows(y, z)
    grad = softmax(z)
    grad[np.arange(len(y)), y] -= 1
    return grad / len(y)


def softmax_jacobian(p):
    """Entry (i, j) is d softmax_i / d z_j = p_i (delta_ij - p_j)."""
    p = np.asarray(p)
    if p.ndim != 1:
        raise ValueError(f"p must have shape (K,), not {p.shape}")
    return np.diag(p) - np.outer(p, p)


def predict_classes(p, names=None):
    """The class with the largest entry in every row, as a number or as a name."""
    p = np.asarray(p)
    if p.ndim != 2:
        raise ValueError(f"p must have shape (m, K), not {p.shape}")
    classes = p.argmax(axis=1)
    return classes if names is None else np.array(names)[classes]


def labels_and_rows(y, rows):
    """Return integer labels (m,) and their rows (m, K) as arrays, or raise ValueError."""
    y, rows = np.asarray(y), np.asarray(rows)
    if y.ndim != 1 or rows.ndim != 2 or len(y) != len(rows):
        raise ValueError(f"need labels (m,) and rows (m, K), not {y.shape} and {rows.shape}")
    # NumPy would take a label of -1 for "the last class", so this has to be said.
    if np.any((y < 0) | (y >= rows.shape[1])):
        raise ValueError(f"labels must be 0..{rows.shape[1] - 1}, not {y.min()}..{y.max()}")
    return y, rows
