"""Puts terminal escapes, control characters, invisible and reversing letters into every text that a report could show.

verdict: failed
points: 0
levels: bubblewrap landlock
"""

import sys

TEXTS = ["\x1b]0;title\x07\x1b[2J\x1b[31mpassed\x1b[0m", "\x9b2J\x90q\x9c", "\x1b]8;;http://x\x1b\\10/10\x1b]8;;\x1b\\", "\x00\x07\x08\x0c\x7f",
         "10/10\r", "\u202epassed\u2066\u200f", "\ud800\udfff", "a\u0300" + "\u0300" * 500, "\u2028\u2029\x85\x0b", "\ufeff\ufffe\uffff", "\x1b[5i\x1bP+q544e\x1b\\"]
EVERYTHING = "".join(TEXTS)
print(EVERYTHING.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
sys.stderr.write("\x1b[2J")


def softmax(z):
    raise type("E\x1b[2J", (Exception,), {"__module__": "m\x1b[31m"})(EVERYTHING)


def cross_entropy(*args, **kwargs):
    return {text: text for text in TEXTS}


def sparse_cross_entropy(*args, **kwargs):
    return type("T\x1b]0;x\x07", (), {"__module__": "\x9b2J", "__qualname__": "\u202eq"})()


def predict_classes(*args, **kwargs):
    return TEXTS


def grad_logits(*args, **kwargs):
    raise ValueError("10/10\r\x1b[1A\x1b[2K")  # \x1b]0;in the source line\x07
