"""A hotline that own seats and guests answer together, in the long run.

Calls come at random (Poisson), work and patience are exponential. Own seats are taken first, then guests, the fastest
first, and when a seat frees, calls move to faster seats: so the calls in the hall are a chain of births and deaths.
"""
from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.erlang import TINY, Floats, amount, chance, check, count

FALL = 45.0  # a state that is exp(-45) as likely as the likeliest adds nothing more
MOST_CELLS = 1 << 24  # numbers in one pass
HALVINGS = 60


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


def answered(hotline: Hotline, own: npt.ArrayLike, guests: npt.ArrayLike = (), speeds: npt.ArrayLike = ()) -> Floats:
    """Share of the callers who are answered, in the end where they dial again: see ``long_run``."""
    return long_run(hotline, own, guests, speeds).answered


def long_run(hotline: Hotline, own: npt.ArrayLike, guests: npt.ArrayLike = (), speeds: npt.ArrayLike = ()) -> LongRun:
    """What becomes of callers and dials.

    :param own: [...] own seats.
    :param guests: [..., E] seats lent by guests of each speed.
    :param speeds: [E] calls that a guest ends while an own seat ends one.

    Redials come as fresh Poisson calls, as in ``erlang.with_redial``. Relative error below 1e-10.
    """
    speeds = check("speeds", speeds, lambda e: (e >= 0) & (e < np.inf), "at least 0 and finite").reshape(-1)
    order = np.argsort(-speeds, kind="stable")
    guests = count("guests", guests)
    if np.shape(guests)[-1:] != (len(speeds),):
        raise ValueError(f"guests must be of {len(speeds)} speeds, got {np.shape(guests)[-1:]}")
    guests = guests[..., order]
    own, _ = np.broadcast_arrays(count("own", own), guests.sum(axis=-1))
    guests = np.broadcast_to(guests, (*own.shape, len(speeds)))
    halls = own.reshape(-1), guests.reshape(own.size, len(speeds))
    depth = deepest(hotline, float((own + guests.sum(axis=-1)).max(initial=0)))
    step = max(1, MOST_CELLS // (depth + 1))
    parts = [in_the_end(hotline, service(hotline, halls[0][at:at + step], halls[1][at:at + step], speeds[order], depth))
             for at in range(0, own.size, step)]
    columns = (np.concatenate([part[k] for part in parts] or [np.ones(0)]).reshape(own.shape) for k in range(4))
    return LongRun(*columns)


def dials_most(hotline: Hotline) -> float:
    """More dials a second than there are can never be."""
    if hotline.callers_per_s == 0:
        return 0.0
    return hotline.callers_per_s / (1 - max(hotline.after_busy, hotline.after_abandon))


def deepest(hotline: Hotline, seats: float) -> int:
    """Calls in the hall beyond which nothing matters."""
    if hotline.lines is not None:
        return hotline.lines
    waiting = dials_most(hotline) * hotline.patience_s
    return math.ceil(seats + waiting + FALL + math.sqrt(FALL**2 + 2 * FALL * waiting))


def service(hotline: Hotline, own: Floats, guests: Floats, speeds: Floats, depth: int) -> tuple[Floats, Floats]:
    """[halls, 1 .. depth] rates at which calls are answered to the end and callers hang up, by calls in the hall."""
    calls = np.arange(1, depth + 1)
    beyond = np.maximum(calls - own[:, None], 0)
    busy = np.minimum(calls, own[:, None]).astype(float)
    for e, speed in enumerate(speeds):
        taken = np.minimum(beyond, guests[:, e, None])
        busy += speed * taken
        beyond = beyond - taken
    return busy / hotline.handle_s, beyond / hotline.patience_s


def in_the_end(hotline: Hotline, rates: tuple[Floats, Floats]) -> tuple[Floats, Floats, Floats, Floats]:
    """[halls] the columns of ``LongRun``, dials being those that make themselves."""
    callers = hotline.callers_per_s
    dials = np.full(len(rates[0]), callers)
    if callers == 0:
        return np.ones(len(dials)), dials, np.zeros(len(dials)), np.zeros(len(dials))
    if max(hotline.after_busy, hotline.after_abandon):
        dials = dials_that_make_themselves(hotline, rates, dials)
    share, blocked, abandoned = of_dials(hotline, rates, dials)
    return np.minimum(share * dials / callers, 1.0), dials, blocked, abandoned


def dials_that_make_themselves(hotline: Hotline, rates: tuple[Floats, Floats], low: Floats) -> Floats:
    """[halls] a second: those of which as many are fresh as there are callers, by halving."""
    high = np.full(len(low), dials_most(hotline))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        _, blocked, abandoned = of_dials(hotline, rates, middle)
        fresh = middle * (1 - hotline.after_busy * blocked - hotline.after_abandon * abandoned)
        few = fresh < hotline.callers_per_s
        low, high = np.where(few, middle, low), np.where(few, high, middle)
    return high


def of_dials(hotline: Hotline, rates: tuple[Floats, Floats], dials_per_s: Floats) -> tuple[Floats, Floats, Floats]:
    """[halls] shares of the dials that are answered, blocked and hung up."""
    answers, hang_ups = rates
    steps = np.log(dials_per_s)[:, None] - np.log(np.maximum(answers + hang_ups, TINY))  # guests of no speed: for ever
    logs = np.concatenate([np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)], axis=1)
    states = np.exp(logs - logs.max(axis=1, keepdims=True))
    states /= states.sum(axis=1, keepdims=True)
    blocked = states[:, -1] if hotline.lines is not None else np.zeros(len(states))
    return ((states[:, 1:] * answers).sum(axis=1) / dials_per_s, blocked,
            (states[:, 1:] * hang_ups).sum(axis=1) / dials_per_s)
