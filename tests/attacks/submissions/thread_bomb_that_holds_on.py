"""Starts threads until there are no more to be had, and keeps them; then gives right answers.

verdict: passed | crashed | timed_out | out_of_memory | failed
points: at most 10
levels: bubblewrap landlock
"""

# attack:honest
import threading

try:
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
except RuntimeError:
    pass
