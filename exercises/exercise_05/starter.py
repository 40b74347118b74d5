"""연습 05: 모델 파라미터 개수 세기 / Counting parameters.

과제의 글은 README.md 에 있습니다. 채점: grade exercise_05
The task is described in README.md. To grade: grade exercise_05
"""


def layer_params(input_shape, layer):
    """층 하나의 (출력 모양, 학습되는 파라미터 수, 학습되지 않는 파라미터 수). 모양에는 배치 차원이 없습니다.

    (output_shape, trainable, non_trainable) of one layer; shapes are without the batch dimension.
    """
    raise NotImplementedError("layer_params")


def count_model(input_shape, layers):
    """층 목록 전체를 세어 "rows", "total", "trainable", "non_trainable" 을 담은 딕셔너리를 돌려줍니다.

    Count a whole list of layers: a dict with "rows", "total", "trainable" and "non_trainable".
    """
    raise NotImplementedError("count_model")


def wide_and_deep(n_features, n_hidden):
    """은닉층 둘을 지난 값을 입력과 이어 붙여 출력 하나를 내는 모델의 파라미터 수.

    Parameters of the model whose output sees two hidden layers and, beside them, the input itself.
    """
    raise NotImplementedError("wide_and_deep")


def batches(n_samples, batch_size, epochs):
    """fit 한 번 동안 가중치가 갱신되는 횟수.

    Number of weight updates of a whole fit.
    """
    raise NotImplementedError("batches")
