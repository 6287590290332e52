"""Tables on disk, parquet and CSV, by way of DuckDB, whatever the folders in which they lie are called.

DuckDB reads a path its own way: a name such as city=west is a column to it, [1] and ? are patterns, and names are
always UTF-8. So it is given no path that says more than where a file is.
"""
from __future__ import annotations

import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from sim.scenario.messages import say
from sim.scenario.problems import reason
from surgeline.problems import RunError

PLAIN = re.compile(r"[\w/: .,+@%-]+")
NO_SPILLING: dict[str, Any] = {"temp_directory": ""}  # else into a folder .tmp where the command was given
ORDER_OF_CALLS = "outcome, dialled"
BYTE_ORDER = "\ufeff"  # tells Excel that names are UTF-8
METRICS_SQL = """
SELECT metric, scope, "from"::TIMESTAMP AS "from", "to"::TIMESTAMP AS "to", unit,
       mean::DOUBLE AS mean, low::DOUBLE AS low, high::DOUBLE AS high, replications
FROM read_csv({path}, header = true, nullstr = '')
"""


def connected(**more: Any) -> duckdb.DuckDBPyConnection:
    """A database in memory that leaves nothing on disk."""
    return duckdb.connect(config=NO_SPILLING | more)


@lru_cache(1)
def at_hand() -> duckdb.DuckDBPyConnection:
    """The one that tables come and go through: to open one takes longer than most tables."""
    return connected()


def quoted(path: Path | str) -> str:
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def plain(folder: Path) -> Iterator[Path]:
    """A path to a folder in which DuckDB finds nothing but where it is.

    :raises RunError: if there is none.
    """
    absolute = folder.absolute()
    if is_plain(absolute):
        yield absolute
        return
    where = next((one for one in (tempfile.gettempdir(), "/tmp") if is_plain(Path(one))), None)
    try:
        with tempfile.TemporaryDirectory(prefix="surgeline-", dir=where) as temporary:
            link = Path(temporary) / "folder"
            link.symlink_to(absolute, target_is_directory=True)
            yield link
    except OSError as error:
        raise RunError(say("{folder}: a folder of that name can't be used ({why}): rename it", folder=folder,
                           why=reason(error))) from None


def is_plain(path: Path) -> bool:
    text = path.as_posix()
    return PLAIN.fullmatch(text) is not None and (text.isascii() or sys.getfilesystemencoding() == "utf-8")


def said_by(error: duckdb.Error) -> str:
    """What the system said, without the words around it."""
    return str(error).splitlines()[0].rpartition(": ")[2]


def file_of(folder: Path, name: str) -> Path:
    """A file of a folder: a regular one, which leads nowhere else.

    :raises RunError: if it is none.
    """
    path = folder / name
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise RunError(say("{path} can't be read: {why}", path=path, why=reason(error))) from None
    if not stat.S_ISREG(mode):
        raise RunError(say("{path} can't be read: it is no regular file of this folder", path=path))
    return path


# --- writing ---------------------------------------------------------------------------------------------------------

def write_parquet(table: pd.DataFrame, path: Path, order: str = "") -> None:
    """A table as a file, in its own order or by some columns."""
    copy(table, f"(FROM rows ORDER BY {order})" if order else "rows", path, PARQUET)


def write_calls(tables: Iterable[pd.DataFrame], path: Path) -> None:
    """One row a dial, replication after replication, each by outcome and then by time: a fifth smaller than by time
    alone. No more than one replication is at hand."""
    with tempfile.TemporaryDirectory(prefix=".calls.", dir=path.parent) as parts:
        for i, table in enumerate(tables):
            write_parquet(table, Path(parts) / f"{i:06}.parquet", ORDER_OF_CALLS)
        with plain(Path(parts)) as folder:
            copy(None, f"(FROM read_parquet({quoted(folder / '*.parquet')}))", path, PARQUET)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Tidy text: local ISO times, six significant digits and more where a count needs them, nothing for nan."""
    numbers = ", ".join(f"CASE WHEN isnan({c}) THEN '' ELSE printf('%.7g', {c}) END AS {c}"
                        for c in ("mean", "low", "high"))
    moments = ", ".join(f"strftime(\"{c}\", '%Y-%m-%dT%H:%M') AS \"{c}\"" for c in ("from", "to"))
    copy(table, f'(SELECT metric AS "{BYTE_ORDER}metric", scope, {moments}, unit, {numbers}, replications FROM rows)',
         path, "FORMAT csv, HEADER")


PARQUET = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2"


def copy(rows: pd.DataFrame | None, what: str, path: Path, how: str) -> None:
    """:raises OSError: if it can't be written."""
    with plain(path.parent) as folder, at_hand().cursor() as db:
        if rows is not None:
            db.register("rows", rows)
        try:
            db.execute(f"COPY {what} TO {quoted(folder / path.name)} ({how})")
        except duckdb.Error as error:
            raise OSError(0, said_by(error), str(path)) from None


# --- reading ---------------------------------------------------------------------------------------------------------

def read_parquet(path: Path | str) -> pd.DataFrame:
    """A parquet file of a folder, by way of DuckDB: pandas needs no engine of its own for it.

    :raises RunError: if it is no regular file, or none that was written here.
    """
    return read_rows(Path(path), "SELECT * FROM read_parquet({path})")


def read_csv(path: Path) -> pd.DataFrame:
    return read_rows(path, METRICS_SQL)


def read_rows(path: Path, sql: str, values: list[Any] | None = None) -> pd.DataFrame:
    """What a query finds in a file.

    :raises RunError: if it is no regular file, or none that was written here.
    """
    file = file_of(path.parent, path.name)
    with plain(file.parent) as folder, at_hand().cursor() as db:
        try:
            return db.execute(sql.format(path=quoted(folder / file.name)), values).df()
        except duckdb.Error:
            raise RunError(say("{path} can't be read: it is not as a run writes it", path=path)) from None
