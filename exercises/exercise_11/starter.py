"""exercise_11: Adam·Adamax·Nadam의 한 걸음 / one step of Adam, Adamax and Nadam.

아래 세 함수를 완성하고 `grade exercise_11`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the three functions and grade with `grade exercise_11`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Adam의 t번째 걸음 (첫 걸음은 t = 1). 보정하지 않은 m, s를 돌려줍니다.

    Step number t of Adam (t = 1 is the first). The m and s returned are uncorrected.
    -> (theta_new, m_new, s_new)
    """
    raise NotImplementedError("adam_step")


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Adamax의 t번째 걸음. u는 그래디언트의 l-무한대 노름입니다.

    Step number t of Adamax. u is the l-infinity norm of the gradients.
    -> (theta_new, m_new, u_new)
    """
    raise NotImplementedError("adamax_step")


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Nadam의 t번째 걸음 (beta1은 상수). 보정하지 않은 m, s를 돌려줍니다.

    Step number t of Nadam (beta1 is constant). The m and s returned are uncorrected.
    -> (theta_new, m_new, s_new)
    """
    raise NotImplementedError("nadam_step")
