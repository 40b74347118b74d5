"""Files: written, read, copied, packed and removed, in the working folder, the home folder and temporary ones."""
# %%
import csv
import glob
import gzip
import json
import os
import pathlib
import pickle
import shutil
import sqlite3
import tarfile
import tempfile
import zipfile

import joblib
import numpy as np
import pandas as pd

started_in = os.getcwd()
os.makedirs("logs/run1", exist_ok=True)
print(os.listdir(), pathlib.Path.home(), tempfile.gettempdir())

# %% text, tables
with open("결과.txt", "w", encoding="utf-8") as file:
    file.write("손실\n0.5\n")
with open("결과.txt", "a", encoding="utf-8") as file:
    file.write("0.25\n")
assert open("결과.txt", encoding="utf-8").read().split() == ["손실", "0.5", "0.25"]
with open("table.csv", "w", newline="") as file:
    csv.writer(file).writerows([["epoch", "loss"], [1, 0.5]])
assert pd.read_csv("table.csv").loss[0] == 0.5
pd.DataFrame({"a": range(1000)}).to_csv("logs/frame.csv", index=False)
pathlib.Path("logs", "run1", "history.json").write_text(json.dumps({"loss": [1.0, 0.5]}))
assert json.load(open("logs/run1/history.json"))["loss"][1] == 0.5
assert len(glob.glob("logs/**/*", recursive=True)) == 3

# %% arrays, objects
weights = np.random.default_rng(1).normal(size=(100, 50))
np.save("weights.npy", weights)
np.savez_compressed("all.npz", W=weights, b=weights[0])
np.savetxt("weights.txt", weights)
assert (np.load("weights.npy") == weights).all() and (np.load("all.npz")["b"] == weights[0]).all()
assert np.allclose(np.loadtxt("weights.txt"), weights)
mapped = np.memmap("mapped.dat", dtype="float64", mode="w+", shape=weights.shape)
mapped[:] = weights
mapped.flush()
assert (np.load("weights.npy", mmap_mode="r") == mapped).all()
with open("model.pkl", "wb") as file:
    pickle.dump({"W": weights, "name": "모델"}, file)
assert (pickle.load(open("model.pkl", "rb"))["W"] == weights).all()
joblib.dump(weights, "model.joblib")
assert (joblib.load("model.joblib") == weights).all()
with gzip.open("packed.gz", "wt") as file:
    file.write("x" * 1000)
with sqlite3.connect("log.db") as database:
    database.execute("create table log (epoch int, loss real)")
    database.executemany("insert into log values (?, ?)", enumerate([1.0, 0.5]))
assert database.execute("select min(loss) from log").fetchone() == (0.5,)
database.close()

# %% copied, moved, packed, unpacked, removed
shutil.copy("weights.npy", "copy.npy")
shutil.copy2("weights.npy", "copy2.npy")
shutil.copytree("logs", "backup")
shutil.move("copy2.npy", "backup/moved.npy")
os.rename("copy.npy", "renamed.npy")
os.replace("renamed.npy", "weights.npy")
shutil.make_archive("logs", "zip", "logs")
with zipfile.ZipFile("logs.zip") as archive:
    archive.extractall("from_zip")
with tarfile.open("logs.tar.gz", "w:gz") as archive:
    archive.add("logs")
with tarfile.open("logs.tar.gz") as archive:
    archive.extractall("from_tar", filter="data")
shutil.unpack_archive("logs.tar.gz", "unpacked")
assert pathlib.Path("from_tar/logs/run1/history.json").read_text() == pathlib.Path("from_zip/run1/history.json").read_text()
pathlib.Path("touched").touch()
pathlib.Path("touched").touch()
os.symlink("touched", "link")
os.chmod("touched", 0o600)
os.utime("touched", (1, 1))
os.truncate("mapped.dat", 8)
print(os.stat("touched").st_size, shutil.disk_usage(".").free > 0, os.access("touched", os.W_OK))
os.remove("link")
shutil.rmtree("backup")
shutil.rmtree("from_zip")

# %% temporary ones, and those in the home folder
with tempfile.TemporaryDirectory() as folder:
    np.save(os.path.join(folder, "a"), weights)
    shutil.copytree("logs", os.path.join(folder, "logs"))
with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
    file.write("x"); file.seek(0)
    assert file.read() == "x"
handle, name = tempfile.mkstemp()
os.write(handle, b"x"); os.close(handle); os.unlink(name)
with tempfile.SpooledTemporaryFile(max_size=10) as file:
    file.write(b"x" * 100)
os.makedirs(os.path.expanduser("~/.keras/datasets"), exist_ok=True)
(pathlib.Path.home() / ".cache").mkdir(exist_ok=True)
(pathlib.Path.home() / ".keras" / "keras.json").write_text("{}")

# %% a module of one's own
pathlib.Path("losses.py").write_text("import numpy as np\ndef to_rows(y, K):\n    return np.eye(K)[y]\n")
import importlib
import sys
sys.path.insert(0, "."); importlib.invalidate_caches()
import losses
assert losses.to_rows([1], 2).tolist() == [[0, 1]]

# %% answers
# %% answers that use files, from another folder than they were defined in
plain_softmax = softmax
os.chdir("logs")


def softmax(z):
    with tempfile.TemporaryDirectory() as folder:
        np.save(os.path.join(folder, "z.npy"), np.asarray(z))
        kept = np.load(os.path.join(folder, "z.npy"))
    with open("calls.txt", "a") as file:
        file.write("softmax\n")
    return pickle.loads(pickle.dumps(plain_softmax(kept)))
