"""exercise_16: 학습 곡선 진단·조기 종료 논리·랜덤 탐색 / learning curves, early stopping, random search.

아래 여섯 함수를 완성하고 `grade exercise_16`으로 채점하세요. 약속은 README.md에 있습니다.
Fill in the six functions and grade with `grade exercise_16`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def best_epoch(val_losses):
    """손실이 가장 작은 에포크의 번호 (0부터, 같은 값이면 처음 것).

    Number of the epoch with the smallest loss (from 0, the first of ties).
    """
    raise NotImplementedError("best_epoch")


def simulate_early_stopping(val_losses, patience, min_delta=0.0, restore_best_weights=True):
    """이 검증 손실에서 EarlyStopping이 할 일.

    What EarlyStopping would do with these validation losses.
    -> {"epochs_run": …, "stopped_epoch": …, "best_epoch": …, "restored_epoch": …}
    """
    raise NotImplementedError("simulate_early_stopping")


def diagnose(loss, val_loss, chance, gap=0.1):
    """학습 곡선의 진단. chance는 찍었을 때의 손실입니다.

    What the learning curves tell; chance is the loss of guessing.
    -> "diverged", "underfit", "overfit", "good"
    """
    raise NotImplementedError("diagnose")


def remedy(diagnosis):
    """진단에 맞는 처방. 모르는 진단은 ValueError입니다.

    What helps against it. An unknown diagnosis raises ValueError.
    """
    raise NotImplementedError("remedy")


def random_search(score_fn, space, n_iter, rng):
    """무작위로 고른 n_iter개의 조합을 시험합니다. 점수는 낮을수록 좋습니다.

    Try n_iter random combinations. The lowest score is the best.
    -> {"best_params": …, "best_score": …, "trials": [(params, score), …]}
    """
    raise NotImplementedError("random_search")


def sklearn_score(mse):
    """scikit-learn의 best_score_에 나타나는 수.

    The number that scikit-learn shows as best_score_.
    """
    raise NotImplementedError("sklearn_score")
