"""Works for ever in native code, where no interrupt is looked at.

verdict: timed_out
points: 0
levels: bubblewrap landlock
"""

import ctypes
import re

ctypes.PyDLL(None).sleep(2)
re.match(r"(a*)*b", "a" * 64)
