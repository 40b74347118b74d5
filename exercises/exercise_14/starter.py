"""exercise_14: 배치 정규화의 훈련, 추론, 층 합치기 / batch normalisation in training, in inference, and folded.

아래 세 함수를 완성하고 `grade exercise_14`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the three functions and grade with `grade exercise_14`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def bn_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """배치 (m, d)를 자신의 통계로 정규화하고, 이동 통계의 새 값을 함께 돌려줍니다.

    Normalise a batch (m, d) by its own statistics; the moving statistics come back updated.
    -> (y, new_mean, new_var)
    """
    raise NotImplementedError("bn_train")


def bn_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """이동 통계로 정규화합니다. 아무것도 갱신하지 않습니다.

    Normalise by the moving statistics. Nothing is updated.
    -> y
    """
    raise NotImplementedError("bn_infer")


def fold_bn(W, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Dense (W, b)와 그 뒤의 배치 정규화를 Dense 하나로 합칩니다: x@W2+b2 == bn_infer(x@W+b, ...).

    Fold batch normalisation into the Dense layer before it: x@W2+b2 == bn_infer(x@W+b, ...).
    -> (W2, b2)
    """
    raise NotImplementedError("fold_bn")
