"""pandas and scikit-learn do the work where they can."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import normalize


def dropout(x, rate, rng, training):
    if rate >= 1 or rate < 0:
        raise ValueError("0 <= rate < 1")
    if training:
        flat = pd.Series(x.ravel())
        kept = flat.where(rng.random(len(flat)) > rate, 0) / (1 - rate)
        return kept.to_numpy().astype(x.dtype).reshape(x.shape)
    return x.copy()


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    if l1 < 0 or l2 < 0:
        raise ValueError("l1 >= 0 and l2 >= 0")
    frame = pd.DataFrame(W)
    return l1 * frame.abs().sum().sum() + l2 * frame.pow(2).sum().sum()


def l1_l2_grad(W, l1=0.0, l2=0.0):
    if l1 < 0 or l2 < 0:
        raise ValueError("l1 >= 0 and l2 >= 0")
    return pd.DataFrame(W).map(lambda w: l1 * np.sign(w) + 2 * l2 * w).to_numpy()


def total_loss(data_loss, layers, l2):
    table = pd.DataFrame(layers, columns=["kernel", "bias"])
    return data_loss + table["kernel"].map(lambda kernel: l1_l2_penalty(kernel, l2=l2)).sum()


def max_norm(W, r):
    if not r > 0:
        raise ValueError("r > 0")
    shortened = r * normalize(W, axis=0)  # leaves columns of zeros alone
    return np.where((W**2).sum(axis=0) > r**2, shortened, W)
