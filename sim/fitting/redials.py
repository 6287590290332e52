"""What follows from what may be true: for each chance of another dial the redials of each interval, and the rest."""
from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.core.arrays import BUSY_SIGNAL, HUNG_UP, Floats
from sim.fitting.counts import Counts, Course
from sim.fitting.habits import HIGH, LOW, USUAL, Habits, mass

BUSY_STEPS, HANG_UP_STEPS = 24, 5
BEYOND = 0.2        # of half a range, by which a chance may lie beyond its end
PACE = 1.6
LAGS_S = 8 * 3600   # redials later than this are fresh callers
COURSE_CV = 0.2     # how far an hour in which lines were full lies from the expected course
CAUSES = (BUSY_SIGNAL, HUNG_UP)


@dataclass(frozen=True)
class Hypotheses:
    """All that may be true at once."""

    chance: Floats  # [H, causes, dials]
    width: Floats   # [H] between a chance after a busy signal and the next one that is looked at
    pace: Floats    # [H]
    level: Floats   # [H] nan where it is not asked for


@dataclass(frozen=True)
class Unrolled:
    """What follows from each hypothesis."""

    fresh: Floats   # [T, H]
    redials: Floats # [T, H]
    spread: Floats  # [T, H] variance of the redials
    again: Floats   # [T, H] redials within the interval of the dial that failed
    dials: Floats   # [T, H] all of them
    each: Floats    # [T, H] dials within the interval that one fresh caller more would bring


# --- what may be true ------------------------------------------------------------------------------------------------

def hypotheses(habits: Habits, levels: Floats | None) -> Hypotheses:
    """Chances over their ranges, delays from short to long, and levels where these are asked for."""
    few = levels is not None
    chances = [between(habits.chance[:, cause], steps // 3 if few else steps)
               for cause, steps in ((BUSY_SIGNAL, BUSY_STEPS), (HUNG_UP, HANG_UP_STEPS))]
    rows = list(itertools.product(*chances, (1 / PACE, 1.0, PACE), [np.nan] if levels is None else levels))
    first = np.array([one[0] for one in chances[0]])
    apart = np.abs(np.gradient(first)) if len(first) > 1 else np.zeros(1)
    number = len(rows) // len(first)
    return Hypotheses(np.array([[busy, hung] for busy, hung, _, _ in rows]), np.repeat(apart, number),
                      np.array([row[2] for row in rows]), np.array([row[3] for row in rows]))


def between(chance: Floats, steps: int) -> list[Floats]:
    """Chances [dials] that are equally likely, evenly apart in their odds: half of them below the usual one and half
    above, some a little beyond the range."""
    if np.array_equal(chance[LOW], chance[HIGH]):
        return [chance[USUAL]]
    low, usual, high = special.logit(np.clip(chance, 1e-4, 1 - 1e-4))
    reach = (1 + BEYOND) * (2 * (np.arange(steps) + 0.5) / steps - 1)
    odds = [usual + u * ((usual - low) if u < 0 else (high - usual)) for u in reach]
    return [np.where(chance[USUAL] > 0, special.expit(one), 0.0) for one in odds]


# --- what follows ----------------------------------------------------------------------------------------------------

def unroll(counts: Counts, habits: Habits, course: Course, every_s: int, h: Hypotheses) -> Unrolled:
    """Interval by interval: redials of what failed before, and what is left."""
    unrolling = Unrolling(counts, habits, course, every_s, h)
    return Unrolled(*np.array([unrolling.interval(t) for t in range(len(counts.dials))]).transpose(1, 0, 2))


class Unrolling:
    """The dials of intervals, one after another, under all hypotheses at once."""

    def __init__(self, counts: Counts, habits: Habits, course: Course, every_s: int, h: Hypotheses):
        self.counts, self.course, self.h, self.every_s = counts, course, h, every_s
        self.hung_up, self.busy = counts.failures
        self.lags = max(LAGS_S // every_s, 1)
        given_up = float(self.hung_up.sum()) / max(float((counts.answered + self.hung_up).sum()), 1.0)
        self.when = masses(habits, given_up, every_s, self.lags, h)
        self.in_an_hour = [one[0] for one in masses(habits, given_up, 3600, 1, h)]
        self.expected = None if np.isnan(h.level).any() else course.at(h.level)
        # by cause and interval: [H, dials] who will dial again, by the number of the dial
        self.willing = np.zeros((len(CAUSES), len(counts.dials), len(h.pace), h.chance.shape[2]))

    def interval(self, t: int) -> tuple[Floats, ...]:
        """[H] each: fresh callers, redials and their variance, redials at once, dials, and dials a fresh caller."""
        before, at_once = self.before(t), [self.course.stay[t] * self.h.chance[:, cause] * self.when[cause][0][:, None]
                                           for cause in CAUSES]
        total, busy = self.dials(t, before, at_once)
        failed = np.array([busy, np.full(len(busy), self.hung_up[t])]) / np.maximum(total, 1e-9)
        again = failed[BUSY_SIGNAL][:, None] * at_once[BUSY_SIGNAL] + failed[HUNG_UP][:, None] * at_once[HUNG_UP]
        rows = by_number(total, before, again)
        for cause in CAUSES:
            self.willing[cause, t] = failed[cause][:, None] * rows * self.h.chance[:, cause] * self.course.stay[t]
        earlier, inside = before.sum(axis=1), (rows * again)[:, :-1].sum(axis=1)
        spread = earlier + inside * (1 - inside / np.maximum(busy + self.hung_up[t], 1e-9)) + self.unseen(t)
        return rows[:, 0], earlier + inside, spread, inside, total, self.each(t, failed)

    def before(self, t: int) -> Floats:
        """[H, dials] those that repeat dials of earlier intervals."""
        back = slice(max(t - self.lags + 1, 0), t)
        found = np.zeros(self.willing.shape[2:])
        for cause in CAUSES:
            when = self.when[cause][t - back.start:0:-1]
            found[:, 1:] += np.einsum("lh,lhd->hd", when, self.willing[cause][back])[:, :-1]
        return found

    def dials(self, t: int, before: Floats, at_once: list[Floats]) -> tuple[Floats, Floats]:
        """[H] all dials of an interval, and those that met a busy signal."""
        if self.is_open(t):
            return with_busy(self.course_of(t), before, at_once, self.counts.dials[t], self.hung_up[t])
        number = len(self.h.pace)
        return np.full(number, self.counts.dials[t]), np.full(number, self.busy[t])

    def is_open(self, t: int) -> bool:
        """Whether more may have dialled than are counted."""
        return self.expected is not None and bool(self.course.full[t])

    def course_of(self, t: int) -> Floats:
        """[H] fresh callers to expect."""
        return np.zeros(len(self.h.pace)) if self.expected is None else self.expected[:, t]

    def unseen(self, t: int) -> Floats | float:
        """[H] variance of fresh callers who are not counted; all of an hour are more or fewer together."""
        return (COURSE_CV * self.course_of(t))**2 * 3600 / self.every_s if self.is_open(t) else 0.0

    def each(self, t: int, failed: Floats) -> Floats:
        """[H] dials within an hour that one fresh caller more brings."""
        again = sum(failed[cause] * self.h.chance[:, cause, 0] * self.in_an_hour[cause] for cause in CAUSES)
        return np.asarray(1 / (1 - self.course.stay[t] * again))


def masses(habits: Habits, given_up: float, every_s: int, lags: int, h: Hypotheses) -> list[Floats]:
    """By cause: [lags, H] when redials come.

    :param given_up: the share that hang up of all who wait.
    """
    paces, which = np.unique(h.pace, return_inverse=True)
    return [np.array([mass(delays * pace, every_s, lags) for pace in paces])[which].T
            for delays in habits.delays_s(given_up)]


def by_number(total: Floats, before: Floats, again: Floats) -> Floats:
    """[H, dials] the dials of an interval by their number: fresh ones so many that all add up to the total. Each brings
    about the next within the interval by the chance ``again``."""
    grows, rows = np.ones_like(before), before.copy()
    for d in range(1, before.shape[1]):
        grows[:, d] = grows[:, d - 1] * again[:, d - 1]
        rows[:, d] += rows[:, d - 1] * again[:, d - 1]
    fresh = (total - rows.sum(axis=1)) / grows.sum(axis=1)
    return np.asarray(rows + fresh[:, None] * grows)


def with_busy(fresh: Floats, before: Floats, again: list[Floats], reached: float,
              hung_up: float) -> tuple[Floats, Floats]:
    """[H] all dials of an interval and those that met a busy signal, if so many are fresh and so many found a line."""
    at_once = [part[:, 0] for part in again]
    total = (fresh + before.sum(axis=1) - at_once[0] * reached + at_once[1] * hung_up) / (1 - at_once[0])
    return np.maximum(total, reached), np.maximum(total - reached, 0)
