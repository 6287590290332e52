"""Parts of a world that have nothing to do with each other: cities whose callers no seat serves together.

Luck goes by names, so the people of a part do in a world of their own what they do in the whole.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.core.arrays import ON_BUSY, Demand, Ints, Names, Setting, World
from sim.world.edges import edge_tables

BY_QUEUE = ("queue_key", "patience", "talk", "wrap_up", "redial", "redial_delay", "unsettled", "return_delay")
BY_TIME_AND_QUEUE = ("bot", "away", "divert")
BY_TIME_AND_POOL = ("seats", "speed_pm")
BY_POOL = ("pool_release", "pool_resume")


def linked_to(world: World, cities: Collection[int]) -> Ints:
    """These cities, and all that hang together with them."""
    found = [part for part in parts(world) if not set(part.tolist()).isdisjoint(cities)]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))


def parts(world: World) -> Iterator[Ints]:
    """Cities of each part."""
    pairs, cities = linked(world), world.lines.shape[1]
    number, labels = connected_components(coo_array((np.ones(len(pairs)), pairs.T), (cities, cities)), directed=False)
    return (np.flatnonzero(labels == part) for part in range(number))


def linked(world: World) -> Ints:
    """[n, 2] for each edge the first city that its pool serves, and the one that it serves by it; on busy a line of the
    pool's home is needed too."""
    city, first = world.queue_city[world.edge_queue], world.pool_first[world.edge_pool]
    busy = world.edge_after_ms == ON_BUSY
    return np.concatenate([np.stack([city[first], city], axis=1),
                           np.stack([world.pool_home[world.edge_pool], city], axis=1)[busy]])


def part_of(setting: Setting, cities: Ints) -> Setting:
    """A world of these cities only, with the seats that serve them."""
    w, demand = setting.world, setting.demand
    queues = np.flatnonzero(np.isin(w.queue_city, cities))
    served = np.isin(w.edge_queue, queues)
    pools = np.unique(w.edge_pool[served])
    edges = np.stack([np.searchsorted(pools, w.edge_pool[served]), np.searchsorted(queues, w.edge_queue[served]),
                      w.edge_rank[served], w.edge_after_ms[served], w.edge_speed_pm[served], w.edge_reserve[served]],
                     axis=1)
    world = w._replace(
        queue_city=np.searchsorted(cities, w.queue_city[queues]), lines=w.lines[:, cities].copy(),
        pool_home=homes_within(w.pool_home[pools], cities),
        **{name: getattr(w, name)[queues] for name in BY_QUEUE},
        **{name: getattr(w, name)[pools] for name in BY_POOL},
        **{name: getattr(w, name)[:, queues].copy() for name in BY_TIME_AND_QUEUE},
        **{name: getattr(w, name)[:, pools].copy() for name in BY_TIME_AND_POOL},
        **edge_tables(edges, len(pools), len(queues)))
    return Setting(world, demand_of(demand, queues), names_of(setting.names, cities, queues, pools))


def homes_within(homes: Ints, cities: Ints) -> Ints:
    """Homes of pools by their places among these cities, -1 for all others."""
    return np.where(np.isin(homes, cities), np.searchsorted(cities, homes), -1)


def demand_of(demand: Demand, queues: Ints) -> Demand:
    return demand._replace(mean=demand.mean[:, queues], ordinary=demand.ordinary[:, queues],
                           busyness_cv=demand.busyness_cv[queues])


def names_of(names: Names, cities: Ints, queues: Ints, pools: Ints) -> Names:
    return names._replace(cities=tuple(names.cities[c] for c in cities), queues=tuple(names.queues[q] for q in queues),
                          pools=tuple(names.pools[p] for p in pools))
