"""The door in: a scenario becomes numbers. The only place where units change on the way to an engine."""
from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import numpy as np
from scipy import special

from sim import luck
from sim.arrivals import busiest, demand
from sim.intervals import Intervals
from sim.laws import table_ms
from sim.levers import SLOWEST, SeatPool
from sim.people import Given, Staffing, given, half_up, missed, there
from sim.policies import ELSEWHERE, POLICIES, Queue, Seats, kept_idle, near_to
from sim.problems import WorldError
from sim.quantities import Law, Quantity
from sim.scenario import CallerClass, Redial, Scenario
from sim.tables import (
    MOST_CALLERS_AN_INTERVAL,
    NO_LIMIT,
    ONE,
    PER_MILLE,
    PLACE_BITS,
    Callers,
    Demand,
    Floats,
    Ints,
    Names,
    PoolName,
    Setting,
    World,
)

EPOCH = datetime(1970, 1, 1)
NONE = -1


def build(scenario: Scenario) -> Setting:
    """A scenario as numbers, after its own levers."""
    s, t = scenario.with_levers(), scenario.horizon.times
    queues = tuple((city, klass) for city in s.cities for klass in s.classes)
    pools = merged_pools(s, t)
    names = Names(t.start, t.every_s, tuple(s.cities), tuple(s.classes), queues,
                  tuple(PoolName(p.name, p.kind, p.home, p.serves) for p in pools))
    expected = demand(s, t)
    refuse_what_no_engine_holds(expected)
    return Setting(world(s, t, queues, pools), expected, names)


def world(s: Scenario, t: Intervals, queues: tuple[tuple[str, str], ...], pools: list[Pool]) -> World:
    edges = all_edges(s, pools)
    if t.number * len(edges) >= 1 << PLACE_BITS:
        raise WorldError(f"{len(edges):,} ways of answering in {t.number:,} intervals; at most {1 << PLACE_BITS:,}")
    begin = round((t.start - EPOCH).total_seconds())
    return World(
        interval_ms=t.every_s * 1000,
        queue_city=np.repeat(np.arange(len(s.cities)), len(s.classes)),
        queue_key=np.array([name_key(city, klass) for city, klass in queues], np.uint64),
        moment_key=(begin + t.seconds).astype(np.uint64),
        seats=np.array([pool.whole_seats() for pool in pools]).T.copy(),
        speed_pm=np.array([pool.speed_pm() for pool in pools]).T.copy(),
        lines=lines(s, t, pools), pool_home=homes(s, pools),
        bot=chances(s, "bot", t), away=chances(s, "away", t), divert=chances(s, "divert", t),
        **edge_tables(edges, len(pools), len(queues)),
        **by_queue(s),
    )


def by_queue(s: Scenario) -> dict[str, Any]:
    """What a world says of its queues, by name: the habits of a class are the same in every city."""
    laws, classes = LawBook(), list(s.classes.values())
    habits = {
        "patience": np.array([laws.number(c.patience) for c in classes]),
        "talk": np.array([laws.number(c.talk) for c in classes]),
        "wrap_up": np.array([laws.number(c.wrap_up) for c in classes]),
        "redial": redials(classes),
        "redial_delay": np.array([[laws.number(c.after_busy.delay), laws.number(c.after_hanging_up.delay)]
                                  for c in classes]),
        "unsettled": np.array([chance(c.unsettled.share) if c.unsettled else 0 for c in classes]),
        "return_delay": np.array([laws.number(c.unsettled.delay) if c.unsettled else 0 for c in classes]),
    }
    return {name: np.concatenate([values] * len(s.cities)) for name, values in habits.items()} | {
        "law_ms": laws.table()}


def refuse_what_no_engine_holds(expected: Demand) -> None:
    """Callers of an interval have numbers."""
    crowd = float((expected.mean * busiest(expected.busyness_cv)).max(initial=0))
    if crowd > MOST_CALLERS_AN_INTERVAL:
        raise WorldError(f"up to {crowd:,.0f} fresh callers in one interval; at most {MOST_CALLERS_AN_INTERVAL:,}")


def chance(share: Quantity | float) -> int:
    """A share as a whole number of ONE."""
    return round(float(share) * ONE)


def name_key(*names: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(names).encode(), digest_size=8).digest(), "little")


class LawBook:
    """The laws of a world, each tabled once."""

    def __init__(self) -> None:
        self.laws: list[Law] = []

    def number(self, law: Law | str) -> int:
        """The number of a law, -1 for a word such as "none"."""
        if isinstance(law, str):
            return NONE
        if law not in self.laws:
            self.laws.append(law)
        return self.laws.index(law)

    def table(self) -> Ints:
        return np.concatenate([table_ms(law) for law in self.laws])


# --- seats -----------------------------------------------------------------------------------------------------------

class Pool:
    """A pool on its way to becoming a column of numbers: a city's own seats, or guests who are parts of one another."""

    def __init__(self, name: str, kind: str, home: str | None, routing: Seats, t: Intervals):
        self.name, self.kind, self.home, self.serves, self.t = name, kind, home, routing.serves, t
        self.routing = routing
        self.parts: list[SeatPool] = []
        self.share: Given | None = None  # of what is asked of its home city, where it has one
        self.own = self.gone = np.zeros(t.number)

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


def merged_pools(s: Scenario, t: Intervals) -> list[Pool]:
    """Each city's own seats, then guests in the order of the levers; what has the same name is one pool."""
    staffing, own = Staffing(s, t), {}
    for name in s.cities:
        seats = Seats(name, (name,), (), own=True, both=False, first=False, keep_idle=s.routing.keep_idle)
        own[name] = Pool(name, "own", name, seats, t)
    guests: dict[tuple[object, ...], Pool] = {}
    taken = set(own)
    for part in s.pools:
        if part.kin not in guests:
            routing = Seats(part.home, part.serves, part.classes, own=False, both=part.both, first=part.first,
                            keep_idle=part.keep_idle)
            guests[part.kin] = Pool(unused(part.name, taken), part.kind, part.home, routing, t)
            taken.add(guests[part.kin].name)
        guests[part.kin].parts.append(part)
    of_home: dict[str | None, list[Pool]] = {}
    for guest in guests.values():
        of_home.setdefault(guest.home, []).append(guest)
    for name, pool in own.items():
        share_out(name, staffing, pool, of_home.get(name, []))
    return [*own.values(), *guests.values()]


def share_out(name: str, staffing: Staffing, own: Pool, guests: list[Pool]) -> None:
    """Say of a city who sits in its hall, who is lent and who is at home, each of its people in one place."""
    who, t = staffing.people(name), staffing.t
    own.own = who.seats
    if guests:
        lent, cloud = ([part for guest in guests if guest.kind == kind for part in guest.parts]
                       for kind in ("lent", "cloud"))
        at_the_phone = 1 - float(staffing.s.cities[name].shrinkage)
        share = given(who, t, lent, cloud, at_the_phone)
        own.gone = missed(t, lent, at_the_phone) * share.duty
        for guest in guests:
            guest.share = share


def unused(name: str, taken: set[str]) -> str:
    """A name that no pool has yet."""
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if n not in taken)


def lines(s: Scenario, t: Intervals, pools: list[Pool]) -> Ints:
    """[I, C] calls that a city's hotline can hold, talking and waiting. A guest's seat brings its lines along."""
    table = np.zeros((t.number, len(s.cities)))
    for c, city in enumerate(s.cities.values()):
        per_seat = float(city.lines_per_seat or 0)
        table[:, c] = float(city.lines) if city.lines is not None else per_seat * float(city.seats)
    column = {name: c for c, name in enumerate(s.cities)}
    for pool in pools:
        if pool.parts:
            seats = there(pool.share, t, pool.parts) / len(pool.serves)
            for name in pool.serves:
                table[:, column[name]] += seats * float(s.cities[name].lines_per_seat or 0)
    for more in s.more_lines:
        table[:, column[more.city]] += t.covered(more.span) * float(more.lines)
    whole = half_up(table)
    whole[:, [not city.has_so_many_lines for city in s.cities.values()]] = NO_LIMIT
    return whole


def chances(s: Scenario, what: str, t: Intervals) -> Ints:
    """A chance by interval and queue: where several hold at once, each takes its share of what the others left."""
    left = np.ones((t.number, len(s.cities) * len(s.classes)))
    for part in s.chances:
        if part.what == what:
            here = np.outer([city in part.cities for city in s.cities],
                            [not part.classes or klass in part.classes for klass in s.classes]).ravel()
            for begin, end in zip(*t.windows(part.span), strict=True):
                left[begin:end, here] *= 1 - float(part.share)
    return np.rint((1 - left) * ONE).astype(np.int64)


def homes(s: Scenario, pools: list[Pool]) -> Ints:
    """[P] the city in whose hall a pool sits, -1 where it has none."""
    column = {name: c for c, name in enumerate(s.cities)}
    return np.array([NONE if pool.home is None else column[pool.home] for pool in pools])


# --- routing ---------------------------------------------------------------------------------------------------------

def all_edges(s: Scenario, pools: list[Pool]) -> Ints:
    """Rows of pool, queue, rank, after_ms, speed_pm, reserve, sorted by pool, rank and queue."""
    column = {name: c for c, name in enumerate(s.cities)}
    edges = np.concatenate([edges_of(s, p, pool, column) for p, pool in enumerate(pools)])
    return np.asarray(edges[np.lexsort((edges[:, 1], edges[:, 2], edges[:, 0]))])


def edges_of(s: Scenario, p: int, pool: Pool, column: dict[str, int]) -> Ints:
    """The edges of one pool: to the cities that it has to do with, and to all others, which a policy treats alike."""
    policy, after_ms, near = POLICIES[s.routing.policy], s.routing.after_ms, near_to(pool.routing)
    cities = {city: np.array([column[city]]) for city in near}
    rows = []
    for k, (name, klass) in enumerate(s.classes.items()):
        handle = float(klass.handle_factor.get(pool.kind, 1.0))
        for city in (*near, ELSEWHERE):
            edge = policy(pool.routing, Queue(city, name, klass.urgency), after_ms)
            if edge is not None:
                if city not in cities:
                    cities[city] = np.setdiff1d(np.arange(len(column)), [column[other] for other in near])
                queue = cities[city] * len(s.classes) + k
                rest = (*edge, round(handle * PER_MILLE), kept_idle(pool.routing, city))
                rows.append(np.column_stack([np.full(len(queue), p), queue, np.tile(rest, (len(queue), 1))]))
    return np.concatenate(rows) if rows else np.zeros((0, 6), np.int64)


def edge_tables(edges: Ints, pools: int, queues: int) -> dict[str, Any]:
    """What a world says of its edges, by name: their columns, where each pool's begin, where each queue's begin, and
    the edges in the order of the queues."""
    pool, queue, rank, after_ms, speed_pm, reserve = (column.copy() for column in edges.T)
    by_queue = np.lexsort((pool, rank, queue))
    return {"edge_pool": pool, "edge_queue": queue, "edge_rank": rank, "edge_after_ms": after_ms,
            "edge_speed_pm": speed_pm, "edge_reserve": reserve,
            "pool_first": np.searchsorted(pool, np.arange(pools + 1)),
            "queue_first": np.searchsorted(queue[by_queue], np.arange(queues + 1)), "queue_edge": by_queue}


def redials(classes: list[CallerClass]) -> Ints:
    """[classes, causes, dials] chance of another dial by cause and number of the dial; none after the last allowed."""
    most = max(max(c.most_dials or 1, len(c.after_busy.by_try), len(c.after_hanging_up.by_try)) for c in classes)
    return np.array([[by_try(cause, c.most_dials, most) for cause in (c.after_busy, c.after_hanging_up)]
                     for c in classes])


def by_try(redial: Redial, most_dials: int | None, length: int) -> list[int]:
    return [0 if most_dials is not None and t + 1 >= most_dials else chance(share)
            for t, share in zip(range(length), redial.shares(), strict=False)]


# --- callers ---------------------------------------------------------------------------------------------------------

def draw_callers(setting: Setting, seed: int, replication: int) -> Callers:
    """How many people dial for the first time in a replication: one uniform each by inversion, so people are nested."""
    world, demand = setting.world, setting.demand
    key = luck.run_key(in_64_bits(seed), replication)
    busyness = np.empty((len(demand.day_key), len(demand.busyness_cv)))
    luck.uniforms(key, world.queue_key, demand.day_key, luck.BUSYNESS, busyness)
    for q, cv in enumerate(demand.busyness_cv):
        busyness[:, q] = special.gammaincinv(cv**-2, busyness[:, q]) * cv**2 if cv > 0 else 1.0
    counts = np.empty(demand.mean.shape)
    luck.uniforms(key, world.queue_key, world.moment_key, luck.COUNT, counts)
    return Callers(key, poisson(counts, demand.mean * busyness[demand.day]))


def in_64_bits(seed: int) -> int:
    """Any whole number as a seed of luck: what other programs hand out may have 128 bits."""
    if seed < 1 << 64:
        return seed
    return int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=8).digest(), "little")


def poisson(u: Floats, mean: Floats) -> Ints:
    """The Poisson quantile at u: the smallest k with P(N <= k) >= u. Never falls as the mean rises,
    but for the rounding of the law itself.

    Guessed from the normal law with its first correction for skew (Cornish and Fisher 1938), then moved to where it is.
    """
    shape, u, mean = mean.shape, np.ravel(u), np.ravel(mean)
    z = special.ndtri(np.maximum(u, 1e-300))
    guess = np.ceil(mean + np.sqrt(mean) * z + (z * z - 1) / 6 - 0.5)
    k = np.where((mean > 0) & (u > 0), np.maximum(guess, 0), 0)
    below = there = np.flatnonzero((mean > 0) & (u > 0))
    while len(below := below[special.pdtr(k[below], mean[below]) < u[below]]):
        k[below] += 1
    above = there[k[there] > 0]
    while len(above := above[special.pdtr(k[above] - 1, mean[above]) >= u[above]]):
        k[above] -= 1
        above = above[k[above] > 0]
    return np.asarray(k.astype(np.int64).reshape(shape))
