"""Columns of a roster that are no days: what it says of a person as a whole."""
from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from sim.reading.table import Table
from sim.scenario.messages import say
from sim.scenario.problems import RuleError, shortly
from sim.scenario.quantities import hours

YES = ("是", "有", "组长", "班长", "yes", "y", "true", "1", "√", "✓", "leader")
NO = ("", "否", "无", "no", "n", "false", "0", "×", "-")
MOST_HOURS, MOST_BALANCE, MOST_LETTERS = 31 * 24.0, 1000, 80
IN_BRACKETS = re.compile(r"[(（].*?[)）]")


def leads(table: Table, line: int, column: int, said: str) -> bool:
    """Whether somebody may lead a shift."""
    if said.lower() not in (*YES, *NO):
        table.wrong(line, column, say("must be {such_as}, got {got}", such_as=say("是 (yes) or 否 (no)"),
                                      got=shortly(said)))
    return said.lower() in YES


def overtime(table: Table, line: int, column: int, said: str) -> float | None:
    """Hours; None where the cell is empty."""
    if not said:
        return None
    try:
        found = hours(said)
    except RuleError as error:
        table.wrong(line, column, error.message)
        return None
    if not 0 <= found <= MOST_HOURS:
        table.wrong(line, column, say("must be hours of a month, 0 to {most:g}, got {got}", most=MOST_HOURS,
                                      got=shortly(said)))
        return None
    return found


def balance(table: Table, line: int, column: int, said: str) -> int | None:
    """A whole number, below 0 too; None where the cell is empty."""
    if not said:
        return None
    try:
        found = float(said.replace("−", "-").replace("－", "-").replace("＋", "+"))
    except ValueError:
        found = math.nan
    if not (found.is_integer() and abs(found) <= MOST_BALANCE):
        table.wrong(line, column, say("must be {such_as}, got {got}", such_as=say("a whole number such as 2 or -1"),
                                      got=shortly(said)))
        return None
    return int(found)


def words(table: Table, line: int, column: int, said: str) -> str | None:
    """As it stands; None where the cell is empty."""
    if len(said) > MOST_LETTERS:
        table.wrong(line, column, say("has {n} letters; at most {most}", n=len(said), most=MOST_LETTERS))
    return said or None


Read = Callable[[Table, int, int, str], Any]
COLUMNS: dict[str, tuple[tuple[str, ...], Read]] = {
    "leads": (("组长", "班长", "班组长", "leads", "leader", "team leader"), leads),
    "overtime": (("本月加班", "本月加班小时", "本月已加班", "overtime", "overtime this month"), overtime),
    "nights": (("夜班结余", "夜班余额", "nights", "nights balance"), balance),
    "weekends": (("周末结余", "周末余额", "休息日结余", "休息日余额", "weekends", "weekends balance",
                  "rest days balance"), balance),
    "number": (("工号", "员工号", "员工编号", "staff number", "staff no.", "employee number"), words),
    "phone": (("电话", "电话号码", "联系电话", "联系方式", "手机", "手机号", "手机号码", "phone", "mobile",
               "telephone"), words),
}
"""Fields of RosterRow: how their columns are called, and how their cells are read."""
HEADINGS = tuple(heading for headings, _ in COLUMNS.values() for heading in headings)
TO_BE_FOUND_BY = "number", "phone"  # what no plan depends on: a hidden column of them may stay, a second is left out


def field_of(cell: Any) -> str:
    """What of a person a column says by its heading, nothing if it says nothing known."""
    head = IN_BRACKETS.sub("", str("" if cell is None else cell)).strip().lower()
    return next((field for field, (names, _) in COLUMNS.items() if head in names), "")


def columns_of_people(table: Table, first: list[Any]) -> dict[str, int]:
    """The columns of what is said of people, by field."""
    found: dict[str, int] = {}
    for i, cell in enumerate(first):
        if not (field := field_of(cell)) or found.setdefault(field, i) == i:
            continue
        if field in TO_BE_FOUND_BY:
            table.tell(table.top, say("{second} is left out, as {first} stands before it", second=shortly(str(cell)),
                                      first=shortly(str(first[found[field]]))))
        else:
            table.wrong(table.top, i, say("stands here twice"))
    return found


def said_of(table: Table, line: int, columns: dict[str, int], text: Callable[[int], str]) -> dict[str, Any]:
    """What a row says of its person."""
    return {field: COLUMNS[field][1](table, line, column, text(column)) for field, column in columns.items()}
