"""What is meant in a roster, however people write it: headings, names and codes with blanks or in wide letters, days
without their year, and cells that are merged."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sim.reading.roster_days import day_written, days_of_a_month, days_of_horizon, written_in
from sim.reading.roster_rows import is_no_person
from sim.reading.table import Table, unsaved
from sim.reading.xlsx import FIRST_DAYS, Area
from sim.reading.yaml_places import Document
from sim.scenario.dates import FIRST, LAST
from sim.scenario.messages import Message, say
from sim.scenario.people import folded, plain_name
from sim.scenario.problems import shortly

SIGNS = (";", "；", "\t", "|")


# --- headings --------------------------------------------------------------------------------------------------------

def whole_headings(document: Document, table: Table, first: list[Any], known: Collection[str]) -> list[Any]:
    """A first row in which each name of a column is as it is known, and each day has its year: that of the horizon, as
    sheets often leave it out."""
    horizon, found = days_of_horizon(document), list[Any]()
    by_number, before = days_of_a_month([written_in(cell) for cell in first], horizon), None
    for i, cell in enumerate(first):
        if isinstance(cell, str) and folded(cell) in known:
            found.append(folded(cell))
        elif is_day_of_a_sheet(cell):
            found.append(cell)
        elif day := by_number.get(i) or day_written(written_in(cell), horizon and horizon.first, before):
            if day.other_weekday:
                table.wrong(table.top, i, day.other_weekday)
            found.append(day.day.isoformat())
            before = day.day
        else:
            found.append(as_text(cell))
    return found


def is_day_of_a_sheet(cell: Any) -> bool:
    epoch = FIRST_DAYS[False]
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return is_number and (FIRST - epoch).days <= cell < (LAST - epoch).days


def as_text(cell: Any) -> Any:
    """A number that is no day, as people see it."""
    if not isinstance(cell, int | float) or isinstance(cell, bool):
        return cell
    return f"{cell:g}" if abs(cell) < 1e6 else str(int(cell))


def misplaced(table: Table) -> Message:
    """A hint where other signs part the names of the columns."""
    if len(table.header) == 1 and table.between and any(sign in table.header[0] for sign in SIGNS):
        return say("; put {signs} between the columns", signs=table.between)
    return say("")


# --- cells -----------------------------------------------------------------------------------------------------------

def person_of(table: Table, line: int, column: int, said: str) -> str:
    """A person's name, without blanks that only fill a column."""
    name = plain_name(said)
    if not name or name.startswith("="):
        table.wrong(line, column, say("has no name") + unsaved(name))
    elif "\n" in said:
        table.wrong(line, column, say("has a line break within: close the quotation mark in front of it, or take the "
                                      "break out"))
    elif is_no_person(name):
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
    lines = {table.top, *(line for line, _ in table.cells.rows)}
    for area in table.cells.merged:
        if len(lines.intersection(area.lines)) < (1 if len(area.columns) > 1 or table.top not in area.lines else 2):
            continue    # within rows that are left out, or a heading over the weekdays below it
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
