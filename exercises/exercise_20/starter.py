"""exercise_20 · 숫자 분류기: 훈련, 조기 종료, 평가, 복원 / train, stop, evaluate, reload."""

# %% [markdown]
# # exercise_20 · 숫자 분류기: 훈련, 조기 종료, 평가, 복원
#
# 8×8 크기의 손글씨 숫자 1797장이 있습니다. 강의에서 하나씩 배운 단계를 이번에는 처음부터 끝까지 이어
# 갑니다. 데이터를 셋으로 나누고, 모델을 만들고, 알맞은 때에 훈련을 멈추고, 곡선을 읽고, 처음 보는 숫자로
# 평가하고, 저장된 모델을 다시 불러옵니다. A부터 F까지 **변수 이름을 그대로** 쓰세요. 채점은 이 변수들을
# 봅니다. 자세한 설명은 `README.md`에 있습니다.
#
# **A digit classifier: train, stop, evaluate, reload.** There are 1797 handwritten digits of 8×8 pixels.
# The steps that the lectures showed one at a time are now walked from start to end: split the data, build a
# model, stop training at the right moment, read the curve, test on digits never seen before, load the saved
# model again. Keep **the names of the variables** in parts A to F: they are what is graded. Details are in
# `README.md`.

# %%
# 이 셀은 고치지 마세요. / Do not change this cell.
import keras
import numpy as np

keras.utils.set_random_seed(42)

digits = np.load("data/digits.npz")
order = np.random.default_rng(20).permutation(len(digits["y"]))
X, y = digits["X"][order], digits["y"][order]  # (1797, 8, 8) uint8, 0..16; (1797,) int64, 0..9

# %% [markdown]
# ## A. 데이터 / Data
#
# 앞의 1000장은 훈련, 다음 400장은 검증, 마지막 397장은 테스트에 씁니다. 이미지는 `float32`이고 픽셀의
# 최댓값 **16**으로 나눕니다.
#
# The first 1000 images are for training, the next 400 for validation, the last 397 for testing. Images are
# `float32`, divided by **16**, the largest possible pixel.

# %%
# TODO: A
x_train, y_train = None, None  # 1000
x_val, y_val = None, None  # 400
x_test, y_test = None, None  # 397

# %% [markdown]
# ## B. 모델 / Model
#
# `Sequential`: 입력 `(8, 8)` → Flatten → Dense 64, relu → Dropout 0.3 → Dense 10, softmax. `compile`: Adam,
# 학습률 0.01 · 정수 레이블용 크로스 엔트로피 · 지표 accuracy.
#
# `Sequential`: input `(8, 8)` → Flatten → Dense 64, relu → Dropout 0.3 → Dense 10, softmax. `compile`: Adam
# with learning rate 0.01 · cross-entropy for integer labels · metric accuracy.
#
# $$L = -\frac{1}{m}\sum_{i=1}^{m} \ln p_{i,\,y_i} \qquad\text{(m: 이미지 수, number of images)}$$

# %%
# TODO: B
model = None

# %% [markdown]
# ## C. 훈련 / Training
#
# `early_stopping_cb`: `val_loss`, patience 3, 최고 에포크의 가중치로 복원. `checkpoint_cb`: `val_loss`,
# 최고일 때만 `best.keras`에 저장. `history = model.fit(...)`: 최대 40 에포크, 배치 크기 32, 검증 데이터,
# 콜백 두 개.
#
# `early_stopping_cb`: `val_loss`, patience 3, puts the best weights back. `checkpoint_cb`: `val_loss`,
# saves only the best model, to `best.keras`. `history = model.fit(...)`: at most 40 epochs, batch size 32,
# validation data, both callbacks.

# %%
# TODO: C
early_stopping_cb = None
checkpoint_cb = None
history = None

# %% [markdown]
# ## D. 곡선 읽기 / Reading the curve
#
# 에포크는 0부터 셉니다. `n_epochs`: 실제로 돈 에포크 수. `best_epoch`: 검증 손실이 가장 작은 에포크(같으면
# 먼저 나온 것). `stopped_epoch`: 조기 종료한 에포크, 조기 종료가 없었으면 0. `verdict`: 아래 규칙에서
# **처음으로 맞는 것**. `chance` = ln 10 (찍기의 손실), `gap` = 0.1.
#
# 1. `"diverged"`: 마지막 훈련 손실이 nan이나 inf이거나, 첫 에포크 훈련 손실의 2배보다 크다.
# 2. `"underfit"`: 마지막 훈련 손실 > 0.8 × `chance`.
# 3. `"overfit"`: 마지막 검증 손실 > (1 + `gap`) × 가장 작은 검증 손실, **그리고** 마지막 훈련 손실 < 최고
#    에포크의 훈련 손실.
# 4. `"good"`: 그 밖의 모든 경우.
#
# Epochs are counted from 0. `n_epochs`: how many were really run. `best_epoch`: the one with the smallest
# validation loss (the first of equals). `stopped_epoch`: where early stopping stopped, 0 if it never did.
# `verdict`: the **first** rule that holds, with `chance` = ln 10 (the loss of guessing) and `gap` = 0.1.
#
# 1. `"diverged"`: the last training loss is nan or inf, or more than 2 times the first one.
# 2. `"underfit"`: last training loss > 0.8 × `chance`.
# 3. `"overfit"`: last validation loss > (1 + `gap`) × smallest validation loss, **and** last training loss
#    < training loss at the best epoch.
# 4. `"good"`: everything else.

# %%
# TODO: D
n_epochs = None
best_epoch = None
stopped_epoch = None
verdict = None

# %%
# 학습 곡선: 고칠 것이 없습니다. / The learning curves: nothing to change here.
if history is None:
    print("먼저 C를 채우세요. / Fill in part C first.")
else:
    import matplotlib.pyplot as plt

    plt.figure(figsize=(7, 4))
    for name in ("loss", "val_loss"):
        plt.plot(history.history.get(name, []), label=name)
    if best_epoch is not None:
        plt.axvline(best_epoch, color="gray", linestyle=":", label=f"best_epoch = {best_epoch}")
    plt.xlabel("epoch (from 0)")
    plt.title(f"verdict: {verdict}")
    plt.legend()
    plt.show()

# %% [markdown]
# ## E. 테스트 / Test
#
# 테스트 세트는 여기서 처음 씁니다. `test_loss, test_acc`: `evaluate`의 결과. `y_proba`: 확률 `(397, 10)`.
# `y_pred`: 정수 클래스 `(397,)`. `wrong`: 틀린 테스트 이미지의 번호(작은 것부터).
#
# The test set is used here for the first time. `test_loss, test_acc`: from `evaluate`. `y_proba`:
# probabilities `(397, 10)`. `y_pred`: integer classes `(397,)`. `wrong`: the indices of the misclassified
# test images, in ascending order.

# %%
# TODO: E
test_loss, test_acc = None, None
y_proba = None
y_pred = None
wrong = None

# %% [markdown]
# ## F. 다시 불러오기 / Reload
#
# `reloaded`: `best.keras`에서 불러온 모델. `reloaded_acc`: 그 모델의 테스트 정확도. E의 `test_acc`와 비교해
# 보세요.
#
# `reloaded`: the model loaded from `best.keras`. `reloaded_acc`: its accuracy on the test set. Compare it
# with `test_acc` of part E.

# %%
# TODO: F
reloaded = None
reloaded_acc = None

# %%
# 모델이 틀린 숫자들: 고칠 것이 없습니다. / The digits it got wrong: nothing to change here.
if x_test is None or y_pred is None or wrong is None:
    print("먼저 A와 E를 채우세요. / Fill in parts A and E first.")
else:
    import matplotlib.pyplot as plt

    shown = list(wrong)[:10]
    figure, axes = plt.subplots(1, 10, figsize=(12, 1.8))
    for axis in axes:
        axis.axis("off")
    for axis, index in zip(axes, shown, strict=False):
        axis.imshow(x_test[index], cmap="gray_r")
        axis.set_title(f"{y_test[index]} → {y_pred[index]}")
    plt.show()

# %% [markdown]
# ## 채점 / Grading
#
# 노트북을 `exercise_20.ipynb`로 저장한 뒤, 터미널에서 다음을 실행하세요. 채점기는 노트북을 처음부터 다시
# 실행합니다.
#
# Save the notebook as `exercise_20.ipynb`, then run this in a terminal. The grader runs the notebook again
# from the top.
#
# grade exercise_20
