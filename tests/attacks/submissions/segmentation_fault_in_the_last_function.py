"""Reads at address zero in one function; what was right before counts.

verdict: crashed
points: 9
levels: bubblewrap landlock
"""

# attack:honest
import ctypes


def predict_classes(*args, **kwargs):
    ctypes.string_at(0)
