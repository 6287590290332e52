"""A waiting room of any size, summed up without counting its places one by one.

Where all seats are busy and k callers wait, calls leave at the rate serves + k (in units of the mean patience, in which
``dials`` come): so k callers wait as often as dials ** k / ((serves + 1) * ... * (serves + k)), against nobody. A room
for a million callers who wait for ever is summed in the time of one for a thousand: its likely places are added up one
by one where they are few; where they are many, so that neighbours hardly differ, they are integrated, with Euler and
Maclaurin's corrections at the ends.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from sim.queueing.erlang import Bools, Floats, reach, silently, spread

NARROW = 1024  # places that are added up one by one
FEW = 32.0     # calls from which on Stirling's series is exact
LOG_ROOT = float(np.log(2 * np.pi) / 2)
EVEN = 0.05    # of two numbers: how much they may differ for a series to be better than logarithms


@dataclass(frozen=True)
class Room:
    """[rooms] of rooms in use."""

    log_used: Floats  # how often somebody waits, against nobody while all seats are busy: a natural logarithm
    queue: Floats     # mean callers waiting, while somebody waits
    full: Floats      # share of that time with every place taken


@silently
def room(dials: Floats, serves: Floats, places: Floats) -> Room:
    """Sums over the places of rooms: [rooms] whole numbers of at least 1, or infinitely many. Relative error below
    1e-10."""
    likeliest = np.clip(dials - serves, 0.0, places)
    hill, more = Hill(dials, serves, likeliest), (places - likeliest)[:, None]
    left, right = reach(lambda step: hill.drop(-step), likeliest[:, None]), reach(hill.drop, more)
    first = np.maximum(np.floor(likeliest - left[:, 0]), 1.0)
    last = np.minimum(np.ceil(likeliest + right[:, 0]), places)
    narrow = last - first < NARROW
    used, queue = np.empty(len(dials)), np.empty(len(dials))
    used[narrow], queue[narrow] = added_up(hill.of(narrow), first[narrow], last[narrow])
    wide = ~narrow
    used[wide], queue[wide] = integrated(hill.of(wide), places[wide], left[wide], right[wide])
    empty, full = (hill.drop(steps)[:, 0] for steps in (-likeliest[:, None], more))
    return Room(empty + np.log(used), queue / used, np.exp(-full) / used)


@dataclass(frozen=True)
class Hill:
    """How often so many callers wait, against the likeliest number of them, also between whole numbers."""

    dials: Floats
    serves: Floats
    likeliest: Floats

    def of(self, which: Bools) -> Hill:
        """Some of the rooms."""
        return Hill(self.dials[which], self.serves[which], self.likeliest[which])

    def drop(self, steps: Floats) -> Floats:
        """[rooms, n] what the logarithm loses so many places from the likeliest one: that of (z + 1) ... (z + steps),
        less steps * log(dials), by Stirling's series; z calls would leave while dials come."""
        ends, excess = (self.serves + self.likeliest + 1)[:, None], (self.serves - self.dials + self.likeliest)[:, None]
        found: Floats = (ends * surplus(steps / ends) + steps * log_ratio(ends, self.dials[:, None], excess + 1)
                         - np.log1p(steps / ends) / 2 + beyond(ends + steps) - beyond(ends))
        return np.where(steps == np.inf, np.inf, found)

    def slopes(self, waiting: Floats) -> tuple[Floats, Floats, Floats]:
        """[rooms] of the logarithm where so many wait: its first three derivatives."""
        at = self.serves + waiting + 0.5
        return -log_ratio(at, self.dials, self.serves - self.dials + waiting + 0.5), -1 / at, 1 / at**2


def surplus(part: Floats) -> Floats:
    """(1 + part) * log(1 + part) - part, also of very small parts."""
    series = np.zeros(np.shape(part))
    for n in range(13, 1, -1):
        series = (1 / (n * (n - 1)) - series) * part
    return np.where(np.abs(part) <= EVEN, series * part, special.xlog1py(1 + part, part) - part)


def log_ratio(one: Floats, other: Floats, more: Floats) -> Floats:
    """The logarithm of one / other, of which one is so much more, also if that is very little."""
    return np.where(np.abs(more) < other / 2, np.log1p(more / other), np.log(one) - np.log(other))


def beyond(x: Floats) -> Floats:
    """The logarithm of the gamma function, less the first terms of Stirling's series."""
    few = np.minimum(x, FEW)
    return np.where(x < FEW, special.gammaln(few) - (few - 0.5) * np.log(few) + few - LOG_ROOT,
                    (1 - (1 - (2 / 7 - 3 / 14 / x**2) / x**2) / (30 * x**2)) / (12 * x))


def added_up(hill: Hill, first: Floats, last: Floats) -> tuple[Floats, Floats]:
    """[rooms] sums over the places from .. to, against the likeliest one: of how often, and of how many wait."""
    waiting = first[:, None] + np.arange(int((last - first).max(initial=0)) + 1)
    steps = np.log(hill.dials)[:, None] - np.log(hill.serves[:, None] + waiting[:, 1:])
    logs = np.cumsum(np.concatenate([-hill.drop((first - hill.likeliest)[:, None]), steps], axis=1), axis=1)
    often = np.where(waiting <= last[:, None], np.exp(logs), 0.0)
    return often.sum(axis=1), (often * waiting).sum(axis=1)


def integrated(hill: Hill, places: Floats, left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Likewise over all places that matter, so far to the left and right, where how often hardly changes from one to
    the next."""
    steps, weights = spread(hill.drop, left, right)
    waiting = hill.likeliest[:, None] + steps
    end = np.where(np.isfinite(places), places, 0.0)
    some, many = weights.sum(axis=1), (weights * waiting).sum(axis=1)
    for at, sign in ((end, np.isfinite(places) * 1.0), (np.zeros(len(places)), -1.0)):
        often = np.exp(-hill.drop((at - hill.likeliest)[:, None])[:, 0])
        one, two, three = hill.slopes(at)
        second, third = one**2 + two, one**3 + 3 * one * two + three
        some += often * (np.abs(sign) / 2 + sign * (one / 12 - third / 720))
        many += often * (at * np.abs(sign) / 2 + sign * ((1 + at * one) / 12 - (3 * second + at * third) / 720))
    return some - np.exp(-hill.drop(-hill.likeliest[:, None])[:, 0]), many
