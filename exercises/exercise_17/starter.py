"""exercise_17: Sequential 모델 (선형 회귀와 드롭아웃 분류기) / Sequential models.

아래 여섯 함수를 완성하고 `grade exercise_17`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the six functions and grade with `grade exercise_17`. The rules are in README.md.
"""

import keras  # noqa: F401


def build_linear(learning_rate=0.01):
    """뉴런 하나짜리 선형 회귀: 입력 (1,), 모멘텀 없는 SGD, 손실 MSE, 지표 mae와 mse.

    Linear regression with one neuron: input (1,), SGD without momentum, loss MSE, metrics mae and mse.
    -> 컴파일된 새 모델 / a new, compiled model
    """
    raise NotImplementedError("build_linear")


def model_fn(a_layer=None):
    """입력 (28, 28), Flatten, Dense 100 relu, (있으면) a_layer, Dense 10 softmax.

    Input (28, 28), Flatten, Dense 100 relu, a_layer (if there is one), Dense 10 softmax.
    -> 컴파일하지 않은 새 모델 / a new model, not compiled
    """
    raise NotImplementedError("model_fn")


def build_dropout_model(rate=0.2, learning_rate=0.01):
    """입력 (28, 28), Flatten, 그리고 드롭아웃을 앞에 둔 Dense 300 elu, 100 elu (he_normal), 10 softmax.

    Input (28, 28), Flatten, then Dense 300 elu, 100 elu (he_normal) and 10 softmax, a dropout before each.
    모멘텀 없는 SGD, 정수 레이블의 손실, 정확도 / SGD without momentum, a loss for integer labels, accuracy.
    -> 컴파일된 새 모델 / a new, compiled model
    """
    raise NotImplementedError("build_dropout_model")


def regularised_layers():
    """규제가 있는 Dense(100) 세 개: L2 0.01 / L1 0.01과 L2 0.02 / 맥스 노름 1.0.

    Three layers Dense(100): L2 0.01 / L1 0.01 and L2 0.02 / max-norm 1.0.
    활성화와 초기화 / activations and initialisers: elu, he_normal / elu, he_normal / selu, lecun_normal.
    -> 층 세 개의 튜플 / a tuple of three layers
    """
    raise NotImplementedError("regularised_layers")


def head(task, n=1):
    """과제에 맞는 출력층과 손실. 모르는 task는 ValueError입니다.

    The output layer and the loss for a task. An unknown task raises ValueError.
    task: "regression", "robust_regression", "positive_regression", "bounded_regression",
          "binary", "multilabel", "multiclass", "multiclass_onehot"
    -> {"units": …, "activation": …, "loss": …}
    """
    raise NotImplementedError("head")


def line(model, X):
    """build_linear 모델이 배운 직선. X와 yhat의 모양은 (n, 1)입니다.

    The line that a build_linear model has learnt. X and yhat have the shape (n, 1).
    -> (weight, bias, yhat)
    """
    raise NotImplementedError("line")
