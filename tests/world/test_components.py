"""Parts of a world: what happens in one is what happens there in the whole."""
import numpy as np
import pytest
from hypothesis import given
from worlds import Case, Edge, examples, hand_made, small_nasty_worlds

from sim.core.arrays import ON_BUSY, Demand, Names, PoolName, Setting
from sim.core.engines import kernel
from sim.world.components import linked_to, part_of, parts


def setting_of(case: Case) -> Setting:
    """A world as it comes from a scenario, with names that are numbers."""
    world, callers = case
    days = np.zeros(len(world.moment_key), np.int64)
    demand = Demand(callers.fresh.astype(float), callers.fresh.astype(float), np.zeros(len(world.queue_city)), days,
                    np.zeros(1, np.uint64))
    names = Names(None, world.interval_ms // 1000, tuple(f"city {c}" for c in range(world.lines.shape[1])), (),
                  tuple((f"city {c}", "any") for c in world.queue_city),
                  tuple(PoolName(f"pool {p}", "own", None, ()) for p in range(world.seats.shape[1])))
    return Setting(world, demand, names)


@examples(100)
@given(small_nasty_worlds())
def test_a_part_does_alone_what_it_does_in_the_whole(case):
    world, callers = case
    whole, setting, seen = kernel.run(world, callers), setting_of(case), 0
    for cities in parts(world):
        queues = np.flatnonzero(np.isin(world.queue_city, cities))
        part = part_of(setting, cities)
        alone = kernel.run(part.world, callers._replace(fresh=callers.fresh[:, queues]))
        assert np.array_equal(alone.flows, whole.flows[:, queues])
        assert np.array_equal(alone.waiting, whole.waiting[:, queues])
        pools = [setting.names.pools.index(name) for name in part.names.pools]
        assert np.array_equal(alone.pools, whole.pools[:, pools])
        seen += len(queues)
    assert seen == len(world.queue_city)


def four_cities(**more) -> Case:
    """Cities 0 and 1 share the seats of pool 1; 2 and 3 have seats of their own."""
    edges = more.pop("edges", [Edge(0, 0), Edge(1, 0), Edge(1, 1), Edge(2, 2), Edge(3, 3)])
    return hand_made({q: [q, 5] for q in range(4)}, until_ms=20, seats=more.pop("seats", [1, 1, 1, 1]),
                     city=(0, 1, 2, 3), edges=edges, **more)


def test_cities_that_share_seats_are_one_part():
    assert [part.tolist() for part in parts(four_cities()[0])] == [[0, 1], [2], [3]]


def test_a_city_whose_lines_are_needed_on_busy_is_of_the_part():
    edges = [Edge(1, 0, after_ms=ON_BUSY), Edge(2, 2), Edge(3, 3)]
    world = four_cities(edges=edges, lines=1, home=(0, 1, 2, 3))[0]
    assert [part.tolist() for part in parts(world)] == [[0, 1], [2], [3]]


@pytest.mark.parametrize(("cities", "linked"), [
    ([], []), ([1], [0, 1]), ([3], [3]), ([2, 0], [0, 1, 2]), ([0, 1, 2, 3], [0, 1, 2, 3])])
def test_what_hangs_together_with_some_cities_is_found(cities, linked):
    assert linked_to(four_cities()[0], cities).tolist() == linked
