"""Rows of a roster that are no person's, as sheets have them: what stands above the heading, the weekdays below it,
totals and notes. They are left out where nothing in them could be meant, and that is said."""
from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sim.reading.cells import MOST_ABOVE
from sim.reading.roster_days import Heading, weekday_of
from sim.reading.table import Table
from sim.scenario.messages import say
from sim.scenario.people import folded
from sim.scenario.problems import ranges

NO_PEOPLE = ("备注", "说明", "注:", "合计", "总计", "小计", "人数", "total", "note:", "remark")
COUNTS = ("合计", "总计", "小计", "人数")
HEADS_OF_WEEKDAYS = ("", "姓名", "name", "星期", "周", "周几", "日期", "weekday", "day")
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def is_no_person(said: str) -> bool:
    """Whether a name is that of a row of totals or notes."""
    return folded(said).startswith(NO_PEOPLE) or folded(said).endswith(COUNTS)


def leave_out_above(table: Table, names: Collection[str]) -> None:
    """The title over a roster, down to the row that names the columns."""
    rows = table.cells.rows
    for k, (line, row) in enumerate(rows[:MOST_ABOVE]):
        if any(folded(text_of(cell)) in names for cell in row):
            if k:
                table.tell(rows[0][0], say("what stands above line {line} is left out: that line names the columns",
                                           line=line))
            del rows[:k]
            return


def leave_out_weekdays(table: Table, names: int, days: Mapping[int, date]) -> None:
    """The row of weekdays under the heading; a weekday that the day above it is not is refused."""
    rows = table.cells.rows
    if not rows or folded(text_of(cell_in(rows[0][1], names))) not in HEADS_OF_WEEKDAYS:
        return
    line, row = rows[0]
    said = {column: cell for column in days if text_of(cell := cell_in(row, column))}
    if not said or any(weekday_of(cell) is None and not is_day(table, cell, days[column])
                       for column, cell in said.items()):
        return
    for column, cell in said.items():
        if wrong := Heading(days[column], weekday_of(cell)).other_weekday:
            table.wrong(line, column, wrong)
    table.tell(line, say("has the weekdays, and is left out"))
    del rows[0]


def is_day(table: Table, cell: Any, day: date) -> bool:
    """Whether a cell is the day of its heading once more, which a sheet shows as its weekday."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool) and cell < 1e6
    found = table.cells.date(cell) if is_number and table.cells.date else cell
    return isinstance(found, datetime) and found.date() == day


def leave_out_totals(table: Table, names: int, days: Collection[int]) -> None:
    """Rows of totals and of notes: those without anything but numbers on their days."""
    lines = [line for line, row in table.cells.rows if is_total(row, names, days)]
    if lines:
        table.cells.rows[:] = [one for one in table.cells.rows if one[0] not in lines]
        table.tell(lines[0], say("totals and notes are left out: {lines}", lines=ranges(lines)))


def is_total(row: list[Any], names: int, days: Collection[int]) -> bool:
    """Whether its name, what stands before that, or what it begins with says so."""
    said = {i: text_of(cell) for i, cell in enumerate(row) if i not in days and text_of(cell)}
    first = min(said, default=-1)
    return any(is_no_person(text) for i, text in said.items() if i == first or i <= names) and all(
        NUMBER.fullmatch(text_of(cell_in(row, i))) for i in days if text_of(cell_in(row, i)))


def cell_in(row: list[Any], column: int) -> Any:
    return row[column] if 0 <= column < len(row) else None


def text_of(cell: Any) -> str:
    """As people see it: a sheet keeps whole numbers as 8.0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str("" if cell is None else cell).strip()
