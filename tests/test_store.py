"""SQL over finished runs: what it finds, and what it must not reach."""
import json
import shutil
import subprocess
import sys

import pytest

from sim import load, simulate
from surgeline import runs, store
from surgeline.problems import UsageError


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Two runs beside each other, one of them with rows of calls, and one that was not finished."""
    folder = tmp_path_factory.mktemp("results")
    for name, variant in (("as it is", None), ("no'body", "none")):
        scenario = load("two-cities") if variant is None else load("two-cities").variant(variant)
        result = simulate(scenario, replications=2, keep_calls=variant is None)
        runs.write(result, [], folder / name, variant, [], lambda run: None)
    shutil.copytree(folder / "as it is", folder / ".as it is.x1")
    return folder


def test_all_runs_below_a_folder_are_asked(results):
    found = store.query("SELECT run, name, variant, replications FROM runs ORDER BY run", [results])
    assert found["run"].tolist() == [str(results / "as it is"), str(results / "no'body")]
    assert found["replications"].tolist() == [2, 2]
    assert found["variant"].tolist()[1] == "none"


def test_figures_are_those_of_the_run(results):
    sql = """SELECT mean FROM metrics WHERE metric = 'dials' AND scope = 'province'
             ORDER BY "to" - "from" DESC LIMIT 1"""
    run = runs.read(results / "as it is")
    assert store.query(sql, [results / "as it is"])["mean"].item() == run.value("dials").mean


def test_figures_of_intervals_stand_in_a_table_of_their_own(results):
    folders = [results / "as it is"]
    sql = "SELECT sum(mean) AS n, count(*) AS rows FROM {} WHERE metric = 'dials' AND scope = 'province'"
    each, short = (store.query(sql.format(table), folders).iloc[0] for table in ("metrics_by_interval", "metrics"))
    assert (each["rows"], short["rows"]) == (96, 1)
    assert each["n"] == pytest.approx(short["n"])


def test_calls_and_intervals_tell_the_same(results):
    folders = [results / "as it is"]
    calls = store.query("SELECT count(*) AS n FROM calls WHERE outcome = 'answered' GROUP BY replication", folders)["n"]
    assert sorted(calls) == sorted(simulate(load("two-cities"), replications=2).sample("answered"))
    assert store.query("SELECT sum(dials) AS n FROM intervals", folders)["n"].item() == pytest.approx(
        runs.read(folders[0]).value("dials").mean)


@pytest.mark.parametrize("sql", [
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "FROM glob('/*')",
    "FROM read_text('/etc/passwd')", "COPY (SELECT 1) TO '{out}'", "COPY metrics TO '{out}'",
    "EXPORT DATABASE '{out}'", "ATTACH '{out}'", "SET enable_external_access = true", "INSTALL httpfs", "LOAD json",
    "CREATE TABLE x AS SELECT 1", "DROP TABLE metrics", "SELECT 1; SELECT 2", "", "PRAGMA database_list",
    "SELECT * FROM sys.modules", "SELEC 1", "SELECT * FROM nothing", "SELECT * FROM results",
])
def test_nothing_else_is_read_or_written(results, tmp_path, sql):
    out = tmp_path / "out"
    with pytest.raises(UsageError):
        store.query(sql.format(out=out), [results / "as it is"])
    assert not out.exists()


def test_what_is_no_run_is_said(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(runs.RunError, match="no folder with a finished run"):
            store.query("SELECT 1", [folder])


def test_a_half_written_run_is_said(results, tmp_path):
    half = shutil.copytree(results / "as it is", tmp_path / "half")
    (half / "intervals.parquet").write_bytes((half / "intervals.parquet").read_bytes()[:100])
    with pytest.raises(runs.RunError, match="intervals can't be read"):
        store.query("SELECT * FROM intervals", [half])
    with pytest.raises(UsageError, match="--calls"):
        store.query("SELECT * FROM calls", [results / "no'body"])


def test_the_command(results):
    def asked(*more):
        command = [sys.executable, "-m", "surgeline.cli", "query", *more]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    rows = json.loads(asked("SELECT name, seed FROM runs", str(results), "--json").stdout)
    assert rows == [{"name": "two-cities", "seed": 1}] * 2
    assert asked("SELECT name, seed FROM runs", str(results)).stdout.splitlines()[0] == "name,seed"
    bad = asked("SELECT * FROM read_csv('/etc/passwd')", str(results))
    assert bad.returncode == 2
    assert "root:" not in bad.stdout + bad.stderr
