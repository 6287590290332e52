"""How busy a day is and how high a surge stands, from what was counted; and what that says of the days after.

All are factors on what the scenario expects, gamma with mean 1 before anything is counted: the everyday with its own
spread, each day anew; the surge with the range that its planner gives. Half of the surge's variance holds for all of
its days, the other half is each day's own: what today shows changes tomorrow by the first half only.

Counts are Poisson given the factors. An estimate is less sure than a count: it stands for as many people counted as
would make it as sure (gamma and Poisson stay conjugate so).
"""
from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from sim.fitting.fresh_callers import INTERVAL, Range

COMMON = 0.5        # of the variance of a surge's level, that holds for all days
UNFORESEEN_CV = 0.5 # of the day after of a surge that no scenario foresaw
SURELY = 3.0        # standard deviations above the everyday


@dataclass(frozen=True)
class Gamma:
    """A factor of which so much is known."""

    shape: float
    rate: float

    @classmethod
    def of(cls, mean: float, cv: float) -> Gamma:
        shape = max(cv, 1e-6)**-2
        return cls(shape, shape / max(mean, 1e-12))

    @property
    def mean(self) -> float:
        return self.shape / self.rate

    @property
    def cv(self) -> float:
        return 1 / math.sqrt(self.shape)

    def after(self, counted: float, expected: float) -> Gamma:
        """Once so many were counted where so many were expected at a factor of 1."""
        return Gamma(self.shape + counted, self.rate + expected)

    @property
    def range(self) -> Range:
        low, high = special.gammaincinv(self.shape, INTERVAL) / self.rate
        return Range(self.mean, float(low), float(high))


@dataclass(frozen=True)
class Seen:
    """What a day has shown: fresh callers estimated, and how sure that is."""

    mean: float
    sd: float
    of_course: bool = False     # what was expected is part of it already


@dataclass(frozen=True)
class Expected:
    """What a scenario expects of a time: fresh callers everyday and of the surge, and how far either may be off."""

    everyday: float
    surge: float
    busyness_cv: float
    surge_cv: float


@dataclass(frozen=True)
class Factors:
    """What the day says: its everyday and its surge against what was expected, and the surge of days to come."""

    busyness: Gamma
    surge: Gamma        # of this day
    course: Gamma       # of all days
    unforeseen: float   # people a day of a surge of which the scenario has none


def factors(seen: Seen, so_far: Expected) -> Factors:
    """Share what is off out between the everyday and the surge, by how far each may be off, and learn from it.

    :param so_far: of the time that was counted.
    """
    spread = {"everyday": (so_far.everyday * so_far.busyness_cv)**2, "surge": (so_far.surge * so_far.surge_cv)**2}
    total, off = sum(spread.values()), seen.mean - so_far.everyday - so_far.surge
    unsure = seen.sd**2 + seen.mean
    if so_far.surge <= 0 and off > SURELY * math.sqrt(total + unsure):
        return Factors(Gamma.of(1.0, so_far.busyness_cv), Gamma.of(1.0, 0.0), Gamma.of(1.0, 0.0), off)
    if seen.of_course and so_far.surge > 0:
        return as_estimated(seen, so_far)
    part = {name: value / total if total > 0 else 0.0 for name, value in spread.items()}
    surge = (so_far.surge, off * part["surge"], unsure * part["surge"])
    own_days = (1 - COMMON) * spread["surge"]
    return Factors(learnt(so_far.busyness_cv, so_far.everyday, off * part["everyday"], unsure * part["everyday"]),
                   learnt(so_far.surge_cv, *surge),
                   learnt(so_far.surge_cv * math.sqrt(COMMON), surge[0], surge[1], surge[2] + own_days), 0.0)


def as_estimated(seen: Seen, so_far: Expected) -> Factors:
    """Of an estimate that has the expected size of the surge in it: nothing is learnt twice. Days to come follow by the
    part of the variance that all days share."""
    level, sd = max(seen.mean - so_far.everyday, 0.0) / so_far.surge, seen.sd / so_far.surge
    own = COMMON * (1 - COMMON) * so_far.surge_cv**2
    mean = max(1 + COMMON * (level - 1), 1e-9)
    return Factors(Gamma.of(1.0, so_far.busyness_cv), Gamma.of(max(level, 1e-9), sd / max(level, 1e-9)),
                   Gamma.of(mean, math.sqrt(own + (COMMON * sd)**2) / mean), 0.0)


def learnt(cv: float, expected: float, off: float, variance: float) -> Gamma:
    """A factor once people were seen beyond those expected, with some variance: as if ``worth`` people had been counted
    where the estimate would be as sure as a count."""
    prior = Gamma.of(1.0, cv)
    if expected <= 0 or variance <= 0 or cv <= 0:
        return prior
    worth = expected**2 / variance
    return prior.after(worth * max(1 + off / expected, 0.0), worth)


@dataclass(frozen=True)
class Forecast:
    """Fresh callers of a day to come."""

    total: Range
    surge: float        # mean people of the surge
    surge_cv: float


def forecast(found: Factors, ahead: Expected) -> Forecast:
    """Of a day that the scenario expects so; a surge that it does not foresee stays as high as it is."""
    if found.unforeseen:
        surge, cv = found.unforeseen, UNFORESEEN_CV
    else:
        surge = ahead.surge * found.course.mean
        cv = math.sqrt(found.course.cv**2 + (1 - COMMON) * ahead.surge_cv**2) if ahead.surge > 0 else 0.0
    mean = ahead.everyday + surge
    variance = (ahead.everyday * ahead.busyness_cv)**2 + (surge * cv)**2 + mean
    return Forecast(Gamma.of(mean, math.sqrt(variance) / max(mean, 1e-9)).range, surge, cv)
