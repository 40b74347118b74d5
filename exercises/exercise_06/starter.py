"""exercise_06: 회귀 손실 MAE·MSE·Huber / the regression losses MAE, MSE and Huber.

아래 일곱 함수를 완성하고 `grade exercise_06`으로 채점하세요. 약속은 README.md에 있습니다.
Fill in the seven functions and grade with `grade exercise_06`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def mae(y, p):
    """오차 크기 |p - y|의 평균 (모든 원소).

    Mean of |p - y| over all elements.
    """
    raise NotImplementedError("mae")


def mse(y, p):
    """오차 제곱 (p - y)^2의 평균 (모든 원소).

    Mean of (p - y)^2 over all elements.
    """
    raise NotImplementedError("mse")


def huber(y, p, delta=1.0):
    """Huber 손실의 평균: |e| <= delta 에서는 포물선, 그 밖에서는 직선.

    Mean Huber loss: a parabola where |e| <= delta, straight lines elsewhere.
    """
    raise NotImplementedError("huber")


def d_mae(y, p):
    """mae를 p의 각 원소로 미분한 값. 모양은 p와 같고, 오차가 0인 곳은 0입니다.

    Derivative of mae with respect to every element of p, in p's shape; 0 where the error is 0.
    """
    raise NotImplementedError("d_mae")


def d_mse(y, p):
    """mse를 p의 각 원소로 미분한 값. 모양은 p와 같습니다.

    Derivative of mse with respect to every element of p, in p's shape.
    """
    raise NotImplementedError("d_mse")


def d_huber(y, p, delta=1.0):
    """huber를 p의 각 원소로 미분한 값. 모양은 p와 같습니다.

    Derivative of huber with respect to every element of p, in p's shape.
    """
    raise NotImplementedError("d_huber")


def outlier_share(y, p, loss):
    """|오차|가 가장 큰 원소 하나가 전체 손실에서 차지하는 몫 (0..1). loss는 "mae", "mse", "huber".

    The part (0..1) of the total loss that the element with the largest |error| makes up.
    """
    raise NotImplementedError("outlier_share")
