"""Dates and times as planners write them: local wall clock, without zone."""
from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.quantities import Part

CLOCK = re.compile(r"^([0-2]?\d):([0-5]\d)$")
EXAMPLE = WithJsonSchema({"type": "string", "examples": ["2021-08-07", "2021-08-07 08:00"]})
DAY_MINUTES = 24 * 60


def moment(raw: object, of_a_date: timedelta) -> datetime:
    """A moment; ``of_a_date`` is what a bare date stands for, from its midnight."""
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw) if len(raw) > 10 else date.fromisoformat(raw)
        except ValueError:
            raise ValueError(f"must be a date or a moment such as 2021-08-07 08:00, got {raw!r}") from None
    if isinstance(raw, datetime):
        if raw.tzinfo is not None:
            raise ValueError(f"must be local time without a zone, got {raw.isoformat()}")
        return raw
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day) + of_a_date
    raise ValueError(f"must be a date or a moment such as 2021-08-07 08:00, got {raw!r}")


def minute_of_day(raw: object) -> int:
    """``08:30`` as 510; ``24:00`` is the end of the day."""
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= DAY_MINUTES:
        return raw
    match = CLOCK.match(str(raw))
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= DAY_MINUTES:
        raise ValueError(f"must be a time of day such as 08:30, got {raw!r}")
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
        """Whether a moment lies in the span: starts belong to it, ends do not."""
        return self.start <= at < self.end and self.on_duty(at.hour * 60 + at.minute)

    def on_duty(self, minute: int) -> bool:
        first, last = self.hours
        return first <= minute < last if first < last else minute >= first or minute < last

    def cut(self, at: datetime) -> Span:
        """The part before a moment."""
        return self.model_copy(update={"end": max(self.start, min(self.end, at))})
