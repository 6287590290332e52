"""The order as a workbook: a sheet of levers that is edited and read back, and the grid of hours with its totals."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from sim.scenario.scenario import Scenario
from surgeline.folders.lever_rows import HEADS, KIND_WORDS, SERVES_WORDS, WHO_WORDS, cells_of_lever, shown
from surgeline.folders.order_hours import SUMS, Ordered, Phase, Row, Sum, hours_shown, phases
from surgeline.folders.roster_rows import RosterBook
from surgeline.folders.roster_styles import A4, Styles, fit, write_heads
from surgeline.folders.shift_counts_book import names_of

EDITED, GRID = "调度 levers", "逐时 hours"
GRID_HEADS = ("日期 days", "市 city", "做什么 what")
SUM, DAYS = "一天合计 sum of a day", "天数 days"
TOTALS: dict[Sum, str] = {"lent": "借出席数合计 seats lent", "desks": "增设座席合计 seats of desks",
                          "own": "增加人数合计 people more"}
CALLED, ALL_CALLED = "召回来坐支援席（人） called in for lent seats", "召回合计（人） all called in"
HINT = (
    "改了本表，存盘后用 surgeline plan --from 本文件 重新评判并下令；“{grid}”不会随之改变。"
    "只写日期的“到”指当天结束；席数写 0 或删行即取消；新行编号留空。召回、备勤的“从”是通知的时刻，“到岗”由它推算。"
    "增设座席的“出人的市”写它接哪个市的来电，“班组”写座席的名字。\n"
    "Edit, save, then surgeline plan --from THIS FILE judges it and orders again; the sheet of hours does not follow. "
    "A bare date in “to” is the end of that day; 0 seats or no row: nothing; new rows have no number. “from” of who is "
    "called in is when they are told; “at work” follows from it and is not read. Of a desk “city” is the city "
    "that it helps, and “group” its name.")
SPARE_ROWS, PRINTED_ROWS, LONGEST_LIST = 60, 10, 255
WIDTHS = {"number": 6, "kind": 18, "many": 10, "start": 17, "end": 17, "opens": 8, "closes": 8, "serves": 22,
          "keep_idle": 9, "resume_idle": 11, "off_duty": 16, "there": 17}
USUAL_WIDTH, HOUR_WIDTH = 13, 5.5


def write(scenario: Scenario, levers: Sequence[Ordered], path: Path) -> None:
    """The levers of a plan, as they are read back, and what they are in each hour.

    :raises OSError: if the file can't be written.
    """
    names = names_of(scenario, scenario.cities)
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = Styles(book, RosterBook("", (), (), (), 0))
        write_levers(book.add_worksheet(EDITED), scenario, levers, names, styles)
        write_grid(book.add_worksheet(GRID), scenario, levers, names, styles)
    path.write_bytes(file.getvalue())


# --- what is edited --------------------------------------------------------------------------------------------------

def write_levers(page: Worksheet, scenario: Scenario, levers: Sequence[Ordered], names: dict[str, str],
                 styles: Styles) -> None:
    """A row a lever, as text where a sheet program would make something else of it."""
    write_heads(page, 0, [" ".join(one) for one in HEADS.values()], styles)
    for line, lever in enumerate(levers, 1):
        cells = cells_of_lever(scenario, lever, names, line)
        for column, name in enumerate(HEADS):
            put(page, line, column, cells.get(name), styles)
    for line in range(len(levers) + 1, len(levers) + 1 + SPARE_ROWS):
        for column in range(len(HEADS)):
            page.write_blank(line, column, None, styles.text)
    offer_words(page, len(levers) + SPARE_ROWS, [names[city] for city in scenario.cities])
    for column, name in enumerate(HEADS):
        page.set_column(column, column, WIDTHS.get(name, USUAL_WIDTH))
    page.write_comment(0, 0, HINT.format(grid=GRID), {"x_scale": 4, "y_scale": 2})
    page.set_row(0, 48)
    page.print_area(0, 0, len(levers) + PRINTED_ROWS, len(HEADS) - 1)
    page.freeze_panes(1, 3)
    fit(page, title_of(scenario), A4)
    page.repeat_rows(0, 0)


def put(page: Worksheet, line: int, column: int, value: Any, styles: Styles) -> None:
    if isinstance(value, str) and value:
        page.write_string(line, column, value, styles.text)
    elif isinstance(value, int | float):
        page.write_number(line, column, value, styles.count if value == int(value) else styles.number)
    else:
        page.write_blank(line, column, None, styles.text)


def offer_words(page: Worksheet, last: int, cities: Sequence[str]) -> None:
    """What a cell may say, to choose from."""
    lists = {"kind": [shown(key, KIND_WORDS) for key in KIND_WORDS], "city": cities, "borrower": cities,
             "serves": [shown(key, SERVES_WORDS) for key in SERVES_WORDS],
             "off_duty": [shown(key, WHO_WORDS) for key in WHO_WORDS]}
    for column, name in enumerate(HEADS):
        if name in lists and len(",".join(lists[name])) < LONGEST_LIST:
            page.data_validation(1, column, last, column, {
                "validate": "list", "source": list(lists[name]), "error_type": "warning"})


def title_of(scenario: Scenario) -> str:
    return f"{scenario.title.zh} {scenario.title.en}"


# --- the grid --------------------------------------------------------------------------------------------------------

def write_grid(page: Worksheet, scenario: Scenario, levers: Sequence[Ordered], names: dict[str, str],
               styles: Styles) -> None:
    """Days that are alike one below the other: a row a city and what it does, with totals by hour and by row."""
    those = phases(scenario, levers)
    hours = hours_shown(those)
    first = len(GRID_HEADS)
    write_heads(page, 0, (*GRID_HEADS, *(f"{h}–{h + 1}" for h in hours), SUM, DAYS), styles)
    line = 1
    for phase in those:
        line = write_phase(page, line, phase, hours, names, styles)
    page.set_column(0, 1, 15)
    page.set_column(2, 2, 34)
    page.set_column(first, first + len(hours) - 1, HOUR_WIDTH)
    page.set_column(first + len(hours), first + len(hours) + 1, 10)
    page.set_row(0, 32)
    page.freeze_panes(1, first)
    fit(page, title_of(scenario), A4)
    page.repeat_rows(0, 0)


def write_phase(page: Worksheet, line: int, phase: Phase, hours: range, names: dict[str, str], styles: Styles) -> int:
    """The rows of some days and their totals; gives the line below."""
    first = len(GRID_HEADS)
    for of in SUMS:
        rows = {row: values for row, values in phase.rows.items() if row.adds_to == of}
        for at, (row, values) in enumerate(rows.items(), line):
            heads(page, at, (days_of(phase), names[row.city], what(row, names)), styles)
            write_hours(page, at, values, hours, styles)
            add_up(page, at, first, sum(values), phase, styles, len(hours))
        if rows:
            at = line + len(rows)
            heads(page, at, (days_of(phase), "", TOTALS[of]), styles)
            for column, hour in enumerate(hours, first):
                page.write_formula(at, column, f"=SUM({xl_range(line, column, at - 1, column)})",
                                   styles.total_count if whole(phase.total(of)) else styles.total,
                                   phase.total(of)[hour])
            add_up(page, at, first, sum(phase.total(of)), phase, styles, len(hours))
            line = at + 1
    for name, values in ((CALLED, phase.called), (ALL_CALLED, phase.called_in)):
        if any(phase.called):
            heads(page, line, (days_of(phase), "", name), styles)
            write_hours(page, line, values, hours, styles)
            add_up(page, line, first, sum(values), phase, styles, len(hours))
            line += 1
    return line + 1


def write_hours(page: Worksheet, line: int, values: Sequence[float], hours: range, styles: Styles) -> None:
    for column, hour in enumerate(hours, len(GRID_HEADS)):
        page.write(line, column, values[hour] or None, styles.count if whole(values) else styles.number)


def heads(page: Worksheet, line: int, texts: Sequence[str], styles: Styles) -> None:
    for column, text in enumerate(texts):
        page.write_string(line, column, text, styles.text)


def add_up(page: Worksheet, line: int, first: int, total: float, phase: Phase, styles: Styles, hours: int) -> None:
    page.write_formula(line, first + hours, f"=SUM({xl_range(line, first, line, first + hours - 1)})", styles.number,
                       round(total, 6))
    page.write_number(line, first + hours + 1, phase.days, styles.count)


def whole(values: Sequence[float]) -> bool:
    return all(value == int(value) for value in values)


def what(row: Row, names: dict[str, str]) -> str:
    """支援 lend → 南京, 增设座席 desk: province."""
    said = shown(row.kind, KIND_WORDS)
    if row.name:
        return f"{said}: {row.name}"
    return f"{said} → {names[row.borrower]}" if row.borrower else said


def days_of(phase: Phase) -> str:
    return day(phase.first) if phase.days == 1 else f"{day(phase.first)}–{day(phase.last)}"


def day(at: date) -> str:
    return f"{at:%m-%d}"
