"""Raises, while it is loaded, an exception that only bears the name of one.

verdict: crashed | out_of_memory
points: 0
levels: bubblewrap landlock
"""

raise type("MemoryError", (Exception,), {"__module__": "builtins"})("passed: 10 / 10")
