"""연습 03: 깨지지 않는 소프트맥스와 크로스 엔트로피 / Softmax and cross-entropy that do not break.

과제의 글은 README.md 에 있습니다. 채점: grade exercise_03
The task is described in README.md. To grade: grade exercise_03
"""

import numpy as np  # noqa: F401


def softmax(z):
    """점수 (K,) 또는 (m, K)를 확률로 바꿉니다. 각 행의 합은 1이고, 점수가 아무리 커도 nan이 나오지 않습니다.

    Turn scores (K,) or (m, K) into probabilities. Every row sums to 1, whatever the size of the scores.
    """
    raise NotImplementedError("softmax")


def cross_entropy(y_onehot, p, eps=1e-7):
    """원-핫 타깃 (m, K)와 확률 (m, K)의 평균 손실. p는 [eps, 1-eps]로 자릅니다.

    Mean loss of one-hot targets (m, K) and probabilities (m, K), with p clipped to [eps, 1-eps].
    """
    raise NotImplementedError("cross_entropy")


def sparse_cross_entropy(y, p, eps=1e-7):
    """정수 레이블 (m,)와 확률 (m, K)로 cross_entropy 와 같은 값을 구합니다.

    The same number as cross_entropy, from integer labels (m,).
    """
    raise NotImplementedError("sparse_cross_entropy")


def binary_cross_entropy(y, p, eps=1e-7):
    """0 또는 1인 타깃 (m,)과 확률 (m,)의 평균 손실. p는 [eps, 1-eps]로 자릅니다.

    Mean loss of targets 0 or 1 (m,) and probabilities (m,), with p clipped to [eps, 1-eps].
    """
    raise NotImplementedError("binary_cross_entropy")


def cross_entropy_from_logits(y, z):
    """정수 레이블 (m,)와 점수 (m, K)에서 바로 구한 평균 손실. 자르지 않으며, 점수 1000에서도 유한합니다.

    Mean loss straight from the scores (m, K): not clipped, and finite for scores of 1000.
    """
    raise NotImplementedError("cross_entropy_from_logits")


def grad_logits(y, z):
    """위 평균 손실을 점수 z로 미분한 값 (m, K).

    Derivative (m, K) of that mean loss with respect to the scores z.
    """
    raise NotImplementedError("grad_logits")


def softmax_jacobian(p):
    """확률 (K,)에서 구한 (K, K) 행렬. (i, j) 원소는 d softmax_i / d z_j 입니다.

    Matrix (K, K) from probabilities (K,): entry (i, j) is d softmax_i / d z_j.
    """
    raise NotImplementedError("softmax_jacobian")


def predict_classes(p, names=None):
    """행마다 가장 큰 값의 클래스 번호 (m,). names 를 주면 그 이름들의 배열.

    The class (m,) with the largest entry in every row, or the array of their names.
    """
    raise NotImplementedError("predict_classes")
