"""A floor that is kept on the mean: of a time of day over all days, or of the worst days."""
from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from optimizer.lending.settings import A_HAIR, AIM, MARGIN
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, figure


@dataclass(frozen=True)
class OfMean:
    """One floor of one lender over all days on which it lends: at one time of day, or of whole days."""

    lender: str
    number: int | None  # block of the day; None: the whole day
    name: str           # answered, within, answered_drop, within_drop, day_drop
    bound: float        # the least share, or the largest drop (as a negative change)
    mean: Figure        # the share or its change; of day_drop that of the worst days
    sure: float         # the confidence of its interval

    @property
    def place(self) -> tuple[str, int | None, str]:
        """Whose floor it is, at what time of day."""
        return self.lender, self.number, self.name

    @property
    def worst(self) -> float:
        """What is compared with the bound."""
        return self.mean.mean

    @property
    def proved(self) -> bool:
        return self.mean.low >= self.bound - A_HAIR

    @property
    def broken(self) -> bool:
        """The mean itself is beyond the bound: not only unproved."""
        return self.mean.mean < self.bound - A_HAIR

    @property
    def surely_broken(self) -> bool:
        return self.mean.high < self.bound - A_HAIR

    @property
    def near(self) -> bool:
        """Whether it keeps a little away from the bound, so that more replications can prove it."""
        return self.proved or self.mean.mean >= (MARGIN if self.bound < 0 else 1.0) * self.bound

    @property
    def half(self) -> float:
        """Of the interval below the mean; endless after a single replication."""
        half = self.mean.mean - self.mean.low
        return half if half == half else np.inf

    def unproved(self) -> OfMean:
        """The same on luck that its plan was made on, which proves nothing."""
        return replace(self, mean=Figure(self.mean.mean, np.nan, np.nan))

    def at_least(self, times: float) -> float:
        """What so many times as many replications will prove it to be, if its mean and spread stay as they are."""
        return self.mean.mean - self.half / sqrt(times)

    def promises_proof(self, times: float) -> bool:
        """Whether so many times as many replications will prove it, if its mean and spread stay as they are."""
        return self.at_least(times) >= self.bound - A_HAIR

    def part(self, times: float) -> float:
        """The part of the seats with which it would just be proved, if drops are in proportion to seats."""
        if self.bound >= 0 or self.mean.mean >= -A_HAIR:
            return 1.0 if self.promises_proof(times) else AIM
        return max((-self.bound - self.half / sqrt(times)) / -self.mean.mean, 0.0)


def mean_change(values: Floats, least: float, sure: float) -> Figure:
    """The mean of [replications] of a share, or of its change, which is no less than ``least``."""
    return figure(values, sure).within(least, 1.0)


def worst_days(drops: Floats, there: Floats, part: float, sure: float) -> Figure:
    """The mean change on the worst days, as a part of those that are there (CVaR; Rockafellar and Uryasev 2000).

    :param drops: [replications, days] of a whole day's share.
    :param there: [1 or replications, days] whether the city lends then.
    """
    there = np.broadcast_to(there, drops.shape)
    values = np.sort(drops[there])
    tail = max(int(np.ceil(part * len(values) - A_HAIR)), 1)
    least = values[-tail]
    beyond = np.maximum(drops - least, 0) / max(part, A_HAIR)
    days = there.sum(axis=1)
    each = -(least + (beyond * there).sum(axis=1)[days > 0] / days[days > 0])
    return figure(each, sure).within(-1.0, 1.0)
