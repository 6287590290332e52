"""The tables beside a file, CSV or XLSX, and what they mean."""
from __future__ import annotations

import csv
import io
import math
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sim.moments import moment
from sim.problems import MOST_PROBLEMS, Place, Problem, RuleError, Where, printable, shortly
from sim.quantities import count
from sim.reading.files import within_folder
from sim.reading.wording import likely
from sim.yamlfile import Document, file_bytes

MOST_TABLES = 10
MOST_TABLE_BYTES = 20_000_000
MOST_TABLE_CELLS = 2_000_000
MOST_TABLE_ROWS = 200_000
MOST_XLSX_PARTS = 1000
MOST_XLSX_BYTES = {"xl/worksheets/": 30_000_000, "": 2_000_000}


@dataclass
class Table:
    """The rows of a table with their lines, the names of its columns, and what is wrong with it."""

    shown: str
    rows: list[tuple[int, list[Any]]]
    header: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, column: int, message: str) -> None:
        """Note a problem of a cell, or of a row if there is no such column."""
        name = self.header[column] if 0 <= column < len(self.header) else ""
        self.problems.append(Problem(Place(self.shown, line, max(column, 0) + 1), printable(name), message))


def table_users(data: Any, where: Where = ()) -> Iterator[tuple[Where, dict[str, Any], str]]:
    """Every part of a file that may name a table, and under which name."""
    if isinstance(data, dict):
        if where == ("staff",) or (len(where) == 2 and where[0] == "surges"):
            yield where, data, "table"
        elif data.get("law") == "data":
            yield where, data, "data"
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from table_users(value, (*where, key))


def read_tables(document: Document) -> None:
    """Fill in the rows of every table that the scenario names."""
    users = [user for user in table_users(document.data) if isinstance(user[1].get(user[2]), str)]
    for where, _, key in users[MOST_TABLES:][:1]:
        document.note((*where, key), f"is one too many: a scenario may name {MOST_TABLES} tables")
    for where, part, key in users[:MOST_TABLES]:
        read_table(document, where, part, key, MOST_TABLE_CELLS // min(len(users), MOST_TABLES))


def read_table(document: Document, where: Where, part: dict[str, Any], key: str, most_cells: int) -> None:
    """Fill in the rows of one table."""
    name, beside = part[key], document.files[document.place((*where, key)).file]
    try:
        table = Table(printable(name), table_rows(beside, name, most_cells))
    except RuleError as error:
        document.note((*where, key), f"{shortly(name)} {error}")
        return
    if key == "data":
        part["samples_s"] = durations(table)
    elif where == ("staff",):
        part["rows"] = staff_rows(document, table)
    else:
        part["rows"] = caller_rows(table)
    document.tables.append(beside.parent / name)
    document.values |= {(*where, "rows", k): Place(table.shown, line) for k, (line, _) in enumerate(table.rows)}
    document.problems += table.problems
    if table.problems:
        del part["samples_s" if key == "data" else "rows"]


# --- CSV and XLSX ----------------------------------------------------------------------------------------------------

def table_rows(beside: Path, name: str, most_cells: int) -> list[tuple[int, list[Any]]]:
    """The rows of a CSV or XLSX file beside the one that names it, without the empty ones, with their lines."""
    file = within_folder(beside, name)
    if file is None:
        raise RuleError("is no file in the folder of the file that names it")
    data = file_bytes(file, MOST_TABLE_BYTES)
    cells, rows = 0, []
    for line, row in xlsx_rows(data) if file.suffix == ".xlsx" else csv_rows(data):
        cells += len(row) + 1
        if cells > most_cells or line > MOST_TABLE_ROWS:
            raise RuleError(f"has more than {MOST_TABLE_ROWS:,} rows or {most_cells:,} cells")
        if any(cell not in ("", None) for cell in row):
            rows.append((line, row))
    if not rows:
        raise RuleError("is empty")
    return rows


def csv_rows(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[:error.start].count(b"\n") + 1
        raise RuleError(f"is not UTF-8 text (line {line}): save it as CSV UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise RuleError(f"can't be read as CSV (line {reader.line_num}): {error}") from None


def xlsx_rows(data: bytes) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl  # slow to import, and few scenarios need it

    try:
        refuse_what_swells(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
            for i, row in enumerate(sheet.iter_rows(values_only=True)):
                yield i + 1, list(row)
    except RuleError:
        raise
    except Exception:  # a damaged file can fail anywhere within the library
        raise RuleError("is no sound XLSX file: save it again, or as CSV UTF-8") from None


def refuse_what_swells(data: bytes) -> None:
    """A small XLSX file can unpack to a huge one: sheets may have more than the rest, but nothing much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    for part in parts:
        most = next(most for name, most in MOST_XLSX_BYTES.items() if name in part.filename)
        if part.file_size > most or len(parts) > MOST_XLSX_PARTS:
            raise RuleError(f"unpacks to more than {most:,} bytes in {printable(part.filename)}")


# --- what tables mean ------------------------------------------------------------------------------------------------

def durations(table: Table) -> list[float]:
    """Seconds, one in each row."""
    if str(table.rows[0][1][0]).strip().lower() in ("seconds", "s"):
        del table.rows[0]
    if not table.rows:
        table.wrong(1, 0, "has no durations")
    return [number(table, line, row, 0) for line, row in table.rows]


def caller_rows(table: Table) -> list[tuple[datetime, float]]:
    """The start of an interval and its callers, in each row."""
    column = columns(table, ("start", "callers"))
    return [(start, number(table, line, row, column["callers"])) for line, row, start in starts(table, column)]


def staff_rows(document: Document, table: Table) -> list[tuple[datetime, list[tuple[str, float]]]]:
    """A moment and the seats of each city from then on, in each row."""
    line, column, cities = table.rows[0][0], columns(table, ("start",)), document.data.get("cities")
    for name in [name for name in column if isinstance(cities, dict) and name not in ("start", *cities)]:
        table.wrong(line, column.pop(name), f"is no city{likely(document, name, cities)}")
    return [(start, [(name, number(table, line, row, i)) for name, i in column.items() if name != "start"])
            for line, row, start in starts(table, column)]


def columns(table: Table, wanted: tuple[str, ...]) -> dict[str, int]:
    """The columns by their names, which the first row has; none if it lacks one."""
    line, row = table.rows.pop(0)
    table.header = [str(cell or "").strip() for cell in row]
    found = {name: table.header.index(name) for name in table.header if name}
    if not set(wanted) <= set(found):
        commas = "; put commas between the columns" if len(row) == 1 else ""
        table.wrong(line, -1, f"the first row must name the columns, {' and '.join(wanted)} among them, "
                              f"got {printable(', '.join(table.header))}{commas}")
        return {}
    for i, name in enumerate(table.header):
        if name and found[name] != i:
            table.wrong(line, i, "stands here twice")
    if not table.rows:
        table.wrong(line, -1, "has no rows below its first")
    return found


def starts(table: Table, column: dict[str, int]) -> Iterator[tuple[int, list[Any], datetime]]:
    """Each row that begins with a moment of its own, until there is too much wrong."""
    lines: dict[datetime, int] = {}
    for line, row in table.rows if column else ():
        start = start_of(table, line, row, column["start"])
        if start in lines:
            table.wrong(line, column["start"], f"{start:%Y-%m-%d %H:%M} stands twice, first in line {lines[start]}")
        if start is not None:
            lines.setdefault(start, line)
            yield line, row, start
        if len(table.problems) >= MOST_PROBLEMS:
            return


def start_of(table: Table, line: int, row: list[Any], column: int) -> datetime | None:
    cell = row[column] if column < len(row) else None
    try:
        return moment(cell.isoformat() if isinstance(cell, date) else cell or None, timedelta(0)).replace(microsecond=0)
    except RuleError as error:
        table.wrong(line, column, str(error))
        return None


def number(table: Table, line: int, row: list[Any], column: int) -> float:
    """A cell that says how many; nan, and a problem, if it does not."""
    cell = row[column] if column < len(row) else None
    try:
        return count(None if cell == "" else cell)
    except RuleError as error:
        table.wrong(line, column, str(error))
        return math.nan
