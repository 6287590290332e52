"""The roster as a workbook: a sheet that is edited and read back, one for the wall, the shifts, one a person."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sim.scenario.people import LEAVE, OFF
from surgeline.folders import roster_wall
from surgeline.folders.roster_rows import ChangeOfBook, Listed, RosterBook, Row, ShiftOfBook
from surgeline.folders.roster_slips import write_person
from surgeline.folders.roster_styles import A3, A4, Styles, fit, moment_of, write_heads
from surgeline.folders.roster_wall import WEEKDAYS

NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
NARROWEST_LIST, WIDEST_LIST = 10, 40    # columns of a list
TWO_LINES = 1.5     # lines' worth of a heading on two of them: it breaks between words
NARROW_DAY, WIDE_DAY = 9, 14         # columns of days, wider where a wish stands beside a code
NAME, GROUP = "姓名", "组"
EDITED = "排班表"
FOR_EDITING = "（供修改后再排；张贴用“张贴 wall”一张）"
SHIFT_HEADS = ("代号 code", "上班 from", "下班 to", "用餐 meal", "工时 hours")
HANDOVER_HEAD = "含交接班（分钟）handover (min)"
CHANGES, SURGE_CHANGES = "变动 changes", "激增改班 surge changes"
CHANGE_HEADS = ("姓名 name", "日期 date", "星期", "原班次 before", "原时间 from–to", "现班次 now", "现时间 from–to",
                "工时增减（小时）hours", "夜班增减 nights", "提前（小时）notice (h)")
SAID_OF_PEOPLE = {"leads": "组长", "overtime": "本月加班", "nights": "夜班结余", "weekends": "周末结余（休息日）",
                  "number": "工号", "phone": "电话"}
"""Headings that reading a roster knows: what stands in brackets is for people."""
PEOPLE_HEADS = ("姓名 name", "组 group", "工时 hours", "夜班 nights", "夜班结余 balance of nights",
                "休息日结余 balance of days of rest", "愿望 wishes", "已满足 granted", "未满足 refused",
                "另有安排（次）besides", "另加工时 hours more")
AT_WORK, CALLED = "上班合计 at work", "另召 called besides"
YES = "是"


def write(roster: RosterBook, path: Path) -> None:
    """:raises OSError: if the file can't be written."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = Styles(book, roster)
        write_edited(book.add_worksheet(EDITED), roster, styles)
        roster_wall.write_wall(book.add_worksheet(roster_wall.NAME), roster, styles)
        write_shifts(book.add_worksheet("班次 shifts"), roster, styles)
        write_counts(book.add_worksheet("每日人数 counts"), roster, styles)
        write_people(book.add_worksheet("每人 people"), roster, styles)
        for one in roster.lists:
            write_list(book.add_worksheet(one.name), one, roster, styles)
        for name, changes in ((CHANGES, roster.changes), (SURGE_CHANGES, roster.surge_changes)):
            if changes:
                write_changes(book.add_worksheet(name), changes, roster, styles)
        taken = {sheet.name.lower() for sheet in book.worksheets()}
        for row in roster.rows:
            write_person(book.add_worksheet(sheet_name(row.name, taken)), roster, row, styles)
    path.write_bytes(file.getvalue())


def sheet_name(name: str, taken: set[str]) -> str:
    """A name of a sheet that is not taken yet: none of them may hold some signs, or be long."""
    plain = NOT_IN_A_SHEET_NAME.sub("_", name)[:LONGEST_SHEET_NAME] or "_"
    candidates = (plain, *(f"{plain[:LONGEST_SHEET_NAME - 4]}-{i}" for i in range(2, len(taken) + 3)))
    found = next(one for one in candidates if one.lower() not in taken)
    taken.add(found.lower())
    return found


# --- the sheet that is read back -------------------------------------------------------------------------------------

def write_edited(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """Nothing but names, groups, what is said of people and a column a date, so that it can be edited and read back;
    what is not as it was published stands out, and what is before the horizon steps back."""
    changed = {(one.name, one.day) for one in roster.changes}
    fields = [name for name in SAID_OF_PEOPLE if any(name in row.said for row in roster.rows)]
    write_heads(page, 0, (NAME, GROUP, *(SAID_OF_PEOPLE[name] for name in fields)), styles)
    first = 2 + len(fields)
    for place, day in enumerate(roster.dates):
        page.write_datetime(0, first + place, moment_of(day),
                            styles.before_day if place < roster.planned else styles.days[roster.day_kind(day)])
    for line, row in enumerate(roster.rows, 1):
        page.write_string(line, 0, row.name, styles.text)
        page.write_string(line, 1, row.group, styles.text)
        write_said(page, line, row, fields, styles)
        for place, (day, code) in enumerate(zip(roster.dates, row.codes, strict=True)):
            style = styles.before if place < roster.planned else (
                styles.changed if (row.name, day) in changed else styles.cell(code))
            page.write_string(line, first + place, row.cell(place, day), style)
    page.set_row(0, 62)
    page.set_column(0, first - 1, 12)
    for column, day in enumerate(roster.dates, first):
        wished = any(wish.day == day for row in roster.rows for wish in row.wishes)
        page.set_column(column, column, WIDE_DAY if wished else NARROW_DAY)
    page.freeze_panes(1, first, 1, first + roster.planned)
    fit(page, roster.title + FOR_EDITING, A3 if len(roster.dates) > 14 else A4)
    page.repeat_rows(0, 0)


def write_said(page: Worksheet, line: int, row: Row, fields: Sequence[str], styles: Styles) -> None:
    """What the table says of a person."""
    for column, name in enumerate(fields, 2):
        value = row.said.get(name)
        if isinstance(value, bool | str) or value is None:
            page.write_string(line, column, value if isinstance(value, str) else YES if value else "", styles.text)
        else:
            page.write_number(line, column, value, styles.number if name == "overtime" else styles.count)


# --- tables ----------------------------------------------------------------------------------------------------------

def write_shifts(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    handing_over = any(one.handover for one in roster.shifts)
    write_heads(page, 0, (*SHIFT_HEADS, *((HANDOVER_HEAD,) if handing_over else ())), styles)
    for line, one in enumerate(roster.shifts, 1):
        write_shift(page, line, 0, one, styles)
        if handing_over:
            page.write_number(line, 5, one.handover, styles.count)
    page.set_column(0, 4, 14)
    page.set_column(5, 5, 18)
    fit(page, roster.title, A4)


def write_shift(page: Worksheet, line: int, first: int, one: ShiftOfBook, styles: Styles) -> None:
    """Below SHIFT_HEADS, from a column on."""
    page.write_string(line, first, one.code, styles.cell(one.code))
    for column, text in enumerate((one.start, one.end, one.meal), first + 1):
        page.write_string(line, column, text, styles.text)
    page.write_number(line, first + 4, one.hours, styles.number)


def write_counts(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """How many have which shift on which day, whenever their meals are, and how many are called besides."""
    kinds = (*roster.families, OFF, LEAVE)
    write_heads(page, 0, ("日期 date", *kinds, AT_WORK, *((CALLED,) if roster.beside else ())), styles)
    called = Counter({day: len(names) for day, names in people_called(roster).items()})
    for line, day in enumerate(roster.dates, 1):
        codes = [row.codes[line - 1] or OFF for row in roster.rows]
        counted = Counter(roster.by_code[code].family if code in roster.by_code else code for code in codes)
        at_work = sum(code in roster.by_code for code in codes)
        numbers = (*(counted[kind] for kind in kinds), at_work, *((called[day],) if roster.beside else ()))
        page.write_datetime(line, 0, moment_of(day), styles.before_date if line <= roster.planned else styles.date)
        for column, number in enumerate(numbers, 1):
            page.write_number(line, column, number, styles.count)
    page.set_row(0, 32)
    page.set_column(0, len(kinds) + 2, 12)
    page.freeze_panes(1, 1)
    fit(page, roster.title, A4)
    page.repeat_rows(0, 0)


def people_called(roster: RosterBook) -> dict[date, set[str]]:
    """Who is called on which day: comes on a day off, earlier, or stays."""
    found: dict[date, set[str]] = {}
    for one in roster.beside:
        if one.kind not in ("standby", "lent"):
            found.setdefault(one.day, set()).add(one.name)
    return found


def write_people(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """What each person works on the days that are planned, what comes besides, and which wishes are granted."""
    page.write_string(0, 0, roster.title, styles.title)
    page.write_string(1, 0, f"工时与夜班只计推演期内（{roster.period}） hours and nights of the days planned only",
                      styles.note)
    heads = PEOPLE_HEADS if roster.beside else PEOPLE_HEADS[:-2]
    write_heads(page, 2, heads, styles)
    for line, row in enumerate(roster.rows, 3):
        write_of_person(page, line, roster, row, styles)
    page.set_row(2, 45)
    page.set_column(0, len(heads) - 1, 16)
    page.set_column(8, 8, 28)
    page.freeze_panes(3, 1)
    fit(page, roster.title, A4)
    page.repeat_rows(2, 2)


def write_of_person(page: Worksheet, line: int, roster: RosterBook, row: Row, styles: Styles) -> None:
    refused = "、".join(f"{one.day.month}/{one.day.day} {one.text}" for one in row.wishes if not one.granted)
    page.write_string(line, 0, row.name, styles.text)
    page.write_string(line, 1, row.group_label, styles.text)
    page.write_number(line, 2, roster.hours(row), styles.number)
    for column, number in enumerate((roster.nights(row), *row.balances, len(row.wishes),
                                     sum(one.granted for one in row.wishes)), 3):
        page.write_number(line, column, number, styles.count)
    page.write_string(line, 8, refused, styles.text)
    if roster.beside:
        besides = roster.of_person(row.name)
        page.write_number(line, 9, len(besides), styles.count)
        page.write_number(line, 10, sum(one.hours for one in besides), styles.number)


def write_list(page: Worksheet, one: Listed, roster: RosterBook, styles: Styles) -> None:
    """A line a person, for the wall."""
    write_heads(page, 0, one.heads, styles)
    for line, (day, *cells) in enumerate(one.rows, 1):
        page.write_datetime(line, 0, moment_of(day), styles.date)
        for column, cell in enumerate(cells, 1):
            if isinstance(cell, str):
                page.write_string(line, column, cell, styles.wrapped)
            else:
                page.write_number(line, column, cell, styles.number if isinstance(cell, float) else styles.count)
    page.set_row(0, 32)
    for column in range(len(one.heads)):
        page.set_column(column, column, width_of(one.heads[column], [str(row[column]) for row in one.rows]))
    page.freeze_panes(1, 1)
    page.repeat_rows(0, 0)
    fit(page, roster.title, A4)


def width_of(head: str, cells: Sequence[str]) -> float:
    """Of a column, in digits, so that the longest of its cells stands on one line and its heading on two; a very long
    one stands on several."""
    longest = max(map(digits_of, cells), default=0)
    return min(max(longest, digits_of(head) / TWO_LINES, NARROWEST_LIST) + 2, WIDEST_LIST)


def digits_of(text: str) -> int:
    """How wide it is: a Chinese character is two digits."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def write_changes(page: Worksheet, changes: Sequence[ChangeOfBook], roster: RosterBook, styles: Styles) -> None:
    """What is not as it was, a line a day and person."""
    write_heads(page, 0, CHANGE_HEADS, styles)
    for line, one in enumerate(changes, 1):
        page.write_string(line, 0, one.name, styles.text)
        page.write_datetime(line, 1, moment_of(one.day), styles.date)
        page.write_string(line, 2, WEEKDAYS[one.day.weekday()], styles.text)
        page.write_string(line, 3, one.before, styles.cell(one.before))
        page.write_string(line, 4, one.before_time, styles.text)
        page.write_string(line, 5, one.after, styles.changed)
        page.write_string(line, 6, one.after_time, styles.text)
        page.write_number(line, 7, one.hours, styles.signed)
        page.write_number(line, 8, one.nights, styles.signed_count)
        page.write_number(line, 9, one.notice_h, styles.number)
    page.set_row(0, 32)
    page.set_column(0, len(CHANGE_HEADS) - 1, 16)
    page.freeze_panes(1, 1)
    fit(page, roster.title, A4)
    page.repeat_rows(0, 0)
