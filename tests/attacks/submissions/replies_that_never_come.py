"""Sends nothing more: no reply, no end, no evidence.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

from IPython import get_ipython

get_ipython().kernel.session.send = lambda *args, **kwargs: None
