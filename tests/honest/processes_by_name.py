"""`multiprocessing` where processes find each other by names: shared memory, managers, fresh interpreters."""
# %%
import math
import multiprocessing as mp
from multiprocessing import Manager, Process, shared_memory

import numpy as np

# %% answers
# %% shared memory
block = shared_memory.SharedMemory(create=True, size=8000)
np.ndarray(1000, buffer=block.buf)[:] = 1
block.close()
block.unlink()

# %% a manager
with Manager() as manager:
    shared = manager.dict()
    each = Process(target=lambda: shared.update(done=True))
    each.start()
    each.join()
    assert shared["done"]

# %% fresh interpreters
with mp.get_context("spawn").Pool(2) as pool:
    assert pool.map(math.factorial, [3, 4]) == [6, 24]
