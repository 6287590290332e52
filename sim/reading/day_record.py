"""A day's counts as an ACD has them: dials, answered, hung up, busy, agents and numbers by interval, of one city or of
several, up to some moment. Headings are guessed as those of other exports; everything that is wrong is told at once."""
from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sim.reading.cells import MOST_CELLS, Cells, cells_in
from sim.reading.exports import (
    DAY,
    MIDNIGHT,
    MOST_ABOVE,
    Reading,
    Row,
    cell_at,
    earlier,
    is_empty,
    is_total,
    start_of,
    value,
)
from sim.reading.headings import kind_of, marks_ends, plain
from sim.reading.table import Table, refuse_hidden
from sim.scenario.messages import printable, say
from sim.scenario.problems import Place, Problem, RuleError, ScenarioError, nearest, shortly

COUNTED = ("calls", "answered", "abandoned", "busy", "seats", "numbers", "new_numbers")
NEEDED = ("calls", "answered")
CITY = ("市", "城市", "地市", "地区", "热线", "city", "hotline")
WORDS = {"new_numbers": ("新号码", "首次号码", "首拨", "newnumbers", "firstnumbers"),
         "numbers": ("号码数", "号码", "主叫数", "去重", "numbers", "distinct"),
         "abandoned": ("挂断", "挂机", "hungup", "hangup"), "seats": ("在岗", "登录", "loggedin")}
SPILT = 1.01  # of the dials: those of before the first row may be answered in it


@dataclass(frozen=True)
class Counted:
    """One city's rows, without holes."""

    start: datetime
    values: Mapping[str, tuple[float, ...]]  # by what was counted, one value an interval


@dataclass(frozen=True)
class Wanted:
    """What a record is read for."""

    cities: Mapping[str, str]       # by any of its names: the city
    alone: str | None               # the city that is meant where no column names one
    every: timedelta                # an interval
    first: datetime                 # of the scenario
    last: datetime
    day: date | None                # that is meant where no row has a date
    at: timedelta | None            # time of day up to which is counted


@dataclass(frozen=True)
class DayRecord:
    """What a table counts up to some moment of its last day."""

    at: datetime
    cities: Mapping[str, Counted]
    headings: Mapping[str, str] = field(default_factory=dict)


def read_day_record(path: Path, wanted: Wanted) -> DayRecord:
    """The record of a day, and of days before it if it has them.

    :raises ScenarioError: with every problem, each with its place.
    """
    shown = printable(str(path), 200)
    try:
        cells = cells_in(path, MOST_CELLS, lambda book: next(sheet for sheet in book.sheets if sheet.visible))
    except StopIteration:
        raise ScenarioError([Problem(Place(shown), "", say("has no sheet that is shown"))]) from None
    except RuleError as error:
        raise ScenarioError([Problem(Place(shown), "", error.message)]) from None
    return Reader(shown, cells, wanted).record()


class Reader:
    """A table while it is read."""

    def __init__(self, shown: str, cells: Cells, wanted: Wanted):
        self.table, self.wanted = Table(shown, cells), wanted
        self.reading = Reading(self.table)

    def record(self) -> DayRecord:
        self.find_columns()
        rows = self.rows() if not self.table.faults else {}
        cities = {city: counted for city, of_city in rows.items() if (counted := self.counted(city, of_city))}
        at = self.at(cities) if cities else None
        if self.table.faults or at is None:
            raise ScenarioError(self.table.problems)
        headings = {kind: self.table.header[column] for kind, column in self.reading.columns.items()}
        return DayRecord(at, cities, headings)

    # --- headings ---

    def find_columns(self) -> None:
        """The first row that names a time and something counted."""
        table = self.table
        for k, (line, row) in enumerate(table.cells.rows[:MOST_ABOVE]):
            kinds: dict[str, list[int]] = {}
            for i, cell in enumerate(row):
                kinds.setdefault(kind_here(cell), []).append(i)
            if "calls" in kinds and ("time" in kinds or "date" in kinds):
                table.header, table.top = ["" if cell is None else str(cell).strip() for cell in row], line
                self.reading.columns = {kind: columns[0] for kind, columns in kinds.items() if kind}
                del table.cells.rows[:k + 1]
                self.refuse_columns(kinds)
                return
        line, row = table.cells.rows[0]
        got = printable(", ".join(str(cell) for cell in row if cell is not None), 100)
        table.wrong(line, -1, say("no row of headings with a time, dials and answered calls is found, such as "
                                  "时间, 拨打, 接通; the first row is {got}", got=got))

    def refuse_columns(self, kinds: Mapping[str, list[int]]) -> None:
        """Columns that are missing, hidden, or there twice."""
        table = self.table
        refuse_hidden(table, self.reading.columns.values())
        if "answered" not in kinds:
            table.wrong(table.top, -1, say("has no column of answered calls, such as 接通"))
        for kind in COUNTED:
            for column in kinds.get(kind, [])[1:]:
                table.wrong(table.top, column, say("counts the same as {other}: keep one of the two columns",
                                                   other=shortly(table.header[kinds[kind][0]])))
        if "city" not in kinds and self.wanted.alone is None:
            table.wrong(table.top, -1, say("has no column that names the city, and the scenario is about several: add "
                                           "a column 市"))

    # --- rows ---

    def rows(self) -> dict[str, list[Row]]:
        """By city, in the order of their times."""
        found: dict[str, list[Row]] = {}
        for line, row in self.table.cells.rows:
            if is_total(row):
                continue
            start, city = start_of(self.reading, line, row), self.city_of(line, row)
            if start is not None and city is not None:
                found.setdefault(city, []).append((self.dated(line, start), line, row))
        if not found and not self.table.faults:
            self.table.wrong(self.table.top, -1, say("has no rows below its headings"))
        return {city: sorted(rows, key=lambda one: one[0]) for city, rows in found.items()}

    def city_of(self, line: int, row: list[object]) -> str | None:
        column = self.reading.columns.get("city")
        if column is None:
            return self.wanted.alone
        name = str(cell_at(row, column) or "").strip()
        found = self.wanted.cities.get(name) or self.wanted.cities.get(name.removesuffix("市"))
        if found is None:
            self.table.wrong(line, column, say("{got} is no city of the scenario{hint}", got=shortly(name),
                                               hint=nearest(name, list(self.wanted.cities))))
        return found

    def dated(self, line: int, start: datetime) -> datetime:
        """A row's start, on the day that is meant where it has a time of day only."""
        if start.year >= 1971:
            return start
        if self.wanted.day is None:
            self.table.wrong(line, self.reading.columns.get("time", 0), say(
                "has a time of day and no date: add a column 日期, or say with --on which day is planned"))
            return start
        return datetime.combine(self.wanted.day, datetime.min.time()) + (start - MIDNIGHT)

    def counted(self, city: str, rows: list[Row]) -> Counted | None:
        """One city's rows as counts; None where they have holes."""
        header, time = self.table.header, self.reading.columns.get("time", self.reading.columns.get("date", 0))
        if "time" in self.reading.columns and marks_ends(header[time]):
            rows = [(earlier(start, self.wanted.every, True), line, row) for start, line, row in rows]
        if not self.is_whole(city, rows, time):
            return None
        values = {kind: tuple(self.count(line, row, kind) for _, line, row in rows)
                  for kind in COUNTED if kind in self.reading.columns}
        self.refuse_what_cannot_be(rows, values)
        return Counted(rows[0][0], values)

    def count(self, line: int, row: list[object], kind: str) -> float:
        column = self.reading.columns[kind]
        if is_empty(cell_at(row, column)):
            self.table.wrong(line, column, say("is empty: write 0 where there was none"))
        return value(self.table, line, row, column, kind)

    def is_whole(self, city: str, rows: list[Row], time: int) -> bool:
        """Whether an interval follows the other, from a midnight on, on days of the scenario."""
        every, before = self.wanted.every, len(self.table.faults)
        for (one, line, _), (two, again, _) in itertools.pairwise(rows):
            if one == two:
                self.table.wrong(again, time, say("this moment stands twice for {city}, first in line {line}: add them "
                                                  "up, or name the city of each", city=city, line=line))
            elif two - one != every:
                self.table.wrong(again, time, say("comes {gap} after the row before; intervals of the scenario last "
                                                  "{every}: write every interval, 0 where nobody called",
                                                  gap=two - one, every=every))
        start, line, _ = rows[0]
        if start.time() != datetime.min.time():
            self.table.wrong(line, time, say("the first row of {city} is of {start:%H:%M}: begin at 00:00, with 0 "
                                             "where nobody called", city=city, start=start))
        if start.year >= 1971 and not self.wanted.first <= rows[-1][0] < self.wanted.last:
            self.table.wrong(rows[-1][1], time, say("{at:%Y-%m-%d %H:%M} lies outside the horizon of the scenario "
                                                    "({start:%Y-%m-%d} to {end:%Y-%m-%d})", at=rows[-1][0],
                                                    start=self.wanted.first, end=self.wanted.last - every))
        return len(self.table.faults) == before

    def refuse_what_cannot_be(self, rows: list[Row], values: Mapping[str, tuple[float, ...]]) -> None:
        """More ends than dials, and more numbers than dials."""
        columns, calls = self.reading.columns, values["calls"]
        for kind in ("numbers", "new_numbers"):
            for (_, line, _), number, dials in zip(rows, values.get(kind, ()), calls, strict=False):
                if number > dials:
                    self.table.wrong(line, columns[kind], say(
                        "{number:g} numbers made only {dials:g} dials: count each number once an interval",
                        number=number, dials=dials))
        ends = sum(sum(values.get(kind, ())) for kind in ("answered", "abandoned", "busy"))
        if ends > SPILT * sum(calls) + 1:
            self.table.wrong(self.table.top, columns["calls"], say(
                "counts {dials:,.0f} dials, fewer than the {ends:,.0f} that were answered, hung up or met a busy "
                "signal: dials include busy signals where these are counted", dials=sum(calls), ends=ends))

    # --- until when ---

    def at(self, cities: Mapping[str, Counted]) -> datetime | None:
        """The moment up to which every city was counted, or the one that is asked for."""
        ends = {city: one.start + len(one.values["calls"]) * self.wanted.every for city, one in cities.items()}
        last = min(ends.values())
        day = datetime.combine((last - self.wanted.every).date(), datetime.min.time())
        at = last if self.wanted.at is None else day + self.wanted.at
        for city, end in ends.items():
            if end < at or end - at >= DAY:
                self.table.wrong(self.table.cells.rows[-1][0], -1, say(
                    "the rows of {city} end at {end:%Y-%m-%d %H:%M}, and {at:%Y-%m-%d %H:%M} is asked for: add the "
                    "rows between, or say with --at until when is counted", city=city, end=end, at=at))
        return at


def kind_here(heading: object) -> str:
    """What a column is; nothing if it says nothing known."""
    text = plain(heading)
    if text in CITY:
        return "city"
    for kind, words in WORDS.items():
        if isinstance(heading, str) and len(text) <= 30 and any(word in text for word in words) and (
                "率" not in text and "时长" not in text):
            return kind
    found = kind_of(heading)
    return found if found in (*COUNTED, "time", "date") else ""
