"""Empties `sys.modules` and the list of folders to import from, and gives right answers.

verdict: passed | failed | crashed | timed_out
points: at most 10
levels: bubblewrap landlock
"""

# attack:honest
import sys

sys.path_hooks.clear()
sys.path.clear()
sys.modules.clear()
