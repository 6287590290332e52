"""Seats that each city needs, interval by interval.

Each interval is taken alone and in its steady state, as staffing tables do: callers who still wait when it ends are
forgotten by the next. That is fair while calls and waits are short against the interval; in a surge they are not,
which is why a plan is replayed before anyone believes it.
"""
from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.queueing.erlang import Floats, Measures, check, erlang_a, erlang_c

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

STEPS = 2048  # 11 binary digits


def seats_needed(calls: npt.ArrayLike, handle_s: float, interval_s: float, share: float = 0.80, within_s: float = 15.0,
                 patience_s: float | None = None, answered: float = 0.0) -> Ints:
    """The fewest seats that answer enough of the calls soon enough, for every interval of an array of any shape.

    ``calls`` are the dials expected in an interval of ``interval_s`` seconds; each is ``handle_s`` seconds of work for
    a seat. Two targets must hold, both shares of all dials: at least ``share`` answered after at most ``within_s``
    seconds (infinity: at any time), and at least ``answered`` answered at all. With ``patience_s``, those who wait
    hang up after a time of this mean (Erlang A). Without, nobody hangs up, and seats must be more than the load
    (Erlang C).

    No calls need no seats. Equal numbers of calls are solved once, after rounding up to 11 binary digits: whole
    numbers up to 2,048 stay as they are, others grow by less than 0.1 %, so the answer never has too few seats.
    ValueError for calls below 0, times not above 0, and shares not from 0 to below 1.
    """
    expected = check("calls", calls, lambda x: (x >= 0) & (x < np.inf), "at least 0 and finite")
    interval = check("interval_s", interval_s, lambda s: (s > 0) & (s < np.inf), "above 0 and finite")
    goal, floor = target("share", share), target("answered", answered)
    distinct, which = np.unique(rounded_up(expected), return_inverse=True)
    rate = distinct / interval

    def line(seats: Ints) -> Measures[Floats]:
        return erlang_c(rate, handle_s, seats) if patience_s is None else erlang_a(rate, handle_s, seats, patience_s)

    def enough(seats: Ints) -> Bools:
        measures = line(seats)
        return (measures.answered_within(within_s) >= goal) & (measures.answered >= floor)

    load = rate * handle_s
    hopeless = load if patience_s is None else max(goal, floor) * load - 1  # seats / load bounds what is answered
    seats = fewest(enough, np.floor(hopeless).astype(np.int64), np.ceil(1 + np.sqrt(load)).astype(np.int64))
    return np.where(distinct > 0, seats, 0)[which].reshape(expected.shape)


def fewest(enough: Callable[[Ints], Bools], too_few: Ints, stride: Ints) -> Ints:
    """The least numbers above ``too_few`` that are enough, where more is never worse.

    Growing strides, then bisection, for the whole array at once.
    """
    low, high = too_few, too_few + stride
    while not (good := enough(high)).all():
        low, high = np.where(good, low, high), np.where(good, high, high + 2 * (high - low))
    while (high - low > 1).any():
        middle = (low + high + 1) // 2
        good = enough(middle)
        low, high = np.where(good, low, middle), np.where(good, middle, high)
    return high


def rounded_up(numbers: Floats) -> Floats:
    """The next number with no more than 11 binary digits."""
    fraction, exponent = np.frexp(numbers)
    rounded: Floats = np.ldexp(np.ceil(fraction * STEPS) / STEPS, exponent)
    return rounded


def target(name: str, value: float) -> float:
    """A share to be reached; 1 is out of reach, as no number of seats makes an answer certain."""
    return float(check(name, value, lambda x: (x >= 0) & (x < 1), "at least 0 and below 1"))
