"""A floor that is kept on enough of the days, each block of each day by itself."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimizer.lending.settings import A_HAIR, AIM, MARGIN
from sim.core.arrays import Floats
from sim.measures.statistics import Figure, figure, share_of


@dataclass(frozen=True)
class OfDays:
    """One floor of one lender at one time of day, over all days on which it lends then."""

    lender: str
    number: int        # block of the day
    name: str          # answered, within, answered_drop, within_drop
    bound: float       # the least share, or the largest drop (as a negative change)
    confidence: float  # share of the days that must keep it
    mean: Figure       # the share, or its change, over all days
    worst: float       # what it is on the worst of the days that must keep the bound
    kept: Figure       # share of the days that keep the bound
    worst_day: float   # the most that this share can be on the day of the horizon on which it is least
    days: int          # of all replications
    sure: float        # the confidence of its intervals

    @property
    def proved(self) -> bool:
        return self.kept.low >= self.confidence and not self.broken

    def will_be_proved(self, times: float) -> bool:
        """Whether so many times as many days would prove it, if as large a share of them keeps the bound."""
        low, _ = share_of(times * self.days * self.kept.mean, times * self.days, self.sure)
        return bool(low >= self.confidence) and not self.broken

    @property
    def place(self) -> tuple[str, int, str]:
        """Whose floor it is, at what time of day."""
        return self.lender, self.number, self.name

    def provable(self, times: float = 1.0) -> bool:
        """Whether so many times as many days can prove it, if all keep it."""
        return bool(share_of(times * self.days, times * self.days, self.sure)[0] >= self.confidence)

    def promises_proof(self, times: float) -> bool:
        """Whether so many times as many days will prove it, or, where so many cannot prove anything, it is kept well
        enough."""
        return self.will_be_proved(times) if self.provable(times) else self.near

    def unproved(self) -> OfDays:
        """The same on luck that its plan was made on, which proves nothing."""
        return replace(self, kept=Figure(self.kept.mean, np.nan, np.nan))

    def at_least(self, times: float) -> float:
        """What it is on the worst of the days that must keep it; below the bound where no proof is to be hoped for."""
        return max(self.worst, self.bound) if self.promises_proof(times) else min(self.worst, self.bound - A_HAIR)

    def part(self, times: float) -> float:
        """The part of the seats with which it would be kept, if drops are in proportion to seats."""
        if self.promises_proof(times):
            return 1.0
        return min(AIM * self.bound / self.worst, AIM) if self.bound < 0 and self.worst < 0 else AIM

    @property
    def near(self) -> bool:
        """Whether enough days keep a little away from the bound, so that more replications can prove it."""
        return self.proved or (not self.broken and self.worst >= (MARGIN if self.bound < 0 else 1.0) * self.bound)

    @property
    def broken(self) -> bool:
        """Not only unproved: too few days keep the bound, or one day surely keeps it too seldom."""
        return self.kept.mean < self.confidence - A_HAIR or self.worst_day < self.confidence

    @property
    def surely_broken(self) -> bool:
        return self.kept.high < self.confidence or self.worst_day < self.confidence


def held_on_days(lender: str, number: int, name: str, bound: float, over_days: Floats, of_days: Floats, lends: Floats,
         confidence: float, sure: float) -> OfDays:
    """A floor from [replications] of a share or its change over all days, and [replications, days] on each; only days
    on which the city lends count. Days are independent of each other: so are their callers."""
    there = np.broadcast_to(lends, of_days.shape)
    kept, days = ((of_days >= bound - A_HAIR) & there).sum(axis=0), there.sum(axis=0)
    low, high = share_of(kept.sum(), days.sum(), sure)
    most = share_of(kept, days, sure)[1]
    least = int(np.argmin(most))
    values = of_days[:, least][there[:, least]] if most[least] < confidence else of_days[there]
    may_miss = min(int(values.size * (1 - confidence) + A_HAIR), values.size - 1)
    mean = figure(over_days, sure).within(-1.0 if name.endswith("_drop") else 0.0, 1.0)
    return OfDays(lender, number, name, bound, confidence, mean,
                float(np.partition(values, may_miss)[may_miss]),
                Figure(float(kept.sum() / days.sum()), float(low), float(high)), float(most[least]), int(days.sum()),
                sure)
