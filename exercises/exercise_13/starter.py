"""exercise_13: 가중치 초기화와 그래디언트 클리핑 / initial weights and gradient clipping.

아래 여덟 함수를 완성하고 `grade exercise_13`으로 채점하세요. 약속은 README.md에 있습니다.
Fill in the eight functions and grade with `grade exercise_13`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def fan_avg(fan_in, fan_out):
    """두 팬의 평균. / The average of the two fans."""
    raise NotImplementedError("fan_avg")


def init_std(fan_in, fan_out, kind):
    """정규 분포 초기화의 표준편차. kind는 "glorot", "he", "lecun".

    Standard deviation of the normal version; kind is "glorot", "he" or "lecun".
    """
    raise NotImplementedError("init_std")


def init_limit(fan_in, fan_out, kind):
    """분산이 같은 균등 분포 [-r, r]의 r.

    The r of the uniform version on [-r, r], with the same variance.
    """
    raise NotImplementedError("init_limit")


def init_weights(rng, fan_in, fan_out, kind, dist):
    """rng(np.random.Generator)로만 뽑은 float64 가중치 (fan_in, fan_out). dist는 "normal", "uniform".

    float64 weights (fan_in, fan_out) drawn from rng, a np.random.Generator, only; dist is "normal" or "uniform".
    """
    raise NotImplementedError("init_weights")


def clip_by_value(grads, v):
    """모든 원소를 [-v, v]로 자릅니다. 새 배열들의 리스트를 돌려줍니다.

    Every element into [-v, v]; a list of new arrays.
    """
    raise NotImplementedError("clip_by_value")


def clip_by_norm(grads, c):
    """배열마다 따로: L2 노름이 c보다 크면 c로 줄입니다.

    Each array separately: to L2 norm c if its norm exceeds c.
    """
    raise NotImplementedError("clip_by_norm")


def clip_by_global_norm(grads, c):
    """모든 배열을 함께: 전체 L2 노름이 c보다 크면 같은 비율로 줄입니다.

    All arrays together: by one factor if the norm over all of them exceeds c.
    """
    raise NotImplementedError("clip_by_global_norm")


def sigmoid_chain(a, depth):
    """sigmoid를 depth번 겹친 함수를 a에서 미분한 값.

    Derivative of sigmoid(sigmoid(... a ...)), depth times, at a.
    """
    raise NotImplementedError("sigmoid_chain")
