"""What is meant in a roster, however people write it: headings, names and codes with blanks or in wide letters, days
without their year, and cells that are merged."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sim.reading.table import Table, unsaved
from sim.reading.xlsx import FIRST_DAYS, Area
from sim.reading.yaml_places import Document
from sim.scenario.dates import FIRST, LAST, moment
from sim.scenario.messages import Message, say
from sim.scenario.people import folded, plain_name
from sim.scenario.problems import RuleError, shortly

DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})([-/.月])(\d{1,2})日?(?:\s*\(?(?:周|星期)?([一二三四五六日天])\)?)?")
WITHOUT_YEAR = "-/月"
WEEKDAYS = "一二三四五六日天"
CHINESE_WEEK = dict(zip(WEEKDAYS, (*range(7), 6), strict=True))
NO_PEOPLE = ("备注", "说明", "注:", "合计", "总计", "小计", "total", "note:", "remark")
SIGNS = (";", "；", "\t", "|")


# --- headings --------------------------------------------------------------------------------------------------------

def whole_headings(document: Document, table: Table, first: list[Any], known: Collection[str]) -> list[Any]:
    """A first row in which each name of a column is as it is known, and each day has its year: that of the horizon, as
    sheets often leave it out."""
    return [whole_heading(document, table, i, cell, known) for i, cell in enumerate(first)]


def whole_heading(document: Document, table: Table, column: int, cell: Any, known: Collection[str]) -> Any:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell if is_day_of_a_sheet(cell) else f"{cell:g}" if abs(cell) < 1e6 else str(int(cell))
    if not isinstance(cell, str):
        return cell
    if folded(cell) in known:
        return folded(cell)
    written = DAY.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    if written is None or not (written[1] or written[3] in WITHOUT_YEAR):
        return cell
    day = day_meant(written, start_of_horizon(document))
    if day is not None and written[5] and day.weekday() != CHINESE_WEEK[written[5]]:
        table.wrong(table.top, column, say("{day} is a {weekday}: write the day with its year, such as 2021-07-18",
                                           day=str(day), weekday=WEEKDAY_NAMES[day.weekday()]))
    return day.isoformat() if day is not None else cell


WEEKDAY_NAMES = (say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"),
                 say("Sunday"))


def is_day_of_a_sheet(number: float) -> bool:
    epoch = FIRST_DAYS[False]
    return (FIRST - epoch).days <= number < (LAST - epoch).days


def day_meant(written: re.Match[str], near: date | None) -> date | None:
    """The day of a heading; without a year the one nearest to the horizon. None if there is no such day."""
    years = [int(written[1])] if written[1] else [near.year + k for k in (0, -1, 1)] if near else []
    found = [day for year in years if (day := day_of(year, int(written[2]), int(written[4]))) is not None]
    return min(found, key=lambda day: abs((day - (near or day)).days), default=None)


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def start_of_horizon(document: Document) -> date | None:
    """The first day of the horizon, None where what is wrong with it is told elsewhere."""
    horizon = document.data.get("horizon")
    try:
        return moment(horizon.get("start"), timedelta(0)).date() if isinstance(horizon, dict) else None
    except RuleError:
        return None


def misplaced(table: Table, names: Collection[str]) -> Message:
    """A hint where the names of the columns stand further below, or where other signs part them."""
    if len(table.header) == 1 and table.between and any(sign in table.header[0] for sign in SIGNS):
        return say("; put {signs} between the columns", signs=table.between)
    line = next((line for line, row in table.cells.rows[:20] if any(folded(str(cell)) in names for cell in row)), None)
    return say("; they stand in line {line}: delete what is above", line=line) if line is not None else say("")


# --- cells -----------------------------------------------------------------------------------------------------------

def person_of(table: Table, line: int, column: int, said: str) -> str:
    """A person's name, without blanks that only fill a column."""
    name = plain_name(said)
    if not name or name.startswith("="):
        table.wrong(line, column, say("has no name") + unsaved(name))
    elif "\n" in said:
        table.wrong(line, column, say("has a line break within: close the quotation mark in front of it, or take the "
                                      "break out"))
    elif folded(name).startswith(NO_PEOPLE):
        table.wrong(line, column, say("{name} is no person: delete rows of notes and totals", name=shortly(name)))
    return name


def refuse_without_heading(table: Table) -> None:
    """Cells of which nobody knows the day."""
    for line, row in table.cells.rows:
        for i, cell in enumerate(row):
            if (i >= len(table.header) or not table.header[i]) and cell is not None and str(cell).strip():
                table.wrong(line, i, say("stands below no heading: write its day there, or 备注 (note)"))
        if table.is_hopeless:
            return


def code_meant(said: str, known: Iterable[str], others: Collection[str]) -> str:
    """The code of a shift, or the word for a day without one, that a cell means; as it stands if it means none."""
    codes = list(known)
    if said in codes:
        return said
    if folded(said) in others:
        return folded(said)
    alike = [code for code in dict.fromkeys(codes) if folded(code) == folded(said)]
    return alike[0] if len(alike) == 1 else said


# --- merged cells ----------------------------------------------------------------------------------------------------

def unmerge(table: Table, groups: int, others: Collection[int]) -> None:
    """A group holds for all rows over which it is merged; what is merged across people or days could mean anything."""
    for area in table.cells.merged:
        used = [column for column in (groups, *others) if column in area.columns]
        if used == [groups] and len(area.columns) == 1 and area.lines.start > table.top:
            fill(table, groups, area)
        elif used and area.lines.stop > table.top:
            table.wrong(max(area.lines.start, table.top), min(used), say(
                "{cells} are merged: part them, and write in each cell what holds there", cells=area.name))


def fill(table: Table, column: int, area: Area) -> None:
    """What stands in the first of merged cells stands in all of them."""
    rows = dict(table.cells.rows)
    first = rows.get(area.lines.start, [])
    value = first[column] if column < len(first) else None
    for line in area.lines:
        row = rows.get(line)
        if row is not None:
            row += [None] * (column + 1 - len(row))
            row[column] = value
