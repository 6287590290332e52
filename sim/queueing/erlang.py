"""Steady-state formulas for a call centre: Erlang B, C and A, lines that fill up, and people who dial again.

Calls arrive at random (Poisson), work is exponential with mean ``handle_s``, patience is exponential with mean
``patience_s``, and the longest wait is answered first. Shares are shares of all dials, so busy signals and hang-ups
count against us. Load is in Erlangs: ``dials_per_s * handle_s``. Everything is a logarithm or a sum of positive terms:
10,000 Erlangs on one seat, or next to none on 5,000, neither overflow nor turn negative.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Number = TypeVar("Number", float, Floats)

TINY, HUGE = float(np.finfo(np.float64).tiny), float(np.finfo(np.float64).max)
SMALLEST_LOAD = 1e-200  # of what is less, nobody can tell the difference
MOST_PATIENCE_S = 1e9  # 32 years; above it, rounding hides what sets patience apart from waiting for ever
MOST_DIALS_PER_S = 1e290  # stands for infinity where dials feed on themselves
FALL = 40.0  # a density that fell to exp(-40) of its peak adds nothing more to a sum
ROOTS, ROOT_WEIGHTS = np.polynomial.legendre.leggauss(48)
NODES, WEIGHTS = (1 + ROOTS) / 2, ROOT_WEIGHTS / 2  # Gauss and Legendre's rule from 0 to 1

silently = np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore")


@dataclass(frozen=True)
class Measures(Generic[Number]):
    """How a line does in the long run: numbers, or arrays of the shape to which the arguments broadcast."""

    blocked: Number               # share of dials that meet a busy signal
    abandoned: Number             # share of dials that hang up before the answer
    answered: Number              # share of dials that a person answers
    waits: Number                 # share of dials that get a line but no idle seat
    mean_wait_answered_s: Number  # of the answered, immediate answers included; 0 where nobody is answered
    mean_wait_joined_s: Number    # of all but the blocked, until the answer or the hang-up
    occupancy: Number             # busy seats / seats; 0 without seats
    mean_queue: Number            # callers waiting
    within: Callable[[float], Number] = field(repr=False, compare=False)

    def answered_within(self, wait_s: float) -> Number:
        """Share of all dials that a person answers after at most ``wait_s`` seconds; infinity means at all."""
        if not wait_s >= 0:
            raise ValueError(f"wait_s must be at least 0, got {wait_s}")
        return self.answered if wait_s == math.inf else self.within(wait_s)


@dataclass(frozen=True)
class Redialled:
    """What becomes of people, where a dial that fails may be followed by another."""

    dials_per_s: float         # fresh dials and redials; inf where they never end
    dials_per_caller: float
    callers_answered: float    # share of callers who are answered in the end
    measures: Measures[float]  # of a dial


def erlang_b(load: npt.ArrayLike, seats: npt.ArrayLike) -> Floats:
    """Share of calls that find all seats busy where nobody can wait (Erlang 1917), for any law of the work.

    ``load`` in Erlangs, at least 0; ``seats`` whole numbers, at least 0 (anything else: ValueError). Arrays broadcast.
    Relative error below 1e-11.
    """
    load, seats = np.broadcast_arrays(amount("load", load), count("seats", seats))
    return np.where((load == 0) & (seats > 0), 0.0, np.exp(-log_inverse_b(load, seats)))[()]


@silently
def erlang_c(dials_per_s: npt.ArrayLike, handle_s: npt.ArrayLike, seats: npt.ArrayLike) -> Measures[Floats]:
    """A line without end, where all wait until they are answered (M/M/n, Erlang 1917). Arrays broadcast.

    Where the load reaches the seats it is never stable: in the end all wait (1.0), for ever (inf), nobody is answered
    within any time, and ``answered`` is what the seats can do. ValueError for rates below 0, times not above 0, and
    seats that are no whole number.
    """
    rate, handle, seats = offered(dials_per_s, handle_s, seats)
    load = rate * handle
    stable = load < seats
    spare_per_s = np.where(stable, (seats - load) / handle, 0.0)
    waits = np.where(stable, special.expit(-log_idle(load, seats) - np.log1p(-load / seats)), 1.0)[()]
    wait_s = np.where(stable, waits / spare_per_s, np.inf)[()]
    answered = np.where(stable, 1.0, seats / np.maximum(load, TINY))[()]
    return Measures(
        blocked=0.0 * load, abandoned=0.0 * load, answered=answered, waits=waits, mean_wait_answered_s=wait_s,
        mean_wait_joined_s=wait_s, occupancy=occupied(load * answered, seats),
        mean_queue=np.where(rate > 0, rate * wait_s, 0.0)[()], within=partial(endless_within, waits, spare_per_s))


@silently
def erlang_a(dials_per_s: npt.ArrayLike, handle_s: npt.ArrayLike, seats: npt.ArrayLike,
             patience_s: npt.ArrayLike) -> Measures[Floats]:
    """A line without end, where those who wait lose patience (M/M/n+M: Palm 1957; Garnett, Mandelbaum, Reiman 2002).

    Stable under any load. Arrays broadcast. Relative error below 1e-9. ValueError for rates below 0, times not above
    0, patience above 1e9 s (take ``erlang_c``), and seats that are no whole number.
    """
    rate, handle, seats, patience = np.broadcast_arrays(*offered(dials_per_s, handle_s, seats), patient(patience_s))
    dials, serves = rate * patience, seats * patience / handle
    log_part, wait, loss = answered_wait(dials, serves, np.inf)
    log_mass = log_part + log_peak(dials, serves)
    idle = log_idle(rate * handle, seats) - np.logaddexp(0.0, np.log(dials) + log_mass)
    at_once, waits = special.expit(idle), special.expit(-idle)
    each = waits / (dials + np.exp(-log_mass))  # answered after a wait, per call that the seats end in a patience
    abandoned, later = np.minimum(each * (1 + dials * loss), 1.0), each * serves
    answered = np.minimum(at_once + later, 1.0)
    return Measures(
        blocked=0.0 * dials, abandoned=abandoned, answered=answered, waits=waits,
        mean_wait_answered_s=later * wait * patience / np.maximum(answered, TINY),
        mean_wait_joined_s=abandoned * patience, occupancy=occupied(rate * handle * answered, seats),
        mean_queue=dials * abandoned, within=partial(patient_within, at_once, later, log_part, dials, serves, patience))


@silently
def finite_line(dials_per_s: float, handle_s: float, seats: int, lines: int,
                patience_s: float = math.inf) -> Measures[float]:
    """A hotline whose callers meet a busy signal when all lines are taken (M/M/n/K; with patience M/M/n/K+M).

    A line (there is at least 1) is held while waiting and talking. From the chain of calls in the system; relative
    error below 1e-9 up to 100,000 lines (``python tests/proofs/formulas.py`` found 8e-12 at the most; beyond, it grows
    like the square root of the lines), work in proportion to the lines. ValueError as for ``erlang_a``; patience may
    be infinite.
    """
    rate, handle, open_seats = offered(dials_per_s, handle_s, seats)
    quits = 1 / float(check("patience_s", patience_s, lambda s: s > 0, "above 0"))
    calls = np.arange(1, int(count("lines", lines, 1)) + 1)
    ends = np.minimum(calls, open_seats) / handle + np.maximum(calls - open_seats, 0) * quits
    log_states = from_the_peak(np.log(np.minimum(rate / np.maximum(ends, TINY), HUGE)))
    return chain_measures(shares(log_states), shares(log_states[:-1]), ends, int(seats), float(seats / handle), quits)


def chain_measures(states: Floats, found: Floats, ends: Floats, seats: int, serves: float, quits: float,
                   ) -> Measures[float]:
    """Measures of a chain: ``states[j]`` is the share of time with j calls, ``found[j]`` the share of those who get
    a line that find j calls before them, ``ends[j]`` the rate at which j + 1 calls become j."""
    joined, at_once, waiting, ends = states[:-1].sum(), found[:seats].sum(), found[seats:], ends[seats:]
    place, calls = np.arange(1, len(waiting) + 1), np.arange(len(states))
    hear = waiting * serves / np.maximum(ends, TINY)
    leave = waiting * place * quits / np.maximum(ends, TINY)
    answered = at_once + hear.sum()
    return Measures(
        blocked=float(states[-1]), abandoned=float(joined * leave.sum()), answered=float(joined * answered),
        waits=float(joined * waiting.sum()),
        mean_wait_answered_s=weighted(hear, running_sum(1 / ends)) / max(float(answered), TINY),
        mean_wait_joined_s=weighted(waiting, place / ends),
        occupancy=weighted(states, np.minimum(calls, seats)) / max(seats, 1),
        mean_queue=weighted(states, np.maximum(calls - seats, 0)),
        within=partial(line_within, float(joined * at_once), joined * hear, serves, quits))


def with_redial(callers_per_s: float, handle_s: float, seats: int, lines: int, patience_s: float = math.inf, *,
                after_busy: float = 0.0, after_abandon: float = 0.0, most_dials: int | None = None) -> Redialled:
    """A finite line whose callers dial again with one chance after a busy signal and another after a hang-up.

    An approximation: redials come as fresh Poisson calls, as if long after. The dial rate is the one that makes
    itself, dials = callers + after_busy * blocked + after_abandon * abandoned, where nobody dials more than
    ``most_dials`` times (None: no limit); bisection finds it to the last digit.

    It is exact where delays are endless. Real redials come back into the jam that sent them away, so it has too few
    dials and too many callers answered, the more so the shorter the delay, the fewer the seats and the more stubborn
    the callers; as delays go to 0, nothing bounds the dials that it misses. Against exact chains (``python
    tests/proofs/formulas.py``: loads of half to three times the seats, lines for as many to wait or for none, patience
    of half a handling time or two), where up to 95 % dial again, dials and callers answered are off by at most

    ========================  ==============  =============  =============  =============
    delay, in handling times  1 seat          5 seats        10 seats       20 seats
    ========================  ==============  =============  =============  =============
    a tenth                   -58 %, +23 %    -43 %, +9 %    -35 %, +6 %    -31 %, +4 %
    a half                    -38 %, +10 %    -30 %, +4 %    -21 %, +3 %    -16 %, +2 %
    3                         -14 %, +3 %     -12 %, +2 %    -8 %, +1 %     -5 %, +1 %
    10                        -6 %, +1 %      -5 %, +1 %     -3 %, +1 %     -2 %, +1 %
    ========================  ==============  =============  =============  =============

    and where half do by -6 %, +13 % with 1 seat and a delay of a tenth, by -2 %, +3 % with 5 seats and a half. Of
    callers who never give up (stable only below the seats) it misses up to 73 % of the dials with 1 seat and a delay
    of half a handling time, 42 % with 5 seats, 26 % with 10.

    Where callers never give up and are more than the seats can answer, dials are infinite. ValueError as for
    ``finite_line``, for chances outside 0 to 1, and for a limit below 1.
    """
    callers = float(amount("callers_per_s", callers_per_s))
    stop_busy, stop_abandon = 1 - chance("after_busy", after_busy), 1 - chance("after_abandon", after_abandon)
    limit = math.inf if most_dials is None else float(count("most_dials", most_dials, 1))

    def line(dials: float) -> Measures[float]:
        return finite_line(dials, handle_s, seats, lines, patience_s)

    def dials_a_caller(dial: Measures[float]) -> float:
        return mean_dials(dial.answered + stop_busy * dial.blocked + stop_abandon * dial.abandoned, limit)

    dials = rising_root(lambda rate: rate / dials_a_caller(line(rate)), callers, MOST_DIALS_PER_S)
    measures = line(dials)
    each = dials / callers if callers else dials_a_caller(measures)
    answered = min(each * measures.answered, 1.0)
    if dials == MOST_DIALS_PER_S:
        return Redialled(math.inf, math.inf, answered, measures)
    return Redialled(dials, each, answered, measures)


def mean_dials(last: float, limit: float) -> float:
    """Mean dials of somebody each of whose dials is the last with this chance, up to a limit."""
    if last >= 1:
        return 1.0
    if last <= 0:
        return limit
    return -math.expm1(limit * math.log1p(-last)) / last


def rising_root(rising: Callable[[float], float], target: float, most: float) -> float:
    """Where a function that is nowhere above its argument rises to a target; ``most`` where it never does."""
    low = high = target
    while rising(high) < target:
        if high == most:
            return most
        low, high = high, min(16 * high, most)
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return high


def endless_within(waits: Floats, spare_per_s: Floats, wait_s: float) -> Floats:
    """Share answered within a time where all wait: the wait is exponential, for ever at a rate of 0."""
    return -np.expm1(-spare_per_s * wait_s) + (1 - waits) * np.exp(-spare_per_s * wait_s)


@silently
def patient_within(at_once: Floats, later: Floats, log_all: Floats, dials: Floats, serves: Floats, patience: Floats,
                   wait_s: float) -> Floats:
    """Share answered within a time where those who wait lose patience."""
    log_part, _, _ = answered_wait(dials, serves, wait_s / patience)
    return at_once + later * np.exp(np.minimum(log_part - log_all, 0.0))


def line_within(at_once: float, hear: Floats, serves: float, quits: float, wait_s: float) -> float:
    """Share answered within a time, where ``hear[k]`` wait behind k others until they are answered.

    The wait is a sum of exponentials with the rates serves, serves + quits, ..., serves + k * quits, so that
    exp(-quits * wait) is a beta variable, whose first parameter goes up by one for the answered. Where nobody quits,
    the wait is a gamma variable.
    """
    places = np.arange(1.0, len(hear) + 1)
    if quits <= serves * np.finfo(np.float64).eps:
        return at_once + float(hear @ special.gammainc(places, serves * wait_s))
    return at_once + float(hear @ special.betainc(places, serves / quits + 1, -math.expm1(-quits * wait_s)))


def answered_wait(dials: Floats, serves: Floats, until: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """The wait of those who wait and are answered, in units of the mean patience (Zeltyn and Mandelbaum 2005).

    Its density at w is in proportion to exp(dials * (1 - exp(-w)) - (serves + 1) * w), where ``dials`` come and
    ``serves`` can be answered in a mean patience. Returns the logarithm of its integral up to ``until``, the highest
    density being 1, and the means of w and of 1 - exp(-w) under it.
    """
    dials, ends, until = dials[..., None], serves[..., None] + 1.0, np.asarray(until)[..., None]
    peak, pull = np.log(np.maximum(dials / ends, 1.0)), np.minimum(dials, ends)
    top = np.minimum(peak, until)
    pull_at_top = pull * np.exp(peak - top)
    steps, weights = lobe(lambda step: ends * step + pull_at_top * np.expm1(-step), top, until - top)
    mass, waits = weights.sum(axis=-1), top + steps
    below_peak = (ends * (top - peak) + pull * np.expm1(peak - top))[..., 0]
    return (np.log(mass) - below_peak, (weights * waits).sum(axis=-1) / mass,
            (weights * -np.expm1(-waits)).sum(axis=-1) / mass)


def log_peak(dials: Floats, serves: Floats) -> Floats:
    """Logarithm of the highest density of ``answered_wait``, that of no wait being 1."""
    peak = np.log(np.maximum(dials / (serves + 1.0), 1.0))
    return -dials * np.expm1(-peak) - (serves + 1.0) * peak


@silently
def log_idle(load: Floats, seats: Floats) -> Floats:
    """Logarithm of the time with a seat idle, for one unit of time with all seats busy and nobody waiting."""
    load = np.maximum(load, SMALLEST_LOAD)
    return np.log(seats) - np.log(load) + log_inverse_b(load, np.maximum(seats - 1, 0.0))


@silently
def log_inverse_b(load: Floats, seats: Floats) -> Floats:
    """Logarithm of 1 / B, which is the integral over w > 0 of load * (1 + w) ** seats * exp(-load * w)."""
    load, seats = np.maximum(load, SMALLEST_LOAD)[..., None], seats[..., None]
    peak = np.maximum(seats / load - 1, 0.0)
    _, weights = lobe(lambda step: load * step - seats * np.log1p(step / (1 + peak)), peak, np.full_like(peak, np.inf))
    logs: Floats = seats * np.log1p(peak) - load * peak + np.log(load * weights.sum(axis=-1, keepdims=True))
    return logs[..., 0]


def lobe(drop: Callable[[Floats], Floats], left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Steps from the peak of exp(-drop), as far as it matters, and weights whose sums are integrals under it.

    ``drop`` is convex and, from -left to right, nowhere below 0, its value at step 0. Takes [..., 1], gives [..., 96].
    """
    return spread(drop, reach(lambda step: drop(-step), left), reach(drop, right))


def spread(drop: Callable[[Floats], Floats], left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Likewise, from -left to right."""
    steps = np.concatenate([-left * NODES, right * NODES], axis=-1)
    return steps, np.concatenate([left * WEIGHTS, right * WEIGHTS], axis=-1) * np.exp(-drop(steps))


def reach(drop: Callable[[Floats], Floats], most: Floats) -> Floats:
    """How far to go until ``drop`` passes FALL, at most ``most``: bisection on the exponent of 2."""
    near, far = np.full_like(most, -1000.0), np.full_like(most, 1000.0)
    for _ in range(16):
        middle = (near + far) / 2
        passed = drop(np.minimum(np.exp2(middle), most)) > FALL
        near, far = np.where(passed, near, middle), np.where(passed, middle, far)
    steps: Floats = np.minimum(np.exp2(far), most)
    return steps


def from_the_peak(steps: Floats) -> Floats:
    """Sums of steps that fall, from where they would begin to sink: what is small beside the rest costs no digits."""
    rise = np.count_nonzero(steps > 0)
    return np.concatenate([-running_sum(steps[:rise][::-1])[::-1], [0.0], running_sum(steps[rise:])])


def running_sum(values: Floats) -> Floats:
    """Sums of the first, the first two, ...: by rows, so that roundings add up over the square root of their number."""
    width = math.isqrt(len(values)) + 1
    rows = np.cumsum(np.append(values, np.zeros(-len(values) % width)).reshape(-1, width), axis=1)
    rows[1:] += np.cumsum(rows[:-1, -1])[:, None]
    return rows.reshape(-1)[:len(values)]


def shares(logs: Floats) -> Floats:
    """What sums to 1, from logarithms up to a constant."""
    sizes: Floats = np.exp(logs - logs.max())
    sizes /= sizes.sum()
    return sizes


def weighted(weights: Floats, values: npt.NDArray[np.number]) -> float:
    """Sum of the values by weight; what has no weight may be infinite."""
    return float(np.sum(weights * values, where=weights > 0))


def occupied(busy: Floats, seats: Floats) -> Floats:
    """Busy seats / seats, 0 without seats."""
    share: Floats = np.minimum(busy / np.maximum(seats, 1), 1.0)
    return share


def offered(dials_per_s: npt.ArrayLike, handle_s: npt.ArrayLike, seats: npt.ArrayLike) -> tuple[Floats, ...]:
    """The arguments that all lines have in common, checked and of one shape."""
    handle = check("handle_s", handle_s, lambda s: (s > 0) & (s < np.inf), "above 0 and finite")
    return np.broadcast_arrays(amount("dials_per_s", dials_per_s), handle, count("seats", seats))


def amount(name: str, value: npt.ArrayLike) -> Floats:
    """A rate or a load."""
    return check(name, value, lambda x: (x >= 0) & (x < np.inf), "at least 0 and finite")


def patient(value: npt.ArrayLike) -> Floats:
    """A mean patience."""
    return check("patience_s", value, lambda s: (s > 0) & (s <= MOST_PATIENCE_S), "above 0 and at most 1e9")


def count(name: str, value: npt.ArrayLike, least: int = 0) -> Floats:
    """A whole number of things."""
    return check(name, value, lambda x: (x >= least) & (x < np.inf) & (x == np.floor(x)),
                 f"a whole number, at least {least}")


def chance(name: str, value: float) -> float:
    """A probability."""
    return float(check(name, value, lambda x: (x >= 0) & (x <= 1), "from 0 to 1"))


def check(name: str, value: npt.ArrayLike, rule: Callable[[Floats], Bools], says: str) -> Floats:
    """Numbers that keep a rule, or a ValueError that shows the first that doesn't."""
    numbers = np.asarray(value, dtype=np.float64)
    fine = rule(numbers)
    if not fine.all():
        raise ValueError(f"{name} must be {says}, got {numbers[~fine].flat[0]:g}")
    return numbers
