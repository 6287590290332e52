"""Who may answer whom: the edges between pools and queues, by a routing policy."""
from __future__ import annotations

from typing import Any

import numpy as np

from sim.core.arrays import NO_HELP, PER_MILLE, Ints
from sim.scenario.effects import Routing
from sim.scenario.scenario import Scenario
from sim.world.routing import ELSEWHERE, HELP_LAST, POLICIES, Policy, Queue, Seats, helps, kept_idle, near_to
from sim.world.seats import Pool


def all_edges(scenario: Scenario, routing: Routing, pools: list[Pool], own: Policy | None = None) -> Ints:
    """Rows of pool, queue, rank, after_ms, speed_pm, reserve, sorted by pool, rank and queue.

    :param own: an analyst's policy instead of that which the routing names.
    """
    column = {name: c for c, name in enumerate(scenario.cities)}
    policy = own or POLICIES[routing.policy]
    edges = np.concatenate([edges_of(scenario, routing.after_ms, policy, p, pool, column)
                            for p, pool in enumerate(pools)])
    return np.asarray(edges[np.lexsort((edges[:, 1], edges[:, 2], edges[:, 0]))])


def edges_of(scenario: Scenario, after_ms: int, policy: Policy, p: int, pool: Pool, column: dict[str, int]) -> Ints:
    """The edges of one pool: to the cities that it has to do with, and to all others, which a policy treats alike."""
    near = near_to(pool.routing)
    cities = {city: np.array([column[city]]) for city in near}
    rows = []
    for k, (name, klass) in enumerate(scenario.classes.items()):
        for city in (*near, ELSEWHERE):
            edge = policy(pool.routing, Queue(city, name, klass.urgency), after_ms)
            if edge is not None:
                rank, after = edge[0] + HELP_LAST * helps(pool.routing, city), edge[1]
                handle = float(klass.handle_factor.get(kind_for(pool, city), 1.0))
                if city not in cities:
                    cities[city] = np.setdiff1d(np.arange(len(column)), [column[other] for other in near])
                queue = cities[city] * len(scenario.classes) + k
                rest = (rank, after, round(handle * PER_MILLE), kept_idle(pool.routing, city))
                rows.append(np.column_stack([np.full(len(queue), p), queue, np.tile(rest, (len(queue), 1))]))
    return np.concatenate(rows) if rows else np.zeros((0, 6), np.int64)


def kind_for(pool: Pool, city: str) -> str:
    """As whose a pool's people answer a city's calls: from home as the city's own, where home comes first."""
    return "own" if pool.routing.home_first and city == pool.home else pool.kind


def help_tables(pools: list[Seats]) -> dict[str, Any]:
    """What a world says of pools that help others only while nobody of their home waits, by name: with how many idle
    seats they stop, and above how many they begin."""
    return {"pool_release": np.array([one.keep_idle if one.home_first else NO_HELP for one in pools]),
            "pool_resume": np.array([one.resume_idle if one.home_first else NO_HELP for one in pools])}


def edge_tables(edges: Ints, pools: int, queues: int) -> dict[str, Any]:
    """What a world says of its edges, by name: their columns, where each pool's begin, where each queue's begin, and
    the edges in the order of the queues."""
    pool, queue, rank, after_ms, speed_pm, reserve = (column.copy() for column in edges.T)
    by_queue = np.lexsort((pool, rank, queue))
    return {"edge_pool": pool, "edge_queue": queue, "edge_rank": rank, "edge_after_ms": after_ms,
            "edge_speed_pm": speed_pm, "edge_reserve": reserve,
            "pool_first": np.searchsorted(pool, np.arange(pools + 1)),
            "queue_first": np.searchsorted(queue[by_queue], np.arange(queues + 1)), "queue_edge": by_queue}
