"""연습 04: TLU·퍼셉트론 학습 규칙·XOR / Threshold units, the perceptron rule, and XOR.

과제의 글은 README.md 에 있습니다. 채점: grade exercise_04
The task is described in README.md. To grade: grade exercise_04
"""

import numpy as np  # noqa: F401


def heaviside(z):
    """z >= 0 이면 1, 아니면 0. 결과는 int64 배열입니다. / 1 where z >= 0, else 0, as an int64 array."""
    raise NotImplementedError("heaviside")


def sign(z):
    """-1, 0, 1 가운데 하나 (sgn). 결과는 int64 배열입니다. / -1, 0 or 1 (sgn), as an int64 array."""
    raise NotImplementedError("sign")


def dense(X, W, b, phi):
    """phi(X W + b). X는 (n, d), W는 (d, k), b는 (k,)이고 phi는 함수입니다.

    phi(X W + b) with X (n, d), W (d, k), b (k,) and a function phi.
    """
    raise NotImplementedError("dense")


def perceptron_update(W, b, x, y, eta):
    """샘플 하나 x (d,)와 타깃 y (k,)로 한 걸음 나아간 새 (W, b).

    The new (W, b) after one sample x (d,) with targets y (k,).
    """
    raise NotImplementedError("perceptron_update")


def perceptron_fit(X, y, eta=0.1, max_epochs=100):
    """0에서 시작해 오류 없는 에포크가 나올 때까지 훈련합니다. -> (w, b, epochs, converged)

    Train from zeros until an epoch has no error. -> (w, b, epochs, converged)
    """
    raise NotImplementedError("perceptron_fit")


def decision_line(w, b):
    """직선 w0 x0 + w1 x1 + b = 0 의 (기울기, 절편): x1 = slope x0 + intercept.

    (slope, intercept) of the line w0 x0 + w1 x1 + b = 0, written as x1 = slope x0 + intercept.
    """
    raise NotImplementedError("decision_line")


def xor_network(X):
    """강의 001의 시그모이드 유닛 셋. X는 0과 1로 된 (n, 2). -> (h1, h2, out)

    The three sigmoid units of lecture 001 for X (n, 2) of zeros and ones. -> (h1, h2, out)
    """
    raise NotImplementedError("xor_network")


def three_layer(x, W1, W2, W3):
    """강의 003의 W3 max(W2 max(W1 x, 0), 0). 행렬은 왼쪽에서 곱합니다.

    W3 max(W2 max(W1 x, 0), 0) of lecture 003; the matrices act from the left.
    """
    raise NotImplementedError("three_layer")
