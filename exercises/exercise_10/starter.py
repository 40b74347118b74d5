"""exercise_10: AdaGrad와 RMSProp의 한 걸음 / one step of AdaGrad and RMSProp.

아래 세 함수를 완성하고 `grade exercise_10`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the three functions and grade with `grade exercise_10`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def adagrad_step(theta, s, grad, lr=0.01, eps=1e-7):
    """AdaGrad 한 걸음. s에는 그래디언트의 제곱이 모두 쌓입니다. eps는 제곱근 안에 있습니다.

    One AdaGrad step. s sums up all squared gradients. eps stands inside the root.
    -> (theta_new, s_new)
    """
    raise NotImplementedError("adagrad_step")


def rmsprop_step(theta, s, grad, lr=0.001, rho=0.9, eps=1e-7):
    """RMSProp 한 걸음. s는 최근 제곱의 평균입니다. eps는 제곱근 안에 있습니다.

    One RMSProp step. s is an average of recent squares. eps stands inside the root.
    -> (theta_new, s_new)
    """
    raise NotImplementedError("rmsprop_step")


def effective_lr(s, lr, eps=1e-7):
    """파라미터마다 그래디언트에 실제로 곱해지는 학습률.

    The rate that each parameter's gradient is really multiplied with.
    -> array of the shape of s
    """
    raise NotImplementedError("effective_lr")
