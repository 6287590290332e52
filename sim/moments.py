"""Dates and times as planners write them: local wall clock, without zone."""
from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from sim.problems import RuleError, shortly
from sim.quantities import Part, from_file

CLOCK = re.compile(r"([0-2]?\d):([0-5]\d)")
DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?:[ T]*(\d{1,2}):(\d\d).*)?")
EXAMPLE = WithJsonSchema({"type": "string", "examples": ["2021-08-07", "2021-08-07 08:00"]})
DAY_MINUTES = 24 * 60
FIRST, LAST = datetime(1971, 1, 1), datetime(2200, 1, 1)


def moment(raw: object, of_a_date: timedelta) -> datetime:
    """A moment; ``of_a_date`` is what a bare date stands for, from its midnight."""
    read = parsed(raw) if isinstance(raw, str) else raw
    if isinstance(read, datetime):
        if read.tzinfo is not None:
            raise RuleError(f"must be local time without a zone, got {shortly(raw)}; write {read:%Y-%m-%d %H:%M}")
    elif isinstance(read, date):
        read = datetime(read.year, read.month, read.day)
    else:
        raise RuleError(f"must be a date or a moment such as 2021-08-07 08:00, got {shortly(raw)}{remedy(raw)}")
    last = LAST - of_a_date if is_bare(raw) else LAST
    if not FIRST <= read <= last:
        raise RuleError(f"must lie between the years {FIRST.year} and {LAST.year - 1}, got {shortly(raw)}")
    return read + of_a_date if is_bare(raw) else read


def is_bare(raw: object) -> bool:
    """Whether it is a date without a time of day."""
    return not isinstance(raw, datetime) and (isinstance(raw, date) or len(str(raw).strip()) <= 10)


def parsed(raw: str) -> date | None:
    """A date or a moment from text, None if it is neither; 24:00 is the end of the day."""
    text = unicodedata.normalize("NFKC", raw).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]24:00(:00)?", text):
            return datetime.fromisoformat(text[:10]) + timedelta(days=1)
        return datetime.fromisoformat(text) if len(text) > 10 else date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None


def remedy(raw: object) -> str:
    """The moment that was probably meant."""
    match = DATE.fullmatch(str(raw)[:40].strip())
    if match is None:
        return ""
    year, month, day, hour, minute = match.groups()
    meant = f"{year}-{month:0>2}-{day:0>2}" + (f" {hour:0>2}:{minute}" if hour else "")
    return f"; did you mean {meant}?" if parsed(meant) and meant != raw else "; there is no such day or time"


def minute_of_day(raw: object, info: ValidationInfo) -> int:
    """``08:30`` as 510; ``24:00`` is the end of the day. A manifest has the minutes."""
    if isinstance(raw, int) and not isinstance(raw, bool) and not from_file(info) and 0 <= raw <= DAY_MINUTES:
        return raw
    match = CLOCK.fullmatch(unicodedata.normalize("NFKC", raw)) if isinstance(raw, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= DAY_MINUTES:
        hour = f'; did you mean "{raw:02}:00"?' if isinstance(raw, int) and 0 <= raw <= 24 else ""
        raise RuleError(f'must be a time of day such as "08:30", got {shortly(raw)}{hour}')
    return minutes


Start = Annotated[datetime, BeforeValidator(lambda raw: moment(raw, timedelta(0))), EXAMPLE]
End = Annotated[datetime, BeforeValidator(lambda raw: moment(raw, timedelta(days=1))), EXAMPLE,
                Field(description="a bare date means the end of that day")]
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
