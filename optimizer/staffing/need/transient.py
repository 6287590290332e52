"""What a line does whose arrivals and seats change with time, interval by interval, and its fewest seats: exact.

Intervals are not taken alone and in their steady state, as staffing tables do: each begins with the calls that the one
before left. M_t/M/s_t, and M_t/M/s_t+M where those who wait lose patience. Times are in any unit, all in the same.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.staffing.need.chain import Calls, Closing, Line, Rate, Seen, pass_time, with_seats
from sim.core.arrays import Floats, Ints
from sim.queueing.erlang import check

MOST_SEATS = 1_000_000
SAME = 1e-6   # chances of two days that differ by less, added up, are those of one and the same day
ALIKE = 4     # intervals in a row with the same seats, after which a change is taken to have died away
MOST_DAYS = 60  # until a day is as the day before


class Measures(NamedTuple):
    """One interval, or [I] of each where arrays stand."""

    arrivals: Floats         # calls expected
    all_busy: Floats         # share of the time in which no seat is idle
    delayed: Floats          # share of the calls that find no idle seat
    answered_within: Floats  # share of the calls that are answered within the limit
    abandoned: Floats        # calls that hang up
    occupancy: Floats        # time at work / time open; more than 1 where closed seats finish their calls
    mean_queue: Floats       # callers who wait, on the average


Enough = Callable[[Measures], bool]


@dataclass(frozen=True)
class Work:
    """A line without its seats. Equal intervals from time 0 on.

    :param rate: arrivals per unit of time, at a time; ``by_step`` makes one of rates by fine step.
    :param service: the mean time of a call at a seat.
    :param patience: the mean time until a caller who waits hangs up; infinity: nobody does.
    :param interval: how long an interval is, in which seats do not change.
    :param within: the time within which an answer is in time.
    :param closing: what seats that close do with the calls that they are at.
    :raises ValueError: for times that make no sense.
    """

    rate: Rate
    service: float
    interval: float
    patience: float = inf
    within: float = 0.0
    closing: Closing = "finishes"

    def __post_init__(self) -> None:
        for name in ("service", "interval"):
            check(name, getattr(self, name), lambda x: (x > 0) & (x < np.inf), "above 0 and finite")
        check("patience", self.patience, lambda x: x > 0, "above 0")
        check("within", self.within, lambda x: x >= 0, "at least 0")

    def line(self, seats: int) -> Line:
        return Line(seats, 1 / self.service, 1 / self.patience, self.within)

    def pass_interval(self, now: State, number: int, seats: int) -> tuple[State, Measures]:
        """The state after an interval, and what it was like."""
        calls = with_seats(now.calls, now.seats, seats, self.closing)
        start = number * self.interval
        calls, seen = pass_time(calls, self.line(seats), self.rate, start, start + self.interval)
        return State(calls, seats), self.measures(seen, seats)

    def measures(self, seen: Seen, seats: int) -> Measures:
        """Integrals as shares; where nobody calls, nobody waits or is too late."""
        some = max(seen.arrivals, 1e-300)
        delayed, in_time = (seen.delayed / some, seen.in_time / some) if seen.arrivals > 0 else (0.0, 1.0)
        return Measures(*(np.asarray(value) for value in (
            seen.arrivals, seen.full / self.interval, delayed, in_time, seen.waiting / self.patience,
            seen.busy / (seats * self.interval) if seats else 0.0, seen.waiting / self.interval)))


class State(NamedTuple):
    """A moment between two intervals: the calls in the line, and the seats that were open until now."""

    calls: Calls = Calls.none()
    seats: int = 0


@dataclass(frozen=True)
class Passed:
    """Some intervals in a row."""

    seats: Ints         # [I]
    measures: Measures  # of [I]
    states: list[State]  # I + 1: before each interval, and after the last

    @classmethod
    def of(cls, states: list[State], measures: Sequence[Measures]) -> Passed:
        """From single intervals."""
        columns = (np.array(column) for column in zip(*measures, strict=True))
        return cls(np.array([state.seats for state in states[1:]]), Measures(*columns), states)


def by_step(rates: npt.ArrayLike, step: float) -> Rate:
    """An arrival rate from those of fine steps, which come again after the last."""
    levels = check("rates", rates, lambda x: (x >= 0) & (x < np.inf), "at least 0 and finite")

    def rate(time: float) -> float:
        return float(levels[int(time // step) % len(levels)])
    return rate


def passed(work: Work, seats: npt.ArrayLike, start: State | None = None) -> Passed:
    """What the line is like with these seats, [I] by interval, from a state on; from an empty line where none is given.

    :raises ValueError: for seats that are no whole numbers.
    """
    plan = check("seats", seats, lambda x: (x >= 0) & (x <= MOST_SEATS) & (x == np.floor(x)),
                 f"whole numbers from 0 to {MOST_SEATS:,}")
    states, found = [start or State()], list[Measures]()
    for number, open_seats in enumerate(plan):
        state, measures = work.pass_interval(states[-1], number, int(open_seats))
        states.append(state)
        found.append(measures)
    return Passed.of(states, found)


def passed_daily(work: Work, seats: npt.ArrayLike) -> Passed:
    """The same where day after day is alike: of a day that begins as it ends.

    :raises ArithmeticError: where the line grows from day to day.
    """
    day = passed(work, seats)
    for _ in range(MOST_DAYS):
        if apart(day.states[0], day.states[-1]) < SAME:
            return day
        day = passed(work, seats, day.states[-1])
    raise ArithmeticError(f"after {MOST_DAYS} days the line is not yet as it was a day before")


def apart(one: State, other: State) -> float:
    """How far the chances of two states are apart, added up; the same seats or not."""
    mine, its = (state.calls.in_line(state.seats) for state in (one, other))
    length = max(len(mine), len(its))
    return float(np.abs(np.pad(mine, (0, length - len(mine))) - np.pad(its, (0, length - len(its)))).sum())


# --- the fewest seats ------------------------------------------------------------------------------------------------

def least_seats(work: Work, intervals: int, enough: Enough, start: State | None = None) -> Passed:
    """Forward in time, in each interval the fewest seats that are enough, given what the interval before left.

    :param enough: whether the measures of an interval will do; with more seats they do as soon as with fewer.
    :raises ValueError: where even ``MOST_SEATS`` are not enough.
    """
    states, found = [start or State()], list[Measures]()
    for number in range(intervals):
        state, measures = least_of_interval(work, states[-1], number, enough, around=states[-1].seats)
        states.append(state)
        found.append(measures)
    return Passed.of(states, found)


def least_of_interval(work: Work, now: State, number: int, enough: Enough, around: int) -> tuple[State, Measures]:
    """One interval with the fewest seats that are enough: from ``around`` in growing strides, then bisection."""
    tried: dict[int, tuple[State, Measures]] = {}

    def will_do(seats: int) -> bool:
        tried[seats] = work.pass_interval(now, number, seats)
        return enough(tried[seats][1])

    return tried[least_number(will_do, around)]


def least_number(will_do: Callable[[int], bool], around: int) -> int:
    """The least number that will do, where more is never worse.

    :raises ValueError: where none up to ``MOST_SEATS`` does.
    """
    low, high, stride = -1, max(around, 0), 1
    while not will_do(high):
        if high >= MOST_SEATS:
            raise ValueError(f"{MOST_SEATS:,} seats are not enough: no number of seats meets this target")
        low, high, stride = high, min(high + stride, MOST_SEATS), 2 * stride
    stride = 1
    while high - stride > low and stride < high - low and will_do(high - stride):
        high, stride = high - stride, 2 * stride
    low = max(low, high - stride)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if will_do(middle) else (middle, high)
    return high


def least_seats_daily(work: Work, intervals: int, enough: Enough) -> Passed:
    """The same where day after day is alike: of a day that begins as it ends.

    Forward in time each interval has the fewest seats; where one seat more saves two or more later, it stands there.

    :raises ArithmeticError: where the line grows from day to day.
    """
    day = least_seats(work, intervals, enough)
    for _ in range(MOST_DAYS):
        again = least_seats(work, intervals, enough, day.states[-1])
        if (again.seats == day.seats).all():
            break
        day = again
    day = enough_daily(work, day.seats, enough)
    while (better := enough_daily(work, with_earlier_seats(work, day, enough), enough)).seats.sum() < day.seats.sum():
        day = better
    return day


def with_earlier_seats(work: Work, day: Passed, enough: Enough) -> Ints:
    """[I] the seats of a day with one more wherever that saves two or more in the intervals after it."""
    seats = day.seats.copy()
    state = day.states[0]
    for number in range(len(seats)):
        changed = saved_by_one_more(work, state, seats, number, enough)
        if changed.sum() < seats.sum():
            seats = changed
        state, _ = work.pass_interval(state, number, int(seats[number]))
    return seats


def saved_by_one_more(work: Work, state: State, seats: Ints, number: int, enough: Enough) -> Ints:
    """[I] seats with one more in an interval and the fewest after it, until a few in a row are as they were."""
    changed, alike, intervals = seats.copy(), 0, len(seats)
    changed[number] += 1
    state, _ = work.pass_interval(state, number, int(changed[number]))
    for later in range(number + 1, number + intervals):
        place = later % intervals
        state, _ = least_of_interval(work, state, later, enough, around=int(seats[place]))
        changed[place] = state.seats
        alike = alike + 1 if state.seats == seats[place] else 0
        if alike == ALIKE:
            break
    return changed


def enough_daily(work: Work, seats: Ints, enough: Enough) -> Passed:
    """Where the fewest seats go to and fro from day to day, a seat more in each interval that has not enough."""
    while True:
        day = passed_daily(work, seats)
        missed = [number for number, measures in enumerate(each(day.measures)) if not enough(measures)]
        if not missed:
            return day
        seats = seats.copy()
        seats[missed] += 1


def each(measures: Measures) -> Iterator[Measures]:
    """The measures of each interval."""
    return (Measures(*one) for one in zip(*measures, strict=True))


# --- at a moment -----------------------------------------------------------------------------------------------------

def least_at_moments(work: Work, moments: npt.ArrayLike, delayed: float, start: State | None = None) -> Passed:
    """At each moment the fewest seats with which a call that comes then waits with no more than this chance; they stay
    open until the next moment. ``all_busy`` and ``delayed`` are that chance at the moment; states are those at which
    seats were chosen.

    :param moments: [I + 1] in order; no seats are chosen for the last.
    """
    times = np.asarray(moments, float)
    state, states, chances = start or State(), list[State](), list[float]()
    for begin, end in pairwise(times):
        seats, chance = seats_at(state, delayed)
        calls = with_seats(state.calls, state.seats, seats, work.closing)
        states.append(State(calls, seats))
        chances.append(chance)
        calls, _ = pass_time(calls, work.line(seats), work.rate, float(begin), float(end))
        state = State(calls, seats)
    nothing, found = np.full(len(chances), np.nan), np.array(chances)
    return Passed(np.array([one.seats for one in states]),
                  Measures(nothing, found, found, nothing, nothing, nothing, nothing), [*states, state])


def seats_at(state: State, delayed: float) -> tuple[int, float]:
    """The fewest seats that are all at work with no more than this chance at a moment, and that chance."""
    none_idle = np.append(np.cumsum(state.calls.in_line(state.seats)[::-1])[::-1], 0.0)  # [s] with s seats
    seats = int(np.argmax(none_idle <= delayed))
    return seats, float(none_idle[seats])
