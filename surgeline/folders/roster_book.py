"""The roster as a workbook: a sheet for the wall that is edited and read back, the shifts, and a sheet a person."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sim.scenario.people import FIXED, LEAVE, OFF

A4, A3 = 9, 8
DAY = "[$-804]m/d ddd"
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
NARROW_DAY, WIDE_DAY = 6.5, 12      # columns of days, wider where a wish stands beside a code
FILLS = ("#FFF2CC", "#DDEBF7", "#E2EFDA", "#FCE4D6", "#EDEDED", "#D9E1F2", "#F8CBAD", "#C6E0B4")
NIGHT_FILL, OFF_INK = "#BFBFD9", "#9AA5B1"
WEEKDAYS = "一二三四五六日"
WORKED_HOURS, NIGHTS = "工时 hours", "夜班 nights"
NAME, GROUP = "姓名", "组"
WALL = "排班表"
SHIFT_HEADS = ("代号 code", "上班 from", "下班 to", "用餐 meal", WORKED_HOURS)
CHANGED_FILL, CHANGED_INK = "#FFC000", "#9C0006"
CHANGES = "变动 changes"
CHANGE_HEADS = ("姓名 name", "日期 date", "星期", "原班次 before", "原时间 from–to", "现班次 now", "现时间 from–to",
                "工时增减 hours", "夜班增减 nights", "提前（小时）notice (h)")
PERSON_HEADS = ("日期 date", "星期", "班次 shift", "上班 from", "下班 to", "用餐 meal", WORKED_HOURS, "愿望 wish")
SAID_OF_PEOPLE = {"leads": "组长", "overtime": "本月加班", "nights": "夜班结余", "weekends": "周末结余"}
PEOPLE_HEADS = ("姓名 name", "组 group", WORKED_HOURS, NIGHTS, "夜班结余 balance of nights", "周末结余 of weekends",
                "愿望 wishes", "已满足 granted", "未满足 refused")
YES = "是"
GRANTED, REFUSED = "✓", "✗"


@dataclass(frozen=True)
class ShiftOfBook:
    """A shift as people read it: its code in cells, when it begins and ends, and what of it is work."""

    code: str
    start: str
    end: str
    meal: str
    hours: float
    night: bool


@dataclass(frozen=True)
class WishOfBook:
    """A wish for a day as its cell had it, and whether it is granted."""

    day: date
    text: str
    granted: bool


@dataclass(frozen=True)
class ChangeOfBook:
    """A day of a person that is not as it was published."""

    name: str
    day: date
    before: str
    before_time: str
    after: str
    after_time: str
    hours: float        # paid, more than before
    nights: int
    notice_h: float


@dataclass(frozen=True)
class Row:
    """A person and a code for each date."""

    name: str
    group: str
    codes: tuple[str, ...]
    fixed: frozenset[int] = frozenset()                             # places in codes that no plan may change
    said: dict[str, bool | float] = field(default_factory=dict)     # of SAID_OF_PEOPLE, what the table says
    wishes: tuple[WishOfBook, ...] = ()
    balances: tuple[int, int] = (0, 0)                              # nights and weekends, at the end of the roster

    def cell(self, place: int, day: date) -> str:
        """What a cell says, as it is read back: the code, whether it stays so, and what was wished for the day."""
        wishes = "".join(f" {wish.text}" for wish in self.wishes if wish.day == day)
        return (FIXED if place in self.fixed else "") + self.codes[place] + wishes


@dataclass(frozen=True)
class Listed:
    """A sheet for the wall beside the roster: a line a person. The first column is a date."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[date, *tuple[str | int, ...]], ...]


@dataclass(frozen=True)
class RosterBook:
    """Who works when."""

    title: str
    dates: tuple[date, ...]
    shifts: tuple[ShiftOfBook, ...]
    rows: tuple[Row, ...]
    planned: int = 0            # the first of the dates that was planned: what is before does not count
    lists: tuple[Listed, ...] = ()
    changes: tuple[ChangeOfBook, ...] = ()

    def hours(self, row: Row) -> float:
        """Hours that a person works."""
        length = {one.code: one.hours for one in self.shifts}
        return sum(length.get(code, 0.0) for code in row.codes[self.planned:])

    def nights(self, row: Row) -> int:
        nights = {one.code for one in self.shifts if one.night}
        return sum(code in nights for code in row.codes[self.planned:])


class Styles:
    """How cells look."""

    def __init__(self, book: Workbook, shifts: Sequence[ShiftOfBook]):
        line = {"border": 1, "border_color": "#CBD2D9"}
        self.head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B3A5D", "align": "center",
                                     "valign": "vcenter"} | line)
        self.day = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#0B3A5D", "align": "center",
                                    "valign": "vcenter", "rotation": 90, "num_format": DAY} | line)
        self.weekend = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#7B3F00", "align": "center",
                                        "valign": "vcenter", "rotation": 90, "num_format": DAY} | line)
        self.date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"} | line)
        self.text = book.add_format({"num_format": "@"} | line)
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.number = book.add_format({"num_format": "0.0"} | line)
        self.count = book.add_format({"num_format": "0"} | line)
        self.off = book.add_format({"num_format": "@", "align": "center", "font_color": OFF_INK} | line)
        fills = {one.code: NIGHT_FILL if one.night else FILLS[i % len(FILLS)] for i, one in enumerate(shifts)}
        self.of_code: dict[str, Format] = {
            code: book.add_format({"num_format": "@", "align": "center", "bg_color": fill} | line)
            for code, fill in fills.items()}

        self.signed = book.add_format({"num_format": "+0.0;-0.0;0"} | line)
        self.changed = book.add_format({"num_format": "@", "align": "center", "bold": True, "bg_color": CHANGED_FILL,
                                        "font_color": CHANGED_INK} | line)

    def cell(self, code: str) -> Format:
        return self.of_code.get(code, self.off)


def write(roster: RosterBook, path: Path) -> None:
    """:raises OSError: if the file can't be written."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = Styles(book, roster.shifts)
        write_wall(book.add_worksheet(WALL), roster, styles)
        write_shifts(book.add_worksheet("班次 shifts"), roster, styles)
        write_counts(book.add_worksheet("每日人数 counts"), roster, styles)
        write_people(book.add_worksheet("每人 people"), roster, styles)
        for one in roster.lists:
            write_list(book.add_worksheet(one.name), one, roster, styles)
        if roster.changes:
            write_changes(book.add_worksheet(CHANGES), roster, styles)
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


def write_wall(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """Nothing but names, groups, what is said of people and a column a date, so that it can be edited and read back;
    what is not as it was published stands out."""
    changed = {(one.name, one.day) for one in roster.changes}
    fields = [name for name in SAID_OF_PEOPLE if any(name in row.said for row in roster.rows)]
    write_heads(page, 0, (NAME, GROUP, *(SAID_OF_PEOPLE[name] for name in fields)), styles)
    first = 2 + len(fields)
    for column, day in enumerate(roster.dates, first):
        page.write_datetime(0, column, datetime(day.year, day.month, day.day),
                            styles.weekend if day.weekday() >= 5 else styles.day)
    for line, row in enumerate(roster.rows, 1):
        page.write_string(line, 0, row.name, styles.text)
        page.write_string(line, 1, row.group, styles.text)
        write_said(page, line, row, fields, styles)
        for column, (day, code) in enumerate(zip(roster.dates, row.codes, strict=True)):
            page.write_string(line, first + column, row.cell(column, day),
                              styles.changed if (row.name, day) in changed else styles.cell(code))
    page.set_row(0, 56)
    page.set_column(0, first - 1, 12)
    for column, day in enumerate(roster.dates, first):
        wished = any(wish.day == day for row in roster.rows for wish in row.wishes)
        page.set_column(column, column, WIDE_DAY if wished else NARROW_DAY)
    page.freeze_panes(1, first)
    fit(page, roster.title, A3 if len(roster.dates) > 14 else A4)
    page.repeat_rows(0, 0)


def write_heads(page: Worksheet, line: int, heads: Sequence[str], styles: Styles) -> None:
    for column, head in enumerate(heads):
        page.write_string(line, column, head, styles.head)


def write_said(page: Worksheet, line: int, row: Row, fields: Sequence[str], styles: Styles) -> None:
    """What the table says of a person."""
    for column, name in enumerate(fields, 2):
        value = row.said.get(name)
        if isinstance(value, bool) or value is None:
            page.write_string(line, column, YES if value else "", styles.text)
        else:
            page.write_number(line, column, value, styles.number if name == "overtime" else styles.count)


def fit(page: Worksheet, title: str, paper: int) -> None:
    """On paper across, as wide as a page."""
    page.set_landscape()
    page.set_paper(paper)
    page.fit_to_pages(1, 0)
    page.set_header(f"&C&14{title.replace('&', '&&')}")
    page.set_footer("&R&P / &N")


def write_shifts(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    write_heads(page, 0, SHIFT_HEADS, styles)
    for line, one in enumerate(roster.shifts, 1):
        page.write_string(line, 0, one.code, styles.cell(one.code))
        for column, text in enumerate((one.start, one.end, one.meal), 1):
            page.write_string(line, column, text, styles.text)
        page.write_number(line, 4, one.hours, styles.number)
    page.set_column(0, 4, 14)
    fit(page, roster.title, A4)


def write_counts(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """How many have which shift on which day."""
    page.write_string(0, 0, "日期 date", styles.head)
    codes = [one.code for one in roster.shifts]
    for column, code in enumerate((*codes, OFF, LEAVE), 1):
        page.write_string(0, column, code, styles.head)
    for line, day in enumerate(roster.dates, 1):
        counted = Counter(row.codes[line - 1] or OFF for row in roster.rows)
        page.write_datetime(line, 0, datetime(day.year, day.month, day.day), styles.date)
        for column, code in enumerate((*codes, OFF, LEAVE), 1):
            page.write_number(line, column, counted[code], styles.count)
    page.set_column(0, 0, 12)
    page.freeze_panes(1, 1)
    fit(page, roster.title, A4)


def write_people(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """What each person works, and which wishes are granted."""
    page.write_string(0, 0, roster.title, styles.title)
    write_heads(page, 2, PEOPLE_HEADS, styles)
    for line, row in enumerate(roster.rows, 3):
        refused = "、".join(f"{one.day.month}/{one.day.day} {one.text}" for one in row.wishes if not one.granted)
        page.write_string(line, 0, row.name, styles.text)
        page.write_string(line, 1, row.group, styles.text)
        page.write_number(line, 2, roster.hours(row), styles.number)
        for column, number in enumerate((roster.nights(row), *row.balances, len(row.wishes),
                                         sum(one.granted for one in row.wishes)), 3):
            page.write_number(line, column, number, styles.count)
        page.write_string(line, 8, refused, styles.text)
    page.set_column(0, 8, 14)
    page.freeze_panes(3, 1)
    fit(page, roster.title, A4)


def write_list(page: Worksheet, one: Listed, roster: RosterBook, styles: Styles) -> None:
    """A line a person, for the wall."""
    write_heads(page, 0, one.heads, styles)
    for line, (day, *cells) in enumerate(one.rows, 1):
        page.write_datetime(line, 0, datetime(day.year, day.month, day.day), styles.date)
        for column, cell in enumerate(cells, 1):
            if isinstance(cell, str):
                page.write_string(line, column, cell, styles.text)
            else:
                page.write_number(line, column, cell, styles.count)
    page.set_column(0, len(one.heads) - 1, 16)
    page.freeze_panes(1, 1)
    page.repeat_rows(0, 0)
    fit(page, roster.title, A4)


def write_changes(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    """What is not as it was published, a line a day and person."""
    write_heads(page, 0, CHANGE_HEADS, styles)
    for line, one in enumerate(roster.changes, 1):
        page.write_string(line, 0, one.name, styles.text)
        page.write_datetime(line, 1, datetime(one.day.year, one.day.month, one.day.day), styles.date)
        page.write_string(line, 2, WEEKDAYS[one.day.weekday()], styles.text)
        page.write_string(line, 3, one.before, styles.cell(one.before))
        page.write_string(line, 4, one.before_time, styles.text)
        page.write_string(line, 5, one.after, styles.changed)
        page.write_string(line, 6, one.after_time, styles.text)
        for column, value in enumerate((one.hours, one.nights), 7):
            page.write_number(line, column, value, styles.signed)
        page.write_number(line, 9, one.notice_h, styles.number)
    page.set_column(0, len(CHANGE_HEADS) - 1, 14)
    page.freeze_panes(1, 1)
    fit(page, roster.title, A4)
    page.repeat_rows(0, 0)


def write_person(page: Worksheet, roster: RosterBook, row: Row, styles: Styles) -> None:
    """One person's shifts, a line a day."""
    shifts = {one.code: one for one in roster.shifts}
    wishes = {one.day: f"{one.text} {GRANTED if one.granted else REFUSED}" for one in row.wishes}
    page.write_string(0, 0, f"{row.name}  {row.group}", styles.title)
    write_heads(page, 2, PERSON_HEADS, styles)
    for line, (day, code) in enumerate(zip(roster.dates, row.codes, strict=True), 3):
        one = shifts.get(code)
        page.write_datetime(line, 0, datetime(day.year, day.month, day.day), styles.date)
        page.write_string(line, 1, WEEKDAYS[day.weekday()], styles.text)
        page.write_string(line, 2, code, styles.cell(code))
        for column, text in enumerate((one.start, one.end, one.meal) if one else ("", "", ""), 3):
            page.write_string(line, column, text, styles.text)
        page.write_number(line, 6, one.hours if one else 0.0, styles.number)
        page.write_string(line, 7, wishes.get(day, ""), styles.text)
    end = len(roster.dates) + 4
    for column, (head, value) in enumerate(((WORKED_HOURS, roster.hours(row)), (NIGHTS, roster.nights(row)))):
        page.write_string(end, 2 * column, head, styles.head)
        page.write_number(end, 2 * column + 1, value, styles.number)
    page.set_column(0, 7, 13)
    page.set_portrait()
    page.set_paper(A4)
    page.fit_to_pages(1, 1)
