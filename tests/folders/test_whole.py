"""Files and folders that are there whole or not at all: links, full disks, two at once, and what the killed leave."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from surgeline.folders import whole
from surgeline.folders.whole import TakenError
from surgeline.problems import RunError

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere files have no such locks")


NO_ROOM = OSError(28, "No space left on device")


def write_half(writing, error):
    """Begin to write something, and fail."""
    with writing as part:
        (part / "half" if part.is_dir() else part).write_text("half")
        raise error


def names(folder):
    return sorted(path.name for path in folder.iterdir())


# --- whole or not at all ---------------------------------------------------------------------------------------------

def test_a_file_that_fails_half_way_leaves_what_was_there(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(RunError, match=r"report\.html can't be written: No space left"):
        write_half(whole.whole_file(path), NO_ROOM)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["report.html"]


def test_a_file_comes_instead_of_a_link_and_what_it_leads_to_stays(tmp_path):
    (tmp_path / "precious").write_text("mine")
    path = tmp_path / "report.html"
    path.symlink_to(tmp_path / "precious")
    with whole.whole_file(path) as part:
        part.write_text("new")
    assert (tmp_path / "precious").read_text() == "mine"
    assert (path.is_symlink(), path.read_text()) == (False, "new")


def test_a_folder_has_its_name_when_all_is_in_it(tmp_path):
    folder = tmp_path / "deep" / "down" / "run"
    with whole.whole_folder(folder) as part:
        (part / "a").write_text("a")
        assert not folder.exists()
    assert names(folder) == ["a"]
    assert names(folder.parent) == ["run"]


@pytest.mark.parametrize("error", [NO_ROOM, KeyboardInterrupt()])
def test_a_folder_that_fails_leaves_nothing_not_even_those_above_it(tmp_path, error):
    with pytest.raises((RunError, KeyboardInterrupt)):
        write_half(whole.whole_folder(tmp_path / "deep" / "down" / "run"), error)
    assert names(tmp_path) == []


def test_a_folder_that_comes_meanwhile_is_not_overwritten(tmp_path):
    def overtaken():
        with whole.whole_folder(tmp_path / "run"):
            (tmp_path / "run").mkdir()
            (tmp_path / "run" / "theirs").write_text("theirs")

    with pytest.raises(RunError, match="can't be written"):
        overtaken()
    assert names(tmp_path / "run") == ["theirs"]
    assert names(tmp_path) == ["run"]


# --- refused before the work -----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "why"), [
    ("x" * 300, "File name too long"), ("字" * 100, "File name too long"), ("file/run", "can't be written"),
    ("file/deep/run", "can't be written"), ("deep/" + "x" * 300 + "/run", "File name too long"),
    ("a\0b", "can't be written"),
    (".", "is there already"), ("..", "is there already"), ("new/..", "is there already"), ("file", "is there already"),
    ("nowhere", "is there already"),
])
def test_what_can_not_be_written_is_refused_at_once(tmp_path, name, why):
    (tmp_path / "file").write_text("")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    with pytest.raises(RunError, match=why), whole.new(tmp_path / name):
        pytest.fail("the work began")
    assert names(tmp_path) == ["file", "nowhere"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused_at_once(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(RunError, match="Permission denied"), whole.new(tmp_path / "run"):
        pytest.fail("the work began")


def test_the_longest_name_that_a_disk_takes_is_written(tmp_path):
    with whole.whole_folder(tmp_path / ("x" * 255)) as part:
        (part / "a").write_text("a")
    assert names(tmp_path / ("x" * 255)) == ["a"]


# --- two at once, and what the killed leave --------------------------------------------------------------------------

HOLD = """
import sys, time
from pathlib import Path
from surgeline.folders import whole
with whole.new(Path(sys.argv[1])), whole.whole_folder(Path(sys.argv[1])) as part:
    (part / "half").write_text("half")
    print("held", flush=True)
    time.sleep(600)
"""


def holding(folder):
    """A command that is writing a folder, and does not end."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process.stdout.readline() == "held\n"
    return process


def end(process, how):
    process.send_signal(how)
    process.wait()
    process.stdout.close()


@posix
def test_two_at_once_are_refused_and_what_is_left_is_swept(tmp_path):
    one, other = holding(tmp_path / "run"), holding(tmp_path / "other")
    with pytest.raises(TakenError, match=rf"run is being written by another command \(process {one.pid} on "), \
            whole.new(tmp_path / "run"):
        pytest.fail("the work began")
    end(one, signal.SIGKILL)
    left = names(tmp_path)
    assert len(left) == 4  # two folders with their locks, of one that is dead and one that lives
    with whole.whole_folder(tmp_path / "third"):
        pass
    assert [name for name in names(tmp_path) if name.startswith(".")] == [name for name in left if "other" in name]
    with whole.whole_folder(tmp_path / "run"):
        pass
    end(other, signal.SIGKILL)
    with whole.whole_folder(tmp_path / "other") as part:
        assert names(part) == []
    assert names(tmp_path) == ["other", "run", "third"]


@posix
def test_ctrl_c_leaves_nothing(tmp_path):
    end(holding(tmp_path / "deep" / "run"), signal.SIGINT)
    assert names(tmp_path) == []


def test_what_is_not_ours_is_left_alone(tmp_path):
    (tmp_path / ".mine.12345678").mkdir()
    (tmp_path / ".mine.12345678.lock").write_text("")
    (tmp_path / ".precious.surgeline").symlink_to(tmp_path / ".mine.12345678.lock")
    before = names(tmp_path)
    with whole.whole_folder(tmp_path / "run"):
        pass
    assert names(tmp_path) == sorted([*before, "run"])


@posix
def test_a_race_for_one_folder_has_one_winner(tmp_path):
    """Many at the same moment, over what a killed one has left."""
    end(holding(tmp_path / "run"), signal.SIGKILL)
    race = """
import sys, time
from pathlib import Path
from surgeline.folders import whole
from surgeline.problems import RunError
time.sleep(max(0, float(sys.argv[2]) - time.time()))
try:
    with whole.whole_folder(Path(sys.argv[1])) as part:
        (part / "mine").write_text("mine")
        time.sleep(1)
    print("won")
except RunError as error:
    print("is being written" in str(error) or "is there already" in str(error))
"""
    start = str(time.time() + 8)
    racers = [subprocess.Popen([sys.executable, "-c", race, str(tmp_path / "run"), start], stdout=subprocess.PIPE,
                               text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(6)]
    assert sorted(racer.communicate()[0].strip() for racer in racers) == ["True"] * 5 + ["won"]
    assert names(tmp_path) == ["run"]


def test_one_process_may_hold_a_place_and_then_write_it(tmp_path):
    with whole.new(tmp_path / "run"):
        with whole.whole_folder(tmp_path / "run") as part:
            (part / "a").write_text("a")
        with whole.whole_file(tmp_path / "other") as part:
            part.write_text("b")
    assert names(tmp_path) == ["other", "run"]
