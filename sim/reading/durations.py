"""The column of durations in a table, and what its cells mean: never the numbers of calls, and never minutes."""
from __future__ import annotations

import itertools
import math
import re
import unicodedata
from typing import Any

from sim.reading.table import Table, name_columns, refuse_hidden, refuse_torn, unsaved
from sim.scenario.dates import parsed
from sim.scenario.messages import Message, both, printable, say
from sim.scenario.problems import RuleError, shortly
from sim.scenario.quantities import count, seconds

EXACT = ("seconds", "s", "秒", "秒数")
WORDS = {"s", "sec", "secs", "second", "seconds", "duration", "durations", "talk", "talking", "handle", "handling",
         "handled", "length", "wait", "waiting", "waited", "patience", "wrap", "wrapup", "acw", "aht", "att", "hold",
         "delay", "billsec"}
SIGNS = re.compile(r"时长|時長|秒|分钟|小时|耗时|用时|通话时间|等待时间|处理时间|整理时间")
OTHER_WORDS = {"id", "ids", "no", "number", "name", "agent", "start", "started", "begin", "end", "ended", "date", "at"}
OTHER_SIGNS = re.compile(r"号|编码|序|开始|结束|日期|姓名|时刻")
OTHER_UNITS = ((say("milliseconds"), {"ms", "msec", "millisecond", "milliseconds"}, "毫秒"),
               (say("minutes"), {"m", "min", "mins", "minute", "minutes"}, "分"),
               (say("hours"), {"h", "hr", "hrs", "hour", "hours"}, "小时"))
CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)")
HALF_CLOCK = re.compile(r"(\d+):([0-5]?\d(?:\.\d+)?)")
SPOKEN = re.compile(r"(?:(\d+)小?时)?(?:(\d+)分钟?)?(?:(\d+)秒)?")
OTHER_DELIMITERS = re.compile(r"[;；，,|\t]")
LOOKED_AT = 100
COUNTED = 10
COUNTING = {1.0: say("counts up by 1 from row to row, as the numbers of calls do: put seconds in a row above if these "
                     "are durations"),
            -1.0: say("counts down by 1 from row to row, as the numbers of calls do: put seconds in a row above if "
                      "these are durations")}
PARTS_OF_DAYS = 0.1  # shorter than anything on a telephone, and 2.4 hours as a part of a day


def durations(table: Table) -> list[float]:
    """Seconds, one in each row."""
    column = column_of_durations(table)
    if column is None:
        return []
    refuse_hidden(table, [column])
    if not table.cells.rows:
        table.wrong(1, 0, say("has no durations"))
    found = [duration(table, line, row, column) for line, row in table.cells.rows if not table.is_hopeless]
    if not table.faults and 0 < max(found, default=0.0) < PARTS_OF_DAYS:
        table.wrong(table.cells.rows[0][0], column, say("none is as long as {least:g} s: sheets keep times "
                                                        "as parts of a day; write seconds or h:mm:ss",
                                                        least=PARTS_OF_DAYS))
    return found


def column_of_durations(table: Table) -> int | None:
    """The column that is named as one, or the only one; None, and a problem, if it can't be told."""
    line, first = table.cells.rows[0]
    if not any(cell is not None and re.search(r"\d", str(cell)) for cell in first):
        name_columns(table)
        refuse_torn(table)
        return named_column(table, line)
    column = only_column(table)
    counts = None if column is None else way_of_counting(table, column)
    if column is not None and counts:
        table.wrong(line, column, counts)
        return None
    return column


# --- by its name -----------------------------------------------------------------------------------------------------

def named_column(table: Table, line: int) -> int | None:
    """The column whose name says that it has durations in seconds."""
    found = [i for i, name in enumerate(table.header) if says_duration(name)]
    exact = [i for i in found if plain(table.header[i]) in EXACT]
    if len(exact or found) != 1:
        parted = table.cells.delimiter and len(table.header) == 1 and OTHER_DELIMITERS.search(table.header[0])
        remedy = (say("put {signs} between the columns", signs=table.between) if parted else
                  say("call the one that is meant seconds"))
        names = printable(both(table.header[i] for i in found) if found else say("{names}", names=table.header))
        table.wrong(line, -1, say("{names} are all durations by name: {remedy}", names=names, remedy=remedy) if found
                    else say("no column of {names} is durations by name: {remedy}", names=names, remedy=remedy))
        return None
    [column] = exact or found
    unit = other_unit(table.header[column])
    if unit:
        table.wrong(line, column, say("is in {unit} by its name: give durations in seconds, and call the column "
                                      "seconds", unit=unit))
        return None
    return column


def plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().lower()


def words(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", plain(name)))


def says_duration(name: str) -> bool:
    """Whether a name says how long something took, and not when it was or what number it had."""
    if words(name) & OTHER_WORDS or OTHER_SIGNS.search(plain(name)):
        return False
    of_units = set[str]().union(*(latin for _, latin, _ in OTHER_UNITS))
    return bool(words(name) & (WORDS | of_units) or SIGNS.search(plain(name)))


def other_unit(name: str) -> Message | None:
    """The unit that a name says, nothing if that may be seconds."""
    said = [unit for unit, latin, sign in OTHER_UNITS if words(name) & latin or sign in plain(name)]
    in_seconds = words(name) & {"s", "sec", "secs", "second", "seconds"} or "秒" in plain(name).replace("毫秒", "")
    return said[0] if said and not in_seconds else None


# --- without names ---------------------------------------------------------------------------------------------------

def only_column(table: Table) -> int | None:
    """The only column of numbers in a table whose columns have no names."""
    rows = table.cells.rows
    some = rows[:LOOKED_AT]
    width = max(len(row) for _, row in rows)
    found = [i for i in range(width) if any(i < len(row) and is_numeric(row[i]) for _, row in some)]
    if len(found) == 1:
        return found[0]
    many = (say("has {n} columns that may be durations", n=len(found)) if found else say("has no column of numbers"))
    comma = say(", and write 2,5 as 2.5") if table.cells.delimiter == "," and found else say("")
    table.wrong(rows[0][0], -1, say("{many}: put a row of names above, with seconds above the durations{comma}",
                                    many=many, comma=comma))
    return None


def is_numeric(cell: Any) -> bool:
    """Whether it may be a number, however it is written: a moment is none."""
    if isinstance(cell, str):
        return any(map(str.isdigit, cell)) and parsed(cell) is None
    return isinstance(cell, int | float)


def way_of_counting(table: Table, column: int) -> Message | None:
    """What is wrong where each row has one more than the one before, or one less, as where the newest comes first."""
    try:
        numbers = [count(row[column]) for _, row in table.cells.rows if column < len(row)]
    except RuleError:
        return None
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return COUNTING.get(steps.pop()) if len(numbers) >= COUNTED and len(steps) == 1 else None


# --- cells -----------------------------------------------------------------------------------------------------------

def duration(table: Table, line: int, row: list[Any], column: int) -> float:
    """Seconds; nan, and a problem, if they can't be told."""
    cell = row[column] if column < len(row) else None
    try:
        return in_seconds(cell)
    except RuleError as error:
        table.wrong(line, column, error.message + unsaved(cell))
        return math.nan


def in_seconds(cell: Any) -> float:
    """Seconds from a number, or from h:mm:ss; 3:25 alone may be minutes or hours."""
    text = plain(cell) if isinstance(cell, str) else ""
    clock, half, said = CLOCK.fullmatch(text), HALF_CLOCK.fullmatch(text), SPOKEN.fullmatch(text)
    if half or (said and any(said.groups())):
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("seconds or h:mm:ss"), got=shortly(cell))
                        + meant(half, said))
    number = total(*clock.groups()) if clock else without_unit(cell)
    if number > seconds.most:
        raise RuleError(say("must be <= {most} in seconds, got {got}", most=seconds.most_shown,
                            got=shortly(cell)))
    return number


def without_unit(cell: Any) -> float:
    """A bare number; one with a unit is told in seconds."""
    try:
        return count(None if cell == "" else cell)
    except RuleError as error:
        raise RuleError(error.message + say("; write {meant}", meant=f"{seconds(cell):g}") if seconds.reads(cell) else
                        error.message) from None


def meant(half: re.Match[str] | None, said: re.Match[str] | None) -> Message:
    if half:
        number = total("0", *half.groups())
        return say("; write {number:g} if these are minutes and seconds", number=number)
    return say("; write {meant}", meant=f"{total(*said.groups('0')):g}") if said else say("")


def total(hours: str, minutes: str, rest: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)
