"""What a study keeps on disk while it goes on: whole or not at all, and never taken for what it is not."""
import os
import subprocess
import sys

import numpy as np
import pytest

from sim.studies.checkpoint import EVERY_S, SHARE, STATE, Checkpoint

ARRAYS = {"record": np.zeros(0), "whole": np.array([[1 / 3, np.nan], [-0.0, 1e-300]]),
          "sums 0": np.array([[2**62, -1]]), "sums 1": np.array(0.1)}


@pytest.fixture
def checkpoint(tmp_path):
    return Checkpoint(tmp_path / "study")


def put(checkpoint):
    checkpoint.keep(0, {}, {(0, 0): ARRAYS})


def same(one, other):
    """Whether arrays are equal to the last bit, with their names, shapes and types."""
    return one is not None and one.keys() == other.keys() and all(
        one[key].dtype == other[key].dtype and one[key].shape == other[key].shape
        and one[key].tobytes() == other[key].tobytes() for key in other)


def names(checkpoint):
    return sorted(path.name for path in checkpoint.folder.iterdir())


def test_what_is_kept_is_found_to_the_last_bit(checkpoint):
    checkpoint.keep(0, {}, {(12, 3): ARRAYS})
    (replication, variant, arrays), = checkpoint.findings()
    assert (replication, variant) == (12, 3)
    assert same(arrays, ARRAYS)
    assert names(checkpoint) == ["12-3.npz"]


def test_what_is_added_up_needs_no_findings_any_more(checkpoint):
    checkpoint.keep(0, {}, {(replication, 0): ARRAYS for replication in (8, 9, 10, 100)})
    checkpoint.keep(10, {"sum": np.ones(1)}, {})
    assert names(checkpoint) == ["10-0.npz", "100-0.npz", STATE]
    assert same(checkpoint.state(), {"sum": np.ones(1)})


def test_a_file_that_was_cut_off_is_none(checkpoint):
    put(checkpoint)
    path = checkpoint.folder / "0-0.npz"
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert checkpoint.read(path) is None, length
    assert list(checkpoint.findings()) == []


def test_a_file_with_any_byte_changed_is_none(checkpoint):
    put(checkpoint)
    path = checkpoint.folder / "0-0.npz"
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1:])
        assert checkpoint.read(path) is None, at
    path.write_bytes(whole + b"\0")
    assert checkpoint.read(path) is None


def test_what_is_no_finding_is_left_alone(checkpoint):
    put(checkpoint)
    for name in (".1-0.npz.4711", "1-0.npz.part", "1.npz", "one-0.npz", "README"):
        (checkpoint.folder / name).write_bytes(b"what a killed process has left")
    (checkpoint.folder / "2-0.npz").mkdir()
    assert [replication for replication, _, _ in checkpoint.findings()] == [0]
    assert checkpoint.state() is None


def test_a_finding_is_written_over_another(checkpoint):
    put(checkpoint)
    again = Checkpoint(checkpoint.folder)
    again.keep(0, {}, {(0, 0): {"record": np.ones(1)}})
    (_, _, arrays), = again.findings()
    assert same(arrays, {"record": np.ones(1)})


def test_a_finding_that_is_there_is_not_written_again(checkpoint):
    put(checkpoint)
    written = (checkpoint.folder / "0-0.npz").stat().st_mtime_ns
    put(checkpoint)
    assert (checkpoint.folder / "0-0.npz").stat().st_mtime_ns == written


def test_it_is_kept_by_time_and_takes_a_small_share_of_it(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    checkpoint = Checkpoint(tmp_path)
    assert not checkpoint.is_due
    now[0] += EVERY_S
    assert checkpoint.is_due
    write = checkpoint.write

    def slowly(*what):
        now[0] += 2.0
        write(*what)
    monkeypatch.setattr(checkpoint, "write", slowly)
    checkpoint.keep(1, ARRAYS, {})
    assert checkpoint.due_at == now[0] + 2.0 / SHARE


def test_what_is_about_another_study_is_none(checkpoint):
    checkpoint.keep(1, ARRAYS, {(1, 0): ARRAYS})
    other = Checkpoint(checkpoint.folder, "another")
    assert (other.state(), list(other.findings())) == (None, [])


def test_a_whole_study_leaves_nothing(checkpoint):
    put(checkpoint)
    checkpoint.clear()
    assert not checkpoint.folder.exists()
    checkpoint.clear()


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    checkpoint = Checkpoint(None)
    checkpoint.keep(1, ARRAYS, {(1, 0): ARRAYS})
    checkpoint.clear()
    assert (checkpoint.state(), list(checkpoint.findings()), os.listdir()) == (None, [], [])


FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from sim.studies.checkpoint import Checkpoint
checkpoint = Checkpoint(Path(sys.argv[1]))
checkpoint.keep(1, {"sum": np.zeros(10)}, {})
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    checkpoint.keep(1, {"sum": np.ones(10_000)}, {})
except OSError as error:
    print(error.strerror)
"""


def test_where_there_is_no_room_what_was_kept_stays(checkpoint):
    pytest.importorskip("resource")
    words = [sys.executable, "-c", FULL, str(checkpoint.folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.strip()
    assert names(checkpoint) == [STATE]
    assert same(checkpoint.state(), {"sum": np.zeros(10)})
