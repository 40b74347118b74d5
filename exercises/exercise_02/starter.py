"""연습 02: 활성화 함수와 도함수 / Activation functions and their derivatives.

과제의 글은 README.md 에 있습니다. 채점: grade exercise_02
The task is described in README.md. To grade: grade exercise_02
"""

import numpy as np  # noqa: F401


def sigmoid(a):
    """1 / (1 + e^-a). 모든 함수가 어떤 모양의 배열에도 원소별로 작용하고, 모양과 실수 dtype을 지킵니다.

    1 / (1 + e^-a). All functions work elementwise on arrays of any shape and keep shape and float dtype.
    """
    raise NotImplementedError("sigmoid")


def tanh(a):
    """쌍곡탄젠트. / The hyperbolic tangent."""
    raise NotImplementedError("tanh")


def relu(a):
    """max(0, a)."""
    raise NotImplementedError("relu")


def softplus(a):
    """log(1 + e^a). 아주 큰 a에서도, 아주 작은 (음수인) a에서도 정확해야 합니다.

    log(1 + e^a), accurate for very large and for very negative a.
    """
    raise NotImplementedError("softplus")


def leaky_relu(a, alpha=0.3):
    """a > 0 이면 a, 아니면 alpha * a. / a where a > 0, alpha * a elsewhere."""
    raise NotImplementedError("leaky_relu")


def elu(a, alpha=1.0):
    """a > 0 이면 a, 아니면 alpha * (e^a - 1). / a where a > 0, alpha * (e^a - 1) elsewhere."""
    raise NotImplementedError("elu")


def selu(a):
    """lambda * elu(a, alpha), lambda = 1.0507009873554805, alpha = 1.6732632423543772."""
    raise NotImplementedError("selu")


def swish(a):
    """a * sigmoid(a)."""
    raise NotImplementedError("swish")


def mish(a):
    """a * tanh(softplus(a))."""
    raise NotImplementedError("mish")


def d_sigmoid(a):
    """a에서 sigmoid의 기울기. a는 활성화 함수를 지나기 전의 값입니다.

    The slope of sigmoid at a, where a is the value before the activation.
    """
    raise NotImplementedError("d_sigmoid")


def d_tanh(a):
    """a에서 tanh의 기울기. / The slope of tanh at a."""
    raise NotImplementedError("d_tanh")


def d_relu(a):
    """a에서 relu의 기울기. a = 0 에서는 0으로 약속합니다. / The slope of relu at a; 0 at a = 0."""
    raise NotImplementedError("d_relu")


def d_softplus(a):
    """a에서 softplus의 기울기. / The slope of softplus at a."""
    raise NotImplementedError("d_softplus")
