"""exercise_07: 손으로 하는 역전파 / backpropagation by hand.

아래 네 함수를 완성하고 `grade exercise_07`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the four functions and grade with `grade exercise_07`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def forward(X, W1, w2):
    """정방향 계산. X (n, d), W1 (p, d+1), w2 (p+1,). 마지막 열과 마지막 항목이 편향입니다.

    The forward pass. The last column of W1 and the last entry of w2 are the biases.
    -> (yhat (n,), Z (n, p))
    """
    raise NotImplementedError("forward")


def loss_and_grads(X, y, W1, w2):
    """0.5 (y - yhat)^2 의 평균과, 그것을 W1과 w2로 미분한 값.

    The mean of 0.5 (y - yhat)^2 and its gradients with respect to W1 and w2.
    -> (loss, dW1, dw2)
    """
    raise NotImplementedError("loss_and_grads")


def train_step(X, y, W1, w2, eta):
    """경사 하강 한 걸음. 두 그래디언트 모두 원래의 가중치에서 계산합니다.

    One step of gradient descent, both gradients at the same old weights.
    -> (W1_new, w2_new)
    """
    raise NotImplementedError("train_step")


def numerical_grad(f, w, h=1e-6):
    """스칼라 함수 f를 배열 w에서 중앙 차분으로 미분합니다. 모양은 w와 같습니다.

    Gradient of the scalar function f at the array w by central differences, in the shape of w.
    """
    raise NotImplementedError("numerical_grad")
