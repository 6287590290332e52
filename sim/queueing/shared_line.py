"""A hotline that own seats and guests answer together, in the long run.

Calls come at random (Poisson), work and patience are exponential. Own seats are taken first, then guests, the fastest
first, and when a seat frees, calls move to faster seats: so the calls in the hall are a chain of births and deaths.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.queueing.erlang import TINY, Floats, amount, chance, check, count, silently
from sim.queueing.waiting_rooms import room

Ints = npt.NDArray[np.int64]

FALL = 45.0  # a state that is exp(-45) as likely as the likeliest adds nothing more
MOST_CELLS = 1 << 22  # numbers in one pass
MOST_STEPS = 4096     # calls in the hall that are counted one by one; of more only those at the seats
EXACT = 2.0**-46      # of a root
MOST_TRIES = 100      # to come as near to it; a score is usual

Shares = Callable[[Floats], tuple[Floats, Floats, Floats]]
"""From [halls] dials a second to the shares of them that are answered, blocked and hung up."""


@dataclass(frozen=True)
class Hotline:
    """What the seats have to do with: rates a second, times in seconds. ValueError for what makes no sense."""

    callers_per_s: float
    handle_s: float
    patience_s: float
    lines: int | None = None  # calls that may wait or talk at once; None: no limit
    after_busy: float = 0.0   # chance of another dial
    after_abandon: float = 0.0

    def __post_init__(self) -> None:
        amount("callers_per_s", self.callers_per_s)
        check("handle_s", self.handle_s, lambda s: (s > 0) & (s < np.inf), "above 0 and finite")
        check("patience_s", self.patience_s, lambda s: (s > 0) & (s < np.inf), "above 0 and finite")
        chance("after_busy", self.after_busy)
        chance("after_abandon", self.after_abandon)
        if self.lines is not None:
            count("lines", self.lines)
        if self.callers_per_s and max(self.after_busy, self.after_abandon) >= 1:
            raise ValueError("callers who never give up make no end of dials: chances of another dial must be below 1")


@dataclass(frozen=True)
class LongRun:
    """How halls do in the long run: arrays of one shape. Dials are those that make themselves, redials included."""

    answered: Floats     # share of the callers, in the end where they dial again
    dials_per_s: Floats
    blocked: Floats      # share of the dials
    abandoned: Floats    # share of the dials


@dataclass(frozen=True)
class Halls:
    """[halls] that are looked at together."""

    own: Floats
    guests: Floats  # [halls, E] the fastest first
    speeds: Floats  # [E]
    lines: Floats   # infinite without a limit

    @property
    def seats(self) -> Floats:
        return np.asarray(self.own + self.guests.sum(axis=1))

    def of(self, which: Ints) -> Halls:
        """Some of the halls."""
        return Halls(self.own[which], self.guests[which], self.speeds, self.lines[which])


def answered(hotline: Hotline, own: npt.ArrayLike, guests: npt.ArrayLike = (), speeds: npt.ArrayLike = ()) -> Floats:
    """Share of the callers who are answered, in the end where they dial again: see ``long_run``."""
    return long_run(hotline, own, guests, speeds).answered


def long_run(hotline: Hotline, own: npt.ArrayLike, guests: npt.ArrayLike = (), speeds: npt.ArrayLike = (),
             lines: npt.ArrayLike | None = None) -> LongRun:
    """What becomes of callers and dials.

    :param own: [...] own seats.
    :param guests: [..., E] seats lent by guests of each speed.
    :param speeds: [E] calls that a guest ends while an own seat ends one.
    :param lines: [...] instead of the hotline's.

    Redials come as fresh Poisson calls, as in ``erlang.with_redial``, which says how far that is from the truth. Apart
    from it the relative error is below 1e-9; what is less likely than exp(-45) counts as never. Time grows with seats,
    and neither with lines nor with patience.
    """
    speeds = check("speeds", speeds, lambda e: (e >= 0) & (e < np.inf), "at least 0 and finite").reshape(-1)
    order = np.argsort(-speeds, kind="stable")
    guests = count("guests", guests)
    if np.shape(guests)[-1:] != (len(speeds),):
        raise ValueError(f"guests must be of {len(speeds)} speeds, got {np.shape(guests)[-1:]}")
    own, _ = np.broadcast_arrays(count("own", own), guests.sum(axis=-1))
    if lines is None:
        lines = math.inf if hotline.lines is None else hotline.lines
    lines = np.broadcast_to(check("lines", lines, lambda n: (n >= 0) & (n == np.floor(n)), "whole numbers"), own.shape)
    guests = np.broadcast_to(guests, (*own.shape, len(speeds))).reshape(own.size, len(speeds))
    halls = Halls(own.reshape(-1), guests[:, order], speeds[order], lines.reshape(-1))
    columns = np.zeros((4, own.size))
    for which, calls, shares in parts(hotline, halls):
        columns[:, which] = in_the_end(hotline, shares(hotline, halls.of(which), calls), len(which))
    return LongRun(*(column.reshape(own.shape) for column in columns))


def parts(hotline: Hotline, halls: Halls) -> Iterator[tuple[Ints, int, Callable[[Hotline, Halls, int], Shares]]]:
    """Halls that are summed up in one pass, the calls in each of them that are counted, and how."""
    matter = np.minimum(halls.lines, deepest(hotline, halls.seats))
    large = (matter > max(MOST_STEPS, halls.seats.max(initial=0))) & (halls.lines > halls.seats)
    for some, counted, shares in ((~large, matter, one_by_one), (large, halls.seats, room_by_room)):
        calls = int(counted[some].max(initial=0))
        step = max(1, MOST_CELLS // (calls + 1))
        for at in range(0, np.count_nonzero(some), step):
            yield np.flatnonzero(some)[at:at + step], calls, shares


def dials_most(hotline: Hotline) -> float:
    """More dials a second than there are can never be."""
    if hotline.callers_per_s == 0:
        return 0.0
    return hotline.callers_per_s / (1 - max(hotline.after_busy, hotline.after_abandon))


def deepest(hotline: Hotline, seats: Floats) -> Floats:
    """[halls] calls beyond which nothing matters, whatever the lines."""
    waiting = dials_most(hotline) * hotline.patience_s
    return np.asarray(np.ceil(seats + waiting + FALL + math.sqrt(FALL**2 + 2 * FALL * waiting)))


def one_by_one(hotline: Hotline, halls: Halls, most: int) -> Shares:
    """Halls with so many calls at the most, which are counted one by one."""
    calls = np.arange(1, most + 1)
    busy, beyond = at_work(halls, calls)
    answers, hang_ups = busy / hotline.handle_s, beyond / hotline.patience_s
    ends = np.log(np.maximum(answers + hang_ups, TINY))  # guests of no speed: for ever
    ends[calls > halls.lines[:, None]] = np.inf
    limited = halls.lines <= most
    full = np.where(limited, halls.lines, 0).astype(int)[:, None]

    def shares(dials_per_s: Floats) -> tuple[Floats, Floats, Floats]:
        logs = log_states(dials_per_s, ends)
        states = np.exp(logs - logs.max(axis=1, keepdims=True))
        states /= states.sum(axis=1, keepdims=True)
        return ((states[:, 1:] * answers).sum(axis=1) / dials_per_s,
                np.where(limited, np.take_along_axis(states, full, axis=1)[:, 0], 0.0),
                (states[:, 1:] * hang_ups).sum(axis=1) / dials_per_s)
    return shares


def room_by_room(hotline: Hotline, halls: Halls, most: int) -> Shares:
    """Halls with more lines than seats, which are ``most`` at the most: calls at the seats are counted one by one,
    those who wait are summed up as a whole."""
    seats, calls = halls.seats, np.arange(1, most + 1)
    ends = np.log(np.maximum(at_work(halls, calls)[0] / hotline.handle_s, TINY))
    ends[calls > seats[:, None]] = np.inf
    serves = (halls.own + halls.guests @ halls.speeds) * hotline.patience_s / hotline.handle_s
    some_free, all_busy = np.arange(most + 1) < seats[:, None], seats.astype(int)[:, None]

    def shares(dials_per_s: Floats) -> tuple[Floats, Floats, Floats]:
        dials, logs = dials_per_s * hotline.patience_s, log_states(dials_per_s, ends)
        waiting = room(dials, serves, halls.lines - seats)
        logs -= np.take_along_axis(logs, all_busy, axis=1)
        log_free = np.logaddexp.reduce(np.where(some_free, logs, -np.inf), axis=1)
        parts = np.stack([log_free, np.zeros(len(seats)), waiting.log_used])
        parts = np.exp(parts - parts.max(axis=0))
        free, _, used = parts / parts.sum(axis=0)
        return free + used * serves / dials, used * waiting.full, used * waiting.queue / dials
    return shares


def at_work(halls: Halls, calls: Ints) -> tuple[Floats, Floats]:
    """[halls, calls] own seats' work that is done, and calls that wait, with so many calls in the hall."""
    beyond = np.maximum(calls - halls.own[:, None], 0)
    busy = np.minimum(calls, halls.own[:, None]).astype(float)
    for e, speed in enumerate(halls.speeds):
        taken = np.minimum(beyond, halls.guests[:, e, None])
        busy += speed * taken
        beyond = beyond - taken
    return busy, beyond


def log_states(dials_per_s: Floats, ends: Floats) -> Floats:
    """[halls, 0 .. calls] how often so many calls are in the hall, against none, by the logarithms of the rates at
    which one of them ends: a logarithm too."""
    steps = np.log(dials_per_s)[:, None] - ends
    return np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)


def in_the_end(hotline: Hotline, shares: Shares, halls: int) -> tuple[Floats, Floats, Floats, Floats]:
    """[halls] the columns of ``LongRun``, dials being those that make themselves."""
    callers = hotline.callers_per_s
    dials = np.full(halls, callers)
    if callers == 0:
        return np.ones(halls), dials, np.zeros(halls), np.zeros(halls)
    if max(hotline.after_busy, hotline.after_abandon):
        dials = dials_that_make_themselves(hotline, shares, dials)
    answered, blocked, abandoned = shares(dials)
    return np.minimum(answered * dials / callers, 1.0), dials, blocked, abandoned


def dials_that_make_themselves(hotline: Hotline, shares: Shares, callers: Floats) -> Floats:
    """[halls] a second: those of which as many are fresh as there are callers."""
    def too_many(more: Floats) -> Floats:
        _, blocked, abandoned = shares(callers * np.exp(more))
        return more + np.log(1 - hotline.after_busy * blocked - hotline.after_abandon * abandoned)
    most = -math.log1p(-max(hotline.after_busy, hotline.after_abandon))
    return np.asarray(callers * np.exp(root(too_many, np.full(len(callers), most))))


def root(rising: Callable[[Floats], Floats], high: Floats) -> Floats:
    """Where functions that rise from at most 0, at 0, to at least 0 are 0: by parabolas through the last three points
    where these are as smooth as that, and by halving elsewhere (Chandrupatla 1997)."""
    last, other = high.copy(), np.zeros(len(high))
    at_last, at_other = np.maximum(rising(last), 0.0), rising(other)
    before, at_before, part = last, at_last, np.full(len(high), 0.5)
    for _ in range(MOST_TRIES):
        now = last + part * (other - last)
        value = rising(now)
        same = np.sign(value) == np.sign(at_last)
        before, at_before = np.where(same, last, other), np.where(same, at_last, at_other)
        other, at_other = np.where(same, other, last), np.where(same, at_other, at_last)
        last, at_last = now, value
        least = EXACT * high / np.maximum(np.abs(other - last), TINY)
        if ((least > 0.5) | (at_last == 0) | (at_other == 0)).all():
            break
        part = np.clip(parabola(last, other, before, at_last, at_other, at_before), np.minimum(least, 0.5),
                       np.maximum(1 - least, 0.5))
    return np.where(np.abs(at_last) <= np.abs(at_other), last, other)


@silently
def parabola(a: Floats, b: Floats, c: Floats, at_a: Floats, at_b: Floats, at_c: Floats) -> Floats:
    """Which part of the way from a to b the parabola through three points, its axis lying flat, goes to 0; half of it
    where the points are not on such a curve."""
    place, height = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
    part = (at_a / (at_b - at_a) * at_c / (at_b - at_c)
            + (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b))
    smooth = (height**2 < place) & ((1 - height)**2 < 1 - place) & np.isfinite(part)
    return np.where(smooth, part, 0.5)
