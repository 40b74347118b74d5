"""exercise_18: 함수형 API·build_model·모델 저장과 복원 / Functional API, build_model, saving and loading.

아래 여섯 함수를 완성하고 `grade exercise_18`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the six functions and grade with `grade exercise_18`. The rules are in README.md.
"""

import keras  # noqa: F401


def build_wide_deep(n_features=8, n_hidden=30, learning_rate=1e-3):
    """입력 -> Dense relu -> Dense relu, concatenate([입력, 두 번째 은닉층]), Dense(1). MSE, 모멘텀 없는 SGD.

    Input -> Dense relu -> Dense relu, concatenate([input, second hidden layer]), Dense(1). MSE, SGD without momentum.
    -> 컴파일된 새 모델 / a new, compiled model
    """
    raise NotImplementedError("build_wide_deep")


def build_model(n_hidden=1, n_neurons=30, learning_rate=3e-3, input_shape=(8,)):
    """relu 은닉층 n_hidden개와 활성화 함수가 없는 Dense(1). MSE, 모멘텀 없는 SGD.

    n_hidden relu layers and a Dense(1) without activation. MSE, SGD without momentum.
    n_hidden < 0, n_neurons < 1: ValueError
    -> 컴파일된 새 모델 / a new, compiled model
    """
    raise NotImplementedError("build_model")


def first_dense(model):
    """모델의 첫 번째 Dense 층의 가중치. 이름이나 자리가 아니라 종류로 찾습니다.

    The weights of the model's first Dense layer, found by its type, not by name or position.
    -> (kernel, bias)
    """
    raise NotImplementedError("first_dense")


def save_both(model, folder):
    """folder 안에 모델 전체를 model.keras로, 가중치만 model.weights.h5로 저장합니다. 폴더가 없으면 만듭니다.

    Save the whole model as model.keras and the weights as model.weights.h5 in folder, which is created if missing.
    -> (model_path, weights_path)
    """
    raise NotImplementedError("save_both")


def restore(model_path):
    """저장한 모델. 옵티마이저의 상태까지 되살려 predict도 fit도 바로 할 수 있습니다.

    The saved model with the state of its optimizer, ready for predict and for more fit.
    """
    raise NotImplementedError("restore")


def rebuild(builder, weights_path):
    """builder()로 새 모델을 만들고 저장한 가중치를 불러옵니다.

    A new model from builder(), with the saved weights.
    """
    raise NotImplementedError("rebuild")
