"""Worlds for the tests of the engines: small nasty ones, drawn at random, and plain ones, built by hand."""
from __future__ import annotations

import os
from typing import Any, NamedTuple, Protocol

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st

from sim.core import arrays, rules
from sim.core.arrays import HELP, KNOTS, LAW, NO_HELP, NO_LIMIT, ON_BUSY, ONE, Callers, Outcomes, World
from sim.core.engines import kernel, reference
from sim.core.rules import DAY_MS

Case = tuple[World, Callers]

both_engines = pytest.mark.parametrize("engine", [reference, kernel], ids=["reference", "kernel"])

ODD = 0x9E3779B97F4A7C15  # any odd number will do to tell names apart


def examples(most: int) -> Any:
    """Try so many random cases, and show the smallest failing one; SURGELINE_QUICK=1 shows the first one instead."""
    phases = [Phase.explicit, Phase.generate] if os.environ.get("SURGELINE_QUICK") else list(Phase)
    return settings(max_examples=most, deadline=None, database=None, derandomize=True, phases=phases)


# --- laws of a duration ----------------------------------------------------------------------------------------------

def constant(ms: int) -> np.ndarray:
    """The law of a duration that is always the same."""
    return np.full(LAW, ms, np.int64)


def uniform(low_ms: int, high_ms: int) -> np.ndarray:
    """The law of a duration that is equally likely to be anything from low to high."""
    whole = low_ms + (high_ms - low_ms) * np.arange(KNOTS + 1) // KNOTS
    last = low_ms + (high_ms - low_ms) * (KNOTS * (KNOTS - 1) + np.arange(KNOTS + 1)) // KNOTS**2
    return np.concatenate([whole, last]).astype(np.int64)


# --- edges -----------------------------------------------------------------------------------------------------------

class Edge(NamedTuple):
    """A pool may serve a queue."""

    pool: int
    queue: int
    rank: int = 0
    after_ms: int = 0
    speed_pm: int = 1000
    reserve: int = 0


def edge_tables(edges: list[Edge], pools: int, queues: int) -> dict[str, np.ndarray]:
    """The tables of a world that say who may serve whom."""
    edges = sorted(edges, key=lambda e: (e.pool, e.rank, e.queue))
    by_queue = sorted(range(len(edges)), key=lambda e: (edges[e].queue, edges[e].rank, edges[e].pool))
    pool, queue, rank, after_ms, speed_pm, reserve = np.array(edges, np.int64).reshape(-1, 6).T.copy()
    return {
        "edge_pool": pool, "edge_queue": queue, "edge_rank": rank, "edge_after_ms": after_ms, "edge_speed_pm": speed_pm,
        "edge_reserve": reserve,
        "pool_first": np.searchsorted(pool, np.arange(pools + 1)).astype(np.int64),
        "queue_first": np.searchsorted(np.sort(queue), np.arange(queues + 1)).astype(np.int64),
        "queue_edge": np.array(by_queue, np.int64),
    }


def edges_of(world: World) -> list[Edge]:
    """The edges of a world, as they are written by hand."""
    columns = (world.edge_pool, world.edge_queue, world.edge_rank, world.edge_after_ms, world.edge_speed_pm,
               world.edge_reserve)
    return [Edge(*map(int, row)) for row in zip(*columns, strict=True)]


def keys(length: int, first: int = 1) -> np.ndarray:
    """Keys of names, all different."""
    return np.array([(first + i) * ODD % 2**64 for i in range(length)], np.uint64)


# --- worlds built by hand --------------------------------------------------------------------------------------------

def hand_made(
    dials: dict[int, list[int]],
    *,
    until_ms: int,
    seats: list[int | dict[int, int]],
    edges: list[Edge] | None = None,
    city: tuple[int, ...] = (0,),
    lines: int | dict[int, int] = NO_LIMIT,
    patience: Any = None,
    talk: Any = 10,
    wrap_up: Any = None,
    redial_if_busy: tuple[int, ...] = (0,),
    redial_if_hung_up: tuple[int, ...] = (0,),
    redial_delay: Any = 1,
    unsettled: int = 0,
    return_delay: Any = DAY_MS,
    bot: int = 0,
    away: int = 0,
    divert: int = 0,
    speed_pm: int | dict[int, int] = 1000,
    home: tuple[int, ...] | None = None,
    helps: dict[int, tuple[int, int]] | None = None,
    interval_ms: int = 1,
) -> Case:
    """A world in plain words. With intervals of 1 ms a caller dials in exactly the millisecond in ``dials[queue]``.

    ``city`` tells each queue's city, ``home`` each pool's. ``helps`` tells of a pool with edges for HELP with how many
    idle seats it stops and above how many it begins. A number that may change with time is one number, or
    {from when: number}. A duration is ms, a law, a list with one of them a queue, or None for none (no wrap-up;
    patience without end). Chances are of ONE.
    """
    queues, intervals, pools, cities = len(city), until_ms // interval_ms, len(seats), max(city) + 1
    if edges is None:
        edges = [Edge(pool, queue) for pool in range(pools) for queue in range(queues)]
    laws: list[np.ndarray] = []

    def timeline(value: int | dict[int, int]) -> np.ndarray:
        steps = value if isinstance(value, dict) else {0: value}
        return np.array([steps[max(at for at in steps if at <= i * interval_ms)] for i in range(intervals)], np.int64)

    def law_each_queue(value: Any) -> np.ndarray:
        numbers = []
        for one in value if isinstance(value, list) else [value] * queues:
            numbers.append(-1 if one is None else len(laws))
            if one is not None:
                laws.append(one if isinstance(one, np.ndarray) else constant(one))
        return np.array(numbers, np.int64)

    def chance(value: int) -> np.ndarray:
        return np.full((intervals, queues), value, np.int64)

    dials_of_a_matter = max(len(redial_if_busy), len(redial_if_hung_up))
    causes = [row + row[-1:] * (dials_of_a_matter - len(row)) for row in (redial_if_busy, redial_if_hung_up)]
    delays = law_each_queue(redial_delay)
    world = World(
        interval_ms=interval_ms, queue_city=np.array(city, np.int64), queue_key=keys(queues),
        moment_key=np.arange(intervals).astype(np.uint64),
        seats=np.stack([timeline(one) for one in seats], axis=1),
        speed_pm=np.repeat(timeline(speed_pm)[:, None], pools, axis=1),
        lines=np.repeat(timeline(lines)[:, None], cities, axis=1),
        pool_home=np.array(home or [-1] * pools, np.int64),
        pool_release=np.array([(helps or {}).get(p, (NO_HELP, NO_HELP))[0] for p in range(pools)], np.int64),
        pool_resume=np.array([(helps or {}).get(p, (NO_HELP, NO_HELP))[1] for p in range(pools)], np.int64),
        bot=chance(bot), away=chance(away), divert=chance(divert), **edge_tables(edges, pools, queues),
        patience=law_each_queue(patience), talk=law_each_queue(talk), wrap_up=law_each_queue(wrap_up),
        redial=np.array([causes] * queues, np.int64), redial_delay=np.stack([delays, delays], axis=1),
        unsettled=np.full(queues, unsettled, np.int64), return_delay=law_each_queue(return_delay),
        law_ms=np.concatenate(laws),
    )
    fresh = np.zeros((intervals, queues), np.int64)
    for queue, moments in dials.items():
        for moment in moments:
            fresh[moment // interval_ms, queue] += 1
    assert_valid(world)
    return world, Callers(7, fresh)


# --- small nasty worlds ----------------------------------------------------------------------------------------------

class Dice(Protocol):
    """Where a random world comes from: hypothesis, or a generator of numpy's."""

    def wholes(self, low: int, high: int, *shape: int) -> np.ndarray: ...


class HypothesisDice:
    """Numbers that hypothesis draws, and makes small when a test fails."""

    def __init__(self, draw: Any):
        self.draw = draw

    def wholes(self, low: int, high: int, *shape: int) -> np.ndarray:
        length = int(np.prod(shape))
        drawn = self.draw(st.lists(st.integers(low, high), min_size=length, max_size=length))
        return np.array(drawn, np.int64).reshape(shape)


class NumpyDice:
    """Numbers of a seeded generator: much faster."""

    def __init__(self, seed: int):
        self.generator = np.random.Generator(np.random.PCG64(seed))

    def wholes(self, low: int, high: int, *shape: int) -> np.ndarray:
        return self.generator.integers(low, high, shape, endpoint=True)


def pick(dice: Dice, options: list[int], *shape: int) -> np.ndarray:
    """Some of these numbers."""
    return np.array(options, np.int64)[dice.wholes(0, len(options) - 1, *shape)]


def one(dice: Dice, low: int, high: int) -> int:
    return int(dice.wholes(low, high, 1)[0])


OFTEN = [0, ONE // 3, ONE * 9 // 10, ONE, ONE]
SELDOM = [0, 0, 0, 0, ONE // 3, ONE]
LAWS = 4


def nasty_world(dice: Dice, with_days: bool = True) -> Case:
    """A few seats and a few milliseconds, so that nearly everything ties; in one of six days, so people return."""
    days = with_days and one(dice, 0, 5) == 5
    cities, pools, intervals = one(dice, 1, 3), one(dice, 1, 5), one(dice, 3 if days else 1, 5)
    city = np.repeat(np.arange(cities), dice.wholes(1, 3, cities))
    queues, dials = len(city), one(dice, 1, 4)
    interval_ms = DAY_MS // one(dice, 1, 3) if days else one(dice, 1, 40)
    unit_ms, homes, helpers = DAY_MS // 24 if days else 1, nasty_homes(dice, pools, cities), nasty_helpers(dice, pools)
    world = World(
        interval_ms=interval_ms, queue_city=city,
        queue_key=keys(queues), moment_key=np.arange(intervals).astype(np.uint64),
        seats=dice.wholes(0, 3, intervals, pools),
        speed_pm=pick(dice, [500, 900, 1000, 1000, 2000], intervals, pools),
        lines=pick(dice, [0, 1, 2, 3, 4, 5, 6, NO_LIMIT, NO_LIMIT, NO_LIMIT], intervals, cities),
        pool_home=homes, **helpers,
        bot=seldom(dice, intervals, queues), away=seldom(dice, intervals, queues),
        divert=seldom(dice, intervals, queues),
        **edge_tables(nasty_edges(dice, dice.wholes(0, 2, pools, queues), homes, helpers, unit_ms), pools, queues),
        patience=dice.wholes(-1, LAWS - 1, queues), talk=dice.wholes(0, LAWS - 1, queues),
        wrap_up=dice.wholes(-1, LAWS - 1, queues),
        redial=pick(dice, OFTEN, queues, 2, dials), redial_delay=dice.wholes(0, LAWS - 1, queues, 2),
        unsettled=pick(dice, OFTEN, queues), return_delay=dice.wholes(0, LAWS - 1, queues),
        law_ms=np.concatenate([nasty_law(dice, unit_ms, days) for _ in range(LAWS)]),
    )
    most = min(int(pick(dice, [1, 2, 4, 8], 1)[0]), 90 // (intervals * queues))
    return world, Callers(one(dice, 0, 2**63 - 1) * 2 + 1, dice.wholes(0, most, intervals, queues))


def seldom(dice: Dice, intervals: int, queues: int) -> np.ndarray:
    """Chances of something that does not happen in most worlds: the same all the time, or different each interval."""
    rows = intervals if one(dice, 0, 1) else 1
    chances = pick(dice, SELDOM, rows, queues) if one(dice, 0, 2) == 2 else np.zeros((rows, queues), np.int64)
    return chances.repeat(intervals // rows, 0)


def nasty_homes(dice: Dice, pools: int, cities: int) -> np.ndarray:
    """The city of each pool, -1 for none; in half of the worlds no pool has one."""
    return dice.wholes(-1, cities - 1, pools) if one(dice, 0, 1) else np.full(pools, -1)


def nasty_helpers(dice: Dice, pools: int) -> dict[str, np.ndarray]:
    """With how many idle seats each pool stops helping, and above how many it begins; in half of the worlds, and in
    half of the pools of the others, it has nobody whom it helps."""
    has_any = dice.wholes(0, 1, pools) * one(dice, 0, 1)
    release, more = dice.wholes(0, 2, pools), pick(dice, [0, 0, 1, 2], pools)
    return {"pool_release": np.where(has_any > 0, release, NO_HELP),
            "pool_resume": np.where(has_any > 0, release + more, NO_HELP)}


def nasty_edges(dice: Dice, may_serve: np.ndarray, homes: np.ndarray, helpers: dict[str, np.ndarray],
                unit_ms: int = 1) -> list[Edge]:
    """Edges where ``may_serve[pool, queue]`` is not 0: ranks tie, some open after a while, some keep seats idle, and
    half of those of pools with a home are for calls that find no free line. By most edges of pools that help they do,
    and these rank last."""
    pairs = list(zip(*np.nonzero(may_serve), strict=True))
    rank, after = dice.wholes(0, 2, len(pairs)), pick(dice, [0, 0, 1, 2, 5, 11, 900], len(pairs)) * unit_ms
    after[(homes[np.nonzero(may_serve)[0]] >= 0) & (dice.wholes(0, 1, len(pairs)) > 0)] = ON_BUSY
    speed_pm, reserve = (pick(dice, some, len(pairs)) for some in ([500, 1000, 1000, 1300, 2000], [0, 0, 0, 0, 1, 2]))
    helps = (helpers["pool_resume"][np.nonzero(may_serve)[0]] != NO_HELP) & (dice.wholes(0, 2, len(pairs)) > 0)
    rank, reserve = rank + 3 * helps, np.where(helps, HELP, reserve)
    return [Edge(int(pool), int(queue), *map(int, rest))
            for (pool, queue), *rest in zip(pairs, rank, after, speed_pm, reserve, strict=True)]


def nasty_law(dice: Dice, unit_ms: int, days: bool) -> np.ndarray:
    low, spread = one(dice, int(days), 9), int(pick(dice, [0, 0, 3, 12, 40 if days else 20], 1)[0])
    return uniform(low * unit_ms, (low + spread) * unit_ms)


def changed(dice: Dice, world: World, callers: Callers) -> Case:
    """Another future for a network: other tables, up to two pools more, and nobody who may no longer be served."""
    intervals, queues = callers.fresh.shape
    pools, cities = world.seats.shape[1] + one(dice, 0, 2), world.lines.shape[1]
    may_serve = dice.wholes(0, 1, pools, queues)
    may_serve[world.edge_pool, world.edge_queue] = 1
    homes = np.concatenate([world.pool_home, nasty_homes(dice, pools - len(world.pool_home), cities)])
    helpers = nasty_helpers(dice, pools)
    world = world._replace(
        pool_home=homes, **helpers,
        seats=dice.wholes(0, 3, intervals, pools), speed_pm=pick(dice, [500, 1000, 2000], intervals, pools),
        lines=pick(dice, [0, 2, 5, NO_LIMIT, NO_LIMIT], intervals, cities),
        bot=seldom(dice, intervals, queues), away=seldom(dice, intervals, queues),
        divert=seldom(dice, intervals, queues),
        **edge_tables(nasty_edges(dice, may_serve, homes, helpers), pools, queues),
        patience=dice.wholes(-1, LAWS - 1, queues), talk=dice.wholes(0, LAWS - 1, queues),
        redial=pick(dice, OFTEN, *world.redial.shape), unsettled=pick(dice, OFTEN, queues),
    )
    return world, callers._replace(fresh=np.maximum(0, callers.fresh + dice.wholes(-2, 2, intervals, queues)))


@st.composite
def small_nasty_worlds(draw: Any, with_days: bool = True) -> Case:
    """Worlds with their callers, as hypothesis likes them."""
    return nasty_world(HypothesisDice(draw), with_days)


# --- what a valid world is -------------------------------------------------------------------------------------------

def assert_valid(world: World) -> None:
    """The tables have the shapes, the orders and the ranges that ``sim.core.arrays`` promises."""
    assert_shapes(world)
    assert_edges(world)
    for chances in (world.bot, world.away, world.divert, world.redial, world.unsettled):
        assert ((chances >= 0) & (chances <= ONE)).all()
    laws = len(world.law_ms) // LAW
    for numbers, lowest in ((world.patience, -1), (world.talk, 0), (world.wrap_up, -1), (world.redial_delay, 0),
                            (world.return_delay, 0)):
        assert ((numbers >= lowest) & (numbers < laws)).all()
    assert ((world.law_ms >= 0) & (world.law_ms <= arrays.LONGEST_MS)).all()
    assert (np.diff(world.law_ms.reshape(-1, 2, KNOTS + 1), axis=2) >= 0).all()
    assert (world.seats >= 0).all()
    assert (world.lines >= 0).all()
    assert (world.speed_pm > 0).all()


def assert_shapes(world: World) -> None:
    intervals, queues, edges = len(world.moment_key), len(world.queue_city), len(world.edge_pool)
    pools, cities, dials = world.seats.shape[1], world.lines.shape[1], world.redial.shape[2]
    shapes = {
        "queue_city": (queues,), "queue_key": (queues,), "moment_key": (intervals,), "seats": (intervals, pools),
        "speed_pm": (intervals, pools), "lines": (intervals, cities), "pool_home": (pools,), "bot": (intervals, queues),
        "away": (intervals, queues), "divert": (intervals, queues), "edge_pool": (edges,), "edge_queue": (edges,),
        "edge_rank": (edges,), "edge_after_ms": (edges,), "edge_speed_pm": (edges,),
        "edge_reserve": (edges,), "pool_release": (pools,), "pool_resume": (pools,), "pool_first": (pools + 1,),
        "queue_first": (queues + 1,), "queue_edge": (edges,), "patience": (queues,), "talk": (queues,),
        "wrap_up": (queues,), "redial": (queues, 2, dials), "redial_delay": (queues, 2), "unsettled": (queues,),
        "return_delay": (queues,), "law_ms": (len(world.law_ms) // LAW * LAW,),
    }
    assert {field: getattr(world, field).shape for field in shapes} == shapes
    assert world.interval_ms > 0
    assert 1 <= dials <= arrays.MOST_DIALS
    assert world.queue_key.dtype == world.moment_key.dtype == np.uint64
    assert ((world.queue_city >= 0) & (world.queue_city < cities)).all()
    assert ((world.pool_home >= -1) & (world.pool_home < cities)).all()


def assert_edges(world: World) -> None:
    edges, pools, queues = edges_of(world), world.seats.shape[1], len(world.queue_city)
    by_pool = [(e.pool, e.rank, e.queue) for e in edges]
    by_queue = [(edges[e].queue, edges[e].rank, edges[e].pool) for e in world.queue_edge]
    assert by_pool == sorted(by_pool)
    assert by_queue == sorted(by_queue)
    assert len({(e.pool, e.queue) for e in edges}) == len(edges)
    assert sorted(world.queue_edge) == list(range(len(edges)))
    for p in range(pools):
        assert {e.pool for e in edges[world.pool_first[p]:world.pool_first[p + 1]]} <= {p}
    for q in range(queues):
        assert {edges[e].queue for e in world.queue_edge[world.queue_first[q]:world.queue_first[q + 1]]} <= {q}
    assert world.pool_first[0] == world.queue_first[0] == 0
    assert world.pool_first[-1] == world.queue_first[-1] == len(edges)
    assert all(e.after_ms >= 0 or (e.after_ms == ON_BUSY and world.pool_home[e.pool] >= 0) for e in edges)
    assert all(e.speed_pm > 0 and (e.reserve >= 0 or e.reserve == HELP) for e in edges)
    assert_helpers(world, edges)


def assert_helpers(world: World, edges: list[Edge]) -> None:
    """Pools that help say with how many idle seats they stop and begin, and rank whom they help last."""
    none = world.pool_resume == NO_HELP
    assert (none == (world.pool_release == NO_HELP)).all()
    assert (none | ((world.pool_release >= 0) & (world.pool_resume >= world.pool_release))).all()
    assert all(e.reserve != HELP or not none[e.pool] for e in edges)
    for p in range(len(none)):
        last = max((e.rank for e in edges if e.pool == p and e.reserve != HELP), default=-1)
        assert all(e.rank > last for e in edges if e.pool == p and e.reserve == HELP)


# --- what happened ---------------------------------------------------------------------------------------------------

def sorted_calls(outcomes: Outcomes) -> np.ndarray:
    return np.sort(outcomes.calls, order=["dialled_ms", "caller"])


def told_answers(world: World, outcomes: Outcomes) -> list[tuple[int, int, int]]:
    """Wait, interval of the dial and edge of each answered dial, by interval and edge."""
    edges = len(world.edge_pool)
    found = [(rules.waited_ms(a), *rules.place(a, edges)) for a in outcomes.answers.tolist()]
    return sorted(found, key=lambda answer: (answer[1:], answer[0]))


def assert_equal(got: Outcomes, wanted: Outcomes) -> None:
    """The same happened: in every total, and call for call, to the millisecond."""
    np.testing.assert_array_equal(sorted_calls(got), sorted_calls(wanted), err_msg="calls")
    np.testing.assert_array_equal(np.sort(got.answers), np.sort(wanted.answers), err_msg="answers")
    for field in ("flows", "pools", "waiting"):
        np.testing.assert_array_equal(getattr(got, field), getattr(wanted, field), err_msg=field)


class Dial(NamedTuple):
    """One dial in whole numbers, with the moments that its row implies; ``left_ms`` is the answer or the hang-up."""

    caller: int
    queue: int
    attempt: int
    outcome: int
    dialled_ms: int
    left_ms: int
    talk_end_ms: int
    seat_free_ms: int
    pool: int


def dials_of(outcomes: Outcomes) -> list[Dial]:
    """Every dial, in the order of (moment, caller). Who still waits has left never."""
    dials = []
    for row in sorted_calls(outcomes):
        left = int(row["dialled_ms"]) + int(row["waited_ms"]) if row["outcome"] != arrays.WAITING else arrays.NEVER
        dials.append(Dial(*(int(row[f]) for f in ("caller", "queue", "attempt", "outcome", "dialled_ms")), left,
                          left + int(row["talk_ms"]), left + int(row["talk_ms"] + row["wrap_up_ms"]), int(row["pool"])))
    return dials


def name_of(caller: int) -> str:
    """A caller's name: interval of birth, queue, number."""
    return f"{caller >> 44}/{(caller >> 24) % 2**20}/{caller % 2**24}"


def diary(outcomes: Outcomes) -> list[str]:
    """What happened, dial by dial, in words that a worked day can be compared with."""
    return [in_words(dial) for dial in dials_of(outcomes)]


def in_words(dial: Dial) -> str:
    fate = {
        arrays.WAITING: "waits",
        arrays.ANSWERED: f"pool {dial.pool} answers {dial.left_ms}, talk ends {dial.talk_end_ms}"
                         + (f", seat free {dial.seat_free_ms}" if dial.seat_free_ms > dial.talk_end_ms else ""),
        arrays.ABANDONED: f"hangs up {dial.left_ms}",
        arrays.BLOCKED: "busy",
        arrays.BY_BOT: "bot",
    }[dial.outcome]
    return f"{name_of(dial.caller)} {'dials' if dial.attempt == 1 else 'dials again'} {dial.dialled_ms}, {fate}"
