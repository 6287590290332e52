"""The tables beside a file: which parts of it name one, and what its rows are."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sim.reading.cells import MOST_CELLS, cells_of
from sim.reading.durations import durations
from sim.reading.findings import FILLED_IN
from sim.reading.rosters import is_roster, read_roster
from sim.reading.shift_counts import is_counts, read_shift_counts
from sim.reading.table import Table, columns, number, refuse_hidden, unsaved
from sim.reading.wording import likely
from sim.reading.yaml_places import Document
from sim.scenario.dates import FIRST, LAST, moment, written
from sim.scenario.messages import Message, printable, say
from sim.scenario.problems import Place, RuleError, Where, shortly

MOST_TABLES = 10
DAYS_OF_A_SHEET = re.compile(r"\d{5}(?:\.\d+)?")
STAFF, COUNTS = ("staff",), ("shift_counts",)
EPOCH = datetime(1899, 12, 30)


def table_users(data: Any, where: Where = ()) -> Iterator[tuple[Where, dict[str, Any], str]]:
    """Every part of a file that may name a table, and under which name."""
    if isinstance(data, dict):
        if where in (STAFF, COUNTS) or (len(where) == 2 and where[0] == "surges") or is_of_roster(where):
            yield where, data, "table"
        elif data.get("law") == "data":
            yield where, data, "data"
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from table_users(value, (*where, key))


def is_of_roster(where: Where) -> bool:
    return len(where) == 3 and where[0] == "people" and where[2] == "roster"


def read_tables(document: Document) -> None:
    """Fill in the rows of every table that the scenario names."""
    users = [user for user in table_users(document.data) if isinstance(user[1].get(user[2]), str)]
    for where, _, key in users[MOST_TABLES:][:1]:
        document.note((*where, key), say("is one too many: a scenario may name {most} tables",
                                         most=MOST_TABLES))
    for where, part, key in users[:MOST_TABLES]:
        read_table(document, where, part, key, MOST_CELLS // min(len(users), MOST_TABLES))


def read_table(document: Document, where: Where, part: dict[str, Any], key: str, most_cells: int) -> None:
    """Fill in the rows of one table."""
    name, beside = part[key], document.files[document.place((*where, key)).file]
    cities = cities_of(document)

    def fits(first: list[Any]) -> bool:
        """Whether a sheet may be meant by its first row."""
        if is_of_roster(where):
            return is_roster(first)
        if where == COUNTS:
            return is_counts(first)
        names = {str(cell).strip() for cell in first}
        return key == "data" or ("start" in names and bool(names & (cities if where == STAFF else {"callers"})))
    try:
        table = Table(printable(name), cells_of(beside, name, most_cells, fits))
    except RuleError as error:
        document.note((*where, key), say("{name} {why}", name=shortly(name), why=error.message))
        return
    part |= said_by(document, where, key, table)
    document.tables.append(beside.parent / name)
    document.values |= {(*where, "rows", k): Place(table.shown, line) for k, (line, _) in enumerate(table.cells.rows)}
    document.problems += table.problems
    document.notices += table.notices
    if table.faults:
        for name in FILLED_IN:
            part.pop(name, None)


def said_by(document: Document, where: Where, key: str, table: Table) -> dict[str, Any]:
    """What a table says for the part that names it."""
    if key == "data":
        return {"samples_s": durations(table)}
    if is_of_roster(where):
        return read_roster(document, where, table)
    if where == COUNTS:
        return read_shift_counts(document, where, table)
    return {"rows": staff_rows(document, table) if where == STAFF else caller_rows(table)}


def cities_of(document: Document) -> set[str]:
    cities = document.data.get("cities")
    return set(cities) if isinstance(cities, dict) else set()


# --- what rows mean --------------------------------------------------------------------------------------------------

def caller_rows(table: Table) -> list[tuple[datetime, float]]:
    """The start of an interval and its callers, in each row."""
    column = columns(table, ("start", "callers"))
    refuse_hidden(table, [i for name, i in column.items() if name in ("start", "callers")])
    return [(start, number(table, line, row, column["callers"]))
            for line, row, start in starts(table, column, say("add such rows up"))]


def staff_rows(document: Document, table: Table) -> list[tuple[datetime, list[tuple[str, float]]]]:
    """A moment and the seats of each city from then on, in each row."""
    column, cities = columns(table, ("start",)), document.data.get("cities")
    for name in [name for name in column if isinstance(cities, dict) and name not in ("start", *cities)]:
        table.wrong(table.top, column.pop(name), say("is no city{hint}", hint=likely(document, name, cities)))
    refuse_hidden(table, column.values())
    return [(start, [(name, number(table, line, row, i)) for name, i in column.items() if name != "start"])
            for line, row, start in starts(table, column, say("keep one of them"))]


def starts(table: Table, column: dict[str, int], of_two: Message) -> Iterator[tuple[int, list[Any], datetime]]:
    """Each row with its moment, until there is too much wrong."""
    lines: dict[datetime, int] = {}
    for line, row in table.cells.rows if column else ():
        start = start_of(table, line, row, column["start"])
        if start in lines:
            table.wrong(line, column["start"], say("{start:%Y-%m-%d %H:%M} stands twice, first in line {line}: "
                                                   "{remedy}", start=start, line=lines[start], remedy=of_two))
        elif start is not None:
            lines[start] = line
        yield line, row, start or FIRST
        if table.is_hopeless:
            return


def start_of(table: Table, line: int, row: list[Any], column: int) -> datetime | None:
    """The moment in a cell, to the nearest second; None, and a problem, if there is none."""
    cell = row[column] if column < len(row) else None
    if isinstance(cell, int | float) and not isinstance(cell, bool) and table.cells.date and is_day_of_a_sheet(cell):
        cell = table.cells.date(cell)
    try:
        return (moment(None if cell == "" else cell, timedelta(0)) + timedelta(seconds=0.5)).replace(microsecond=0)
    except RuleError as error:
        table.wrong(line, column, error.message + unsaved(cell) + as_a_sheet_keeps_it(cell))
        return None


def is_day_of_a_sheet(number: float) -> bool:
    """Whether it may be a moment as sheets keep it, in days since the end of 1899."""
    return (FIRST - EPOCH).days <= number < (LAST - EPOCH).days


def as_a_sheet_keeps_it(cell: Any) -> Message:
    """A remedy for a number where a moment should be."""
    if not isinstance(cell, str) or not DAYS_OF_A_SHEET.fullmatch(cell.strip()) or not is_day_of_a_sheet(float(cell)):
        return say("")
    meant = EPOCH + timedelta(seconds=round(float(cell) * 86400))
    return say("; sheets keep {meant} so: give the column a format of dates and times, and save it again",
               meant=written(meant))
