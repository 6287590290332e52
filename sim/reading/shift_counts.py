"""Tables of how many people begin which shift on which day, by city: a row a shift, a column a day."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sim.reading.cells import MOST_ABOVE
from sim.reading.roster_columns import IN_BRACKETS
from sim.reading.roster_rows import cell_in, leave_out_above, leave_out_totals, leave_out_weekdays, text_of
from sim.reading.roster_words import code_meant, misplaced, refuse_without_heading, unmerge, whole_headings
from sim.reading.rosters import IGNORED, codes_of, date_in, heading, names_of
from sim.reading.table import Table, name_columns, number, refuse_hidden, refuse_torn
from sim.reading.wording import likely
from sim.reading.yaml_places import Document
from sim.scenario.messages import both, say
from sim.scenario.people import folded
from sim.scenario.problems import Place, Where, shortly
from sim.scenario.scenario import ALL

COLUMNS: dict[str, tuple[str, ...]] = {
    "city": ("市", "城市", "地市", "city"), "code": ("班次", "代号", "代码", "shift", "code"),
    "start": ("上班", "上班时间", "from", "start"), "end": ("下班", "下班时间", "to", "until", "end"),
    "meal": ("用餐", "用餐时间", "meal"), "hours": ("工时", "hours")}
"""Fields of ShiftCount: how their columns are called, in one language or in both."""
SAID = ("start", "end", "meal", "hours")
OF_A_CITY = "市"     # behind its name, as in 南京市
Raw = dict[str, Any]


class Columns(NamedTuple):
    """Where what stands: fields by name, and days."""

    fields: dict[str, int]
    days: dict[int, date]


def is_counts(first: list[Any]) -> bool:
    """Whether a sheet may be such a table by its first row."""
    return {"city", "code"} <= {field_of(cell) for cell in first}


def field_of(cell: Any) -> str:
    """The field that a heading names, in one language or in two; nothing if it names none."""
    words = IN_BRACKETS.sub("", heading(cell)).split()
    return next((field for field, names in COLUMNS.items() if words and all(word in names for word in words)), "")


def read_shift_counts(document: Document, where: Where, table: Table) -> Raw:
    """The dates of a table, and of each row its city, the code of its shift, and how many begin it on each day."""
    headings = [cell for _, row in table.cells.rows[:MOST_ABOVE] for cell in row
                if field_of(cell) == "city"]
    leave_out_above(table, [folded(text_of(cell)) for cell in headings])
    first = list(table.cells.rows[0][1])
    name_columns(table)
    columns = columns_of(document, table, whole_headings(document, table, first, ()))
    refuse_torn(table)
    if not {"city", "code"} <= columns.fields.keys():
        table.wrong(table.top, -1, say("the first row must name the columns: 市 (city), 班次 (shift), then a date "
                                       "each, such as 2021-07-18") + misplaced(table))
        return {"dates": [], "rows": []}
    city, days = columns.fields["city"], columns.days
    leave_out_weekdays(table, city, days)
    leave_out_totals(table, city, days)
    refuse_hidden(table, [*columns.fields.values(), *days])
    unmerge(table, city, [*(i for field, i in columns.fields.items() if field != "city"), *days])
    refuse_without_heading(table)
    if not table.cells.rows or not days:
        table.wrong(table.top, -1, say("has no rows below its first") if days else
                    say("has no column with a date, such as 2021-07-18"))
    rows = [one_row(document, table, line, row, columns) for line, row in table.cells.rows]
    refuse_twice(table, columns.fields["code"], rows)
    note_places(document, where, table, columns)
    return {"dates": [day.isoformat() for day in days.values()], "rows": rows}


def columns_of(document: Document, table: Table, first: list[Any]) -> Columns:
    """The columns by what they say; of headings that mean nothing, that they do."""
    fields, days = dict[str, int](), dict[int, date]()
    for i, cell in enumerate(first):
        field, day = field_of(cell), date_in(table, cell)
        if (field and fields.setdefault(field, i) != i) or (day is not None and day in days.values()):
            table.wrong(table.top, i, say("stands here twice"))
        elif day is not None:
            days[i] = day
        elif not field and heading(cell) not in ("", *IGNORED):
            table.wrong(table.top, i, say("{got} is no date such as 2021-07-18, nor 市 (city), 班次 (shift), 上班 "
                                          "(from), 下班 (to), 用餐 (meal) or 工时 (hours)", got=shortly(str(cell))))
    return Columns(fields, days)


def note_places(document: Document, where: Where, table: Table, columns: Columns) -> None:
    """Where each cell stands of which more can be wrong than the table alone shows."""
    for k, (line, _) in enumerate(table.cells.rows):
        document.values |= {(*where, "rows", k, field): Place(table.shown, line, i + 1)
                            for field, i in columns.fields.items()}
        document.values |= {(*where, "rows", k, "people", n): Place(table.shown, line, i + 1)
                            for n, i in enumerate(columns.days)}


# --- rows ------------------------------------------------------------------------------------------------------------

def one_row(document: Document, table: Table, line: int, row: list[Any], columns: Columns) -> Raw:
    city = city_of(document, table, line, columns.fields["city"], text_of(cell_in(row, columns.fields["city"])))
    code = text_of(cell_in(row, columns.fields["code"]))
    if not code:
        table.wrong(line, columns.fields["code"], say("names no shift: write its code"))
    said = {field: text_of(cell_in(row, columns.fields[field])) for field in SAID if field in columns.fields}
    return {"city": city, "code": code_meant(code, known_codes(document, city), ()), **said,
            "people": [whole_number(table, line, row, i) for i in columns.days]}


def city_of(document: Document, table: Table, line: int, column: int, said: str) -> str:
    """The key of the city that a cell names, by its key or by its name in either language."""
    cities = document.data.get("cities")
    cities = cities if isinstance(cities, dict) else {}
    found = cities_called(cities, folded(said)) or cities_called(cities, folded(said).removesuffix(OF_A_CITY))
    if not said:
        table.wrong(line, column, say("names no city"))
    elif not found:
        table.wrong(line, column, say("{got} is no city{hint}", got=shortly(said), hint=likely(document, said, cities)))
    elif found[1:]:
        table.wrong(line, column, say("{got} is the name of {cities}: write the key of the one that is meant",
                                      got=shortly(said), cities=both(found)))
    return found[0] if found else ""


def cities_called(cities: Raw, said: str) -> list[str]:
    """The city with this key; else all with this name."""
    return [key for key in cities if folded(key) == said] or [
        key for key, one in cities.items() if isinstance(one, dict) and said in map(folded, names_of(one))]


def whole_number(table: Table, line: int, row: list[Any], column: int) -> int:
    """How many people; nobody where the cell is empty."""
    if not text_of(cell_in(row, column)):
        return 0
    found = number(table, line, row, column)
    if found == found and not found.is_integer():
        table.wrong(line, column, say("must be a whole number of people, got {got:g}", got=found))
    return int(found) if found == found else 0


def refuse_twice(table: Table, column: int, rows: Iterable[Raw]) -> None:
    """Two rows for one shift of a city."""
    lines: dict[tuple[str, str], int] = {}
    for (line, _), row in zip(table.cells.rows, rows, strict=True):
        key = row["city"], folded(row["code"])
        if all(key) and lines.setdefault(key, line) != line:
            table.wrong(line, column, say("{code} of {city} stands twice, first in line {line}: add the two rows up",
                                          code=shortly(row["code"]), city=row["city"], line=lines[key]))


# --- codes -----------------------------------------------------------------------------------------------------------

def known_codes(document: Document, city: str) -> Iterator[str]:
    """The codes of the shifts of a city's people, as far as the file is sound; others are told when it is read."""
    plans = document.data.get("shifts")
    for name in plans_of(document, city):
        shifts = plans.get(name) if isinstance(plans, dict) and isinstance(name, str) else None
        yield from codes_of([one for one in shifts if isinstance(one, dict)] if isinstance(shifts, list) else []) or ()


def plans_of(document: Document, city: str) -> Iterator[Any]:
    """What a city's groups, or those of all, or else the city itself name as their plan of shifts."""
    people, cities = document.data.get("people"), document.data.get("cities")
    for key in (city, ALL):
        force = people.get(key) if isinstance(people, dict) else None
        groups = force.get("groups") if isinstance(force, dict) else None
        if isinstance(groups, dict) and groups:
            yield from (one.get("shifts") for one in groups.values() if isinstance(one, dict))
            return
    own = cities.get(city) if isinstance(cities, dict) else None
    yield own.get("shifts") if isinstance(own, dict) else None
