"""exercise_15: 드롭아웃, L1/L2 벌점, 맥스 노름 / dropout, L1/L2 penalties and max-norm.

아래 다섯 함수를 완성하고 `grade exercise_15`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the five functions and grade with `grade exercise_15`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def dropout(x, rate, rng, training):
    """훈련에서는 원소마다 rate의 확률로 0, 나머지는 x / (1 - rate). 추론에서는 x와 같습니다.

    In training every element is 0 with probability rate, otherwise x / (1 - rate). At inference, equal to x.
    Random numbers come from rng, a np.random.Generator, only.
    """
    raise NotImplementedError("dropout")


def l1_l2_penalty(W, l1=0.0, l2=0.0):
    """손실에 더하는 벌점: l1 * 절댓값의 합 + l2 * 제곱의 합.

    The penalty added to the loss: l1 * sum of absolute values + l2 * sum of squares.
    """
    raise NotImplementedError("l1_l2_penalty")


def l1_l2_grad(W, l1=0.0, l2=0.0):
    """그 벌점을 W로 미분한 값. 모양은 W와 같습니다.

    Gradient of that penalty, with the shape of W.
    """
    raise NotImplementedError("l1_l2_grad")


def total_loss(data_loss, layers, l2):
    """data_loss에 모든 커널의 L2 벌점을 더합니다. layers는 (kernel, bias)의 리스트입니다.

    data_loss plus the L2 penalty of all kernels; layers is a list of (kernel, bias).
    """
    raise NotImplementedError("total_loss")


def max_norm(W, r):
    """L2 노름이 r보다 긴 열만 r로 줄인 W.

    W with those columns shortened to L2 norm r that are longer.
    """
    raise NotImplementedError("max_norm")
