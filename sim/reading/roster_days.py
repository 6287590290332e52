"""Days of a roster as its headings write them: with or without their year, by their number alone, with a weekday."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sim.reading.yaml_places import Document
from sim.scenario.dates import moment
from sim.scenario.messages import Message, say
from sim.scenario.people import folded
from sim.scenario.problems import RuleError

WEEKDAYS = "一二三四五六日天"
ON_A_DAY = rf"(?:\s*\(?(?:周|星期|礼拜)?([{WEEKDAYS}])\)?)?"
DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?" + ON_A_DAY)
OF_A_MONTH = re.compile(r"(\d{1,2})[日号]" + ON_A_DAY)
WITH_A_POINT = re.compile(r"\d{1,2}\.(\d)")
WEEKDAY = re.compile(rf"(?:周|星期|礼拜)?([{WEEKDAYS}])|(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?")
ENGLISH_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES = (say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"),
                 say("Sunday"))
MONTHS_AWAY = (0, -1, 1, -2)   # from that of the horizon: in which days by their number alone may begin


class Span(NamedTuple):
    """The first and the last day of the horizon."""

    first: date
    last: date


class Heading(NamedTuple):
    """A day as a heading writes it, and the weekday that stands with it, from Monday as 0."""

    day: date
    weekday: int | None = None

    @property
    def other_weekday(self) -> Message | None:
        """What to say where the day is on another weekday than the one beside it."""
        if self.weekday in (None, self.day.weekday()):
            return None
        return say("{day} is a {weekday}: write the day with its year, such as 2021-07-18", day=str(self.day),
                   weekday=WEEKDAY_NAMES[self.day.weekday()])


def days_of_horizon(document: Document) -> Span | None:
    """None where what is wrong with the horizon is told elsewhere."""
    horizon = document.data.get("horizon")
    try:
        first = moment(horizon.get("start"), timedelta(0)) if isinstance(horizon, dict) else None
    except RuleError:
        return None
    try:
        end = moment(horizon.get("end"), timedelta(days=1)) if first and horizon else None
    except RuleError:
        end = None
    return Span(first.date(), max(first, (end or first) - timedelta(seconds=1)).date()) if first else None


# --- a heading -------------------------------------------------------------------------------------------------------

def written_in(cell: Any) -> str:
    """A heading's text in half-width signs; a number that is no text as it is shown."""
    shown = f"{cell:g}" if isinstance(cell, int | float) and not isinstance(cell, bool) else cell
    return unicodedata.normalize("NFKC", shown).strip() if isinstance(shown, str) else ""


def day_written(text: str, near: date | None, before: date | None = None) -> Heading | None:
    """The day that is meant; without a year the one nearest to a day. None if there is no such day.

    :param before: the day of the heading before: a sheet takes 8.10 for a number and keeps 8.1, and after 8.9 the tenth
        is meant.
    """
    found = DAY.fullmatch(text)
    if found is None:
        return None
    years = [int(found[1])] if found[1] else [near.year + k for k in (0, -1, 1)] if near else []
    tenth = WITH_A_POINT.fullmatch(text)
    numbers = (int(found[3]), *([10 * int(tenth[1])] if tenth and before else []))
    days = [day for year in years for number in numbers if (day := day_of(year, int(found[2]), number)) is not None]
    follows = [day for day in days if tenth and before and day == before + timedelta(days=1)]
    plain = [day for day in days if day.day == int(found[3])]
    day = min(follows or plain, key=lambda one: abs((one - (near or one)).days), default=None)
    return Heading(day, number_of(found[4])) if day is not None else None


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def number_of(weekday: str | None) -> int | None:
    """From Monday as 0; 日 and 天 are the same."""
    return min(WEEKDAYS.index(weekday), 6) if weekday else None


def weekday_of(cell: Any) -> int | None:
    """The weekday of which a cell is the name, None if it is none."""
    found = WEEKDAY.fullmatch(folded(str("" if cell is None else cell)))
    if found is None:
        return None
    return number_of(found[1]) if found[1] else ENGLISH_WEEK.index(found[2])


# --- days by their number in the month alone -------------------------------------------------------------------------

def days_of_a_month(texts: Sequence[str], horizon: Span | None) -> dict[int, Heading]:
    """Headings such as 5号, by their column: of the months in which most of them are days of the horizon."""
    found = {i: one for i, text in enumerate(texts) if (one := OF_A_MONTH.fullmatch(text))}
    if horizon is None or not found:
        return {}
    numbers = [int(one[1]) for one in found.values()]
    days = max((in_months(numbers, horizon.first, away) for away in MONTHS_AWAY),
               key=lambda days: sum(day is not None and horizon.first <= day <= horizon.last for day in days))
    return {i: Heading(day, number_of(one[2])) for (i, one), day in zip(found.items(), days, strict=True)
            if day is not None}


def in_months(numbers: Sequence[int], near: date, away: int) -> list[date | None]:
    """Days by their number from some months away on: where numbers fall, the next month begins."""
    month, found, before = near.year * 12 + near.month - 1 + away, list[date | None](), 0
    for number in numbers:
        month += number <= before
        found.append(day_of(month // 12, month % 12 + 1, number))
        before = number
    return found
