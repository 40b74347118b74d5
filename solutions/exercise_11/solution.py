"""Exercise 11: one step of Adam, Adamax and Nadam."""

import numpy as np


def check_arguments(arrays, t, beta1, beta2, eps):
    """Raise ValueError for everything the task forbids; all three steps forbid the same things."""
    if len({np.shape(array) for array in arrays}) != 1:
        raise ValueError("all arrays need the same shape, not " + ", ".join(str(np.shape(a)) for a in arrays))
    # bool is a subclass of int in Python, so True has to be turned away by name.
    if isinstance(t, bool) or not isinstance(t, (int, np.integer)) or t < 1:
        raise ValueError(f"t is the number of the step, an integer from 1 on, not {t!r}")
    for name, beta in (("beta1", beta1), ("beta2", beta2)):
        if not 0 <= beta < 1:
            raise ValueError(f"{name} must be in [0, 1), not {beta}")
    if not eps > 0:
        raise ValueError(f"eps must be positive, not {eps}")


def adam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Return (theta_new, m_new, s_new) after step number t of Adam (Kingma & Ba, Algorithm 1)."""
    check_arguments((theta, m, s, grad), t, beta1, beta2, eps)
    t = int(t)  # beta ** NumPy integer is an np.float64, which would turn float32 arrays into float64

    m_new = beta1 * m + (1 - beta1) * grad
    s_new = beta2 * s + (1 - beta2) * grad * grad

    # m and s start at 0 and are too small at first; the corrected copies are for this step only.
    m_hat = m_new / (1 - beta1**t)
    s_hat = s_new / (1 - beta2**t)
    theta_new = theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return theta_new, m_new, s_new


def adamax_step(theta, m, u, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Return (theta_new, m_new, u_new) after step number t of Adamax."""
    check_arguments((theta, m, u, grad), t, beta1, beta2, eps)
    t = int(t)

    m_new = beta1 * m + (1 - beta1) * grad
    # The largest |gradient| so far, slowly forgotten. Already in the gradient's unit (so no root),
    # and right from the first step (so no correction).
    u_new = np.maximum(beta2 * u, np.abs(grad))

    theta_new = theta - lr / (1 - beta1**t) * m_new / (u_new + eps)
    return theta_new, m_new, u_new


def nadam_step(theta, m, s, grad, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-7):
    """Return (theta_new, m_new, s_new) after step number t of Nadam with a constant beta1."""
    check_arguments((theta, m, s, grad), t, beta1, beta2, eps)
    t = int(t)

    m_new = beta1 * m + (1 - beta1) * grad
    s_new = beta2 * s + (1 - beta2) * grad * grad

    # Nesterov looks one step ahead: the moment as it will count in step t + 1, and today's gradient on top.
    m_hat = beta1 * m_new / (1 - beta1 ** (t + 1)) + (1 - beta1) * grad / (1 - beta1**t)
    s_hat = s_new / (1 - beta2**t)
    theta_new = theta - lr * m_hat / (np.sqrt(s_hat) + eps)
    return theta_new, m_new, s_new
