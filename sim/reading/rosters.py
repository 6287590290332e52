"""Rosters beside a file, a row a person: who they are, of which group, and the code of each day."""
from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from sim.reading.roster_cells import Known, cell_of, in_row, kinds_of_shift
from sim.reading.roster_columns import HEADINGS, TO_BE_FOUND_BY, columns_of_people, field_of, said_of
from sim.reading.roster_meals import Turns, with_meals
from sim.reading.roster_rows import cell_in, leave_out_above, leave_out_totals, leave_out_weekdays, text_of
from sim.reading.roster_words import misplaced, person_of, refuse_without_heading, unmerge, whole_headings
from sim.reading.table import Table, name_columns, refuse_hidden, refuse_torn
from sim.reading.yaml_places import Document
from sim.scenario.dates import moment
from sim.scenario.messages import say
from sim.scenario.people import AGENTS, folded
from sim.scenario.problems import RuleError, Where, nearest, shortly
from sim.scenario.scenario import ALL

NAME = ("姓名", "name")
GROUP = ("组", "班组", "组别", "group")
IGNORED = ("编号", "序号", "备注", "合计", "小计", "总计", "工时", "id", "no.", "total", "hours", "note", "remark")
WRITTEN_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s|$)")
Raw = dict[str, Any]


def is_roster(first: list[Any]) -> bool:
    """Whether a sheet may be a roster by its first row."""
    return any(folded(heading(cell)) in NAME for cell in first)


def heading(cell: Any) -> str:
    return str("" if cell is None else cell).strip().lower()


def read_roster(document: Document, where: Where, table: Table) -> Raw:
    """The dates of a roster, and of each row its name, its group and its codes."""
    leave_out_above(table, NAME)
    first = list(table.cells.rows[0][1])
    name_columns(table)
    first = whole_headings(document, table, first, (*NAME, *GROUP, *IGNORED, *HEADINGS))
    refuse_torn(table)
    names, groups = (next((i for i, cell in enumerate(first) if heading(cell) in known), -1)
                     for known in (NAME, GROUP))
    if names < 0:
        table.wrong(table.top, -1, say("the first row must name the columns: 姓名 (name), 组 (group), then a date "
                                       "each, such as 2021-07-18") + misplaced(table))
        return {"dates": [], "rows": []}
    others = columns_of_people(table, first)
    days = dates_of(table, first, {names, groups, *(i for i, cell in enumerate(first) if field_of(cell))})
    document.day_columns[where] = [(i, table.name_of(i)) for i in days]
    leave_out_weekdays(table, names, days)
    leave_out_totals(table, names, days)
    used = [names, *(column for field, column in others.items() if field not in TO_BE_FOUND_BY), *days]
    refuse_hidden(table, [*([groups] if groups >= 0 else []), *used])
    unmerge(table, groups, used)
    refuse_without_heading(table)
    if not table.cells.rows or not days:
        table.wrong(table.top, -1, say("has no rows below its first") if days else
                    say("has no column with a date, such as 2021-07-18"))
    turns = Turns()
    people = [one_row(document, where, table, line, row, (names, groups, others, days), turns)
              for line, row in table.cells.rows]
    refuse_twice(table, names, [(line, one["name"]) for (line, _), one in zip(table.cells.rows, people, strict=True)])
    return {"dates": [day.isoformat() for day in days.values()], "rows": people}


def dates_of(table: Table, first: list[Any], others: set[int]) -> dict[int, date]:
    """The columns that are days, with their dates."""
    found: dict[int, date] = {}
    for i, cell in enumerate(first):
        if i in others or heading(cell) in ("", *IGNORED):
            continue
        day = date_in(table, cell)
        if day is None:
            table.wrong(table.top, i, say("{got} is no date such as 2021-07-18, nor 姓名 (name), 组 (group), 组长 "
                                          "(leader), 本月加班 (overtime), 夜班结余 (nights) or 周末结余 (weekends)",
                                          got=shortly(str(cell))))
        elif day in found.values():
            table.wrong(table.top, i, say("stands here twice"))
        else:
            found[i] = day
    return found


def date_in(table: Table, cell: Any) -> date | None:
    """The date of a heading, as text or as sheets keep it; None if it is none."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and table.cells.date:
        cell = table.cells.date(cell)
    if isinstance(cell, str) and (written := WRITTEN_DATE.match(cell.strip())):
        year, month, day = map(int, written.groups())
        cell = f"{year:04}-{month:02}-{day:02}"
    try:
        found = moment(cell.strip() if isinstance(cell, str) else cell, timedelta(0))
    except RuleError:
        return None
    return found.date() if found.time() == datetime.min.time() else None


def one_row(document: Document, where: Where, table: Table, line: int, row: list[Any],
            columns: tuple[int, int, dict[str, int], dict[int, date]], turns: Turns) -> Raw:
    """The person of a row."""
    names, groups, others, days = columns
    name = person_of(table, line, names, text(row, names))
    group = group_of(document, where, table, line, text(row, groups), groups)
    shifts = shifts_of(document, where, group)
    known = Known(codes_of(shifts), kinds_of_shift(document), with_meals(shifts or []), name)
    cells = {i: cell_of(table, line, i, text(row, i), known) for i in days}
    return {"name": name, "group": group, **said_of(table, line, others, lambda column: text(row, column)),
            **in_row([cell._replace(code=turns.meal_of(i, cell.code, known.meals)) for i, cell in cells.items()])}


def text(row: list[Any], column: int) -> str:
    return text_of(cell_in(row, column))


def refuse_twice(table: Table, column: int, people: list[tuple[int, str]]) -> None:
    """Two rows for one person."""
    lines: dict[str, int] = {}
    for line, name in people:
        if name and lines.setdefault(folded(name), line) != line:
            table.wrong(line, column, say("{name} stands twice, first in line {line}: a person has one row; tell two "
                                          "of the same name apart", name=shortly(name), line=lines[folded(name)]))


# --- groups and codes ------------------------------------------------------------------------------------------------

def groups_in(document: Document, where: Where) -> Raw:
    """The groups of a city, or else those of all."""
    people = document.data["people"]
    for force in (people[where[1]], people.get(ALL)):
        groups = force.get("groups") if isinstance(force, dict) else None
        if isinstance(groups, dict) and groups:
            return {key: one for key, one in groups.items() if isinstance(one, dict)}
    return {}


def group_of(document: Document, where: Where, table: Table, line: int, said: str, column: int) -> str:
    """The key of the group that a cell names, by its key or by its name; the only one where none is named."""
    groups = groups_in(document, where)
    if not groups:
        return AGENTS
    called = {name: key for key, one in groups.items() for name in (key, *names_of(one))}
    if not said and len(groups) == 1:
        return next(iter(groups))
    if said not in called:
        table.wrong(line, column, say("{got} is no group{hint}", got=shortly(said), hint=nearest(said, called)) if said
                    else say("names no group: one of {names}", names=list(called)))
    return called.get(said, next(iter(groups)))


def names_of(group: Raw) -> list[str]:
    names = group.get("name")
    return [name for name in names.values() if isinstance(name, str)] if isinstance(names, dict) else []


def shifts_of(document: Document, where: Where, group: str) -> list[Raw] | None:
    """The shifts of a group, None where what is wrong with them is told elsewhere."""
    one, cities = groups_in(document, where).get(group), document.data.get("cities")
    if one is None:
        own = cities.get(where[1]) if isinstance(cities, dict) else None
        one = own if isinstance(own, dict) else {}
    rotas, plans = document.data.get("rotas"), document.data.get("shifts")
    rota = rotas.get(one.get("rota")) if isinstance(rotas, dict) else None
    plan = rota.get("shifts") if isinstance(rota, dict) else one.get("shifts")
    shifts = plans.get(plan) if isinstance(plans, dict) and isinstance(plan, str) else None
    return [one for one in shifts if isinstance(one, dict)] if isinstance(shifts, list) else None


def codes_of(shifts: list[Raw] | None) -> list[str] | None:
    return None if shifts is None else [str(shift["code"]) for shift in shifts if shift.get("code") is not None]
