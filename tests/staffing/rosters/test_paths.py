"""The cheapest row of one person is the best of all rows, counted one by one."""
from dataclasses import replace

import numpy as np
import pytest
import tiny_rosters

from optimizer.staffing.rosters.instance import Instance


@pytest.mark.parametrize("seed", range(60))
def test_the_cheapest_row_is_the_best_of_all(seed):
    problem = replace(tiny_rosters.problem(seed, people=1, days=5), cover=(), fairness=())
    instance = Instance(problem)
    cost, _ = instance.cheapest(0, np.zeros((5, 2)))
    assert cost == pytest.approx(tiny_rosters.best_cost(problem))


def test_prices_of_cover_draw_people_where_they_are_wanted():
    problem = tiny_rosters.problem(1, people=1, days=5)
    free = replace(problem.people[0], limits=(), pins=(), leave=frozenset(), wishes=(), published=(), before=None)
    instance = Instance(replace(problem, people=(free,), premium=None))
    shared = np.full((5, 2), 1.0)
    shared[1, 0], shared[2, 1], shared[3, 0] = -5.0, -4.0, -4.5
    cost, row = instance.cheapest(0, shared)
    assert list(row) == [-1, 0, -1, 0, -1]   # a day shift may not follow a night
    assert cost == -9.5
