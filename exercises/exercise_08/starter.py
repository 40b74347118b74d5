"""exercise_08: 경사 하강법·학습률·안장점·선형 회귀 / gradient descent, learning rates, saddles, linear regression.

아래 다섯 함수를 완성하고 `grade exercise_08`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the five functions and grade with `grade exercise_08`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def gradient_descent(grad, theta0, lr, n_steps):
    """지나간 모든 점 (n_steps+1, d). 0번째 행은 theta0이고, grad는 (d,)를 받아 (d,)를 돌려줍니다.

    All points visited, (n_steps+1, d); row 0 is theta0. `grad` maps (d,) to (d,).
    """
    raise NotImplementedError("gradient_descent")


def lr_outcome(curvature, lr):
    """J = 0.5 * curvature * theta^2 에서 경사 하강법이 어떻게 되는지: "converges", "oscillates", "diverges".

    What gradient descent does on J = 0.5 * curvature * theta^2.
    """
    raise NotImplementedError("lr_outcome")


def critical_point(H):
    """헤시안 H로 판단한 임계점의 종류: "minimum", "maximum", "saddle", "degenerate".

    The kind of a point with gradient 0, by its Hessian H.
    """
    raise NotImplementedError("critical_point")


def sgd_linear(X, y, w, b, lr=0.01, batch_size=32, epochs=40):
    """yhat = X @ w + b 를 미니배치 SGD로 맞춥니다 (손실은 MSE, 배치는 주어진 순서의 연속된 행).

    Fit yhat = X @ w + b by mini-batch SGD on the MSE; batches are consecutive rows in the given order.
    -> (w, b, losses)
    """
    raise NotImplementedError("sgd_linear")


def predict(X, w, b):
    """X의 행마다 예측값, (n,).

    The prediction for every row of X, (n,).
    """
    raise NotImplementedError("predict")
