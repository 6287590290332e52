"""A store for analysts: SQL over the tables of finished runs. Nothing else can be read, and nothing written.

A query may take two gigabytes, or half of the machine where that is less, a minute, and no disk at all.
"""
from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd

from sim.scenario.messages import printable, say
from sim.studies.executors import cores
from surgeline.folders import tables
from surgeline.folders.run import Run
from surgeline.problems import LONGEST_PATH, RunError, UsageError

T = TypeVar("T")
FILES = {"metrics": "metrics.csv", "metrics_by_interval": "metrics_by_interval.parquet",
         "intervals": "intervals.parquet", "pools": "pools.parquet", "helped": "helped.parquet",
         "calls": "calls.parquet"}
TABLES = ("runs", *FILES)
SEALED = ("SET python_enable_replacements = false", "SET enable_external_access = false",
          "SET lock_configuration = true")
MOST_BYTES, MOST_SECONDS, MOST_VALUES = 2_000_000_000, 60.0, 20_000_000
LOOK_S = 0.1
AS_THEY_ARE = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
               "FLOAT", "DOUBLE", "VARCHAR", "DECIMAL", "ENUM", '"NULL"')
MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")
WHOLE = ("HUGEINT", "UHUGEINT", "BIGNUM")
NESTED = ("STRUCT", "MAP", "UNION", "JSON")


def query(sql: str, folders: Iterable[Path]) -> pd.DataFrame:
    """The answer to one SELECT over the tables of ``TABLES``; each row has the ``run`` that it comes from.

    :raises UsageError: for what is no single SELECT, what the tables don't have, or what takes too much.
    :raises RunError: for a folder in which there is no finished run.
    """
    found = list({path.resolve(): path for folder in folders for path in finished(folder)}.values())
    memory = min(MOST_BYTES, memory_of_machine() // 2)
    with tables.connected(memory_limit=f"{memory}B", threads=cores()) as db, told(memory):
        return in_time(db, lambda: answer(db, sql, found))


def answer(db: duckdb.DuckDBPyConnection, sql: str, found: list[Path]) -> pd.DataFrame:
    with ExitStack() as links:
        select = one_select(db, sql)
        paths = [path for table in TABLES if table in sql.lower() for path in fill(db, table, found, links)]
        db.execute(f"SET allowed_paths = [{', '.join(map(tables.quoted, paths))}]")
        for setting in SEALED:
            db.execute(setting)
        db.execute(f"CREATE TABLE answer AS\n{select}")  # on a line of its own, as messages show it
        return fetched(db)


def memory_of_machine() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not told here
        return 2 * MOST_BYTES


def in_time(db: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """No more than a minute, and no longer than nobody interrupts it: a database at work does not hear of Ctrl-C."""
    with ThreadPoolExecutor(1) as thread:
        future = thread.submit(work)
        try:
            return future.result(MOST_SECONDS)
        except TimeoutError:
            raise UsageError(say("the query takes more than {most:.0f} s, the most: ask for less",
                                 most=MOST_SECONDS)) from None
        finally:
            while not future.done():
                db.interrupt()
                wait([future], LOOK_S)


@contextmanager
def told(memory: int) -> Iterator[None]:
    """What goes wrong with a query, in words."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise UsageError(say("the query takes more than {most:.1f} GB of memory, the most: ask for less",
                             most=memory / 1e9)) from None
    except duckdb.Error as error:
        raise UsageError(say("{error}; the tables are {tables}", error=error, tables=list(TABLES))) from None


# --- what is asked ---------------------------------------------------------------------------------------------------

def one_select(db: duckdb.DuckDBPyConnection, sql: str) -> str:
    """The text of the one SELECT.

    :raises UsageError: if it is none, more than one, or no text.
    """
    try:
        sql.encode()
    except UnicodeEncodeError:
        raise UsageError(say("{sql} is no UTF-8", sql=printable(sql))) from None
    statements = db.extract_statements(sql) if "\0" not in sql else []
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise UsageError(say("must be one SELECT"))
    return str(statements[0].query).rstrip().rstrip(";")


def finished(folder: Path) -> Iterator[Path]:
    """The runs in a folder: itself, or those below it. Unfinished ones have hidden names."""
    manifests = sorted(path for path in folder.rglob("manifest.json")
                       if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    paths = [path.parent for path in manifests if os.path.lexists(path.parent / FILES["metrics"])]
    if not paths:
        raise RunError(say("{folder} is no folder with a finished run", folder=folder))
    yield from paths


def fill(db: duckdb.DuckDBPyConnection, table: str, folders: list[Path], links: ExitStack) -> list[Path]:
    """Make a table of what the runs have. Gives the files that it is read from as it is asked for."""
    there = [folder for folder in folders if table == "runs" or os.path.lexists(folder / FILES[table])]
    if not there:
        raise UsageError(say("none of these runs has calls; a run keeps them with --calls") if table == "calls" else
                         say("none of these runs has {table}", table=table))
    if table == "runs":
        fill_runs(db, there)
        return []
    paths = [links.enter_context(tables.plain(folder)) / tables.file_of(folder, FILES[table]).name for folder in there]
    parts = [f"SELECT {tables.quoted(shown(folder))} AS run, * FROM {read_by(table, path)}"
             for folder, path in zip(there, paths, strict=True)]
    refuse_unread(db, table, dict(zip(there, parts, strict=True)))
    kind = "TABLE" if table == "metrics" else "VIEW"
    db.execute(f"CREATE {kind} {table} AS {' UNION ALL BY NAME '.join(parts)}")
    return paths if kind == "VIEW" else []


def fill_runs(db: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """Make the table of what the runs say of themselves; their seeds as numbers as long as a database has so large."""
    rows = [about(folder) for folder in folders]
    largest = max(row["seed"] for row in rows)
    seeds = "BIGINT" if largest < 2**63 else "UHUGEINT" if largest < 2**128 else "VARCHAR"
    db.register("rows", pd.DataFrame([row | {"seed": str(row["seed"])} for row in rows]))
    db.execute(f"CREATE TABLE runs AS SELECT * REPLACE (seed::{seeds} AS seed) FROM rows")


def read_by(table: str, path: Path) -> str:
    return f"({tables.METRICS_SQL.format(path=tables.quoted(path))})" if table == "metrics" \
        else f"read_parquet({tables.quoted(path)})"


def refuse_unread(db: duckdb.DuckDBPyConnection, table: str, parts: dict[Path, str]) -> None:
    """:raises RunError: for a file that is not as a run writes it. What stands in it is not said."""
    for folder, part in parts.items():
        try:
            db.execute(f"CREATE TEMP TABLE one AS {part}" if table == "metrics" else f"{part} LIMIT 0")
            db.execute("DROP TABLE IF EXISTS one")
        except (duckdb.OutOfMemoryException, duckdb.InterruptException):
            raise
        except duckdb.Error:
            raise RunError(say("{table} can't be read: {file} is not as a run writes it", table=table,
                               file=shown(folder / FILES[table]))) from None


def about(folder: Path) -> dict[str, Any]:
    """A run's row: what was run."""
    manifest = Run.read(folder).manifest
    names = ("name", "variant", "scenario_hash", "seed", "replications", "engine", "created", "seconds")
    title = manifest.scenario.title
    return {"run": shown(folder), **{name: getattr(manifest, name) for name in names}, "title_zh": title.zh,
            "title_en": title.en, "versions": json.dumps(manifest.versions)}


def shown(folder: Path) -> str:
    """A folder's name as text, be it text or not."""
    return printable(str(folder), LONGEST_PATH) if not str(folder).isprintable() else str(folder)


# --- what is answered ------------------------------------------------------------------------------------------------

def fetched(db: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The answer as a table: whole numbers in full, lists and structures as such, whatever else there is as text."""
    types = {str(name): str(kind) for name, kind, *_ in db.execute("FROM answer LIMIT 0").description}
    count, = db.execute("SELECT count(*) FROM answer").fetchone() or (0,)
    if count * len(types) > MOST_VALUES:
        raise UsageError(say("the answer has {count:,} rows of {columns} values, and the most are {most:,} "
                             "values in all: ask for less, or LIMIT it", count=count, columns=len(types),
                             most=MOST_VALUES))
    table = db.execute(f"SELECT {', '.join(readable(db, *one) for one in types.items())} FROM answer").df()
    for name, kind in types.items():
        meant = int if kind in WHOLE else json.loads if is_nested(kind) else None
        if meant is not None:
            values = [meant(text) if isinstance(text, str) else None for text in table[name]]
            table[name] = pd.Series(values, dtype=object)
    return table


def readable(db: duckdb.DuckDBPyConnection, name: str, kind: str) -> str:
    """A column in a form that pandas has a type for."""
    column = '"' + name.replace('"', '""') + '"'
    if is_nested(kind):
        return f"to_json({column})::VARCHAR AS {column}"
    if kind.partition("(")[0] in AS_THEY_ARE or (kind in MOMENTS and has_only_real_moments(db, column)):
        return column
    return f"{column}::VARCHAR AS {column}"


def is_nested(kind: str) -> bool:
    return kind.partition("(")[0] in NESTED or kind.endswith("]")


def has_only_real_moments(db: duckdb.DuckDBPyConnection, column: str) -> bool:
    """Whether all of them lie in the years that calendars in Python have."""
    years = f"count(*) FILTER (NOT isfinite({column}) OR year({column}) NOT BETWEEN 1 AND 9999)"
    found, = db.execute(f"SELECT {years} FROM answer").fetchone() or (0,)
    return bool(found == 0)
