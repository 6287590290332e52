"""How many begin which shift on which day, by city, as a workbook: a sheet that is edited and read back, and the times
of the shifts."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sim.scenario.people import Shift, ShiftCounts, folded
from sim.scenario.scenario import Scenario
from surgeline.folders.roster_book import SHIFT_HEADS, write_shift
from surgeline.folders.roster_rows import DayKind, RosterBook, ShiftOfBook, calendar
from surgeline.folders.roster_styles import A3, A4, Styles, fit, moment_of, write_heads
from surgeline.folders.shift_words import shift_of_book

EDITED, TIMES = "各班人数", "班次 shifts"
HEADS = ("市 city", "班次 shift", *SHIFT_HEADS[1:])
USED_IN = "用于 used in"
DAY_WIDTH, LONG_WEEKS = 7, 14
Shifts = dict[tuple[str, str], ShiftOfBook]
"""By city and code, those that its people may have."""


def write(scenario: Scenario, table: ShiftCounts, path: Path) -> None:
    """The table of a scenario, as it is read back.

    :raises OSError: if the file can't be written.
    """
    shifts: Shifts = {(city, one.code): shift_of_book(one) for city in dict.fromkeys(row.city for row in table.rows)
                      for one in shifts_of(scenario, city)}
    looks = RosterBook(f"{scenario.title.zh}：{EDITED}", table.dates, tuple(dict.fromkeys(shifts.values())), (),
                       sum(day < scenario.horizon.start.date() for day in table.dates),
                       calendar=days_alike(scenario, table))
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        styles = Styles(book, looks)
        write_edited(book.add_worksheet(EDITED), scenario, table, shifts, looks, styles)
        write_times(book.add_worksheet(TIMES), scenario, shifts, looks, styles)
    path.write_bytes(file.getvalue())


def shifts_of(scenario: Scenario, city: str) -> tuple[Shift, ...]:
    """The shifts of a city's people whom the table counts."""
    return tuple(dict.fromkeys(one for group in scenario.counted(city).values() for one in scenario.shifts_of(group)))


def days_alike(scenario: Scenario, table: ShiftCounts) -> dict[date, DayKind]:
    """Days that are not what the week makes of them, the same in each of the cities."""
    first, *others = (calendar(scenario, city, table.dates) for city in dict.fromkeys(row.city for row in table.rows))
    return {day: kind for day, kind in first.items() if all(other.get(day) == kind for other in others)}


def names_of(scenario: Scenario, cities: Iterable[str]) -> dict[str, str]:
    """How a table names cities: in Chinese, or by their keys where two have one name."""
    known = Counter(word for key, city in scenario.cities.items()
                    for word in {folded(key), folded(city.name.zh), folded(city.name.en)})
    return {city: name if known[folded(name)] == 1 else city
            for city in cities for name in [scenario.cities[city].name.zh]}


def write_edited(page: Worksheet, scenario: Scenario, table: ShiftCounts, shifts: Shifts, looks: RosterBook,
                 styles: Styles) -> None:
    """A line a shift of a city and a column a date, so that it can be edited and read back."""
    write_heads(page, 0, HEADS, styles)
    first, names = len(HEADS), names_of(scenario, {row.city for row in table.rows})
    for place, day in enumerate(table.dates):
        page.write_datetime(0, first + place, moment_of(day),
                            styles.before_day if place < looks.planned else styles.days[looks.day_kind(day)])
    for line, row in enumerate(table.rows, 1):
        page.write_string(line, 0, names[row.city], styles.text)
        write_shift(page, line, 1, shifts[row.city, row.code], styles)
        for column, people in enumerate(row.people, first):
            if people:
                page.write_number(line, column, people, styles.count)
            else:
                page.write_blank(line, column, None, styles.count)
    page.data_validation(1, first, len(table.rows), first + len(table.dates) - 1, {
        "validate": "integer", "criteria": ">=", "value": 0, "error_title": "人数 people",
        "error_message": "请填整数，没有人就空着。A whole number of people; nothing for none."})
    page.set_row(0, 62)
    page.set_column(0, first - 1, 12)
    page.set_column(first, first + len(table.dates) - 1, DAY_WIDTH)
    page.freeze_panes(1, 2)
    fit(page, looks.title, A3 if len(table.dates) > LONG_WEEKS else A4)
    page.repeat_rows(0, 0)


def write_times(page: Worksheet, scenario: Scenario, shifts: Shifts, looks: RosterBook, styles: Styles) -> None:
    """Each shift once, with the cities whose people have it."""
    write_heads(page, 0, (*SHIFT_HEADS, USED_IN), styles)
    cities = dict[ShiftOfBook, list[str]]()
    for (city, _), one in shifts.items():
        cities.setdefault(one, []).append(city)
    for line, one in enumerate(sorted(cities, key=lambda one: (one.night, one.start, one.code)), 1):
        write_shift(page, line, 0, one, styles)
        page.write_string(line, len(SHIFT_HEADS), "、".join(names_of(scenario, cities[one]).values()), styles.wrapped)
    page.set_column(0, len(SHIFT_HEADS) - 1, 14)
    page.set_column(len(SHIFT_HEADS), len(SHIFT_HEADS), 60)
    page.freeze_panes(1, 1)
    fit(page, looks.title, A4)
    page.repeat_rows(0, 0)
