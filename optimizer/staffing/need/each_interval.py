"""The fewest seats that keep a target in each interval, searched for in simulation.

Interval by interval a step is made by the square root of the load, between the most seats that were too few and the
fewest that were enough; all intervals of all cities move at once, as each mostly depends on itself.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.need.target import OFFERED
from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Floats, Ints

MOST_ROUNDS, MOST_MENDED = 12, 12  # with the same replications
LOOKED = 0.03              # of the seats, that may move in the last round of a rough look,
SEARCHED = 0.015           # in the last one with the replications of the search,
SETTLED = 0.004            # and in the last one with those that confirm
TO_AND_FRO = 0.6           # of a step that is made, after one to the other side
IN_DOUBT = 0.15            # of a step up behind an interval that fails, which may only lack what that one left to it
PART_OF_THE_WAY = 0.85     # of the seats that seem too many, how many are taken away at once
WORTH_A_TRY, SURE_TO_DO = -0.5, -0.85  # seats that seem to be missing, from which one fewer is tried: early and late


def by_interval(trials: Trials, seats: Ints) -> Ints:
    """[K, C] the fewest seats found that keep the target in each interval, by the margin."""
    seats = looked(trials, seats)
    seats = settled(trials, seats, trials.searching, WORTH_A_TRY, SEARCHED)
    seats = settled(trials, seats, trials.confirming, SURE_TO_DO, SETTLED)
    return mended(trials, with_margin(trials, seats))


def looked(trials: Trials, seats: Ints) -> Ints:
    """[K, C] about as many seats as are needed, by few replications."""
    for _ in range(MOST_ROUNDS):
        step = np.ceil(step_to(trials, trials.counts(seats, trials.few)))
        before, seats = seats, np.maximum(seats + step, 0).astype(np.int64)
        if moved(before, seats) <= LOOKED:
            break
    return seats


def settled(trials: Trials, seats: Ints, which: range, worth: float, enough: float) -> Ints:
    """[K, C] seats after rounds on the same luck, until few seats move.

    :param worth: seats that seem to be missing, from which one fewer is tried.
    :param enough: share of the seats that may move in the last round.
    """
    bounds = Bounds.of(trials.plenty)
    for _ in range(MOST_ROUNDS):
        counts = trials.counts(seats, which)
        kept = trials.target.kept(counts)
        bounds.learn(seats, kept)
        before, seats = seats, bounds.nearer(seats, kept, step_to(trials, counts), worth)
        if moved(before, seats) <= enough:
            break
    return seats


def moved(before: Ints, after: Ints) -> float:
    """Share of the seats that a round adds or takes away."""
    return float(np.abs(after - before).sum() / max(before.sum(), 1))


def step_to(trials: Trials, counts: Ints) -> Floats:
    """[K, C] seats that seem to be missing; below 0: too many. By the square root of the load, as staffing goes. None
    are missing where the target is kept, however few calls tell so; one is too many where nobody is failed, and all are
    where nobody calls."""
    target = trials.target
    step = trials.spread * target.short_of(counts)
    step = np.where(target.kept(counts), np.minimum(step, 0.0), step)
    flawless = np.all([target.level(counts, promise) == 1 for promise in target.promises], axis=0)
    step = np.where(step < 0, PART_OF_THE_WAY * step, step)
    step = np.where(flawless, np.minimum(step, -1.0), step)
    return np.asarray(np.where(counts[..., OFFERED].any(axis=0), step, -trials.plenty))


@dataclass
class Bounds:
    """What is known of each interval: the most seats that were too few, and the fewest that were enough."""

    too_few: Ints
    enough: Ints
    pace: Floats  # the part of a step that is made: less where steps went to and fro
    kept: Floats  # in the round before

    @classmethod
    def of(cls, plenty: Ints) -> Bounds:
        """Nothing is known but that plenty is enough."""
        return cls(np.full(plenty.shape, -1), plenty.copy(), np.ones(plenty.shape), np.zeros(plenty.shape, bool))

    def learn(self, seats: Ints, kept: Floats) -> None:
        """From one round. An interval that fails behind one that fails may only lack what that one left to it, so it
        tells nothing; and where the rounds contradict each other, as neighbours changed, the last one is believed."""
        failed = ~kept & ~behind(kept)
        self.too_few[failed] = np.maximum(self.too_few, seats)[failed]
        self.enough[failed & (self.enough <= seats)] = np.iinfo(np.int64).max
        self.enough[kept] = np.minimum(self.enough, seats)[kept]
        self.too_few[kept & (self.too_few >= seats)] = -1
        wrong = kept & (self.too_few >= self.enough)
        self.too_few[wrong] = self.enough[wrong] - 1

    def nearer(self, seats: Ints, kept: Floats, step: Floats, worth: float) -> Ints:
        """Seats for the next round: as many as seem to be needed, between the bounds."""
        told = kept | ~behind(kept)
        self.pace = np.where(told & (kept != self.kept), TO_AND_FRO * self.pace, self.pace)
        self.kept = np.where(told, kept, self.kept)
        guess = np.ceil(seats + np.where(told, self.pace, IN_DOUBT) * step).astype(np.int64)
        more = np.maximum(guess, seats + 1)
        more = np.where(self.enough > seats, np.minimum(more, self.enough), more)
        tried = np.where(step < worth, np.minimum(guess, seats - 1), seats)
        fewer = np.maximum(tried, self.too_few + 1)
        return np.asarray(np.where(kept, np.minimum(fewer, seats), more))


def behind(kept: Floats) -> Floats:
    """[K, C] whether the interval before fails."""
    return np.concatenate([np.zeros_like(kept[:1]), ~kept[:-1]])


def with_margin(trials: Trials, seats: Ints) -> Ints:
    """[K, C] with more seats where the target is not kept or by less than the margin, and none where nobody calls."""
    counts = trials.counts(seats, trials.confirming)
    thin = trials.target.kept(counts) & ~trials.target.kept(counts, trials.margin)
    lacks = np.minimum(trials.spread * trials.target.short_of(counts, trials.margin), trials.spread)
    more = np.where(thin, np.maximum(np.ceil(lacks), 1), missing(trials, counts)).astype(np.int64)
    return np.where(counts[..., OFFERED].any(axis=0), seats + more, 0)


def mended(trials: Trials, seats: Ints) -> Ints:
    """With more seats wherever the target is not kept, until it is kept everywhere; no seat is taken away."""
    for _ in range(MOST_MENDED):
        counts = trials.counts(seats, trials.confirming)
        more = missing(trials, counts)
        if not more.any():
            break
        seats = seats + more
    return seats


def missing(trials: Trials, counts: Ints) -> Ints:
    """[K, C] seats to add where the target is not kept: one at the least, but none behind an interval that fails, which
    may only lack what that one left to it."""
    kept = trials.target.kept(counts)
    return np.where(kept | behind(kept), 0, np.maximum(np.ceil(step_to(trials, counts) / 2), 1)).astype(np.int64)
