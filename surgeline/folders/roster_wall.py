"""The roster as it hangs on the wall: the days that are planned, what people have besides, and when shifts are.

It says nothing that is a person's own matter: overtime and balances stay on the sheet that is edited. Nobody reads it
back, so that cells may say more than a code.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from surgeline.folders.roster_rows import Beside, DayKind, Kind, RosterBook, Row, ShiftOfBook
from surgeline.folders.roster_styles import A3, A4, Styles, fit

NAME = "张贴 wall"
WEEKDAYS = "一二三四五六日"
MARKS: dict[Kind, tuple[str, str]] = {
    "call_in": ("调", "从休班调回 called in on a day off"), "stays": ("延", "延后下班 stays on"),
    "comes_earlier": ("提", "提前来 comes earlier"), "standby": ("备", "备勤 on standby"),
    "lent": ("援", "支援座席 at a lent seat")}
DAY_MARKS: dict[DayKind, str] = {"holiday": "节", "day_off": "调休", "workday": "班", "rest": "", "": ""}
DAY_MEANINGS: dict[DayKind, str] = {
    "holiday": "法定节假日 public holiday", "day_off": "调休放假 day off in exchange",
    "workday": "调休上班 working day in exchange", "rest": "周末 weekend"}
LEADER = "★"
HEAD, FIRST = 2, 3              # lines of the headings and of the first person
NAMES, DAYS, DAYS_WITH_TIMES = (12, 10), 8.5, 12.5
PER_LINE, LONELY = 11.5, 18     # points of a line of times, and of a cell that has none
LEGIBLE = 155, 245              # columns of one digit that an A4 and an A3 page across can hold


def write_wall(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    days = days_shown(roster)
    page.write_string(0, 0, roster.title, styles.title)
    page.write_string(1, 0, "各班的时间与符号见表下。 Times of shifts and marks stand below the table.", styles.note)
    write_heads(page, roster, days, styles)
    changed = {(one.name, one.day) for one in roster.changes}
    for line, row in enumerate(roster.rows, FIRST):
        write_row(page, line, roster, row, days, changed, styles)
    write_legend(page, FIRST + len(roster.rows) + 1, roster, days, styles)
    set_up(page, roster, len(days))


def days_shown(roster: RosterBook) -> list[int]:
    """Places of the days that are planned, and of the one before where somebody's night reaches into them."""
    first = roster.planned
    into = first and any((shift := roster.by_code.get(row.codes[first - 1])) and shift.night for row in roster.rows)
    return list(range(first - 1 if into else first, len(roster.dates)))


def write_heads(page: Worksheet, roster: RosterBook, days: Sequence[int], styles: Styles) -> None:
    for column, head in enumerate(("姓名 name", "组 group")):
        page.write_string(HEAD, column, head, styles.head)
    for column, place in enumerate(days, 2):
        day = roster.dates[place]
        kind = roster.day_kind(day)
        text = f"{day.month}/{day.day}\n{WEEKDAYS[day.weekday()]} {DAY_MARKS[kind]}".rstrip()
        page.write_string(HEAD, column, text,
                          styles.before_head if place < roster.planned else styles.wall_days[kind])
    page.set_row(HEAD, 32)


def write_row(page: Worksheet, line: int, roster: RosterBook, row: Row, days: Sequence[int],
              changed: set[tuple[str, date]], styles: Styles) -> None:
    page.write_string(line, 0, row.name + (LEADER if row.said.get("leads") else ""), styles.text)
    page.write_string(line, 1, row.group, styles.text)
    most = 0
    for column, place in enumerate(days, 2):
        day, code = roster.dates[place], row.codes[place]
        besides = [words(one) for one in roster.of_person(row.name) if one.day == day]
        style = styles.before if place < roster.planned else (
            styles.changed if (row.name, day) in changed else styles.cell(code))
        most = max(most, len(besides))
        if besides:
            page.write_rich_string(line, column, styles.strong, code or " ", styles.small,
                                   "\n" + "\n".join(besides), style)
        else:
            page.write_string(line, column, code, style)
    page.set_row(line, LONELY + PER_LINE * most)


def words(one: Beside) -> str:
    """What a cell says of it."""
    return f"{MARKS[one.kind][0]}{one.start}–{one.end}"


# --- below the table -------------------------------------------------------------------------------------------------

def write_legend(page: Worksheet, top: int, roster: RosterBook, days: Sequence[int], styles: Styles) -> None:
    """When each shift is that stands in the table, and what the marks mean."""
    page.write_string(top, 0, "班次 shifts", styles.section)
    line = top + 1
    for shifts in shown(roster, days):
        family = shifts[0].family
        page.write_string(line, 0, family, styles.of_family[family])
        page.write_string(line, 1, times(shifts))
        line += 1
    for mark, meaning, style in marks_shown(roster, styles):
        page.write_string(line, 0, mark, style)
        page.write_string(line, 1, meaning)
        line += 1


def shown(roster: RosterBook, days: Sequence[int]) -> Iterator[list[ShiftOfBook]]:
    """The shifts that stand in the table, those together that differ by their meals only."""
    codes = {row.codes[place] for row in roster.rows for place in days}
    for family in roster.families:
        same: dict[tuple[Any, ...], list[ShiftOfBook]] = {}
        for one in roster.shifts:
            if one.family == family and one.code in codes:
                same.setdefault((one.start, one.end, one.hours, one.handover), []).append(one)
        yield from same.values()


def times(shifts: Sequence[ShiftOfBook]) -> str:
    """From when to when, how long, and when the meals are."""
    one = shifts[0]
    meals = "  ".join(f"{shift.code.removeprefix(shift.family)} {shift.meal}".strip() for shift in shifts if shift.meal)
    over = f"含交接班 {one.handover} 分钟 handover included" if one.handover else ""
    return "；".join(part for part in (f"{one.start}–{one.end}", f"{one.hours:g} 小时 h",
                                      f"用餐 meal {meals}" if meals else "", over) if part)


def marks_shown(roster: RosterBook, styles: Styles) -> Iterator[tuple[str, str, Format]]:
    """Marks that the table has, with what they mean and how they look."""
    kinds = {one.kind for one in roster.beside}
    yield from ((*MARKS[kind], styles.beside) for kind in MARKS if kind in kinds)
    if roster.changes:
        yield "变动", "与已公布的不同，见“变动”一张 changed since it was published", styles.changed
    if any(row.said.get("leads") for row in roster.rows):
        yield LEADER, "组长 leader", styles.off
    days = {roster.day_kind(day) for day in roster.dates[roster.planned:]}
    yield from ((DAY_MARKS[kind] or "六日", meaning, styles.wall_days[kind]) for kind, meaning in DAY_MEANINGS.items()
                if kind in days)


# --- on paper --------------------------------------------------------------------------------------------------------

def set_up(page: Worksheet, roster: RosterBook, days: int) -> None:
    """Names stay in view, and each page is as full as can still be read."""
    wide = DAYS_WITH_TIMES if roster.beside else DAYS
    page.set_column(0, 0, NAMES[0])
    page.set_column(1, 1, NAMES[1])
    page.set_column(2, 1 + days, wide)
    page.freeze_panes(FIRST, 2)
    paper, pages = paper_for(sum(NAMES) + wide * days)
    fit(page, "", paper, pages)
    page.repeat_rows(0, HEAD)
    page.repeat_columns(0, 1)


def paper_for(width: float) -> tuple[int, int]:
    """The paper, and how many of it beside each other."""
    return (A4, 1) if width <= LEGIBLE[0] else (A3, math.ceil(width / LEGIBLE[1]))


