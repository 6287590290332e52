"""From dials to people: fresh callers of each interval are its dials less those that repeat a dial that failed.

Whoever meets a busy signal or hangs up dials again with some chance, after some time; both are in the scenario, the
chance with a range, which is taken for nearly all that may be true. For each chance that may be true (a hypothesis) the
redials of an interval follow from the failures before it, and what is left of its dials are fresh callers. How well
these fit the course of the day that the scenario expects, at any level, says how likely a hypothesis is; unique numbers
say it directly.

Where busy signals are not counted, the dials are those that found a free line. In intervals in which lines may have
been full the fresh callers are then those of the expected course at some level, which is one more unknown: it is hardly
more than the scenario's own range of it that is known. What did not find a line follows, and from it the redials after.

What is taken as known: that failures of one interval do not depend on how often somebody has dialled, and how long
callers are patient. Delays may all be longer or shorter than the scenario has them, by a factor of PACE.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.core.arrays import BUSY_SIGNAL, HUNG_UP, Floats
from sim.fitting.counts import Counts, Course
from sim.fitting.habits import Habits
from sim.fitting.redials import Hypotheses, Unrolled, hypotheses, unroll

COURSE_CVS = (0.1, 0.2, 0.4)  # how far an hour may lie from the expected course of a day: each as likely
OPEN_CV = 0.7       # how far all hours with free lines together may lie from it, where busy signals are not counted
LEVELS = np.exp(np.linspace(-3.0, 3.0, 61))
SAME_PERSON_CV = 0.03  # how far numbers are from people
AT_ONCE_CV = 0.08   # and how far those within an interval are from what the delays say
INTERVAL = (0.025, 0.975)
NORMALS = np.asarray(special.ndtri((np.arange(21) + 0.5) / 21))


@dataclass(frozen=True)
class Range:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """Fresh callers, and the chance of another dial after a busy signal and after hanging up, with 95 % intervals."""

    mean: Floats    # [T]
    low: Floats
    high: Floats
    total: Range
    sd: float       # of the total
    after_busy: Range
    after_hanging_up: Range
    busy: Range     # busy signals in all
    of_course: bool # whether the scenario's own size of the surge is part of it: busy signals are not counted


def fresh_callers(counts: Counts, habits: Habits, course: Course, every_s: int, first: int = 0) -> Estimate:
    """Fresh callers of each interval from one on; what was counted before it says who dials again.

    :param every_s: seconds of an interval.
    :param first: the first interval that is asked for.
    """
    found = hypotheses(habits, None if counts.has_busy or not course.full.any() else LEVELS[::2])
    unrolled = unroll(counts, habits, course, every_s, found)
    part = slice(first, None)
    weights = weighed(counts, course, every_s, found, unrolled, part)
    return estimate(unrolled, found, weights, counts, course, part)


# --- how likely it is ------------------------------------------------------------------------------------------------

def weighed(counts: Counts, course: Course, every_s: int, h: Hypotheses, found: Unrolled, part: slice) -> Floats:
    """[H] how likely each hypothesis is: as the hours fit the expected course, and as numbers say."""
    if np.isnan(h.level).any():
        likely = special.logsumexp(by_course(course, every_s, found, LEVELS, part), axis=1)
    else:
        likely = by_lines(course, every_s, h, found, part)
    likely = likely + by_numbers(counts, found, part)
    return np.asarray(np.exp(likely - special.logsumexp(likely)))


def hourly(values: Floats, every_s: int) -> Floats:
    """Sums over hours of the first axis."""
    return np.add.reduceat(values, np.arange(0, len(values), max(3600 // every_s, 1)), axis=0)


def by_course(course: Course, every_s: int, found: Unrolled, levels: Floats, part: slice) -> Floats:
    """[H, levels] how well the fresh callers of the hours fit the course at each level: the density of the dials that
    were counted, of which one fresh caller more brings several."""
    fresh, spread = (hourly(values[part], every_s).T[:, None] for values in (found.fresh, found.spread))
    expected = hourly(course.at(levels)[:, part].T, every_s).T[None]
    each = np.log(hourly(found.each[part], every_s) / hourly(np.ones_like(found.each[part]), every_s)).sum(axis=0)
    likely = [normal(fresh - expected, (cv * expected)**2 + expected + spread + 1).sum(axis=2) for cv in COURSE_CVS]
    return np.asarray(special.logsumexp(likely, axis=0) + prior(levels, course) - each[:, None])


def normal(off: Floats, variance: Floats) -> Floats:
    """The logarithm of its density, but for a constant."""
    return np.asarray(-(off**2 / variance + np.log(variance)) / 2)


def prior(levels: Floats, course: Course) -> Floats:
    return np.asarray(-(np.log(levels) / course.level_spread)**2 / 2)


def by_lines(course: Course, every_s: int, h: Hypotheses, found: Unrolled, part: slice) -> Floats:
    """[H] of the level that each has: hours in which lines were free, few and alike, fit the course together; of others
    it is only known that no more fresh callers may be needed than it has."""
    expected = hourly(course.at(h.level)[:, part].T, every_s)
    off, spread = hourly(found.fresh[part], every_s) - expected, hourly(found.spread[part], every_s) + expected + 1
    is_free = hourly(course.full[part], every_s)[:, None] == 0
    free = [np.where(is_free, values, 0.0).sum(axis=0) for values in (off, spread, expected)]
    together = normal(free[0], free[1] + (OPEN_CV * free[2])**2) if is_free.any() else 0.0
    needed = special.log_ndtr(-off / np.sqrt(spread + (OPEN_CV * expected)**2))
    return np.asarray(together + np.where(is_free, 0.0, needed).sum(axis=0) + prior(h.level, course))


def by_numbers(counts: Counts, found: Unrolled, part: slice) -> Floats | float:
    """[H] as distinct numbers say, and as new ones do."""
    likely: Floats | float = 0.0
    for numbers, told, cv in ((counts.numbers, found.dials - found.again, AT_ONCE_CV),
                              (counts.new_numbers, found.fresh, SAME_PERSON_CV)):
        if numbers is not None:
            said, spread = numbers[part].sum(), found.spread[part].sum(axis=0)
            off = said - told[part].sum(axis=0)
            likely = likely - off**2 / ((cv * said)**2 + spread + 1) / 2
    return likely


# --- what is told ----------------------------------------------------------------------------------------------------

def estimate(found: Unrolled, h: Hypotheses, weights: Floats, counts: Counts, course: Course, part: slice) -> Estimate:
    """Means and intervals over all that may be true."""
    fresh, spread = found.fresh[part], found.spread[part] + of_width(found.redials[part], h)
    mean = np.maximum(fresh @ weights, 0)
    low, high = np.array([ends(values, around, weights) for values, around in zip(fresh, spread, strict=True)]).T
    totals, around = fresh.sum(axis=0), of_total(found, h, course, part)
    busy = (found.dials[part] - (counts.answered + counts.failures[0])[part, None]).sum(axis=0)
    first, cell = h.chance[:, :, 0], h.width**2 / 12
    return Estimate(mean, np.maximum(low, 0), np.maximum(high, 0), ranged(totals, around, weights),
                    float(np.sqrt(weights @ (around + (totals - weights @ totals)**2))),
                    ranged(first[:, BUSY_SIGNAL], cell, weights), ranged(first[:, HUNG_UP], 0 * around, weights),
                    ranged(np.maximum(busy, 0), 0 * around, weights), not bool(np.isnan(h.level).any()))


def of_total(found: Unrolled, h: Hypotheses, course: Course, part: slice) -> Floats:
    """[H] variance of all redials together: whoever dials again does so in one interval or another."""
    rest = found.spread[part] * (course.full[part][:, None] if not np.isnan(h.level).any() else 0.0)
    redials = found.redials[part].sum(axis=0)
    return np.asarray(redials * (1 - h.chance[:, BUSY_SIGNAL, 0]) + rest.sum(axis=0) + of_width(redials, h))


def of_width(redials: Floats, h: Hypotheses) -> Floats:
    """Variance of redials by chances that lie between those that are looked at."""
    return np.asarray((redials * h.width / np.maximum(h.chance[:, BUSY_SIGNAL, 0], 1e-9))**2 / 12)


def ranged(values: Floats, variance: Floats, weights: Floats) -> Range:
    low, high = ends(values, variance, weights)
    return Range(float(weights @ values), low, high)


def ends(values: Floats, variance: Floats, weights: Floats) -> tuple[float, float]:
    """The 95 % interval of normal laws, each with its weight."""
    points = (values[:, None] + np.sqrt(np.maximum(variance, 0))[:, None] * NORMALS).ravel()
    order = np.argsort(points)
    below = np.cumsum(np.repeat(weights, len(NORMALS))[order]) / len(NORMALS)
    low, high = points[order][np.minimum(np.searchsorted(below, INTERVAL), len(points) - 1)]
    return float(low), float(high)
