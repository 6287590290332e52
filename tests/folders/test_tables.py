"""Tables on disk in folders of any name: partitions, patterns, quotes, letters that are no UTF-8. And calls of all
replications in one file."""
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.reading.loading import load
from sim.studies.replication import calls_of
from sim.studies.study import simulate
from surgeline.folders import run as run_folder
from surgeline.folders import store, tables
from surgeline.problems import RunError

ROOT = Path(__file__).parents[2]
NAMES = ["city=west", "seats=3/run=x/r", "r[1]", "r?", "r*", "{a,b}", "%20", "q'uo\"te`$(x)", "中文结果", "a b", "~",
         "dots...", "s3:", "c:d", "back\\slash?", "new\nline", "tab\t", "x/city=east/seats=1/r[1]*"]
posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere such names are refused by the system")


@pytest.fixture(scope="module")
def result():
    return simulate(load("two-cities"), replications=2)


@pytest.fixture(scope="module")
def usual(result, tmp_path_factory):
    return run_folder.write(result, [], tmp_path_factory.mktemp("usual") / "run", None, [], lambda run: None)


@posix
@pytest.mark.parametrize("name", NAMES)
def test_a_folder_may_have_any_name(result, usual, tmp_path, name):
    folder = tmp_path / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    (folder.parent / "r1").mkdir()  # what r[1], r? and r* mean to a pattern
    run = run_folder.write(result, [], folder, None, [], lambda run: None)
    for table in ("metrics", "intervals", "pools", "helped"):
        pd.testing.assert_frame_equal(getattr(run, table), getattr(usual, table))
    for sql in ("SELECT city, sum(dials) FROM intervals GROUP BY ALL ORDER BY city", "SELECT sum(seats) FROM pools",
                "SELECT scope, mean FROM metrics ORDER BY ALL LIMIT 9"):
        pd.testing.assert_frame_equal(store.query(sql, [folder]), store.query(sql, [usual.folder]))


IN_GBK = """
import sys
from pathlib import Path
from sim import load, simulate
from surgeline.folders import run as run_folder, store
assert sys.getfilesystemencoding() == "gbk"
run = run_folder.write(simulate(load("two-cities"), replications=1), [], Path(sys.argv[1]), None, [], lambda run: None)
print(run.folder.name == "\\u7ed3\\u679c", run.value("dials").mean > 0, run.intervals["dials"].sum() > 0)
found = store.query("SELECT sum(dials) > 0 AS a, run FROM intervals GROUP BY run", [run.folder])
print(bool(found["a"].item()), found["run"].item().endswith("\\u7ed3\\u679c"))
"""


@posix
def test_letters_of_a_terminal_may_be_others_than_utf_8(tmp_path):
    made = subprocess.run(["localedef", "-i", "zh_CN", "-f", "GBK", tmp_path / "zh_CN.GBK"], capture_output=True) \
        if Path("/usr/bin/localedef").exists() else None
    if made is None or not (tmp_path / "zh_CN.GBK").exists():
        pytest.skip("no such locale can be made here")
    folder = os.fsencode(tmp_path) + b"/" + "结果".encode("gbk")
    done = subprocess.run([sys.executable, "-c", IN_GBK, folder], capture_output=True, text=True, env={
        **os.environ, "PYTHONPATH": str(ROOT), "LOCPATH": str(tmp_path), "LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0"})
    assert done.stdout.split() == ["True"] * 5, done.stderr
    assert os.path.isfile(folder + b"/metrics.csv")


def test_names_in_the_csv_are_read_right_by_spreadsheets_and_programs(usual):
    path = usual.folder / "metrics.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfmetric,scope,from,to,unit,mean,low,high,replications\n")
    assert list(pd.read_csv(path).columns) == list(usual.metrics.columns)
    assert list(pd.read_csv(path, encoding="utf-8-sig").columns) == list(usual.metrics.columns)


def test_what_was_written_before_without_a_mark_is_read_too(usual, tmp_path):
    path = tmp_path / "metrics.csv"
    path.write_bytes((usual.folder / "metrics.csv").read_bytes().removeprefix(b"\xef\xbb\xbf"))
    pd.testing.assert_frame_equal(tables.read_csv(path), usual.metrics)


def test_calls_of_all_replications_are_in_one_file(result, tmp_path):
    parts = [calls_of(result.job, replication) for replication in range(2)]
    tables.write_calls(iter(parts), tmp_path / "calls.parquet")
    back = tables.read_parquet(tmp_path / "calls.parquet")
    assert back["replication"].tolist() == [0] * len(parts[0]) + [1] * len(parts[1])
    assert back.groupby("replication").size().tolist() == result.sample("dials").tolist()
    for replication, table in enumerate(parts):
        mine = back[back["replication"] == replication]
        ordered = table.sort_values(["outcome", "dialled"])
        assert mine["outcome"].tolist() == ordered["outcome"].tolist()
        assert mine["dialled"].tolist() == ordered["dialled"].tolist()
        assert mine["waited_ms"].sum() == table["waited_ms"].sum()
    assert os.listdir(tmp_path) == ["calls.parquet"]


def test_nothing_is_spilt_where_the_command_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with tables.connected(memory_limit="100MB") as db, pytest.raises(Exception, match="Out of Memory"):
        db.execute("SELECT a, hash(a) FROM range(100000000) t(a) ORDER BY hash(a)")
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.parametrize("what", ["link", "pipe", "folder", "nothing"])
def test_a_table_is_a_regular_file_of_its_folder(usual, tmp_path, what):
    path = tmp_path / "intervals.parquet"
    if what == "link":
        path.symlink_to(usual.folder / "intervals.parquet")
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    with pytest.raises(RunError, match=r"intervals\.parquet can't be read"):
        tables.read_parquet(path)
