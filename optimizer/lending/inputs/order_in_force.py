"""The order in force on a day: what is lent then, or what the last day of an older order says goes on."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sim.scenario.levers import Lend

A_DAY = timedelta(days=1)


def in_force(levers: Iterable[object], day: date) -> tuple[Lend, ...]:
    """Seats lent on a day, each for that day only; of an order that has ended before, those of its last day."""
    lends = [lever for lever in levers if isinstance(lever, Lend)]
    last = max((last_day(lever) for lever in lends), default=day)
    on = min(day, last)
    return tuple(moved(lever, on, day) for lever in lends if lever.start.date() <= on <= last_day(lever))


def last_day(lever: Lend) -> date:
    return (lever.end - timedelta(seconds=1)).date()


def moved(lever: Lend, on: date, day: date) -> Lend:
    """What a lever does on one day, on another day."""
    midnight, shift = datetime.combine(on, time.min), timedelta(days=(day - on).days)
    return lever.model_copy(update={"start": max(lever.start, midnight) + shift,
                                    "end": min(lever.end, midnight + A_DAY) + shift})
