"""The fewest seats that keep a target in each interval, searched for in simulation.

Interval by interval a step is made by the square root of the load, between the most seats that were too few and the
fewest that were enough; all intervals of all cities move at once, as each mostly depends on itself. What is looked for
keeps the target by the margin from the first round on, so that no seat is placed with care that the margin moves again.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.staffing.need.target import OFFERED
from optimizer.staffing.need.trials import Trials
from sim.core.arrays import Floats, Ints

MOST_ROUNDS, MOST_MENDED = 12, 12  # with the same replications
LOOKED = 0.01              # of the seats, that may move in the last round of a rough look,
SETTLED = 0.004            # and in the last one with those that confirm
TO_AND_FRO = 0.6           # of a step that is made, after one to the other side
LEFT = 0.3                 # of the seats that an interval lacks, whose work it leaves to the next
PART_OF_THE_WAY = 0.85     # of the seats that seem too many, how many are taken away at once
WORTH_A_TRY, SURE_TO_DO = -0.5, -0.85  # seats that seem to be missing, from which one fewer is tried: early and late
A_BIT = 0.01               # of a seat: an interval that fails lacks that much at the least


def by_interval(trials: Trials, seats: Ints) -> Ints:
    """[K, C] the fewest seats found that keep the target in each interval, by the margin."""
    seats = settled(trials, seats, trials.few, WORTH_A_TRY, LOOKED)
    seats = settled(trials, seats, trials.confirming, SURE_TO_DO, SETTLED)
    return mended(trials, seats)


def settled(trials: Trials, seats: Ints, which: range, worth: float, enough: float) -> Ints:
    """[K, C] seats after rounds on the same luck, until few seats move.

    :param worth: seats that seem to be missing, from which one fewer is tried.
    :param enough: share of the seats that may move in the last round.
    """
    bounds, margin = Bounds.of(trials.plenty), trials.margin_on(which)
    for _ in range(MOST_ROUNDS):
        step = step_to(trials, trials.counts(seats, which), margin)
        before, seats = seats, bounds.nearer(seats, step, worth)
        if moved(before, seats) <= enough:
            break
    return seats


def moved(before: Ints, after: Ints) -> float:
    """Share of the seats that a round adds or takes away."""
    return float(np.abs(after - before).sum() / max(before.sum(), 1))


def step_to(trials: Trials, counts: Ints, margin: float = 0.0) -> Floats:
    """[K, C] seats that seem to be missing; 0 or below, too many: the target is kept, by so many standard errors,
    however few calls tell so. By the square root of the load, as staffing goes. One is too many where nobody is failed,
    and all are where nobody calls."""
    target = trials.target
    step = trials.spread * target.short_of(counts, margin)
    step = np.where(target.kept(counts, margin), np.minimum(PART_OF_THE_WAY * step, 0.0), np.maximum(step, A_BIT))
    flawless = np.all([target.level(counts, promise) == 1 for promise in target.promises], axis=0)
    step = np.where(flawless, np.minimum(step, -1.0), step)
    return np.asarray(np.where(counts[..., OFFERED].any(axis=0), step, -trials.plenty))


def of_its_own(step: Floats) -> Floats:
    """[K, C] seats that seem to be missing, less what the interval before leaves to it, where that one lacks seats
    itself. 0 or below where some seem to be missing: that may be all there is to it."""
    left = LEFT * np.maximum(step[:-1], 0)
    return np.where(step > 0, step - np.concatenate([np.zeros_like(step[:1]), left]), step)


@dataclass
class Bounds:
    """What is known of each interval: the most seats that were too few, and the fewest that were enough."""

    too_few: Ints
    enough: Ints
    pace: Floats  # the part of a step that is made: less where steps went to and fro
    side: Ints    # of the target, in the last round that told: 1 where it was kept, -1 where not; 0: none has told

    @classmethod
    def of(cls, plenty: Ints) -> Bounds:
        """Nothing is known but that plenty is enough."""
        return cls(np.full(plenty.shape, -1), plenty.copy(), np.ones(plenty.shape), np.zeros(plenty.shape, np.int64))

    def learn(self, seats: Ints, kept: Floats, failed: Floats) -> None:
        """From one round. Where the rounds contradict each other, as neighbours changed, the last one is believed."""
        self.too_few[failed] = np.maximum(self.too_few, seats)[failed]
        self.enough[failed & (self.enough <= seats)] = np.iinfo(np.int64).max
        self.enough[kept] = np.minimum(self.enough, seats)[kept]
        self.too_few[kept & (self.too_few >= seats)] = -1
        wrong = kept & (self.too_few >= self.enough)
        self.too_few[wrong] = self.enough[wrong] - 1

    def nearer(self, seats: Ints, step: Floats, worth: float) -> Ints:
        """Seats for the next round: as many as seem to be needed, between the bounds. An interval tells nothing, and
        stays as it is, where all that it lacks may be what the one before left to it."""
        kept, alone = step <= 0, of_its_own(step)
        failed = alone > 0
        self.learn(seats, kept, failed)
        side = np.where(kept, 1, np.where(failed, -1, self.side))
        self.pace = np.where(side * self.side < 0, TO_AND_FRO * self.pace, self.pace)
        self.side = side
        guess = np.ceil(seats + self.pace * alone).astype(np.int64)
        more = np.where(self.enough > seats, np.minimum(guess, self.enough), guess)
        tried = np.where(alone < worth, np.minimum(guess, seats - 1), seats)
        fewer = np.minimum(np.maximum(tried, self.too_few + 1), seats)
        return np.asarray(np.where(kept, fewer, np.where(failed, more, seats)))


def mended(trials: Trials, seats: Ints) -> Ints:
    """[K, C] with more seats wherever the target is not kept by the margin, until it is everywhere: twice as many as in
    the round before, where those were too few. No seat is taken away but where nobody calls."""
    more = np.zeros_like(seats)
    for _ in range(MOST_MENDED):
        counts = trials.counts(seats, trials.confirming)
        lacks = of_its_own(step_to(trials, counts, trials.margin))
        more = np.where(lacks > 0, np.maximum(np.ceil(lacks).astype(np.int64), 2 * more), 0)
        if not more.any():
            break
        seats = seats + more
    return np.where(counts[..., OFFERED].any(axis=0), seats, 0)
