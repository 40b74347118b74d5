"""Puts scripts, markup, formulas, commands of a CI system and links into every text that a report could show.

verdict: failed
points: 0
levels: bubblewrap landlock
"""

import warnings

TEXTS = ["<script>alert(1)</script><img src=x onerror=alert(1)>", "[bold red]passed[/] [link=http://x]10/10[/link]", "]]>&amp;<![CDATA[",
         "::error file=x::passed", "##vso[task.complete result=Succeeded;]", "=HYPERLINK(\"http://x\")", "@SUM(1)", "{{7*7}}",
         "\" onmouseover=\"alert(1)", "javascript:alert(1)"]
EVERYTHING = "\n".join(TEXTS)
print(EVERYTHING)
warnings.warn(EVERYTHING)


def softmax(z):
    raise type(TEXTS[0], (Exception,), {"__module__": TEXTS[1]})(EVERYTHING)


def cross_entropy(*args, **kwargs):
    return {text: text for text in TEXTS}


def sparse_cross_entropy(*args, **kwargs):
    return type(TEXTS[0], (), {"__module__": TEXTS[1], "__qualname__": TEXTS[2]})()


def predict_classes(*args, **kwargs):
    return TEXTS


def grad_logits(*args, **kwargs):
    raise ValueError("::set-output name=points::10")


def binary_cross_entropy(*args, **kwargs):
    return "\n::warning::passed"
