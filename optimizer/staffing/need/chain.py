"""The chances of calls in a line whose arrivals and seats change with time, and how they move.

M_t/M/s_t and M_t/M/s_t+M: calls arrive at random at a rate that is a function of time, work and patience are
exponential, seats are constant between two changes. Only the band of states that have a chance worth mentioning is
kept; it follows the mass, so that neither 2,000 seats nor a queue of 100,000 make the work grow without need.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import special

from optimizer.staffing.need.kolmogorov import AT, SEEN, STAGES, implicit_step
from sim.core.arrays import Floats, Ints

Rate = Callable[[float], float]
Closing = Literal["finishes", "gives back"]
"""What a seat that closes does with the call that it is at: it finishes it first, and takes no other; or it gives it
back, and the call is the first in the queue."""

STEP_ERROR = 1e-7    # of the chances, added up, in one step
EDGE, TAIL = 1e-10, 1e-13  # chance at the edge of the band that asks for more room, and what is cut off
FIRST_STEP = 1 / 32  # of the time to pass
NO_OVERTIME = np.zeros((0, 0))


@dataclass(frozen=True)
class Line:
    """What does not change between two changes of the seats. Rates are per unit of time, whatever the unit is."""

    seats: int
    service: float    # 1 / mean service
    quitting: float   # 1 / mean patience; 0: for ever
    limit: float      # the time within which an answer is in time

    def in_time(self, most: int) -> Floats:
        """[most] the chance that a caller behind 0, 1, ... others who wait is answered within the limit.

        The wait of one who stays is a sum of exponentials, as in ``sim.queueing.erlang``; seats that open or close
        before the answer are left out of account.
        """
        ahead, serves = np.arange(float(most)), self.seats * self.service
        if serves == 0 or self.limit == 0:
            return np.zeros(most)
        hear = serves / (serves + (ahead + 1) * self.quitting)
        if self.limit == math.inf:
            return np.asarray(hear)
        if self.quitting <= serves * np.finfo(np.float64).eps:
            return np.asarray(special.gammainc(ahead + 1, serves * self.limit))
        gone = -math.expm1(-self.quitting * self.limit)
        return np.asarray(hear * special.betainc(ahead + 1, serves / self.quitting + 1, gone))


class Calls(NamedTuple):
    """Chances of the calls in the line at a moment: they add up to 1."""

    low: int          # calls in the first state of ``chances``
    chances: Floats   # [n] of low, low + 1, ... calls, where no closed seat is still at work
    overtime: Floats = NO_OVERTIME  # [e, q] chance that e + 1 closed seats finish their calls while q callers wait

    @classmethod
    def none(cls) -> Calls:
        """Nobody there."""
        return cls(0, np.ones(1))

    @property
    def number(self) -> Ints:
        """[n] calls in each state of ``chances``."""
        return np.arange(self.low, self.low + len(self.chances))

    def in_line(self, seats: int) -> Floats:
        """[m] the chance of 0, 1, ... calls in the line in all, those on closed seats among them, with so many seats
        open."""
        e, q = np.indices(self.overtime.shape)
        number = np.concatenate([self.number, (seats + e + 1 + q).ravel()])
        return np.bincount(number, np.concatenate([self.chances, self.overtime.ravel()]))


class Seen(NamedTuple):
    """What is added up over time: each is an integral over the time that passed."""

    arrivals: float  # calls
    full: float      # time in which no seat is idle
    delayed: float   # calls that find no idle seat
    in_time: float   # calls that are answered within the limit
    busy: float      # seats at work, times time
    waiting: float   # callers, times time


# --- in time ---------------------------------------------------------------------------------------------------------

def pass_time(calls: Calls, line: Line, rate: Rate, start: float, end: float) -> tuple[Calls, Seen]:
    """The chances at ``end``, and what was seen since ``start``; seats do not change meanwhile."""
    now, step, total = start, (end - start) * FIRST_STEP, np.zeros(SEEN)
    in_time = InTime(line)
    while now < end:
        step = end - now if now + 1.001 * step >= end else step
        rates = np.array([rate(now + at * step) for at in AT])
        after, seen, error = roomy_step(calls, line, in_time, rates, step)
        growth = 0.9 * (STEP_ERROR / max(error, 1e-300)) ** 0.25
        if error > STEP_ERROR and step > (end - start) * 1e-9:
            step *= max(0.2, growth)
            continue
        calls, now, total = after, now + step, total + seen
        step *= min(4.0, growth)
    return calls, Seen(*map(float, total))


class InTime:
    """A line's chances of an answer in time, as many as are asked for."""

    def __init__(self, line: Line) -> None:
        self.line, self.known = line, np.zeros(0)

    def first(self, most: int) -> Floats:
        """Of at least the first so many."""
        if len(self.known) < most:
            self.known = self.line.in_time(2 * most)
        return self.known


def roomy_step(calls: Calls, line: Line, in_time: InTime, rates: Floats, step: float) -> tuple[Calls, Floats, float]:
    """A step in a band with room enough on both sides."""
    more = 16 + len(calls.chances) // 8
    while True:
        after, seen, error = one_step(widened(calls, more, line.seats), line, in_time, rates, step)
        if error > STEP_ERROR or fits(after):
            return trimmed(after), seen, error
        more *= 2


def one_step(wide: Calls, line: Line, in_time: InTime, rates: Floats, step: float) -> tuple[Calls, Floats, float]:
    """The chances after a step, the integrals over it, and the error estimate. ``wide`` is used up."""
    low, p, over = wide
    seen = np.zeros(SEEN)
    waits = in_time.first(max(low + len(p) - line.seats, sum(over.shape)) + 1)
    error = implicit_step(
        p, over, low, line.seats, line.service, line.quitting, rates, step, waits, np.empty((STAGES, len(p))),
        np.empty((STAGES, *over.shape)), np.empty_like(p), np.empty_like(over), np.empty(max(len(p), *over.shape)),
        seen)
    return wide, seen, float(error)


# --- the band --------------------------------------------------------------------------------------------------------

def widened(calls: Calls, more: int, seats: int) -> Calls:
    """A copy with more states on both sides, and as many as those in overtime may come to."""
    low, high = max(calls.low - more, 0), calls.low + len(calls.chances) + more
    overtime = np.zeros((0, 0))
    if calls.overtime.size:
        overtime = np.pad(calls.overtime, ((0, 0), (0, more)))
        low, high = min(low, seats), max(high, seats + overtime.shape[1])
    chances = np.zeros(high - low)
    chances[calls.low - low:calls.low - low + len(calls.chances)] = calls.chances
    return Calls(low, chances, overtime)


def fits(calls: Calls) -> bool:
    """Whether next to nothing stands at the edges of the band."""
    p, low = calls.chances, calls.low
    edges = abs(p[-1]) + (abs(p[0]) if low > 0 else 0.0)
    return bool(edges < EDGE and (not calls.overtime.size or np.abs(calls.overtime[:, -1]).sum() < EDGE))


def trimmed(calls: Calls) -> Calls:
    """Without the states on both sides whose chances are next to nothing together."""
    first, last = kept(calls.chances)
    overtime = calls.overtime
    if overtime.size:
        sizes = np.abs(overtime)
        rows, columns = kept(sizes.sum(axis=1))[1], kept(sizes.sum(axis=0))[1]
        overtime = overtime[:rows, :columns] if sizes.sum() > TAIL else NO_OVERTIME
    return Calls(calls.low + first, calls.chances[first:last], overtime)


def kept(chances: Floats) -> tuple[int, int]:
    """From where to where chances are worth mentioning; one state at the least."""
    sizes = np.abs(chances)
    first = min(int(np.searchsorted(np.cumsum(sizes), TAIL)), len(sizes) - 1)
    last = len(sizes) - int(np.searchsorted(np.cumsum(sizes[::-1]), TAIL))
    return first, max(last, first + 1)


# --- a change of the seats -------------------------------------------------------------------------------------------

def with_seats(calls: Calls, before: int, after: int, closing: Closing) -> Calls:
    """The chances as the seats change; idle ones close first.

    Where a closing seat gives its call back, the same calls are in the line, and no seat works overtime.
    """
    if closing == "gives back" or (after >= before and not calls.overtime.size):
        return calls
    states = [(np.minimum(calls.number, before), np.maximum(calls.number - before, 0), calls.chances)]
    if calls.overtime.size:
        e, q = np.indices(calls.overtime.shape)
        states.append(((before + 1 + e).ravel(), q.ravel(), calls.overtime.ravel()))
    at_work, waiting, chances = (np.concatenate(parts) for parts in zip(*states, strict=True))
    over = at_work > after
    free = moved((at_work + waiting)[~over], chances[~over]) if (~over).any() else Calls(after, np.zeros(1))
    if not over.any():
        return free
    overtime = np.zeros((int((at_work - after)[over].max()), int(waiting[over].max()) + 1))
    np.add.at(overtime, ((at_work - after)[over] - 1, waiting[over]), chances[over])
    return trimmed(free._replace(overtime=overtime))


def moved(number: Ints, chances: Floats) -> Calls:
    """Chances by the calls in the line."""
    low = int(number.min())
    return Calls(low, np.bincount(number - low, chances))
