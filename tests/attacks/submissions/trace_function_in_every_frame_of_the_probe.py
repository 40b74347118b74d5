"""Traces and profiles all code that runs after it, and changes the probe's variables while the probe works.

verdict: failed | crashed | timed_out
points: 0
levels: bubblewrap landlock
"""

import sys
import threading


def spy(frame, event, argument):
    if frame.f_code.co_name in ("_observe", "_run", "encode", "known", "answer"):
        frame.f_locals.update({"observation": {"ok": 0.0}, "value": 0.0, "count": 0})
        frame.f_lineno
    return spy


threading.settrace(spy)
threading.setprofile(spy)
sys.setprofile(spy)
sys.settrace(spy)


def softmax(z):
    sys.settrace(spy)
    return z * 0.0
