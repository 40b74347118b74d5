"""연습 01: 이미지 데이터 준비 / Preparing image data.

과제의 글은 README.md 에 있습니다. 채점: grade exercise_01
The task is described in README.md. To grade: grade exercise_01
"""

import numpy as np  # noqa: F401


def flatten_images(x):
    """그림 (n, h, w)를 한 장에 한 줄씩 (n, h*w)로 폅니다. dtype은 그대로이고, 행 순서입니다.

    One row for every picture: (n, h, w) becomes (n, h*w), row by row, with the same dtype.
    """
    raise NotImplementedError("flatten_images")


def scale_pixels(x):
    """0~255인 픽셀을 255로 나눈 float32 배열. / The pixels 0 .. 255 divided by 255, as float32."""
    raise NotImplementedError("scale_pixels")


def one_hot(y, num_classes):
    """정수 레이블 (n,)을 (n, num_classes) float32로. 레이블의 자리만 1, 나머지는 0입니다.

    Integer labels (n,) as (n, num_classes) float32: 1 at the label, 0 elsewhere.
    """
    raise NotImplementedError("one_hot")


def split_tail(x, y, fraction):
    """마지막 행들을 검증 데이터로 뗍니다. -> (x_train, y_train, x_val, y_val)

    The last rows become validation data. -> (x_train, y_train, x_val, y_val)
    """
    raise NotImplementedError("split_tail")


def steps_per_epoch(n, batch_size):
    """한 에포크에 가중치를 갱신하는 횟수 (int). 마지막의 작은 배치도 셉니다.

    Weight updates in an epoch (int), the last, smaller batch included.
    """
    raise NotImplementedError("steps_per_epoch")


def augment(x, flip=False, dy=0, dx=0):
    """flip이면 먼저 좌우를 뒤집고, 아래로 dy행, 오른쪽으로 dx열 밉니다. 빈 자리는 0입니다.

    Mirror left-right first if flip, then move dy rows down and dx columns right. Vacated places are 0.
    """
    raise NotImplementedError("augment")
