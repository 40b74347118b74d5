"""exercise_19 - 훈련 제어: 옵티마이저·스케줄·조기 종료·체크포인트 / Controlling training.

과제 설명은 README.md 에 있습니다. / The task is described in README.md.
"""

import keras


def make_optimizer(name):
    """강의 설정대로 만든 새 옵티마이저를 돌려줍니다. 모르는 이름이면 ValueError.

    Return a new optimizer with the lectures' settings; an unknown name raises ValueError.
    Names: "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamax", "nadam", "clipvalue", "clipnorm".
    """
    raise NotImplementedError("make_optimizer")


def make_early_stopping(patience=2):
    """val_loss를 보고 멈춘 뒤 가장 좋은 가중치로 되돌리는 EarlyStopping.

    EarlyStopping on val_loss that puts the best weights back.
    """
    raise NotImplementedError("make_early_stopping")


def make_checkpoint(path):
    """val_loss가 가장 낮은 모델만 path에 남기는 ModelCheckpoint (path는 .keras로 끝남).

    ModelCheckpoint that keeps only the best model on val_loss; path ends in .keras.
    """
    raise NotImplementedError("make_checkpoint")


class BestEpoch(keras.callbacks.Callback):
    """val_loss가 가장 낮았던 에포크(0부터)와 그 값을 기억합니다: best_epoch, best_value.

    Remembers the epoch (from 0) with the lowest val_loss, and that value: best_epoch, best_value.
    처음에는 -1 과 inf, 훈련이 시작되면 다시 처음부터. / -1 and inf at first, forgotten when training begins.
    """

    def on_train_begin(self, logs=None):
        raise NotImplementedError("BestEpoch.on_train_begin")

    def on_epoch_end(self, epoch, logs=None):
        raise NotImplementedError("BestEpoch.on_epoch_end")


def exponential_scheduler(lr0, s):
    """에포크마다 학습률을 lr0 * 0.1^(epoch/s) 로 정하는 LearningRateScheduler (epoch는 0부터).

    LearningRateScheduler that sets lr0 * 0.1^(epoch/s), epoch from 0.
    """
    raise NotImplementedError("exponential_scheduler")


def plateau():
    """val_loss가 5 에포크 연속 좋아지지 않으면 학습률을 절반으로 줄이는 ReduceLROnPlateau.

    ReduceLROnPlateau on val_loss: factor 0.5, patience 5.
    """
    raise NotImplementedError("plateau")


def get_run_logdir(root, now):
    """root 아래의 run_YYYY_mm_dd-HH_MM_SS 경로 (now는 time.struct_time, 디스크에는 만들지 않음).

    The path root/run_YYYY_mm_dd-HH_MM_SS for now, a time.struct_time; nothing is created on disk.
    """
    raise NotImplementedError("get_run_logdir")
