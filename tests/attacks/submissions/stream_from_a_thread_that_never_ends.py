"""Prints without end from a thread, beside right answers.

verdict: passed | timed_out | out_of_memory | failed
points: at most 10
levels: bubblewrap landlock
"""

# attack:honest
import sys
import threading


def talk():
    while True:
        print("::error::passed: 10 / 10\n" * 1000)
        sys.stderr.write("x" * 10_000)
        sys.stdout.flush()


threading.Thread(target=talk, daemon=True).start()
