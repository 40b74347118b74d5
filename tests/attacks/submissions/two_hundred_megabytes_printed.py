"""Prints two hundred megabytes, and gives right answers.

verdict: passed
points: 10
levels: bubblewrap landlock
"""

# attack:honest
LINE = "x" * 99_999
for _ in range(2_000):
    print(LINE)
