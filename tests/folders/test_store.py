"""SQL over finished runs: what it finds, and what it must not reach."""
import json
import os
import shutil
import subprocess
import sys

import pytest

from sim.reading.loading import load
from sim.studies.study import simulate
from surgeline import console
from surgeline.folders import run as run_folder
from surgeline.folders import store
from surgeline.problems import RunError, UsageError


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Two runs beside each other, one of them with rows of calls, and one that was not finished."""
    folder = tmp_path_factory.mktemp("results")
    for name, variant in (("as it is", None), ("no'body", "none")):
        scenario = load("two-cities") if variant is None else load("two-cities").variant(variant)
        result = simulate(scenario, replications=2, keep_calls=variant is None)
        run_folder.write(result, [], folder / name, variant, [], lambda run: None)
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
    run = run_folder.Run.read(results / "as it is")
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
        run_folder.Run.read(folders[0]).value("dials").mean)


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
        with pytest.raises(RunError, match="no folder with a finished run"):
            store.query("SELECT 1", [folder])


def test_a_half_written_run_is_said(results, tmp_path):
    half = shutil.copytree(results / "as it is", tmp_path / "half")
    (half / "intervals.parquet").write_bytes((half / "intervals.parquet").read_bytes()[:100])
    with pytest.raises(RunError, match="intervals can't be read"):
        store.query("SELECT * FROM intervals", [half])
    with pytest.raises(UsageError, match="--calls"):
        store.query("SELECT * FROM calls", [results / "no'body"])


def test_the_command(results):
    def asked(*more):
        command = [sys.executable, "-m", "surgeline", "query", *more]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    rows = json.loads(asked("SELECT name, seed FROM runs", str(results), "--json").stdout)
    assert rows == [{"name": "two-cities", "seed": 1}] * 2
    assert asked("SELECT name, seed FROM runs", str(results)).stdout.splitlines()[0] == "name,seed"
    bad = asked("SELECT * FROM read_csv('/etc/passwd')", str(results))
    assert bad.returncode == 2
    assert "root:" not in bad.stdout + bad.stderr


# --- what a query may take, and what it may not reach ----------------------------------------------------------------

def copied(results, folder):
    return shutil.copytree(results / "as it is", folder / "copy")


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
@pytest.mark.parametrize("table", ["metrics", "intervals", "pools", "helped", "calls", "runs"])
def test_a_link_in_a_run_is_not_read(results, tmp_path, table):
    """What another file has in it is neither read nor said."""
    copy = copied(results, tmp_path)
    file = copy / {"runs": "manifest.json", **store.FILES}[table]
    (tmp_path / "secret").write_text("secret,of,another\n1,2,3\n")
    file.unlink()
    file.symlink_to(tmp_path / "secret")
    with pytest.raises(RunError, match="regular file") as told:
        store.query(f"SELECT * FROM {table}", [copy])
    assert "of,another" not in str(told.value)


def test_what_stands_in_a_broken_file_is_not_said(results, tmp_path):
    copy = copied(results, tmp_path)
    (copy / "metrics.csv").write_text("metric,secret\nx\n\"y")
    with pytest.raises(RunError, match="not as a run writes it") as told:
        store.query("SELECT * FROM metrics", [copy])
    assert "secret" not in str(told.value)


def test_a_query_takes_no_more_time_than_it_may(results, monkeypatch):
    monkeypatch.setattr(store, "MOST_SECONDS", 1.0)
    with pytest.raises(UsageError, match="more than 1 s"):
        store.query("SELECT count(*) FROM range(1000000000000) t(a) WHERE a % 7 = 3", [results])


def test_a_query_takes_no_more_memory_than_it_may_and_no_disk(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(store, "MOST_BYTES", 200_000_000)
    with pytest.raises(UsageError, match=r"more than 0\.2 GB of memory"):
        store.query("SELECT a, hash(a) FROM range(100000000) t(a) ORDER BY hash(a)", [results])
    assert list(tmp_path.iterdir()) == []


def test_an_answer_is_no_larger_than_it_may_be(results, monkeypatch):
    monkeypatch.setattr(store, "MOST_VALUES", 10)
    assert len(store.query("SELECT 1, 2 FROM range(5)", [results])) == 5
    with pytest.raises(UsageError, match="6 rows of 2 values, and the most are 10 values"):
        store.query("SELECT 1, 2 FROM range(6)", [results])


@pytest.mark.parametrize("sql", ["SELECT \udcff", "SELECT '\ud800'", "SELECT 1\0", "SELECT 1\0; SELECT 2", "\0"])
def test_what_is_no_text_is_no_query(results, sql):
    with pytest.raises(UsageError, match=r"no UTF-8|one SELECT"):
        store.query(sql, [results])


@pytest.mark.parametrize(("sql", "wanted"), [
    ("1::HUGEINT", 1), ("170141183460469231731687303715884105727::HUGEINT", 2**127 - 1),
    ("340282366920938463463374607431768211455::UHUGEINT", 2**128 - 1), ("NULL::HUGEINT", None),
    ("sum(a) FROM range(5) t(a)", 10),
    ("'3fa85f64-5717-4562-b3fc-2c963f66afa6'::UUID", "3fa85f64-5717-4562-b3fc-2c963f66afa6"), ("'101'::BIT", "101"),
    ("'\\xAA'::BLOB", "\\xAA"),
    ("{'a': 1, 'b': [NULL, 2.5], 'c': 'nan'::DOUBLE}", {"a": 1, "b": [None, 2.5], "c": None}),
    ("MAP {'x': 1}", {"x": 1}), ("[1, NULL]", [1, None]), ("INTERVAL 1 DAY", "1 day"), ("TIME '10:00'", "10:00:00"),
    ("'infinity'::TIMESTAMP", "infinity"), ("'-infinity'::DATE", "-infinity"), ("DATE '290000-01-01'", "290000-01-01"),
    ("TIMESTAMP '2021-08-02 10:00'", "2021-08-02T10:00:00"), ("DATE '2021-08-02'", "2021-08-02T00:00:00"),
    ("'nan'::DOUBLE", None), ("'-infinity'::DOUBLE", None), ("NULL", None), ("true", True), ("0.1", 0.1),
    ("'=1'", "=1"),
    ("0.1::DOUBLE + 0.2", 0.1 + 0.2), ("'a'::ENUM('a', 'b')", "a"), ("'10:00:00+08'::TIMETZ", "10:00:00+08"),
])
def test_json_has_every_kind_of_value(results, capsys, sql, wanted):
    console.show_rows(store.query(f"SELECT {sql}", [results]), True)
    (row,), = (json.loads(capsys.readouterr().out),)
    assert list(row.values()) == [wanted]


def test_columns_of_one_name_are_all_there(results, capsys):
    console.show_rows(store.query("SELECT 1 AS a, 2 AS a", [results]), True)
    assert list(json.loads(capsys.readouterr().out)[0].values()) == [1, 2]


def test_rows_come_in_the_order_asked_for(results):
    assert store.query("SELECT a FROM range(100000) t(a) ORDER BY a DESC", [results])["a"].is_monotonic_decreasing


@pytest.mark.parametrize(("sql", "wanted"), [
    ("'=1+1'", "'=1+1"), ("'+1+1'", "'+1+1"), ("'-1+1'", "'-1+1"), ("'@SUM(1)'", "'@SUM(1)"),
    ("'\t=1'", "'\t=1"),
    ("'＝1'", "'＝1"), ("'-5'", "-5"), ("'-2.5e3'", "-2.5e3"), ("-5", "-5"), ("-2.5::DOUBLE", "-2.5"),
    ("-1::HUGEINT", "-1"),
    ("'-inf'", "'-inf"), ("'a=1'", "a=1"), ("''", '""'), ("NULL", '""'), ("['=1']", '"[""=1""]"'),
])
def test_no_text_is_a_formula_in_a_spreadsheet(results, capsys, sql, wanted):
    console.show_rows(store.query(f"SELECT {sql} AS a", [results]), False)
    assert capsys.readouterr().out == f"a\n{wanted}\n"


def test_no_heading_is_a_formula_in_a_spreadsheet(results, capsys):
    console.show_rows(store.query('SELECT 1 AS "=cmd"', [results]), False)
    assert capsys.readouterr().out == "'=cmd\n1\n"
