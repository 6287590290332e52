"""What a study keeps on disk while it goes on: whole or not at all, and never taken for what it is not."""
import os
import subprocess
import sys

import numpy as np
import pytest

from sim.shelf import STATE, Shelf

ARRAYS = {"record": np.zeros(0), "whole": np.array([[1 / 3, np.nan], [-0.0, 1e-300]]),
          "sums 0": np.array([[2**62, -1]]), "sums 1": np.array(0.1)}


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "study")


def same(one, other):
    """Whether arrays are equal to the last bit, with their names, shapes and types."""
    return one is not None and one.keys() == other.keys() and all(
        one[key].dtype == other[key].dtype and one[key].shape == other[key].shape
        and one[key].tobytes() == other[key].tobytes() for key in other)


def names(shelf):
    return sorted(path.name for path in shelf.folder.iterdir())


def test_what_is_kept_is_found_to_the_last_bit(shelf):
    shelf.put(12, 3, ARRAYS)
    (replication, variant, arrays), = shelf.findings()
    assert (replication, variant) == (12, 3)
    assert same(arrays, ARRAYS)
    assert names(shelf) == ["12-3.npz"]


def test_what_is_added_up_needs_no_findings_any_more(shelf):
    for replication in (8, 9, 10, 100):
        shelf.put(replication, 0, ARRAYS)
    shelf.add_up(10, {"sum": np.ones(1)})
    assert names(shelf) == ["10-0.npz", "100-0.npz", STATE]
    assert same(shelf.state(), {"sum": np.ones(1)})


def test_a_file_that_was_cut_off_is_none(shelf):
    shelf.put(0, 0, ARRAYS)
    path = shelf.folder / "0-0.npz"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert shelf.read(path) is None, length
    assert list(shelf.findings()) == []


def test_a_file_with_any_byte_changed_is_none(shelf):
    shelf.put(0, 0, ARRAYS)
    path = shelf.folder / "0-0.npz"
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1:])
        assert shelf.read(path) is None, at
    path.write_bytes(whole + b"\0")
    assert shelf.read(path) is None


def test_what_is_no_finding_is_left_alone(shelf):
    shelf.put(0, 0, ARRAYS)
    for name in (".1-0.npz.4711", "1-0.npz.part", "1.npz", "one-0.npz", "README"):
        (shelf.folder / name).write_bytes(b"what a killed process has left")
    (shelf.folder / "2-0.npz").mkdir()
    assert [replication for replication, _, _ in shelf.findings()] == [0]
    assert shelf.state() is None


def test_a_finding_is_written_over_another(shelf):
    shelf.put(0, 0, ARRAYS)
    shelf.put(0, 0, {"record": np.ones(1)})
    (_, _, arrays), = shelf.findings()
    assert same(arrays, {"record": np.ones(1)})


def test_what_is_about_another_study_is_none(shelf):
    shelf.put(0, 0, ARRAYS)
    shelf.add_up(0, ARRAYS)
    other = Shelf(shelf.folder, "another")
    assert (other.state(), list(other.findings())) == (None, [])


def test_a_whole_study_leaves_nothing(shelf):
    shelf.put(0, 0, ARRAYS)
    shelf.clear()
    assert not shelf.folder.exists()
    shelf.clear()


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shelf = Shelf(None)
    shelf.put(0, 0, ARRAYS)
    shelf.add_up(1, ARRAYS)
    shelf.clear()
    assert (shelf.state(), list(shelf.findings()), os.listdir()) == (None, [], [])


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from sim.shelf import Shelf
shelf = Shelf(Path(sys.argv[1]))
shelf.add_up(0, {"sum": np.zeros(10)})
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    shelf.add_up(0, {"sum": np.ones(10_000)})
except OSError as error:
    print(error.strerror)
"""


def test_where_there_is_no_room_what_was_kept_stays(shelf):
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", FULL, str(shelf.folder)], capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert names(shelf) == [STATE]
    assert same(shelf.state(), {"sum": np.zeros(10)})
