"""Right answer that lets SciPy do the computing: softmax, log_softmax, logsumexp, xlogy."""

import numpy as np
from scipy import special


def softmax(z):
    if np.ndim(z) not in (1, 2):
        raise ValueError("z must be one- or two-dimensional")
    z = np.asarray(z)
    if z.dtype.kind in "iu":
        z = z.astype(float)
    return special.softmax(z, axis=-1)


def cross_entropy(y_onehot, p, eps=1e-7):
    if np.ndim(p) != 2 or np.shape(y_onehot) != np.shape(p):
        raise ValueError("y_onehot and p must be (m, K)")
    p = np.minimum(np.maximum(p, eps), 1 - eps)
    return -special.xlogy(y_onehot, p).sum(axis=1).mean()


def _check_labels(y, rows):
    if np.ndim(y) != 1 or np.ndim(rows) != 2 or len(y) != len(rows):
        raise ValueError("y must be (m,) and its partner (m, K)")
    if np.min(y) < 0 or np.max(y) >= np.shape(rows)[1]:
        raise ValueError("a label is outside 0..K-1")


def sparse_cross_entropy(y, p, eps=1e-7):
    _check_labels(y, p)
    return cross_entropy(np.eye(np.shape(p)[1])[y], p, eps)


def binary_cross_entropy(y, p, eps=1e-7):
    if np.ndim(p) != 1 or np.shape(y) != np.shape(p):
        raise ValueError("y and p must be (m,)")
    p = np.minimum(np.maximum(p, eps), 1 - eps)
    return -(special.xlogy(y, p) + special.xlog1py(1 - np.asarray(y), -p)).mean()


def cross_entropy_from_logits(y, z):
    _check_labels(y, z)
    return np.mean(special.logsumexp(z, axis=1) - np.take_along_axis(z, np.reshape(y, (-1, 1)), axis=1)[:, 0])


def grad_logits(y, z):
    _check_labels(y, z)
    return (np.exp(special.log_softmax(z, axis=1)) - np.eye(np.shape(z)[1])[y]) / len(z)


def softmax_jacobian(p):
    if np.ndim(p) != 1:
        raise ValueError("p must be (K,)")
    return np.reshape(p, (-1, 1)) * (np.eye(len(p)) - p)


def predict_classes(p, names=None):
    if np.ndim(p) != 2:
        raise ValueError("p must be (m, K)")
    classes = np.argmax(p, axis=-1)
    return classes if names is None else np.take(names, classes)
