"""exercise_09: 모멘텀과 네스테로프의 한 걸음 / one momentum and one Nesterov step.

아래 네 함수를 완성하고 `grade exercise_09`로 채점하세요. 약속은 README.md에 있습니다.
Fill in the four functions and grade with `grade exercise_09`. The rules are in README.md.
"""

import numpy as np  # noqa: F401


def momentum_step(theta, m, grad, lr=0.001, beta=0.9):
    """모멘텀 한 걸음. m은 걸음 자체입니다: theta_new = theta + m_new.

    One momentum step. m is the step itself: theta_new = theta + m_new.
    -> (theta_new, m_new)
    """
    raise NotImplementedError("momentum_step")


def nesterov_step(theta, m, grad_fn, lr=0.001, beta=0.9):
    """네스테로프 한 걸음. grad_fn은 앞선 위치에서 한 번만 부릅니다.

    One Nesterov step. grad_fn is called once, at the look-ahead point.
    -> (theta_new, m_new)
    """
    raise NotImplementedError("nesterov_step")


def nesterov_step_keras(phi, m, grad, lr=0.001, beta=0.9):
    """Keras 방식의 네스테로프 한 걸음. phi는 앞선 위치, grad는 phi에서의 그래디언트입니다.

    One Nesterov step in Keras's form. phi is the look-ahead point, grad the gradient at phi.
    -> (phi_new, m_new)
    """
    raise NotImplementedError("nesterov_step_keras")


def terminal_velocity(grad, lr=0.001, beta=0.9):
    """그래디언트가 변하지 않을 때 m이 다가가는 값 (부호 포함).

    The m that is reached under a constant gradient, sign included.
    -> array of the shape of grad
    """
    raise NotImplementedError("terminal_velocity")
