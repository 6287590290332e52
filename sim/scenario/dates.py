"""Dates and times as planners write them: local wall clock, without zone. Local is China's time, UTC+8 all year."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim.scenario.messages import Message, say
from sim.scenario.problems import RuleError, shortly
from sim.scenario.quantities import Part, from_file

CLOCK = re.compile(r"([0-2]?\d):([0-5]\d)")
ISO = re.compile(r"(\d{4}-\d\d-\d\d|\d{8})(?:[ T]\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)?")
AS_SPOKEN = re.compile(r"(\d{4})[^\d:](\d{1,2})[^\d:](\d{1,2})[^\d:+\-A-Za-z]?"
                       r"(?:[ T]*(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?")
ZONED = re.compile(r"(.*\d)\s*(?:Z|z|(?:UTC|GMT)?([+\-−])(\d{1,2})(?::?(\d\d))?|UTC|GMT)(?:\[.*\])?")
NAMED_ZONE = re.compile(r"(.*:\d\d)\s*[^\W\d]{2}[\w/ ]*")
WEEK = re.compile(r"(\d{4})-?W(\d\d?)(?:-?([1-7]))?")
MONTH = re.compile(r"(\d{4})[-/.年](\d\d?)月?")
DAY_OF_YEAR = re.compile(r"(\d{4})-?(\d{3})")
EXAMPLE = WithJsonSchema({"type": "string", "examples": ["2021-08-07", "2021-08-07 08:00"]})
DAY, DAY_MINUTES = timedelta(days=1), 24 * 60
LONGEST_STAMP = 60
FIRST, LAST = datetime(1971, 1, 1), datetime(2200, 1, 1)
LOCAL = timezone(timedelta(hours=8))


def moment(raw: object, of_a_date: timedelta) -> datetime:
    """A moment; ``of_a_date`` is what a bare date stands for, from its midnight."""
    read = parsed(raw) if isinstance(raw, str) else raw
    if not isinstance(read, date):
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("a date or a moment such as 2021-08-07 08:00"),
                            got=shortly(raw)) + remedy(raw, of_a_date))
    if not isinstance(read, datetime):
        read = datetime(read.year, read.month, read.day)
    last = LAST - of_a_date if is_bare(raw) else LAST
    if not FIRST <= read.replace(tzinfo=None) <= last:
        raise RuleError(say("must lie between the years {first} and {last}, got {got}", first=FIRST.year,
                            last=LAST.year - 1, got=shortly(raw)))
    if read.tzinfo is not None:
        raise RuleError(say("must be local time (China's, UTC+8) without a zone, got {got}", got=shortly(raw))
                        + without_zone(read))
    return read + of_a_date if is_bare(raw) else read


def day(raw: object) -> object:
    """A date, and nothing that could be taken for one."""
    if not isinstance(raw, str):
        return raw
    read = parsed(raw)
    if read is None or isinstance(read, datetime):
        meant = remedy(raw, timedelta(0)) if read is None else say("; a day is China's, from midnight to midnight")
        raise RuleError(say("must be {such_as}, got {got}", such_as=say("a date such as 2021-08-07"), got=shortly(raw))
                        + meant, of_name=True)
    return read


def is_bare(raw: object) -> bool:
    """Whether it is a date without a time of day."""
    return not isinstance(raw, datetime) and (isinstance(raw, date) or len(str(raw).strip()) <= 10)


# --- from text -------------------------------------------------------------------------------------------------------

def plain(raw: object) -> str:
    """Text with half-width signs, and nothing if it is too long for a moment."""
    text = unicodedata.normalize("NFKC", str(raw)[:LONGEST_STAMP + 1]).strip()
    return text if len(text) <= LONGEST_STAMP else ""


def parsed(raw: str) -> date | None:
    """A date or a moment from text, with its zone if it has one; None if it is neither."""
    text = plain(raw)
    zoned = ZONED.fullmatch(text)
    read = iso(zoned[1]) if zoned else None
    zone = zone_of(zoned) if zoned else None
    return read.replace(tzinfo=zone) if isinstance(read, datetime) and zone else iso(text)


def iso(text: str) -> date | None:
    """A date or a moment as it should be written, None if it is neither; 24:00 is the end of the day."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]24:00(:00)?", text):
            return datetime.fromisoformat(text[:10]) + DAY
        if not ISO.fullmatch(text):
            return None
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None


def zone_of(zoned: re.Match[str]) -> timezone | None:
    """How far a zone is from UTC; None if no zone is so far."""
    _, sign, hours, minutes = zoned.groups()
    away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(away if sign == "+" else -away) if away <= timedelta(hours=14) else None


# --- what was probably meant -----------------------------------------------------------------------------------------

def without_zone(at: datetime) -> Message:
    """How to write a moment that has a zone. What looks like a zone behind zero may be the end of a span."""
    local = say("write {meant}, which is the same moment", meant=written(at.astimezone(LOCAL)))
    away = at.utcoffset() or timedelta(0)
    end = datetime.combine(at.date(), datetime.min.time()) - away
    if away < timedelta(0) and end > at.replace(tzinfo=None):
        return say("; write {at} if it ends at {end:%H:%M}; if -{end:%H:%M} is a zone, {otherwise}", at=written(at),
                   end=end, otherwise=local)
    return say("; ") + local


def written(at: date) -> str:
    """A date or a moment as it should be written."""
    if not isinstance(at, datetime):
        return f"{at:%Y-%m-%d}"
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"


def remedy(raw: object, of_a_date: timedelta) -> Message:
    """The moment that was probably meant."""
    text = plain(raw)
    for meant in (of_a_period(text, of_a_date), of_a_zone(text), as_spoken(text)):
        if meant is not None:
            return meant
    return say("")


def of_a_period(text: str, of_a_date: timedelta) -> Message | None:
    """The first or the last day of a week or a month, or the day of a year's number."""
    week, month, number = WEEK.fullmatch(text.upper()), MONTH.fullmatch(text), DAY_OF_YEAR.fullmatch(text)
    try:
        if week and not week[3]:
            first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return days_of(say("a week"), first, first + 6 * DAY, of_a_date)
        if month:
            first = date(int(month[1]), int(month[2]), 1)
            return days_of(say("a month"), first, (first + 31 * DAY).replace(day=1) - DAY, of_a_date)
        if week:
            return say("; did you mean {name}?",
                       name=date.fromisocalendar(int(week[1]), int(week[2]), int(week[3])))
        if number:
            meant = date(int(number[1]), 1, 1) + (int(number[2]) - 1) * DAY
            return say("; did you mean {name}?", name=meant) if meant.year == int(number[1]) else no_such()
    except (ValueError, OverflowError):
        return no_such()
    return None


def days_of(period: Message, first: date, last: date, of_a_date: timedelta) -> Message:
    if of_a_date:
        return say("; that is {period}: write its last day, {day}", period=period, day=last)
    return say("; that is {period}: write its first day, {day}", period=period, day=first)


def no_such() -> Message:
    return say("; there is no such day or time")


def of_a_zone(text: str) -> Message | None:
    """A moment with a zone, whose date is not written as it should be, or whose zone has a name."""
    zoned, named = ZONED.fullmatch(text), NAMED_ZONE.fullmatch(text)
    found = zoned or named
    meant = (iso(found[1]) or spoken(found[1])) if found else None
    if spoken(text) is not None or meant is None:
        return None
    zone = zone_of(zoned) if zoned else None
    if not isinstance(meant, datetime):
        return say("; write {meant}", meant=meant) if zone == LOCAL else None
    if zone:
        return without_zone(meant.replace(tzinfo=zone))
    return say("; write {meant} if that is China's time", meant=written(meant))


def as_spoken(text: str) -> Message | None:
    if not AS_SPOKEN.fullmatch(text) and not re.fullmatch(r"\d{8}", text):
        return None
    meant = spoken(text) or iso(text)
    return say("; did you mean {name}?", name=written(meant)) if meant is not None else no_such()


def spoken(text: str) -> date | None:
    """A date or a moment with other signs between its parts, or with half days."""
    match = AS_SPOKEN.fullmatch(text)
    if match is None:
        return None
    year, month, number, hour, minute, half = match.groups()
    day_of = f"{year}-{month:0>2}-{number:0>2}"
    if half:
        hour = str(int(hour) % 12 + 12 * (half[0] in "Pp"))
    return iso(f"{day_of} {hour:0>2}:{minute}" if hour else day_of)


# --- times of day, and spans -----------------------------------------------------------------------------------------

def minute_of_day(raw: object, info: ValidationInfo) -> int:
    """``08:30`` as 510; ``24:00`` is the end of the day. A manifest has the minutes."""
    if isinstance(raw, int) and not isinstance(raw, bool) and not from_file(info) and 0 <= raw <= DAY_MINUTES:
        return raw
    match = CLOCK.fullmatch(unicodedata.normalize("NFKC", raw)) if isinstance(raw, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= DAY_MINUTES:
        raise RuleError(say("must be {such_as}, got {got}", such_as=say('a time of day such as "08:30"'),
                            got=shortly(raw))
                        + clock_meant(raw))
    return minutes


def clock_meant(raw: object) -> Message:
    """The time of day that was probably meant."""
    if isinstance(raw, int):
        return say('; did you mean "{raw:02}:00"?', raw=raw) if 0 <= raw <= 24 else say("")
    zoned = ZONED.fullmatch(plain(raw))
    clock, zone = (CLOCK.fullmatch(zoned[1].strip()), zone_of(zoned)) if zoned else (None, None)
    if clock is None or zone is None or int(clock[1]) > 23:
        return say("")
    local = datetime(2000, 1, 2, int(clock[1]), int(clock[2]), tzinfo=zone).astimezone(LOCAL)
    return say('; write "{local:%H:%M}", which is the same time in China', local=local)


Start = Annotated[datetime, BeforeValidator(lambda raw: moment(raw, timedelta(0))), EXAMPLE]
End = Annotated[datetime, BeforeValidator(lambda raw: moment(raw, DAY)), EXAMPLE,
                Field(description="a bare date means the end of that day")]
Day = Annotated[date, BeforeValidator(day)]
Clock = Annotated[int, BeforeValidator(minute_of_day), WithJsonSchema({"type": "string", "examples": ["08:30"]})]


class Span(Part):
    """From a moment to a moment, on each day between two times of day."""

    start: Start
    end: End
    hours: tuple[Clock, Clock] = (0, DAY_MINUTES)

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in the span: starts belong to it, ends do not. Hours may pass midnight."""
        (first, last), minute = self.hours, at.hour * 60 + at.minute
        on_duty = first <= minute < last if first < last else minute >= first or minute < last
        return self.start <= at < self.end and on_duty

    def stretches(self) -> Iterator[tuple[datetime, datetime]]:
        """Each stretch of it, from a moment to a moment; hours may pass midnight."""
        first, last = self.hours
        opens, closes = timedelta(minutes=first), timedelta(minutes=last if last > first else last + DAY_MINUTES)
        midnight = datetime.combine(self.start.date(), time.min) - DAY
        while midnight + opens < self.end:
            begin, end = max(midnight + opens, self.start), min(midnight + closes, self.end)
            if begin < end:
                yield begin, end
            midnight += DAY

    @property
    def total_hours(self) -> float:
        """Of all its stretches together."""
        return sum((end - begin).total_seconds() for begin, end in self.stretches()) / 3600
