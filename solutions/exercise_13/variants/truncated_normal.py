"""As Keras draws: a truncated normal with its variance put right; scipy where it helps."""

import numpy as np
from scipy import stats
from scipy.special import expit

SCALES = {"glorot": (1.0, "avg"), "he": (2.0, "in"), "lecun": (1.0, "in")}
SHRINKAGE = stats.truncnorm.std(-2, 2)  # 0.8796


class InitialiserError(ValueError):
    """The layer cannot be initialised."""


def fan_avg(fan_in, fan_out):
    if np.less([fan_in, fan_out], 1).any():
        raise InitialiserError("fans")
    return np.mean([fan_in, fan_out])


def init_std(fan_in, fan_out, kind):
    fans = {"avg": fan_avg(fan_in, fan_out), "in": fan_in}
    if kind not in SCALES:
        raise InitialiserError(kind)
    scale, mode = SCALES[kind]
    return np.sqrt(scale / fans[mode])


def init_limit(fan_in, fan_out, kind):
    return init_std(fan_in, fan_out, kind) / stats.uniform(-1, 2).std()


def init_weights(rng, fan_in, fan_out, kind, dist):
    match dist:
        case "normal":
            sigma = init_std(fan_in, fan_out, kind) / SHRINKAGE
            return stats.truncnorm.rvs(-2, 2, scale=sigma, size=(fan_in, fan_out), random_state=rng)
        case "uniform":
            r = init_limit(fan_in, fan_out, kind)
            return stats.uniform.rvs(-r, 2 * r, size=(fan_in, fan_out), random_state=rng)
    raise InitialiserError(dist)


def clip_by_value(grads, v):
    if not v > 0:
        raise ValueError("v")
    return [np.minimum(np.maximum(g, -v), v) for g in grads]


def clip_by_norm(grads, c):
    if not c > 0:
        raise ValueError("c")
    return [g * np.minimum(1, c / max(np.linalg.norm(g), 1e-300)) for g in grads]


def clip_by_global_norm(grads, c):
    if not c > 0:
        raise ValueError("c")
    everything = np.concatenate([g.ravel() for g in grads])
    # As TensorFlow does it: the smaller of 1/norm and 1/c.
    return [g * c * min(1 / max(np.linalg.norm(everything), 1e-300), 1 / c) for g in grads]


def sigmoid_chain(a, depth):
    if depth < 1:
        raise ValueError("depth")
    inputs = [a]
    for _ in range(depth):
        inputs.append(expit(inputs[-1]))
    s = np.array(inputs[1:])
    return np.prod(s * (1 - s))
