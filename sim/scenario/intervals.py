"""The intervals of a horizon: which of them start within a span, and what a clock on the wall says as they do.

Wall clocks have no zone here and no change of the clocks: all is reckoned in seconds from the start of the horizon.
"""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from sim.core.arrays import Floats, Ints
from sim.scenario.dates import DAY_MINUTES, Span

DAY_S = 86400
NOTHING = 1e-9  # what adding and taking away shares of seats leaves behind


class Intervals:
    """Intervals of equal length, one after another."""

    def __init__(self, start: datetime, every_s: int, number: int):
        self.start, self.every_s, self.number = start, every_s, number

    @property
    def end(self) -> datetime:
        return self.begin(self.number)

    def begin(self, interval: int) -> datetime:
        """When an interval starts."""
        return self.start + timedelta(seconds=interval * self.every_s)

    def first_from(self, at: datetime) -> int:
        """The first interval that starts at a moment or after it; the number of all of them if none does."""
        return min(max(-((self.start - at) // timedelta(seconds=self.every_s)), 0), self.number)

    def windows(self, span: Span) -> tuple[Ints, Ints]:
        """The stretches of intervals that start within a span: the first of each, and the one after its last."""
        first, after, (opens, closes) = self.first_from(span.start), self.first_from(span.end), span.hours
        if first >= after:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if (closes - opens) % DAY_MINUTES == 0:
            return np.array([first]), np.array([after])
        days = np.arange(self.day(first) - 1, self.day(after) + 1)
        begin = days * DAY_S + opens * 60 - self.midnight_s
        begin, end = (np.clip(-(-at // self.every_s), first, after)
                      for at in (begin, begin + (closes - opens) % DAY_MINUTES * 60))
        return begin[begin < end], end[begin < end]

    def day(self, interval: int) -> int:
        """Midnights from the start of the horizon's first day to an interval."""
        return (self.midnight_s + interval * self.every_s) // DAY_S

    def acts(self, span: Span) -> bool:
        """Whether any interval starts within a span."""
        return len(self.windows(span)[0]) > 0

    def total(self, amounts: Iterable[tuple[Span, float]]) -> Floats:
        """[I] amounts, each in the intervals that start within its span, added up."""
        steps = np.zeros(self.number + 1)
        for span, amount in amounts:
            begin, end = self.windows(span)
            steps[begin] += amount
            steps[end] -= amount
        total = np.cumsum(steps)[:-1]
        total[np.abs(total) < NOTHING] = 0
        return total

    def covered(self, span: Span) -> Floats:
        """[I] 1 for the intervals that start within a span, otherwise 0."""
        return self.total([(span, 1.0)])

    # --- what the clock on the wall says ------------------------------------------------------------------------------

    @cached_property
    def midnight_s(self) -> int:
        """Seconds from the midnight before the horizon to its start."""
        return round((self.start - datetime.combine(self.start.date(), datetime.min.time())).total_seconds())

    @cached_property
    def seconds(self) -> Ints:
        """[I] seconds from the start of the horizon."""
        return np.arange(self.number) * self.every_s

    @cached_property
    def second_of_day(self) -> Ints:
        """[I] seconds since midnight."""
        return (self.midnight_s + self.seconds) % DAY_S

    @cached_property
    def days(self) -> Ints:
        """[I] midnights since that before the horizon."""
        return (self.midnight_s + self.seconds) // DAY_S

    def days_since(self, at: datetime) -> Ints:
        """[I] midnights since the day of a moment."""
        return np.asarray(self.days + (self.start.date() - at.date()).days)
