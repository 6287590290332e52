"""Tables as an ACD or a duty manager has them: a title above, headings in Chinese, times of day or dates.

Unlike the tables that a scenario names, which say exactly what they are, these are guessed at: by their headings. What
was guessed is told, and who guesses wrong names the sheet and the columns.
"""
from __future__ import annotations

import itertools
import math
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sim.reading.cells import MOST_CELLS, Cells, cells_in
from sim.reading.durations import total
from sim.reading.headings import HEADINGS, LENGTH_OF, WHEN, fits, is_of_all, kinds_of, marks_ends, plain, worth
from sim.reading.table import Table, number, refuse_hidden
from sim.reading.xlsx import Rows, Sheet, Workbook
from sim.scenario.dates import moment, spoken
from sim.scenario.messages import printable, say
from sim.scenario.problems import Place, Problem, RuleError, ScenarioError

TOTALS = ("合计", "总计", "小计", "平均", "均值", "total", "sum", "average", "mean")
SPILT = 1.01  # calls of before the first row may be answered in it
MOST_ABOVE = 30  # rows that may stand above the headings
CLOCK = re.compile(r"(\d{1,2})[:：时点](\d{2})?(?:[:：分](\d{2})?)?[分秒]?(?:\s*[-~–—至到]+.*)?")
DAY_THEN = re.compile(r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[ T]*(.*)")
DURATION = re.compile(r"(?:(\d+):)?(\d+):(\d{2})(?:\.\d+)?")
DAY = timedelta(days=1)
Row = tuple[datetime, int, list[Any]]
"""When it begins, its line, and its cells."""
MIDNIGHT = datetime(1900, 1, 1)  # stands for any day, where a table has times of day only


@dataclass(frozen=True)
class Export:
    """What a table says: the start of each of its rows, one value a row for each column known, and how it was read."""

    starts: tuple[datetime, ...]            # on MIDNIGHT's day where there are no dates
    step: timedelta                         # a row holds for so long
    values: Mapping[str, tuple[float, ...]] # calls, answered, busy, abandoned, seats: counts; talk, handle: seconds
    headings: Mapping[str, str]             # what each column is called in the table
    has_dates: bool
    left_out: tuple[str, ...] = ()          # rows of totals
    rivals: Mapping[str, list[str]] = field(default_factory=dict)  # headings of which the first was taken

    @property
    def is_daily(self) -> bool:
        return self.step == DAY


@dataclass
class Reading:
    """A table while it is read."""

    table: Table
    columns: dict[str, int] = field(default_factory=dict)
    rivals: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def read_export(path: Path, wanted: str, sheet: str | None = None, named: Mapping[str, str] | None = None) -> Export:
    """A table of calls or of seats.

    :param wanted: the column that it must have: "calls" or "seats".
    :param sheet: the sheet of a workbook, the first that has such a table if None.
    :param named: headings of columns, by what they are, that are not to be guessed.
    :raises ScenarioError: with every problem, each with its place.
    """
    shown = printable(str(path), 200)
    try:
        cells = cells_in(path, MOST_CELLS, lambda book: sheet_of(book, sheet, wanted))
    except RuleError as error:
        raise ScenarioError([Problem(Place(shown), "", error.message)]) from None
    reading = Reading(Table(shown, cells))
    find_columns(reading, wanted, named or {})
    export = rows_of(reading, wanted) if not reading.table.faults else None
    if reading.table.faults or export is None:
        raise ScenarioError(reading.table.problems)
    return export


# --- sheets and columns ----------------------------------------------------------------------------------------------

def sheet_of(book: Workbook, name: str | None, wanted: str) -> Sheet:
    """The sheet of that name; without one the only one that is shown and has headings that may be meant."""
    shown = [sheet for sheet in book.sheets if sheet.visible]
    if name is not None:
        found = next((sheet for sheet in book.sheets if sheet.name.strip() == name.strip()), None)
        if found is None:
            raise RuleError(say("has no sheet {name}: its sheets are {names}",
                                name=printable(name), names=printable(', '.join(one.name for one in shown), 200)))
        return found
    if not shown:
        raise RuleError(say("has no sheet that is shown"))
    fit = [sheet for sheet in shown if any(fits(kinds_of(row), wanted) for _, row in itertools.islice(
        iter(Rows(book, sheet)), MOST_ABOVE))]
    if fit[1:]:
        raise RuleError(say("has several sheets with such a table, {names}: name one with --sheet",
                            names=printable(", ".join(sheet.name for sheet in fit), 200)))
    return fit[0] if fit else shown[0]


def find_columns(reading: Reading, wanted: str, named: Mapping[str, str]) -> None:
    """The row of headings, below titles if there are any; rows above it go. Hidden columns are none."""
    table = reading.table
    hidden = {column for some in table.cells.hidden_columns for column in some}
    for k, (line, row) in enumerate(table.cells.rows[:MOST_ABOVE]):
        texts = ["" if cell is None else str(cell).strip() for cell in row]
        given = {kind: [texts.index(text)] for kind, text in named.items() if text in texts}
        kinds = kinds_of(row, hidden) | given
        if fits(kinds, wanted) and set(named.values()) <= set(texts):
            table.header, table.top = texts, line
            reading.columns = {kind: columns[0] for kind, columns in kinds.items()}
            reading.rivals = {kind: [texts[column] for column in columns] for kind, columns in kinds.items()
                              if columns[1:]}
            del table.cells.rows[:k + 1]
            refuse_hidden(table, reading.columns.values())
            refuse_rivals(reading, wanted)
            return
    line, row = table.cells.rows[0]
    got = printable(", ".join(str(cell) for cell in row if cell is not None), 100)
    missing = [text for text in named.values() if not any(text in map(str, cells) for _, cells in table.cells.rows)]
    what = say("no heading {names}", names=printable(", ".join(missing))) if missing else \
        say("no row of headings with a time and {words}", words="/".join(HEADINGS[wanted][:3]))
    table.wrong(line, -1, say("{what} is found; the first row is {got}: name the columns with --column",
                              what=what, got=got))


def refuse_rivals(reading: Reading, wanted: str) -> None:
    """Several columns may be the one that the table is wanted for."""
    if names := reading.rivals.get(wanted):
        reading.table.wrong(reading.table.top, reading.columns[wanted],
                            say("{names} may all be meant: name one with --column {wanted}=…",
                                names=printable(", ".join(names), 100), wanted=wanted))


# --- rows ------------------------------------------------------------------------------------------------------------

def rows_of(reading: Reading, wanted: str) -> Export | None:
    """Every row of the table but totals; None where there is something wrong."""
    table, kept = reading.table, timed_rows(reading)
    step = step_of(reading, kept)
    if step is None or table.faults:
        return None
    has_dates = kept[0][0].date() != MIDNIGHT.date()
    headings = {kind: table.header[column] for kind, column in reading.columns.items()}
    if "time" in headings and marks_ends(headings["time"]):
        kept = sorted(((earlier(start, step, has_dates), line, row) for start, line, row in kept),
                      key=lambda one: one[0])
    refuse_holes(reading, kept, wanted, None if has_dates else step)
    counted = {kind: tuple(value(table, line, row, column, kind) for _, line, row in kept)
               for kind, column in reading.columns.items() if kind not in WHEN}
    if sum(counted.get("answered", ())) > SPILT * sum(counted.get("calls", (math.inf,))):
        table.wrong(table.top, reading.columns["answered"], say(
            "more calls are answered than come: see whether {calls} and {answered} are what they seem, and name the "
            "columns with --column", calls=printable(headings["calls"]), answered=printable(headings["answered"])))
    return Export(tuple(start for start, _, _ in kept), step, counted, headings, has_dates, tuple(reading.left_out),
                  reading.rivals)


def timed_rows(reading: Reading) -> list[Row]:
    """The rows that are no totals, in the order of their times."""
    kept: list[Row] = []
    for line, row in reading.table.cells.rows:
        if is_total(row):
            reading.left_out.append(f"{line}")
        elif (start := start_of(reading, line, row)) is not None:
            kept.append((start, line, row))
    return sorted(kept, key=lambda one: one[0])


def refuse_holes(reading: Reading, kept: list[Row], wanted: str, step: timedelta | None) -> None:
    """Rows that do not say how many, and times of day that are lost between others.

    :param step: the time between two rows of a table that has times of day only.
    """
    table, column = reading.table, reading.columns[wanted]
    for _, line, row in kept:
        if is_empty(cell_at(row, column)):
            table.wrong(line, column, say("is empty: write 0 where there was none"))
    for (before, _, _), (after, line, _) in itertools.pairwise(kept if step else ()):
        if step and after - before > step:
            table.wrong(line, reading.columns.get("time", 0), say(
                "no row stands between {before:%H:%M} and {after:%H:%M}, where others are {step} apart: write 0 where "
                "there was none", before=before, after=after, step=step))


def earlier(end: datetime, step: timedelta, has_dates: bool) -> datetime:
    """The beginning of a row of which the end is known; of times of day, on the same day."""
    start = end - step
    return start if has_dates or start >= MIDNIGHT else start + DAY


def is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip() in ("", "-", "—", "/"))


def is_total(row: list[Any]) -> bool:
    return any(plain(cell).startswith(TOTALS) for cell in row[:2] if isinstance(cell, str))


def start_of(reading: Reading, line: int, row: list[Any]) -> datetime | None:
    """When a row begins; None, and a problem, if it does not say so."""
    table, columns = reading.table, reading.columns
    try:
        day = moment_of(table.cells, cell_at(row, columns["date"])) if "date" in columns else None
        at = moment_of(table.cells, cell_at(row, columns["time"])) if "time" in columns else None
        if day is None or at is None:
            return day if at is None else at
        return datetime.combine(day.date(), at.time()) + (DAY if at == MIDNIGHT + DAY else timedelta(0))
    except RuleError as error:
        table.wrong(line, columns.get("time", columns.get("date", 0)), error.message)
        return None


def cell_at(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


def moment_of(cells: Cells, cell: Any) -> datetime:
    """A moment, or a time of day on MIDNIGHT's day.

    :raises RuleError: if a cell holds neither.
    """
    if isinstance(cell, datetime):
        return cell if cell.year >= 1971 else MIDNIGHT + timedelta(hours=cell.hour, minutes=cell.minute)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if 0 <= cell < 1 and cell != int(cell):
            return MIDNIGHT + timedelta(minutes=round(cell * 1440))
        if 0 <= cell <= 24 and cell == int(cell):
            return MIDNIGHT + timedelta(hours=int(cell))
        if cells.date and cell > 20_000:
            return cells.date(cell)
    text = unicodedata.normalize("NFKC", str(cell or "")).strip()
    clock = clock_of(f"{text}:00" if text.isdigit() else text)
    return as_written(text) if clock is None else MIDNIGHT + clock


def clock_of(text: str) -> timedelta | None:
    """A time of day, or that at which a span begins: 8:00, 08:00:00, 8时, 8点30分, 8:00-8:30; None if it is none."""
    clock = CLOCK.fullmatch(text)
    if not clock or int(clock[1]) > 24 or int(clock[2] or 0) >= 60:
        return None
    return timedelta(hours=int(clock[1]), minutes=int(clock[2] or 0))


def as_written(text: str) -> datetime:
    """2021/8/2 8:00, 2021年8月2日 8时, 2021-08-02 08:00-08:30, 2021/8/2 2:00 PM and the like.

    :raises RuleError: where it is no moment.
    """
    if parts := DAY_THEN.fullmatch(text):
        if (day := spoken(parts[1])) is None:
            raise RuleError(say("there is no such day as {text}", text=printable(text)))
        if (clock := clock_of(parts[2] or "0:00")) is not None:
            return datetime.combine(day, datetime.min.time()) + clock
    return moment(spoken(text) or text or None, timedelta(0))


def step_of(reading: Reading, kept: list[Row]) -> timedelta | None:
    """How long a row holds: the usual distance, which every distance is a multiple of."""
    table = reading.table
    if not kept:
        table.wrong(table.top, -1, say("has no rows below its headings"))
        return None
    for (first, line, _), (then, again, _) in itertools.pairwise(kept):
        if first == then:
            table.wrong(again, reading.columns.get("time", 0), say("this moment stands twice, first in line {line}: "
                                                                   "the table has several rows a moment, such as one "
                                                                   "for each kind of call; add them up first",
                                                                   line=line))
            return None
    gaps = [then - first for (first, _, _), (then, _, _) in itertools.pairwise(kept)]
    step = statistics.mode(gaps) if gaps else DAY
    if step not in (DAY, *(timedelta(minutes=minutes) for minutes in (5, 10, 15, 20, 30, 60, 120))):
        table.wrong(kept[1][1], -1, say("rows are {step} apart: they must be a day, an hour or a part of an hour "
                                        "apart", step=step))
        return None
    odd = [(line, gap) for (_, line, _), gap in zip(kept[1:], gaps, strict=True) if gap % step]
    for line, gap in odd:
        table.wrong(line, -1, say("comes {gap} after the row before, and others are {step} apart", gap=gap, step=step))
    return step


def value(table: Table, line: int, row: list[Any], column: int, kind: str) -> float:
    """A count, or a duration in seconds; nothing is 0. A bare number is in the unit of its heading."""
    cell = cell_at(row, column)
    if is_empty(cell):
        return 0.0
    seconds = seconds_of(cell) if kind in LENGTH_OF else None
    return number(table, line, row, column) * worth(table.header[column], kind) if seconds is None else seconds


def seconds_of(cell: Any) -> float | None:
    """3:25 is minutes and seconds, as an ACD shows the length of a talk; a cell with a time of a sheet is that long.
    None where a cell is neither."""
    if isinstance(cell, datetime):
        return float(cell.hour * 3600 + cell.minute * 60 + cell.second)
    if isinstance(cell, float) and 0 < cell < 1:
        return round(cell * 86_400)
    clock = DURATION.fullmatch(unicodedata.normalize("NFKC", str(cell)).strip())
    return total(*clock.groups("0")) if clock else None


# --- what a table says of a day and a week ---------------------------------------------------------------------------

def days_of(export: Export) -> list[date]:
    """The dates that a table has, in order; none where it has times of day only."""
    return sorted({start.date() for start in export.starts}) if export.has_dates else []


def incomplete(export: Export) -> list[date]:
    """Days that lack rows which at least half of the days have: they say nothing of a day, nor of a week."""
    if not export.has_dates or export.is_daily:
        return []
    times = Counter(start.time() for start in export.starts)
    days = days_of(export)
    usual = {at for at, number in times.items() if 2 * number >= len(days)}
    there: dict[date, set[time]] = {}
    for start in export.starts:
        there.setdefault(start.date(), set()).add(start.time())
    short = [day for day in days if usual - there[day]]
    return short if len(short) < len(days) else []


def rows_of_whole_days(export: Export, kind: str) -> Iterator[tuple[datetime, float]]:
    """A column row by row, without days that are incomplete."""
    short = set(incomplete(export))
    return ((start, count) for start, count in zip(export.starts, export.values[kind], strict=True)
            if start.date() not in short)


def whole_days(export: Export) -> int:
    """How many days a table tells of; one where it has times of day only."""
    return max(len(days_of(export)) - len(incomplete(export)), 1)


def totals(export: Export, kind: str) -> dict[date, float]:
    """By day, what a column adds up to."""
    found: dict[date, float] = {}
    for start, count in rows_of_whole_days(export, kind):
        found[start.date()] = found.get(start.date(), 0.0) + count
    return found


def over_the_day(export: Export, kind: str) -> list[float]:
    """What a column adds up to by time of day, one value a step from midnight on."""
    steps = [0.0] * int(DAY / export.step)
    for start, count in rows_of_whole_days(export, kind):
        midnight = datetime.combine(start.date(), datetime.min.time())
        steps[int((start - midnight) / export.step)] += count
    return steps


def over_the_week(export: Export, kind: str) -> list[float] | None:
    """The mean of a column's days by weekday, from Monday; None where a weekday is missing."""
    of_weekday: dict[int, list[float]] = {}
    for day, added in totals(export, kind).items():
        of_weekday.setdefault(day.weekday(), []).append(added)
    return [statistics.mean(of_weekday[k]) for k in range(7)] if len(of_weekday) == 7 else None


def mean_of(export: Export, kind: str) -> float | None:
    """The mean of a column of durations, by calls where they are known; None where there is none. A column that has the
    durations of all calls of a row together is divided by them."""
    if kind not in export.values:
        return None
    weights = export.values.get("answered", export.values.get("calls", (1.0,) * len(export.starts)))
    pairs = [(value, weight) for value, weight in zip(export.values[kind], weights, strict=True) if value > 0]
    weight_of_all = sum(weight for _, weight in pairs)
    if not weight_of_all:
        return None
    if is_of_all(export.headings[kind]):
        return sum(value for value, _ in pairs) / weight_of_all
    return sum(value * weight for value, weight in pairs) / weight_of_all


def spread_over(export: Export, kind: str, days: Iterable[date]) -> Iterator[tuple[datetime, float]]:
    """A column row by row over some days: rows with dates as they are, times of day again on every day."""
    if export.has_dates:
        yield from zip(export.starts, export.values[kind], strict=True)
        return
    for day in days:
        midnight = datetime.combine(day, datetime.min.time())
        for start, count in zip(export.starts, export.values[kind], strict=True):
            yield midnight + (start - MIDNIGHT), count
