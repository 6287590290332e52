"""Means, their intervals, and differences on the same luck."""
from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.core.arrays import Floats
from sim.scenario.messages import say
from sim.scenario.problems import RuleError

CONFIDENCE = 0.95
PRECISION = re.compile(r"(\d+\.?\d*|\.\d+)\s*(pp|个百分点|%)")


@dataclass
class RunningStats:
    """Mean and spread of arrays that come one by one (Welford 1962); nan entries are left out."""

    count: Floats
    mean: Floats
    squares: Floats

    @classmethod
    def like(cls, shape: tuple[int, ...]) -> RunningStats:
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))

    def add(self, values: Floats) -> None:
        from sim.measures.welford import welford  # who only reads figures waits for no compiler
        welford(np.ravel(values), *(np.ravel(mine) for mine in (self.count, self.mean, self.squares)))

    @property
    def variance(self) -> Floats:
        """Of one value; nan where there is but one."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(self.count > 1, self.squares / (self.count - 1), np.nan))

    def interval(self, confidence: float = CONFIDENCE) -> tuple[Floats, Floats, Floats]:
        """Mean, low and high of Student's interval; low and high are nan where there is but one value."""
        mean, half = np.where(self.count > 0, self.mean, np.nan), self.half_width(confidence)
        return mean, mean - half, mean + half

    def half_width(self, confidence: float = CONFIDENCE) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.sqrt(self.variance / self.count)
            return np.asarray(special.stdtrit(np.maximum(self.count - 1, 1), 0.5 + confidence / 2) * error)


@dataclass(frozen=True)
class Figure:
    """A mean with its interval; the interval is nan where there was but one replication."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, moments: RunningStats, place: tuple[int, ...] = (), confidence: float = CONFIDENCE) -> Figure:
        mean, low, high = (float(values[place]) for values in moments.interval(confidence))
        return cls(mean, low, high)

    def within(self, least: float, most: float) -> Figure:
        """The same with an interval that ends where the figure itself can go no further. What is cut off held no
        figure that could be, so the interval covers as often as before; nan stays nan."""
        return Figure(self.mean, max(least, self.low), min(most, self.high)) if self.low == self.low else self

    @property
    def half_width(self) -> float:
        """Of the interval about the mean: of its longer side, where the other ends early; nan where there is none."""
        return max(self.high - self.mean, self.mean - self.low)


@dataclass(frozen=True)
class Precision:
    """How narrow an interval has to be: half its width, absolute or as a share of the mean."""

    half_width: float
    relative: bool = False

    @classmethod
    def read(cls, text: str) -> Precision:
        """As written: 0.5pp (or 0.5 个百分点) of a share, 1% of the mean.

        :raises ValueError: for anything else.
        """
        match = PRECISION.fullmatch(text.strip())
        if match is None or float(match[1]) <= 0:
            raise RuleError(say("must be a positive number with pp (percentage points) or %, such as 0.5pp, got "
                                "{got}", got=repr(text)))
        return cls(float(match[1]) / 100, match[2] == "%")

    def reached(self, mean: Floats, half: Floats) -> Floats:
        """Whether all figures, along the last axis, are narrow enough."""
        bound = self.half_width * np.abs(mean) if self.relative else self.half_width
        return np.asarray((half <= bound).all(axis=-1))


def figure(values: Floats, confidence: float = CONFIDENCE) -> Figure:
    """The mean of one value a replication."""
    count = mean = squares = 0.0
    for value in np.asarray(values, float).tolist():  # as RunningStats does, many times as fast
        if value == value:
            count += 1
            delta = value - mean
            mean += delta / count
            squares += delta * (value - mean)
    return Figure.of(RunningStats(np.asarray(count), np.asarray(mean), np.asarray(squares)), confidence=confidence)


def share_of(kept: Floats | float, number: Floats | float, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Exact interval of a chance from how often something happened in how many tries (Clopper and Pearson 1934)."""
    often, tries, tail = np.asarray(kept, float), np.asarray(number, float), (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(often > 0, special.betaincinv(often, tries - often + 1, tail), 0.0)
        high = np.where(often < tries, special.betaincinv(often + 1, tries - often, 1 - tail), 1.0)
    return low, high


def so_far(values: Floats, confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """Mean and half-width of the interval after each of [replications, figures]; nan entries are left out."""
    there = ~np.isnan(values)
    n, middle = np.cumsum(there, axis=0), np.nan_to_num(values[:1])  # keeps the digits that large squares would lose
    away = np.where(there, values - middle, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.cumsum(away, axis=0) / n
        error = np.sqrt(np.maximum(np.cumsum(away**2, axis=0) / n - mean**2, 0) / (n - 1))
        return mean + middle, np.asarray(special.stdtrit(np.maximum(n - 1, 1), 0.5 + confidence / 2) * error)


def each_of(number: int, confidence: float = CONFIDENCE) -> float:
    """The confidence that each of some intervals needs for all of them to hold at once (Bonferroni)."""
    return 1 - (1 - confidence) / max(number, 1)


def common_luck(one: Floats, other: Floats) -> float:
    """By what factor the variance of a difference is smaller than it would be on different luck; nan for equals."""
    one, other = (values[np.isfinite(one) & np.isfinite(other)] for values in (one, other))
    if len(one) < 2 or not np.var(one - other):
        return float("nan")
    return float((np.var(one) + np.var(other)) / np.var(one - other))
