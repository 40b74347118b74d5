"""Swallows the deadline of a call, and returns the right answer when it has passed.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

# attack:honest
import time

right = softmax


def softmax(z):
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        try:
            time.sleep(end - time.monotonic())
        except BaseException:
            pass
    return right(z)


del cross_entropy, sparse_cross_entropy, binary_cross_entropy, cross_entropy_from_logits
del grad_logits, softmax_jacobian, predict_classes
