"""The door in: a scenario becomes numbers. The only place where units change on the way to an engine."""
from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scipy import special

from sim import luck
from sim.laws import table_ms
from sim.levers import SeatPool
from sim.moments import Span
from sim.policies import POLICIES, Queue, Seats, kept_idle
from sim.quantities import Law, Quantity
from sim.scenario import ALL, CallerClass, City, Redial, Scenario, Surge
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


class WorldError(ValueError):
    """A scenario whose numbers no engine can hold."""


def build(scenario: Scenario) -> Setting:
    """A scenario as numbers, after its own levers."""
    s = scenario.with_levers()
    every = timedelta(seconds=s.horizon.interval_s)
    moments = [s.horizon.start + i * every for i in range(s.horizon.intervals)]
    queues = tuple((city, klass) for city in s.cities for klass in s.classes)
    pools = merged_pools(s)
    names = Names(s.horizon.start, s.horizon.interval_s, tuple(s.cities), tuple(s.classes), queues,
                  tuple(PoolName(p.name, p.kind, p.home, p.serves) for p in pools))
    return Setting(world(s, moments, queues, pools), demand(s, moments, queues), names)


def world(s: Scenario, moments: list[datetime], queues: tuple[tuple[str, str], ...], pools: list[Pool]) -> World:
    laws = LawBook()
    classes = [s.classes[klass] for _, klass in queues]
    cities = list(s.cities)
    edges = all_edges(s, queues, pools)
    if len(moments) * len(edges) >= 1 << PLACE_BITS:
        raise WorldError(f"{len(edges):,} ways of answering in {len(moments):,} intervals; at most {1 << PLACE_BITS:,}")
    return World(
        interval_ms=s.horizon.interval_s * 1000,
        queue_city=np.array([cities.index(city) for city, _ in queues]),
        queue_key=np.array([name_key(city, klass) for city, klass in queues], np.uint64),
        moment_key=np.array([round((at - EPOCH).total_seconds()) for at in moments], np.uint64),
        seats=np.array([pool.whole_seats(moments) for pool in pools]).T.copy(),
        speed_pm=np.array([pool.speed_pm(moments) for pool in pools]).T.copy(),
        lines=np.array([lines(s, city, moments, pools) for city in cities]).T.copy(),
        bot=chances(s, "bot", moments, queues), away=chances(s, "away", moments, queues),
        divert=chances(s, "divert", moments, queues),
        **edge_tables(edges, len(pools), len(queues)),
        patience=np.array([laws.number(c.patience) for c in classes]),
        talk=np.array([laws.number(c.talk) for c in classes]),
        wrap_up=np.array([laws.number(c.wrap_up) for c in classes]),
        redial=redials(classes),
        redial_delay=np.array([[laws.number(c.after_busy.delay), laws.number(c.after_hanging_up.delay)]
                               for c in classes]),
        unsettled=np.array([chance(c.unsettled.share) if c.unsettled else 0 for c in classes]),
        return_delay=np.array([laws.number(c.unsettled.delay) if c.unsettled else 0 for c in classes]),
        law_ms=laws.table(),
    )


def chance(share: Quantity | float) -> int:
    """A share as a whole number of ONE."""
    return round(float(share) * ONE)


def half_up(values: Floats) -> Ints:
    """Whole seats: half a seat is a seat. A billionth forgives what adding shares leaves behind."""
    return np.floor(np.maximum(values, 0) + 0.5 + 1e-9).astype(np.int64)


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
    """A pool on its way to becoming a column of numbers."""

    def __init__(self, name: str, kind: str, home: str | None, serves: tuple[str, ...], seats: Seats):
        self.name, self.kind, self.home, self.serves, self.routing = name, kind, home, serves, seats
        self.own: Callable[[list[datetime]], Floats] = lambda moments: np.zeros(len(moments))
        self.gone: Callable[[list[datetime]], Floats] = lambda moments: np.zeros(len(moments))
        self.parts: list[SeatPool] = []

    def whole_seats(self, moments: list[datetime]) -> Ints:
        """Seats as engines have them: a city's own less those that it lends, or guests'."""
        guests = sum((during(part.span, moments) * float(part.seats) * float(part.presence) for part in self.parts),
                     np.zeros(len(moments)))
        own = np.maximum(half_up(self.own(moments)) - in_turn(self.gone(moments)), 0)
        return np.asarray(own + in_turn(guests))

    def speed_pm(self, moments: list[datetime]) -> Ints:
        """Handle time per mille of an own seat's: guests learn, from their first day to their fifth."""
        if not self.parts:
            return np.full(len(moments), PER_MILLE)
        days = days_since(min(part.span.start for part in self.parts), moments)
        return np.asarray(np.rint(PER_MILLE / np.maximum(self.parts[0].speed.after(days), 0.01)).astype(np.int64))


def in_turn(seats: Floats) -> Ints:
    """A sixth of a seat, a guest's or one that is lent, as a whole seat in one interval of six: rounding would make it
    one always, or never."""
    return np.diff(np.concatenate([[0], half_up(np.cumsum(np.maximum(seats, 0)))]))


def merged_pools(s: Scenario) -> list[Pool]:
    """Each city's own seats, then guests in the order of the levers; what has the same name is one pool."""
    pools = []
    for name, city in s.cities.items():
        pool = Pool(name, "own", name, (name,), Seats(name, (name,), (), own=True, both=False, first=False,
                                                      keep_idle=s.routing.keep_idle))
        pool.own, pool.gone = own_seats(s, name, city), lent_seats(s, name)
        pools.append(pool)
    guests: dict[tuple[object, ...], Pool] = {}
    for part in s.pools:
        key = (part.name, part.kind, part.serves, part.classes, part.both, part.first, part.keep_idle)
        if key not in guests:
            routing = Seats(part.home, part.serves, part.classes, own=False, both=part.both, first=part.first,
                            keep_idle=part.keep_idle)
            guests[key] = Pool(unused(part.name, pools + list(guests.values())), part.kind, part.home, part.serves,
                               routing)
        guests[key].parts.append(part)
    return pools + list(guests.values())


def unused(name: str, pools: list[Pool]) -> str:
    """A name that no pool has yet."""
    taken = {pool.name for pool in pools}
    return next(n for n in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if n not in taken)


def during(span: Span, moments: list[datetime]) -> Floats:
    """1 for the intervals that start within a span, otherwise 0.

    :param moments: at equal distances.
    """
    first, last = bisect_left(moments, span.start), bisect_left(moments, span.end)
    covered = np.zeros(len(moments))
    covered[first:last] = span.on_duty(minutes_of_day(moments)[first:last])
    return covered


def minutes_of_day(moments: list[datetime]) -> Ints:
    """[I] whole minutes since midnight, of moments at equal distances."""
    return np.asarray(since_midnight_s(moments[0], moments) // 60 % 1440).astype(np.int64)


def days_since(first: datetime, moments: list[datetime]) -> Ints:
    """[I] midnights since the day of a moment, of moments at equal distances."""
    return np.asarray(since_midnight_s(first, moments) // 86400).astype(np.int64)


def since_midnight_s(day: datetime, moments: list[datetime]) -> Floats:
    """[I] seconds since the midnight before a moment, of moments at equal distances."""
    every = moments[1] - moments[0] if len(moments) > 1 else timedelta(0)
    first = moments[0] - datetime.combine(day.date(), datetime.min.time())
    return np.asarray(first.total_seconds() + np.arange(len(moments)) * every.total_seconds())


def own_seats(s: Scenario, name: str, city: City) -> Callable[[list[datetime]], Floats]:
    """Seats that a city opens itself: staff on duty, as many as come, as many as there are places, and what a lever
    adds, less breaks."""
    def seats(moments: list[datetime]) -> Floats:
        if s.staff is not None and any(name in dict(row) for _, row in s.staff.rows):
            seats = from_table(s, name, moments)
        else:
            present = float(city.agents) * on_shift(s, city, moments) * (1 - absence(s, name, city, moments))
            seats = np.minimum(present, float(city.seats)) * (1 - float(city.shrinkage))
        return seats - seconded(s, name, moments, -1)
    return seats


def lent_seats(s: Scenario, name: str) -> Callable[[list[datetime]], Floats]:
    """Seats that a city opens less of because they are lent, less breaks."""
    return lambda moments: seconded(s, name, moments, 1)


def seconded(s: Scenario, name: str, moments: list[datetime], sign: int) -> Floats:
    """Seats that leave a city's column (sign 1), or are added to it (-1, and below 0), less breaks."""
    parts = [one for one in s.seconded if one.city == name and float(one.seats) * sign > 0]
    gone = sum((during(one.span, moments) * float(one.seats) for one in parts), np.zeros(len(moments)))
    return np.asarray(gone * (1 - float(s.cities[name].shrinkage)))


def from_table(s: Scenario, name: str, moments: list[datetime]) -> Floats:
    """The last row at or before each moment."""
    assert s.staff is not None
    rows = sorted((at, dict(row).get(name, 0.0)) for at, row in s.staff.rows)
    place = np.searchsorted([at.timestamp() for at, _ in rows], [at.timestamp() for at in moments], "right") - 1
    return np.where(place >= 0, np.array([seats for _, seats in rows])[place], 0.0)


def on_shift(s: Scenario, city: City, moments: list[datetime]) -> Floats:
    """Share of a city's agents whose shift it is."""
    minutes, total = minutes_of_day(moments), np.zeros(len(moments))
    for shift in s.shifts[city.shifts]:
        since = (minutes - shift.start) % 1440
        total += float(shift.share) * (since < float(shift.hours) * 60)
    return total


def absence(s: Scenario, name: str, city: City, moments: list[datetime]) -> Floats:
    """Share of the agents on shift who do not come: the usual one, or what the file says for a while."""
    share = np.full(len(moments), float(city.absence))
    for event in s.absences:
        if event.city in (name, ALL):
            share = np.where(during(event.span, moments) > 0, float(event.share), share)
    return share


def lines(s: Scenario, name: str, moments: list[datetime], pools: list[Pool]) -> Ints:
    """Calls that a city's hotline can hold, talking and waiting. A guest's seat brings its lines along."""
    city = s.cities[name]
    if city.lines is None and city.lines_per_seat is None:
        return np.full(len(moments), NO_LIMIT)
    per_seat = float(city.lines_per_seat or 0)
    total = np.full(len(moments), float(city.lines) if city.lines is not None else per_seat * float(city.seats))
    for pool in pools:
        for part in pool.parts:
            if name in part.serves:
                total += during(part.span, moments) * per_seat * float(part.seats) / len(part.serves)
    for more in s.more_lines:
        if more.city == name:
            total += during(more.span, moments) * float(more.lines)
    return half_up(total)


def chances(s: Scenario, what: str, moments: list[datetime], queues: tuple[tuple[str, str], ...]) -> Ints:
    """A chance by interval and queue: where several hold at once, each takes its share of what the others left."""
    left = np.ones((len(moments), len(queues)))
    for part in s.chances:
        if part.what == what:
            here = [city in part.cities and (not part.classes or klass in part.classes) for city, klass in queues]
            left *= 1 - np.outer(during(part.span, moments), here) * float(part.share)
    return np.rint((1 - left) * ONE).astype(np.int64)


# --- routing ---------------------------------------------------------------------------------------------------------

def all_edges(s: Scenario, queues: tuple[tuple[str, str], ...], pools: list[Pool]) -> Ints:
    """Rows of pool, queue, rank, after_ms, speed_pm, reserve, sorted by pool, rank and queue."""
    policy, after_s = POLICIES[s.routing.policy], float(s.routing.after)
    rows = []
    for p, pool in enumerate(pools):
        for q, (city, klass) in enumerate(queues):
            edge = policy(pool.routing, Queue(city, klass, s.classes[klass].urgency), after_s)
            if edge is not None:
                handle = float(s.classes[klass].handle_factor.get(pool.kind, 1.0))
                rows.append((p, edge[0], q, round(edge[1] * 1000), round(handle * PER_MILLE),
                             kept_idle(pool.routing, city)))
    rows.sort()
    return np.array([(p, q, rank, *rest) for p, rank, q, *rest in rows], np.int64).reshape(-1, 6)


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
    """Chance of another dial by queue, cause and number of the dial; none after the last one allowed."""
    most = max(max(c.most_dials or 1, len(c.after_busy.by_try), len(c.after_hanging_up.by_try)) for c in classes)
    return np.array([[by_try(cause, c.most_dials, most) for cause in (c.after_busy, c.after_hanging_up)]
                     for c in classes])


def by_try(redial: Redial, most_dials: int | None, length: int) -> list[int]:
    shares = redial.by_try or (redial.share,)
    return [0 if most_dials is not None and t + 1 >= most_dials else chance(shares[min(t, len(shares) - 1)])
            for t in range(length)]


# --- demand ----------------------------------------------------------------------------------------------------------

def demand(s: Scenario, moments: list[datetime], queues: tuple[tuple[str, str], ...]) -> Demand:
    """Fresh callers to expect in each interval, and how much days differ."""
    mean, cv = np.zeros((len(moments), len(queues))), np.zeros(len(queues))
    for klass, part in s.everyday.items():
        shape = over_the_week(s, part.profile, moments) * over_the_day(s, part.profile, moments)
        for city, spec in s.cities.items():
            q = queues.index((city, klass))
            mean[:, q] += shape * float(s.everyday_level) * float(spec.calls_a_day) * float(part.share)
            cv[q] = max(cv[q], float(part.busyness_cv))
    ordinary = mean.copy()
    for surge in s.surges:
        callers = surge_callers(s, surge, moments)
        for city, part_of_all in spread(s, surge.city).items():
            q = queues.index((city, surge.klass))
            mean[:, q] += callers * part_of_all
            cv[q] = max(cv[q], float(surge.busyness_cv))
    if mean.max(initial=0) > MOST_CALLERS_AN_INTERVAL / 4:
        raise WorldError(f"{mean.max():,.0f} fresh callers in one interval; at most {MOST_CALLERS_AN_INTERVAL // 4:,}")
    days = np.array([(at.date() - EPOCH.date()).days for at in moments])
    day_key, day = np.unique(days, return_inverse=True)
    return Demand(mean, ordinary, cv, day, day_key.astype(np.uint64))


def spread(s: Scenario, city: str) -> dict[str, float]:
    """The share of a surge that each city has: all of it in one city, or by population."""
    if city != ALL:
        return {city: 1.0}
    people = {key: float(c.population or 0) for key, c in s.cities.items()}
    return {key: number / sum(people.values()) for key, number in people.items()}


def over_the_day(s: Scenario, profile: str, moments: list[datetime]) -> Floats:
    """The share of the day's callers who come in each interval."""
    steps = np.array(s.profiles[profile].day)
    cumulated = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    grid = np.linspace(0, 86400, len(cumulated))
    since = np.array([at.hour * 3600 + at.minute * 60 + at.second for at in moments], float)
    return np.asarray(np.interp(since + s.horizon.interval_s, grid, cumulated) - np.interp(since, grid, cumulated))


def over_the_week(s: Scenario, profile: str, moments: list[datetime]) -> Floats:
    """How busy each interval's weekday is, 1 on the average."""
    week = np.array(s.profiles[profile].week)
    return np.asarray((week / week.mean())[[at.weekday() for at in moments]])


def surge_callers(s: Scenario, surge: Surge, moments: list[datetime]) -> Floats:
    """Fresh callers of a surge in each interval: its days, its life cycle, its shocks and its table added up."""
    over_day = over_the_day(s, surge.profile, moments)
    total = over_day * np.array([float(surge.by_day.get(at.date(), 0.0)) for at in moments])
    seconds = np.array([(at - s.horizon.start).total_seconds() for at in moments])
    if surge.life_cycle is not None:
        cycle = surge.life_cycle
        corners = [(at - s.horizon.start).total_seconds()
                   for at in (cycle.outbreak, cycle.plateau, cycle.decline, cycle.end)]
        total += over_day * np.interp(seconds, corners, [0, 1, 1, 0], 0, 0) * float(cycle.callers_a_day)
    for shock in surge.shocks:
        total += shock_callers(seconds, s.horizon.interval_s, (shock.at - s.horizon.start).total_seconds(),
                               float(shock.callers), float(shock.half_life))
    for at, callers in surge.rows:
        total += callers * (seconds == (at - s.horizon.start).total_seconds())
    return np.asarray(total)


def shock_callers(seconds: Floats, width: float, at: float, callers: float, half_life: float) -> Floats:
    """Callers whom a spike brings to each interval: it halves again and again."""
    def come_by(moment: Floats) -> Floats:
        return 1 - 0.5 ** (np.maximum(moment - at, 0) / max(half_life, 1e-9))
    return callers * (come_by(seconds + width) - come_by(seconds))


def draw_callers(setting: Setting, seed: int, replication: int) -> Callers:
    """How many people dial for the first time in a replication: one uniform each by inversion, so people are nested."""
    world, demand = setting.world, setting.demand
    key = luck.run_key(seed, replication)
    busyness = np.empty((len(demand.day_key), len(demand.busyness_cv)))
    luck.uniforms(key, world.queue_key, demand.day_key, luck.BUSYNESS, busyness)
    for q, cv in enumerate(demand.busyness_cv):
        busyness[:, q] = special.gammaincinv(cv**-2, busyness[:, q]) * cv**2 if cv > 0 else 1.0
    counts = np.empty(demand.mean.shape)
    luck.uniforms(key, world.queue_key, world.moment_key, luck.COUNT, counts)
    return Callers(key, poisson(counts, demand.mean * busyness[demand.day]))


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
