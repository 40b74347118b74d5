"""Data sets of Keras without a network: those of the course and of this machine are found, others are told of."""

import gzip
import os
import stat
import struct
from pathlib import Path

import numpy as np
import pytest

from grader.run import explain
from grader.sandbox import Level, dataset_folders
from grader.zygote import Zygote
from tests.test_kernel import LEVELS, Kernel, runner  # noqa: F401 - a fixture

READ = """
from pathlib import Path
home = Path.home() / ".keras" / "datasets"
print(sorted(path.name for path in home.iterdir()), (home / "course.npz").read_text(), (home / "both.npz").read_text(),
      (home / "folder" / "inner.txt").read_text())
"""
CHANGE = """
from pathlib import Path
home = Path.home() / ".keras" / "datasets"
for path in (home / "course.npz", home / "folder" / "new.txt"):
    try:
        path.write_text("mine now")
    except OSError as error:
        print(type(error).__name__)
(home / "own.npz").write_text("kept")
print((home / "own.npz").read_text())
"""


def open_to_others(folder: Path) -> None:
    """Started by root, a submission is a user of its own; pytest closes its folders to such."""
    for path in (folder, *folder.parents):
        if path.stat().st_uid == os.getuid() and path.name.startswith("pytest-"):
            path.chmod(path.stat().st_mode | stat.S_IXOTH)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course and a machine with data sets; one of the same name in both. The course's folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "machine"))
    course = tmp_path / "course"
    for folder, files in ((course / "datasets", {"course.npz": "course", "both.npz": "of the course"}),
                          (tmp_path / "machine" / "datasets", {"machine.npz": "machine", "both.npz": "of the machine",
                                                               "folder/inner.txt": "inner"})):
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    open_to_others(tmp_path)
    return course


@LEVELS
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_data_sets_are_found_and_stay_as_they_are(level: Level, warm: bool, places: Path, runner) -> None:  # noqa: F811
    options = {"level": level, "datasets": dataset_folders(places), "hidden": [places]}
    zygote = Zygote(level=level, modules=["numpy"], datasets=options["datasets"], hidden=[places]) if warm else None
    with Kernel(runner, **options, zygote=zygote) as kernel:
        read = kernel.execute(READ)
        assert read.text == "['both.npz', 'course.npz', 'folder', 'machine.npz'] course of the course inner\n", read
        changed = kernel.execute(CHANGE)
        if level is not Level.NONE or os.geteuid() == 0:
            assert changed.text.splitlines()[-1] == "kept"
            assert "mine now" not in (places / "datasets" / "course.npz").read_text()
            assert not (places.parent / "machine" / "datasets" / "folder" / "new.txt").exists()
        closed = kernel.execute(f"print(open({str(places / 'secret.txt')!r}).read())")
        assert closed.failure is not None
    if zygote:
        zygote.close()


def test_without_data_sets_there_is_nothing_to_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "nowhere"))
    assert dataset_folders(tmp_path) == ()


def test_load_data_finds_what_the_machine_has(tmp_path, monkeypatch, grade) -> None:
    folder = tmp_path / "keras" / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for part in ("train", "t10k"):
        images = np.arange(3 * 28 * 28).astype("uint8")
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(struct.pack(">4i", 2051, 3, 28, 28) + images.tobytes()))
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(struct.pack(">2i", 2049, 3) + b"\x01\x02\x09"))
    open_to_others(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    module = tmp_path / "exercise_17.py"
    module.write_text("""import keras

(x, y), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
assert y.tolist() == [1, 2, 9] and x_test.shape == (3, 28, 28)
keras.datasets.mnist.load_data()
""", encoding="utf-8")
    record = grade("exercise_17", module, "--json", "-", "--lang", "en").record
    assert record["error"]["message"].startswith("line 5: mnist.npz: there is no network"), record["error"]


def test_a_download_is_explained_without_its_traceback() -> None:
    message = ("URL fetch failure on https://example.org/tf-keras-datasets/mnist.npz: None -- [Errno -3] "
               "Temporary failure in name resolution")
    assert explain("Exception", message, "en").startswith("mnist.npz: there is no network")
    assert explain("Exception", message, "ko").startswith("mnist.npz: 채점하는 곳에는 네트워크가 없고")
