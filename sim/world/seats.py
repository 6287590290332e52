"""Pools of seats by interval: each city's own, less those that it lends, and guests'; and the lines into each city."""
from __future__ import annotations

import numpy as np

from sim.core.arrays import NO_LIMIT, PER_MILLE, Floats, Ints
from sim.scenario.effects import SLOWEST, Effects, SeatPool
from sim.scenario.intervals import Intervals
from sim.scenario.people import pool_of_some
from sim.scenario.scenario import Scenario
from sim.world.people import Given, Staffing, given, half_up, missed, there
from sim.world.routing import Seats

NOWHERE = -1  # the home of a pool that has none


class Pool:
    """A pool on its way to becoming a column of numbers: a city's own seats, or guests who are parts of one another."""

    def __init__(self, name: str, kind: str, home: str | None, routing: Seats, t: Intervals):
        self.name, self.kind, self.home, self.serves, self.t = name, kind, home, routing.serves, t
        self.routing = routing
        self.parts: list[SeatPool] = []
        self.share: Given | None = None  # of what is asked of its home city, where it has one
        self.own = self.gone = np.zeros(t.number)

    @property
    def brings_lines(self) -> bool:
        """Whether its seats have lines of their own: guests', but not those of people whom a city brings in itself."""
        return bool(self.parts) and not (self.kind == "volunteers" and self.home is not None)

    def whole_seats(self) -> Ints:
        """Seats as engines have them: a city's own less those that it lends, or guests'."""
        if self.parts:
            return in_turn(there(self.share, self.t, self.parts, "presence"))
        return np.asarray(np.maximum(half_up(self.own) - in_turn(self.gone), 0))

    def speed_pm(self) -> Ints:
        """Handle time per mille of an own seat's: guests learn, from their first day to their fifth."""
        if not self.parts:
            return np.full(self.t.number, PER_MILLE)
        days = self.t.days_since(min(part.span.start for part in self.parts))
        return np.asarray(np.rint(PER_MILLE / np.maximum(self.parts[0].speed.after(days), SLOWEST)).astype(np.int64))


def in_turn(seats: Floats) -> Ints:
    """A sixth of a seat, a guest's or one that is lent, as a whole seat in one interval of six: rounding would make it
    one always, or never."""
    return np.diff(np.concatenate([[0], half_up(np.cumsum(np.maximum(seats, 0)))]))


def merged_pools(scenario: Scenario, t: Intervals, effects: Effects) -> list[Pool]:
    """Each city's own seats, then guests in the order of the levers; what has the same name is one pool."""
    staffing = Staffing(scenario, t, effects)
    own = {name: own_pools(scenario, t, effects, name) for name in scenario.cities}
    guests: dict[tuple[object, ...], Pool] = {}
    taken = {pool.name for pools in own.values() for pool in pools}
    for part in effects.pools:
        if part.kin not in guests:
            routing = Seats(part.home, part.serves, part.classes, own=False, both=part.both, first=part.first,
                            keep_idle=part.keep_idle, home_first=part.home_first, resume_idle=part.resume_idle)
            guests[part.kin] = Pool(unused(part.name, taken), part.kind, part.home, routing, t)
            taken.add(guests[part.kin].name)
        guests[part.kin].parts.append(part)
    of_home: dict[str | None, list[Pool]] = {}
    for guest in guests.values():
        of_home.setdefault(guest.home, []).append(guest)
    for name, pools in own.items():
        share_out(name, staffing, pools, of_home.get(name, []))
    return [*(pool for pools in own.values() for pool in pools), *guests.values()]


def own_pools(scenario: Scenario, t: Intervals, effects: Effects, name: str) -> list[Pool]:
    """A city's own seats: those for some classes only come first, and so take a call before those for all do."""
    keep_idle = effects.routing.keep_idle
    return [Pool(pool_of_some(name, classes), "own", name, Seats(
        name, (name,), classes, own=True, both=False, first=False, keep_idle=keep_idle), t)
        for classes in (*scenario.classes_apart(name), ())]


def share_out(name: str, staffing: Staffing, pools: list[Pool], guests: list[Pool]) -> None:
    """Say of a city who sits in its hall, who is lent and who is at home, each of its people in one place."""
    who, t = staffing.people(name), staffing.t
    *apart, own = pools
    own.own = who.seats
    for pool in apart:
        pool.own = who.apart[pool.routing.classes]
    if guests:
        lent, cloud, brought_in = ([part for guest in guests if guest.kind == kind for part in guest.parts]
                                   for kind in ("lent", "cloud", "volunteers"))
        at_the_phone = 1 - float(staffing.s.cities[name].shrinkage)
        share = given(who, t, lent, cloud, at_the_phone, brought_in)
        own.gone = missed(t, lent, at_the_phone) * share.duty
        for guest in guests:
            guest.share = share


def unused(name: str, taken: set[str]) -> str:
    """A name that no pool has yet."""
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if n not in taken)


def lines(scenario: Scenario, t: Intervals, effects: Effects, pools: list[Pool]) -> Ints:
    """[I, C] calls that a city's hotline can hold, talking and waiting. A guest's seat brings its lines along, but not
    that of people whom the city brings in itself: they answer on its own lines."""
    table = np.zeros((t.number, len(scenario.cities)))
    for c, city in enumerate(scenario.cities.values()):
        per_seat = float(city.lines_per_seat or 0)
        table[:, c] = float(city.lines) if city.lines is not None else per_seat * float(city.seats)
    column = {name: c for c, name in enumerate(scenario.cities)}
    for pool in pools:
        if pool.brings_lines:
            seats = there(pool.share, t, pool.parts) / len(pool.serves)
            for name in pool.serves:
                table[:, column[name]] += seats * float(scenario.cities[name].lines_per_seat or 0)
    for more in effects.more_lines:
        table[:, column[more.city]] += t.covered(more.span) * float(more.lines)
    whole = half_up(table)
    whole[:, [not city.has_so_many_lines for city in scenario.cities.values()]] = NO_LIMIT
    return whole


def homes(scenario: Scenario, pools: list[Pool]) -> Ints:
    """[P] the city in whose hall a pool sits, -1 where it has none."""
    column = {name: c for c, name in enumerate(scenario.cities)}
    return np.array([NOWHERE if pool.home is None else column[pool.home] for pool in pools])
