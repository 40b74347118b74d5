"""exercise_12: 학습률 스케줄링 / learning-rate schedules.

아래 다섯 함수를 완성하고 `grade exercise_12`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the five functions and grade with `grade exercise_12`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def power_lr(t, lr0, s, c=1.0):
    """거듭제곱 기반: lr0 / (1 + t/s)^c. 첫 걸음은 t = 0 입니다.

    Power scheduling: lr0 / (1 + t/s)^c. The first step is t = 0.
    -> float
    """
    raise NotImplementedError("power_lr")


def exponential_lr(t, lr0, s):
    """지수 기반: s 스텝마다 10분의 1로, 그 사이에도 매끄럽게 줄어듭니다.

    Exponential scheduling: ten times smaller every s steps, smoothly in between.
    -> float
    """
    raise NotImplementedError("exponential_lr")


def piecewise_lr(t, boundaries, values):
    """구간별 고정: 경계 스텝까지는 앞의 값, 그다음 스텝부터 뒤의 값입니다.

    Piecewise constant: the old value up to and including the boundary step, the next one after it.
    -> float
    """
    raise NotImplementedError("piecewise_lr")


def performance_lr(val_losses, lr0, factor=0.5, patience=5):
    """성능 기반: 에포크마다, 그 에포크가 끝난 뒤의 학습률을 담은 리스트.

    Performance scheduling: a list with the rate in force after each epoch.
    -> list of floats
    """
    raise NotImplementedError("performance_lr")


def one_cycle_lr(t, total_steps, lr0, lr1, final_steps):
    """1사이클: lr0에서 lr1로, 다시 lr0으로, 마지막 final_steps 동안 lr0/1000까지.

    1cycle: from lr0 to lr1, back to lr0, and down to lr0/1000 in the last final_steps.
    -> float
    """
    raise NotImplementedError("one_cycle_lr")
