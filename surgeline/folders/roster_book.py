"""The roster as a workbook: a sheet for the wall that is edited and read back, the shifts, and a sheet a person."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sim.scenario.people import LEAVE, OFF

A4, A3 = 9, 8
DAY = "[$-804]m/d ddd"
NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
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
PERSON_HEADS = ("日期 date", "星期", "班次 shift", "上班 from", "下班 to", "用餐 meal", WORKED_HOURS)


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
    lists: tuple[Listed, ...] = ()
    changes: tuple[ChangeOfBook, ...] = ()

    def hours(self, row: Row) -> float:
        """Hours that a person works."""
        length = {one.code: one.hours for one in self.shifts}
        return sum(length.get(code, 0.0) for code in row.codes)

    def nights(self, row: Row) -> int:
        nights = {one.code for one in self.shifts if one.night}
        return sum(code in nights for code in row.codes)


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
    """Nothing but names, groups and a column a date, so that it can be edited and read back; what is not as it was
    published stands out."""
    changed = {(one.name, one.day) for one in roster.changes}
    page.write_string(0, 0, NAME, styles.head)
    page.write_string(0, 1, GROUP, styles.head)
    for column, day in enumerate(roster.dates, 2):
        page.write_datetime(0, column, datetime(day.year, day.month, day.day),
                            styles.weekend if day.weekday() >= 5 else styles.day)
    for line, row in enumerate(roster.rows, 1):
        page.write_string(line, 0, row.name, styles.text)
        page.write_string(line, 1, row.group, styles.text)
        for column, (day, code) in enumerate(zip(roster.dates, row.codes, strict=True), 2):
            page.write_string(line, column, code,
                              styles.changed if (row.name, day) in changed else styles.cell(code))
    page.set_row(0, 56)
    page.set_column(0, 1, 12)
    page.set_column(2, len(roster.dates) + 1, 6.5)
    page.freeze_panes(1, 2)
    fit(page, roster.title, A3 if len(roster.dates) > 14 else A4)
    page.repeat_rows(0, 0)


def fit(page: Worksheet, title: str, paper: int) -> None:
    """On paper across, as wide as a page."""
    page.set_landscape()
    page.set_paper(paper)
    page.fit_to_pages(1, 0)
    page.set_header(f"&C&14{title.replace('&', '&&')}")
    page.set_footer("&R&P / &N")


def write_shifts(page: Worksheet, roster: RosterBook, styles: Styles) -> None:
    for column, head in enumerate(SHIFT_HEADS):
        page.write_string(0, column, head, styles.head)
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


def write_list(page: Worksheet, one: Listed, roster: RosterBook, styles: Styles) -> None:
    """A line a person, for the wall."""
    for column, head in enumerate(one.heads):
        page.write_string(0, column, head, styles.head)
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
    for column, head in enumerate(CHANGE_HEADS):
        page.write_string(0, column, head, styles.head)
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
    page.write_string(0, 0, f"{row.name}  {row.group}", styles.title)
    for column, head in enumerate(PERSON_HEADS):
        page.write_string(2, column, head, styles.head)
    for line, (day, code) in enumerate(zip(roster.dates, row.codes, strict=True), 3):
        one = shifts.get(code)
        page.write_datetime(line, 0, datetime(day.year, day.month, day.day), styles.date)
        page.write_string(line, 1, WEEKDAYS[day.weekday()], styles.text)
        page.write_string(line, 2, code, styles.cell(code))
        for column, text in enumerate((one.start, one.end, one.meal) if one else ("", "", ""), 3):
            page.write_string(line, column, text, styles.text)
        page.write_number(line, 6, one.hours if one else 0.0, styles.number)
    end = len(roster.dates) + 4
    for column, (head, value) in enumerate(((WORKED_HOURS, roster.hours(row)), (NIGHTS, roster.nights(row)))):
        page.write_string(end, 2 * column, head, styles.head)
        page.write_number(end, 2 * column + 1, value, styles.number)
    page.set_column(0, 6, 13)
    page.set_portrait()
    page.set_paper(A4)
    page.fit_to_pages(1, 1)
