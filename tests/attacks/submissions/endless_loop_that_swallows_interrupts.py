"""Works for ever and swallows everything that should stop it.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

while True:
    try:
        while True:
            pass
    except BaseException:
        continue
