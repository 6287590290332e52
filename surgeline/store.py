"""A store for analysts: SQL over the tables of finished runs. Nothing else can be read, and nothing written."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from surgeline import runs
from surgeline.problems import UsageError
from surgeline.runs import RunError

FILES = {"metrics": "metrics.csv", "metrics_by_interval": "metrics_by_interval.parquet",
         "intervals": "intervals.parquet", "pools": "pools.parquet", "helped": "helped.parquet",
         "calls": "calls.parquet"}
TABLES = ("runs", *FILES)
SEALED = ("SET python_enable_replacements = false", "SET enable_external_access = false",
          "SET lock_configuration = true")


def query(sql: str, folders: Iterable[Path]) -> pd.DataFrame:
    """The answer to one SELECT over the tables of ``TABLES``; each row has the ``run`` that it comes from.

    :raises UsageError: for what is no single SELECT, or what the tables don't have.
    :raises RunError: for a folder in which there is no finished run.
    """
    found = list(dict.fromkeys(path for folder in folders for path in finished(folder)))
    with duckdb.connect() as db:
        refuse_all_but_one_select(db, sql)
        for table in TABLES:
            if table in sql.lower():
                fill(db, table, found)
        for setting in SEALED:
            db.execute(setting)
        try:
            return db.execute(sql).df()
        except duckdb.Error as error:
            raise UsageError(f"{error}; the tables are {', '.join(TABLES)}") from None


def finished(folder: Path) -> Iterator[Path]:
    """The runs in a folder: itself, or those below it. Unfinished ones have hidden names."""
    manifests = sorted(path for path in folder.rglob("manifest.json")
                       if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    paths = [path.parent for path in manifests if (path.parent / FILES["metrics"]).is_file()]
    if not paths:
        raise RunError(f"{folder} is no folder with a finished run")
    yield from paths


def refuse_all_but_one_select(db: duckdb.DuckDBPyConnection, sql: str) -> None:
    try:
        statements = db.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(str(error)) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError("must be one SELECT")


def fill(db: duckdb.DuckDBPyConnection, table: str, folders: list[Path]) -> None:
    """Make a table of what the runs have."""
    there = [folder for folder in folders if table == "runs" or (folder / FILES[table]).is_file()]
    if not there:
        raise UsageError(f"none of these runs has {table}" + ("; a run keeps them with --calls" * (table == "calls")))
    try:
        if table == "runs":
            rows = pd.DataFrame([about(folder) for folder in there])
            db.register("rows", rows)
            db.execute("CREATE TABLE runs AS FROM rows")
            db.unregister("rows")
        else:
            parts = " UNION ALL BY NAME ".join(f"SELECT {runs.quoted(folder)} AS run, * FROM {source(folder, table)}"
                                               for folder in there)
            db.execute(f"CREATE TABLE {table} AS {parts}")
    except duckdb.Error as error:
        raise RunError(f"{table} can't be read: {error}") from None


def source(folder: Path, table: str) -> str:
    path = runs.quoted(folder / FILES[table])
    return f"({runs.METRICS_SQL.format(path=path)})" if table == "metrics" else f"read_parquet({path})"


def about(folder: Path) -> dict[str, Any]:
    """A run's row: what was run."""
    manifest = runs.read(folder).manifest
    names = ("name", "variant", "scenario_hash", "seed", "replications", "engine", "created", "seconds")
    title = manifest["scenario"]["title"]
    return {"run": str(folder), **{name: manifest[name] for name in names}, "title_zh": title["zh"],
            "title_en": title["en"], "versions": json.dumps(manifest["versions"])}
