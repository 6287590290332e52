"""What a hotline promises: a service level, a share answered, on how many days; and whether counts keep it."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from sim.core.arrays import Floats, Ints
from sim.measures.statistics import CONFIDENCE, each_of, share_of

COUNTS = ("offered", "answered", "within", "short", "dials", "callers", "callers_answered")
OFFERED, ANSWERED, WITHIN, SHORT, DIALS, CALLERS, CALLERS_ANSWERED = range(len(COUNTS))

Of = Literal["offered", "answered", "short hang-ups left out"]
Each = Literal["interval", "day"]
A_HAIR = 1e-9


@dataclass(frozen=True)
class Target:
    """A service level such as 80/20, a share of calls answered at all, or both; then both must hold.

    :param share: at least so much of the calls is answered after at most ``within_s`` seconds; None: no such promise.
    :param answered: at least so much of the calls is answered at all; None: no such promise.
    :param each: in what it must hold: in each staffing interval, or over each day.
    :param in_share: on at least so many of the days that may come, busy ones and quiet ones; None: over all of them
        together, as a mean over calls. An interval or a day without calls keeps every promise.
    :param of: what ``share`` is a share of. ``offered``: all dials but those that the bot settles; busy signals and
        hang-ups count against us. ``answered``: the answered. ``short hang-ups left out``: the offered, less those who
        hang up within ``short_s``, who count neither way; they are left out of ``answered`` too.
    :param short_s: a hang-up after less is a short one.
    :raises ValueError: for shares not above 0 and below 1, as no number of seats makes an answer certain; for seconds
        below 0; for a target without a promise.
    """

    share: float | None = 0.80
    within_s: float = 15.0
    answered: float | None = None
    each: Each = "interval"
    in_share: float | None = None
    of: Of = "offered"
    short_s: float = 5.0

    def __post_init__(self) -> None:
        if self.share is None and self.answered is None:
            raise ValueError("a target needs share, answered or both")
        for name in ("share", "answered", "in_share"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise ValueError(f"{name} must be above 0 and below 1, got {value:g}")
        for name in ("within_s", "short_s"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} must be at least 0, got {getattr(self, name):g}")

    @property
    def promises(self) -> dict[str, float]:
        """The share that each promise asks for, by name."""
        asked = {"share": self.share, "answered": self.answered}
        return {name: value for name, value in asked.items() if value is not None}

    def parts(self, counts: Ints, promise: str) -> tuple[Ints, Ints]:
        """[...] the calls that keep a promise, and those of which they are a share. ``counts`` [..., COUNTS]."""
        whole = counts[..., OFFERED]
        if self.of == "short hang-ups left out":
            whole = whole - counts[..., SHORT]
        if promise == "answered":
            return counts[..., ANSWERED], whole
        return counts[..., WITHIN], counts[..., ANSWERED] if self.of == "answered" else whole

    def level(self, counts: Ints, promise: str, errors: float = 0.0) -> Floats:
        """[...] the share that is kept, from counts [replications, ..., COUNTS]: of all calls together, or the share
        that is reached on ``in_share`` of the days; less so many standard errors of it."""
        good, whole = self.parts(counts, promise)
        days = len(counts)
        if self.in_share is None:
            mean = ratio(good.sum(axis=0), whole.sum(axis=0))
            return np.asarray(np.maximum(mean - errors * error_of(good, whole), 0)) if errors and days > 1 else mean
        missed = days * (1 - self.in_share) - errors * np.sqrt(days * self.in_share * (1 - self.in_share))
        may_miss = min(max(int(missed + A_HAIR), 0), days - 1)
        return np.asarray(np.partition(ratio(good, whole), may_miss, axis=0)[may_miss])

    def short_of(self, counts: Ints, errors: float = 0.0) -> Floats:
        """[...] how far the promises are from being kept, by so many standard errors, in standard deviations of a
        normal law: above 0 is too little, and the worst promise counts."""
        calls = np.maximum(counts[..., OFFERED].sum(axis=0), 1)
        gaps = [special.ndtri(goal) - special.ndtri(inside(self.level(counts, promise, errors), calls))
                for promise, goal in self.promises.items()]
        return np.asarray(np.max(gaps, axis=0))

    def kept(self, counts: Ints, errors: float = 0.0) -> Floats:
        """[...] whether every promise is kept, by so many standard errors."""
        held = [self.level(counts, promise, errors) >= goal - A_HAIR for promise, goal in self.promises.items()]
        return np.asarray(np.all(held, axis=0))


@dataclass(frozen=True)
class Level:
    """What became of one promise. Arrays [periods, cities]; a period is an interval or a day, as the target has it."""

    goal: float
    mean: Floats        # share over all replications
    low: Floats         # its interval, of 95 % if nothing else is said: Student's, for a ratio of sums; nan for a
                        # single replication
    high: Floats
    days: Floats        # share of the replications that keep the promise
    days_low: Floats    # its exact interval of 95 %
    days_high: Floats


def levels(target: Target, counts: Ints, confidence: float = CONFIDENCE) -> dict[str, Level]:
    """What became of each promise, from counts [replications, periods, cities, COUNTS]."""
    return {promise: level(goal, *target.parts(counts, promise), confidence)
            for promise, goal in target.promises.items()}


def surely_missed(target: Target, counts: Ints) -> Floats:
    """[periods, cities] whether some promise surely is not kept, from [replications, periods, cities, COUNTS]: the
    intervals of all promises and periods with calls hold together with 95 %, so that of many none is so by chance."""
    called = counts[..., OFFERED].sum(axis=0) > 0
    together = each_of(int(called.sum()) * len(target.promises))
    return np.asarray(np.any([one.high < one.goal for one in levels(target, counts, together).values()], axis=0))


def level(goal: float, good: Ints, whole: Ints, confidence: float = CONFIDENCE) -> Level:
    """From [replications, periods, cities] of the calls that keep it, and of all."""
    number, mean = len(good), ratio(good.sum(axis=0), whole.sum(axis=0))
    half = special.stdtrit(max(number - 1, 1), 0.5 + confidence / 2) * error_of(good, whole)
    held = (ratio(good, whole) >= goal - A_HAIR).sum(axis=0)
    return Level(goal, mean, np.maximum(mean - half, 0), np.minimum(mean + half, 1), held / number,
                 *share_of(held, np.full(held.shape, number)))


def error_of(good: Ints, whole: Ints) -> Floats:
    """[...] the standard error of a share of all calls, from [replications, ...]; nan for a single replication."""
    number, mean = len(good), ratio(good.sum(axis=0), whole.sum(axis=0))
    off = ((good - mean * whole)**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(off * number / np.float64(number - 1)) / np.maximum(whole.sum(axis=0), 1))


def ratio(good: Ints, whole: Ints) -> Floats:
    """good / whole, 1 where there is nobody to fail."""
    return np.where(whole > 0, good / np.maximum(whole, 1), 1.0)


def inside(shares: Floats, calls: Ints) -> Floats:
    """Shares off 0 and 1 by half a call: what so few calls tell."""
    return np.clip(shares, 0.5 / (calls + 1), 1 - 0.5 / (calls + 1))
