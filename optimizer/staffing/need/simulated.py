"""How many seats a city must open itself, interval by interval, found and proved by simulation of the whole model.

Redials, patience by class, callers and talks that last into the next interval, busy lines and busy days are all in it.
The search begins with more than enough seats and goes down: with too few, callers dial again and again, and an interval
seems to need what only its neighbours lack. Every round is on the same luck; what is found is proved on luck that the
search has not seen.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from optimizer.staffing.need.own_seats import Steps, lines_brought, own_seats, part, workplaces
from optimizer.staffing.need.target import CALLERS, OFFERED, Level, Target, levels
from optimizer.staffing.need.trials import FEWER, Trials, refuse_what_cannot_be_had
from sim.core.arrays import Floats, Ints
from sim.scenario.scenario import Scenario
from sim.studies.executors import Workers, at_work
from sim.studies.replication import Tell

REPLICATIONS = 16
FIRST_LOOKS = 3               # rounds in which a part of the replications tells where seats are about right
MOST_ROUNDS, MOST_MENDED = 12, 8
TO_AND_FRO = 0.6              # of a step that is made, after one to the other side
IN_DOUBT = 0.15               # of a step up behind an interval that fails, which may only lack what that one left to it
WORTH_A_TRY = -0.5            # seats that seem to be missing, from which one fewer is tried
PART_OF_THE_WAY = 0.85        # of the seats that seem too many, how many are taken away at once
CLOSE = 0.02                  # and how close to each other they come for a whole day


@dataclass(frozen=True)
class Need:
    """Seats that must be open, at the telephone: breaks are taken off. K staffing intervals, C cities; a period is one
    of the intervals, or a day, as the target has it."""

    target: Target
    cities: tuple[str, ...]
    steps: Steps
    seats: Ints               # [K, C] the city's own, besides whatever guests the scenario's levers bring
    as_planned: Ints          # [K, C] those that the scenario itself opens
    workplaces: Ints          # [K, C] with those on a break
    lines_brought: Ints       # [K, C] lines that were added for workplaces beyond the city's own
    found: dict[str, Level]   # by promise, share and answered, on the luck of the search; [periods, C]
    proved: dict[str, Level]  # on as much luck that the search has not seen
    met: Floats               # [periods, C] whether all promises are kept on the luck of the search
    calls: Floats             # [K, C] dials offered, the bot's aside, on the average of the unseen luck
    callers: Floats           # [K, C] people who dialled for the first time, likewise
    rounds: int
    replications: int         # of each round; the proof has as many
    seed: int

    @property
    def seat_hours(self) -> Floats:
        """[C] over the horizon."""
        return np.asarray(self.seats.sum(axis=0) * self.steps.step_s / 3600)

    @property
    def not_met(self) -> list[tuple[datetime, str]]:
        """When and where a promise is not kept on the luck of the search."""
        starts = self.steps.starts
        if self.target.each == "day":
            starts = [starts[self.steps.day.index(day)] for day in range(len(self.met))]
        return [(starts[k], self.cities[c]) for k, c in np.argwhere(~self.met)]


def need_of(scenario: Scenario, cities: str | Sequence[str] | None = None, target: Target | None = None, *,
            step_s: int | None = None, seed: int = 1, replications: int = REPLICATIONS, workers: Workers = None,
            tell: Tell | None = None, begin: Ints | None = None) -> Need:
    """The fewest seats of their own with which cities keep a target.

    :param scenario: with its levers: guests that they bring answer too.
    :param cities: one, some, or all if None; the others keep the seats that the scenario gives them.
    :param target: 80 % within 15 seconds in each interval, if None.
    :param step_s: how long a staffing interval is: a multiple of the scenario's interval that divides a day; that
        interval if None.
    :param replications: days of luck of each round of the search; as many others prove what was found.
    :param workers: processes; 1: here.
    :param tell: is told the share of the rounds that is done, of as many as there may be.
    :param begin: [K, C] seats to begin with, as of a target nearby.
    :raises TargetError: where no number of seats keeps the target; it says where and what could be had.
    :raises KeyError: for a city that the scenario has not.
    :raises ValueError: for steps and numbers that make no sense.
    """
    with at_work(workers) as executor:
        trials = Trials.of(scenario, cities, target or Target(), step_s, seed, replications, executor, tell)
        return found_by(trials, begin)


def found_by(trials: Trials, begin: Ints | None = None) -> Need:
    """The need, with the executor at hand."""
    refuse_what_cannot_be_had(trials)
    seats = trials.ample if begin is None else np.asarray(begin, np.int64)
    seats = over_days(trials, seats) if trials.target.each == "day" else by_interval(trials, seats)
    return need(trials, seats)


# --- in each interval ------------------------------------------------------------------------------------------------

def by_interval(trials: Trials, seats: Ints) -> Ints:
    """[K, C] the fewest seats that keep the target in each interval."""
    for _ in range(FIRST_LOOKS):
        fewer = range(min(max(trials.replications // FEWER, 4), trials.replications))
        seats = np.maximum(seats + np.ceil(step_to(trials, trials.counts(seats, fewer))), 0).astype(np.int64)
    bounds, best = Bounds.of(trials.plenty), None
    for _ in range(MOST_ROUNDS):
        counts = trials.counts(seats)
        kept = trials.target.kept(counts)
        if kept.all():
            if best is not None and seats.sum() >= best.sum():
                break
            best = seats
        bounds.learn(seats, kept)
        after = bounds.nearer(seats, kept, step_to(trials, counts))
        if (after == seats).all():
            break
        seats = after
    return mended(trials, seats) if best is None else best


def step_to(trials: Trials, counts: Ints) -> Floats:
    """[K, C] seats that seem to be missing; below 0: too many. By the square root of the load, as staffing goes. None
    are missing where the target is kept, however few calls tell so, and all are too many where nobody calls."""
    step = trials.spread * trials.target.short_of(counts)
    step = np.where(trials.target.kept(counts), np.minimum(step, 0.0), step)
    step = np.where(counts[..., OFFERED].any(axis=0), step, -trials.plenty)
    return np.asarray(np.where(step < 0, PART_OF_THE_WAY * step, step))


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

    def nearer(self, seats: Ints, kept: Floats, step: Floats) -> Ints:
        """Seats for the next round: as many as seem to be needed, between the bounds."""
        told = kept | ~behind(kept)
        self.pace = np.where(told & (kept != self.kept), TO_AND_FRO * self.pace, self.pace)
        self.kept = np.where(told, kept, self.kept)
        guess = np.ceil(seats + np.where(told, self.pace, IN_DOUBT) * step).astype(np.int64)
        more = np.maximum(guess, seats + 1)
        more = np.where(self.enough > seats, np.minimum(more, self.enough), more)
        tried = np.where(step < WORTH_A_TRY, np.minimum(guess, seats - 1), seats)
        fewer = np.maximum(tried, self.too_few + 1)
        return np.asarray(np.where(kept, np.minimum(fewer, seats), more))


def behind(kept: Floats) -> Floats:
    """[K, C] whether the interval before fails."""
    return np.concatenate([np.zeros_like(kept[:1]), ~kept[:-1]])


def mended(trials: Trials, seats: Ints) -> Ints:
    """With more seats wherever the target is not kept, until it is kept everywhere; no seat is taken away."""
    for _ in range(MOST_MENDED):
        counts = trials.counts(seats)
        kept = trials.target.kept(counts)
        if kept.all():
            break
        seats = np.where(kept, seats, seats + np.maximum(np.ceil(step_to(trials, counts) / 2), 1).astype(np.int64))
    return seats


# --- over each day ---------------------------------------------------------------------------------------------------

def over_days(trials: Trials, begin: Ints) -> Ints:
    """[K, C] seats that keep the target over each day: all intervals of a day have the same number of standard
    deviations beyond their load, the fewest that do (the square-root rule)."""
    day = np.array(trials.steps.day)
    beyond = (begin - trials.load) / trials.spread
    high = np.array([beyond[day == d].max(axis=0) for d in range(day[-1] + 1)])
    high, low = wide_enough(trials, day, high), np.full(high.shape, -np.inf)
    now = high.copy()
    for _ in range(MOST_ROUNDS):
        counts = trials.by_period(trials.counts(squared(trials, day, now)))
        kept = trials.target.kept(counts)
        high, low = np.where(kept, np.minimum(high, now), high), np.where(kept, low, np.maximum(low, now))
        if (high - low < CLOSE).all():
            break
        guess = now + trials.target.short_of(counts) / 2
        middle = np.where(np.isinf(low), np.minimum(guess, high - CLOSE), (low + high) / 2)
        now = np.where(high - low < CLOSE, high, np.clip(middle, np.where(np.isinf(low), -np.inf, low), high))
    return squared(trials, day, high)


def wide_enough(trials: Trials, day: Ints, high: Floats) -> Floats:
    """[days, C] standard deviations with which every day keeps the target."""
    while True:
        kept = trials.target.kept(trials.by_period(trials.counts(squared(trials, day, high))))
        if kept.all():
            return high
        high = np.where(kept, high, high + 1)


def squared(trials: Trials, day: Ints, beyond: Floats) -> Ints:
    """[K, C] seats by the square-root rule, from [days, C] standard deviations beyond the load."""
    return np.asarray(np.maximum(np.ceil(trials.load + beyond[day] * trials.spread), 0), np.int64)


# --- what was found --------------------------------------------------------------------------------------------------

def need(trials: Trials, seats: Ints) -> Need:
    """Seats with all that is said of them, proved on luck that the search has not seen."""
    scenario, target, number = trials.job.scenario, trials.target, trials.replications
    seen = trials.by_period(trials.counts(seats))
    unseen = trials.counts(seats, range(number, 2 * number))
    setting = part(trials.job, trials.cities)
    mean = unseen.mean(axis=0)
    trials.tell(1.0)
    return Need(target, trials.cities, trials.steps, seats, own_seats(setting, trials.cities, trials.steps),
                workplaces(scenario, trials.cities, seats), lines_brought(scenario, trials.cities, seats),
                levels(target, seen), levels(target, trials.by_period(unseen)), target.kept(seen),
                mean[..., OFFERED], mean[..., CALLERS], trials.rounds, number, trials.job.seed)
