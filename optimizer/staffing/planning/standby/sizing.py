"""How many people it takes on standby, in which hours of which days, so that the target holds on enough of the days.

They are called, all of them, at the end of the first half-hour within the hours of standby at which the day so far
misses its target: that is what can be seen on the day. They are at work after the response. Numbers are the least that
do, found by halving on the same days again and again, and replayed on days that the search has not seen.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.need.target import A_HAIR
from optimizer.staffing.planning.horizon import SLOTS, STEP
from optimizer.staffing.planning.standby.days_to_come import Bools, DaysToCome
from optimizer.staffing.rosters.problem import Ints
from sim.core.arrays import Floats
from sim.scenario.staffing_terms import StandbyTerms
from sim.world.people import half_up

NEARLY = 0.02                       # of the days: what is not worth many people more where a share can't be had
Shares = Callable[[Ints], Floats]   # [days] share of those that keep the target, from [days] people


@dataclass(frozen=True)
class Window:
    """The hours of standby of one day, in slots after its midnight."""

    start: int
    end: int

    @property
    def hours(self) -> float:
        return (self.end - self.start) * STEP / 60


@dataclass(frozen=True)
class Known:
    """Days as they come without anybody on standby."""

    replications: tuple[int, ...]
    seats: tuple[Ints, ...]     # of each: [slots]
    counts: Ints                # [replications, days, slots of a day, COUNTS]
    kept: Bools                 # [replications, days]

    @classmethod
    def of(cls, days: DaysToCome, replications: Sequence[int]) -> Known:
        seats = tuple(days.seats_on(r) for r in replications)
        counts = days.counts(seats, replications)
        return cls(tuple(replications), seats, counts, days.keeps(counts.sum(axis=2)))


@dataclass(frozen=True)
class Trial:
    """Standby on known days."""

    days: DaysToCome
    known: Known
    windows: tuple[Window | None, ...]
    response: int       # slots from the call until they are at work
    longest: int        # slots that anybody stays

    def called_at(self, r: int, day: int) -> tuple[int, int]:
        """From when to when, in slots after the day's midnight, those are at work who are called; nobody where the ends
        meet. ``r`` is the place of a replication."""
        window = self.windows[day]
        if window is None:
            return 0, 0
        so_far = self.known.counts[r, day].cumsum(axis=0)[window.start:window.end]
        missed = np.flatnonzero(~self.days.keeps(so_far))
        if not len(missed):
            return 0, 0
        start = min(window.start + int(missed[0]) + 1 + self.response, window.end)
        return start, min(window.end, start + self.longest)

    def with_called(self, people: Ints) -> Bools:
        """[replications, days] whether the target is kept with [days] people called."""
        spans = [[self.called_at(r, day) for day in range(self.days.days)]
                 for r in range(len(self.known.replications))]
        return self.kept_with(people, spans, self.days.presence.at_the_phone)

    def with_on_duty(self, people: Ints) -> Bools:
        """[replications, days] likewise, with so many people more on duty in the hours of standby of every day."""
        spans = [[(one.start, one.end) if one else (0, 0) for one in self.windows]] * len(self.known.replications)
        return self.kept_with(people, spans, self.days.presence.seats_each.min(axis=1))

    def kept_with(self, people: Ints, spans: Sequence[Sequence[tuple[int, int]]], seats_each: float | Floats) -> Bools:
        """Only days that would be missed are looked at again: more people make no day worse.

        :param seats_each: that one of the people opens, or [days] on each.
        """
        more = half_up(people * seats_each)
        again, seats = [], []
        for r, own in enumerate(self.known.seats):
            tried = own.copy()
            for day in np.flatnonzero(~self.known.kept[r] & (more > 0)).tolist():
                start, end = (day * SLOTS + slot for slot in spans[r][day])
                tried[start:end] = np.maximum(np.minimum(own[start:end] + more[day], self.days.most), own[start:end])
            if (tried != own).any():
                again.append(r)
                seats.append(tried)
        kept = self.known.kept.copy()
        if again:
            counts = self.days.counts(seats, [self.known.replications[r] for r in again])
            kept[again] |= self.days.keeps(counts.sum(axis=2))
        return kept

    def hours_called(self) -> Floats:
        """[replications, days] hours that one of those who stand by works."""
        return np.array([[(end - start) * STEP / 60 for start, end in
                          (self.called_at(r, day) for day in range(self.days.days))]
                         for r in range(len(self.known.replications))])


def windows_of(known: Known, days: DaysToCome, share: float, most: int) -> tuple[Window | None, ...]:
    """The hours of standby of each day on which the target holds too rarely: of at most so many slots those in which
    most is lost, without ends in which nothing is."""
    found: list[Window | None] = []
    for day in range(days.days):
        missed = ~known.kept[:, day]
        lost = days.lost(known.counts[missed, day]).sum(axis=0)
        rarely = 1 - missed.mean() < share
        found.append(fullest(lost, most) if rarely and lost.any() else None)
    return tuple(found)


def fullest(lost: Floats, most: int) -> Window:
    """The slots in which most is lost."""
    sums = np.convolve(lost, np.ones(min(most, len(lost))), "valid")
    start = int(np.argmax(sums))
    inside = start + np.flatnonzero(lost[start:start + most])
    return Window(int(inside[0]), int(inside[-1]) + 1)


def least(shares: Shares, goal: float, most: Ints) -> tuple[Ints, Bools]:
    """[days] the fewest people with whom so large a share of days keeps the target, and whether it does; where even the
    most do not, the fewest who do nearly as well as they."""
    best = shares(most)
    goals = np.where(best >= goal - A_HAIR, goal, best - NEARLY)
    low, high = np.full(len(most), -1), most.copy()     # too few, and enough
    while (high - low > 1).any():
        middle, open_ = (low + high) // 2, high - low > 1
        enough = shares(np.where(open_, middle, high)) >= goals - A_HAIR
        high, low = np.where(open_ & enough, middle, high), np.where(open_ & ~enough, middle, low)
    return high, best >= goal - A_HAIR


@dataclass(frozen=True)
class Sized:
    """How many stand by, and what simulation shows of days that the search has not seen. Days of the horizon."""

    windows: tuple[Window | None, ...]  # [days]
    people: Ints                        # [days]
    reached: Bools                      # [days] whether the search has seen the share reached
    on_duty: Ints                       # [days] people more on duty in the same hours, for as large a share
    on_duty_reached: Bools              # [days]
    without: Bools                      # [replications, days] whether the target is kept with nobody on standby
    kept: Bools                         # with them
    kept_on_duty: Bools                 # with those on duty instead
    hours: Floats                       # [replications, days] that one of those who stand by works

    @property
    def hours_ready(self) -> float:
        """Of all who stand by, over the horizon."""
        return sum(one.hours * int(n) for one, n in zip(self.windows, self.people, strict=True) if one)

    @property
    def hours_called(self) -> float:
        """Of all who stand by, over the horizon, on the average."""
        return float((self.hours.mean(axis=0) * self.people).sum())

    @property
    def hours_on_duty(self) -> float:
        """Of those on duty instead."""
        return sum(one.hours * int(n) for one, n in zip(self.windows, self.on_duty, strict=True) if one)


def sized(days: DaysToCome, terms: StandbyTerms, longest: int, most: Callable[[tuple[Window | None, ...]], Ints],
          first: int, number: int) -> Sized:
    """The least standby for the share of days that is asked for.

    :param longest: minutes that anybody stays who is called.
    :param most: [days] people who can stand by in such hours.
    :param first: the first of twice ``number`` replications: half to search on, half to replay.
    """
    goal, (response, of_day) = float(terms.in_days), slots_of(terms)
    seen = Known.of(days, range(first, first + number))
    windows = windows_of(seen, days, goal, of_day)
    search = Trial(days, seen, windows, response, longest // STEP)
    people, reached = least(lambda n: search.with_called(n).mean(axis=0), goal, most(windows))
    free = np.array([days.most if one else 0 for one in windows])
    on_duty, so_too = least(lambda n: search.with_on_duty(n).mean(axis=0), goal, free)
    new = Known.of(days, range(first + number, first + 2 * number))
    replay = Trial(days, new, windows, response, longest // STEP)
    people = worth_it(people, replay.with_called(people), new.kept, goal)
    return Sized(windows, people, reached, on_duty, so_too, new.kept, replay.with_called(people),
                 replay.with_on_duty(on_duty), replay.hours_called())


def worth_it(people: Ints, kept: Bools, without: Bools, goal: float) -> Ints:
    """[days] nobody where days that the search has not seen have their share without them, and no more with them.

    :param kept: [replications, days] with them.
    """
    needed = (kept & ~without).any(axis=0) | (without.mean(axis=0) < goal - A_HAIR)
    return np.where(needed, people, 0)


def slots_of(terms: StandbyTerms) -> tuple[int, int]:
    """The response in whole slots, and the most slots of standby a day."""
    return -(-round(float(terms.response)) // (STEP * 60)), max(round(float(terms.hours) * 60 / STEP), 1)
