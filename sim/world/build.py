"""The door in: a scenario becomes numbers. The only place where units change on the way to an engine."""
from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import numpy as np

from sim.core.arrays import MOST_CALLERS_AN_INTERVAL, ONE, PLACE_BITS, Demand, Ints, Names, PoolName, Setting, World
from sim.scenario.callers import CallerClass, Redial
from sim.scenario.effects import Effects
from sim.scenario.intervals import Intervals
from sim.scenario.messages import say
from sim.scenario.problems import WorldError
from sim.scenario.quantities import Distribution, Quantity
from sim.scenario.scenario import Scenario
from sim.world.demand import busiest, demand
from sim.world.distributions import table_ms
from sim.world.edges import all_edges, edge_tables, help_tables
from sim.world.routing import Policy
from sim.world.seats import Pool, homes, lines, merged_pools

EPOCH = datetime(1970, 1, 1)
NONE = -1  # no law


def build(scenario: Scenario, policy: Policy | None = None) -> Setting:
    """A scenario as numbers, after its own levers.

    :param policy: an analyst's, instead of that which the scenario names.
    :raises WorldError: if its numbers are more than an engine can hold.
    """
    s, t, effects = scenario, scenario.horizon.times, scenario.effects
    queues = tuple((city, klass) for city in s.cities for klass in s.classes)
    pools = merged_pools(s, t, effects)
    names = Names(t.start, t.every_s, tuple(s.cities), tuple(s.classes), queues,
                  tuple(PoolName(p.name, p.kind, p.home, p.serves) for p in pools))
    expected = demand(s, t)
    refuse_what_no_engine_holds(expected)
    return Setting(world(s, t, effects, queues, pools, policy), expected, names)


def world(scenario: Scenario, t: Intervals, effects: Effects, queues: tuple[tuple[str, str], ...],
          pools: list[Pool], policy: Policy | None) -> World:
    edges = all_edges(scenario, effects.routing, pools, policy)
    if t.number * len(edges) >= 1 << PLACE_BITS:
        raise WorldError(say("{edges:,} ways of answering in {intervals:,} intervals; at most {most:,}",
                             edges=len(edges), intervals=t.number, most=1 << PLACE_BITS))
    begin = round((t.start - EPOCH).total_seconds())
    return World(
        interval_ms=t.every_s * 1000,
        queue_city=np.repeat(np.arange(len(scenario.cities)), len(scenario.classes)),
        queue_key=np.array([name_key(city, klass) for city, klass in queues], np.uint64),
        moment_key=(begin + t.seconds).astype(np.uint64),
        seats=np.array([pool.whole_seats() for pool in pools]).T.copy(),
        speed_pm=np.array([pool.speed_pm() for pool in pools]).T.copy(),
        lines=lines(scenario, t, effects, pools), pool_home=homes(scenario, pools),
        **help_tables([pool.routing for pool in pools]),
        **{what: chances(scenario, t, effects, what) for what in ("bot", "away", "divert")},
        **edge_tables(edges, len(pools), len(queues)),
        **by_queue(scenario),
    )


def by_queue(scenario: Scenario) -> dict[str, Any]:
    """What a world says of its queues, by name: but for how long a call takes, the habits of a class are the same in
    every city."""
    queues = [(city, klass) for city in scenario.cities for klass in scenario.classes]
    laws, classes = DistributionBook(), list(scenario.classes.values())
    habits = {
        "patience": np.array([laws.number(c.patience) for c in classes]),
        "talk": np.array([laws.number(scenario.handle_times(*queue)[0]) for queue in queues]),
        "wrap_up": np.array([laws.number(scenario.handle_times(*queue)[1]) for queue in queues]),
        "redial": redials(classes),
        "redial_delay": np.array([[laws.number(c.after_busy.delay), laws.number(c.after_hanging_up.delay)]
                                  for c in classes]),
        "unsettled": np.array([chance(c.repeat_contact.share) if c.repeat_contact else 0 for c in classes]),
        "return_delay": np.array([laws.number(c.repeat_contact.delay) if c.repeat_contact else 0 for c in classes]),
    }
    each = {name: values if name in ("talk", "wrap_up") else np.concatenate([values] * len(scenario.cities))
            for name, values in habits.items()}
    return each | {"law_ms": laws.table()}


def refuse_what_no_engine_holds(expected: Demand) -> None:
    """Callers of an interval have numbers."""
    crowd = float((expected.mean * busiest(expected.busyness_cv)).max(initial=0))
    if crowd > MOST_CALLERS_AN_INTERVAL:
        raise WorldError(say("up to {crowd:,.0f} fresh callers in one interval; at most {most:,}", crowd=crowd,
                             most=MOST_CALLERS_AN_INTERVAL))


def chance(share: Quantity | float) -> int:
    """A share as a whole number of ONE."""
    return round(float(share) * ONE)


def name_key(*names: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(names).encode(), digest_size=8).digest(), "little")


class DistributionBook:
    """The laws of a world, each tabled once."""

    def __init__(self) -> None:
        self.laws: list[Distribution] = []

    def number(self, law: Distribution | str) -> int:
        """The number of a law, -1 for a word such as "none"."""
        if isinstance(law, str):
            return NONE
        if law not in self.laws:
            self.laws.append(law)
        return self.laws.index(law)

    def table(self) -> Ints:
        return np.concatenate([table_ms(law) for law in self.laws])


def chances(scenario: Scenario, t: Intervals, effects: Effects, what: str) -> Ints:
    """A chance by interval and queue: where several hold at once, each takes its share of what the others left."""
    left = np.ones((t.number, len(scenario.cities) * len(scenario.classes)))
    for part in effects.chances:
        if part.what == what:
            here = np.outer([city in part.cities for city in scenario.cities],
                            [not part.classes or klass in part.classes for klass in scenario.classes]).ravel()
            for begin, end in zip(*t.windows(part.span), strict=True):
                left[begin:end, here] *= 1 - float(part.share)
    return np.rint((1 - left) * ONE).astype(np.int64)


def redials(classes: list[CallerClass]) -> Ints:
    """[classes, causes, dials] chance of another dial by cause and number of the dial; none after the last allowed."""
    most = max(max(c.most_dials or 1, len(c.after_busy.by_try), len(c.after_hanging_up.by_try)) for c in classes)
    return np.array([[by_try(cause, c.most_dials, most) for cause in (c.after_busy, c.after_hanging_up)]
                     for c in classes])


def by_try(redial: Redial, most_dials: int | None, length: int) -> list[int]:
    return [0 if most_dials is not None and t + 1 >= most_dials else chance(share)
            for t, share in zip(range(length), redial.shares(), strict=False)]
